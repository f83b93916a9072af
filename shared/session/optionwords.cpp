// SPDX-License-Identifier: MIT
#include "session/optionwords.h"

#include <array>

#include <QFile>

#include "base/result.h"
#include "session/wordparts.h"

namespace tincan {

namespace {

// In the order of the enumeration.
constexpr std::array<const char *, kSocketOptions> kMeanings = {
    "Binds to a port whose old connections are still in TIME_WAIT. Not to one that somebody listens on. socket(7)",
    "Lets several sockets of one user bind to the same address and port; the kernel shares those who come among them. socket(7)",
    "Probes the peer while nothing is said, so that one that vanished without FIN or RST is noticed. socket(7)",
    "Seconds of silence before the first keepalive probe is sent. Only with SO_KEEPALIVE. tcp(7)",
    "Seconds between two keepalive probes. Only with SO_KEEPALIVE. tcp(7)",
    "How many keepalive probes may stay unanswered before the connection is given up (ETIMEDOUT). tcp(7)",
    "Sends small segments at once. Off is Nagle's algorithm: while something is unacknowledged, they are gathered. tcp(7)",
    "Room in the kernel for what is sent and not yet acknowledged; beyond it, send blocks. The kernel doubles what is asked for, "
    "to have room for its own needs, and stops growing it by itself. socket(7)",
    "Room in the kernel for what has come and is not yet read: the bound of the window that the peer is told. The kernel doubles "
    "what is asked for, and stops growing it by itself. socket(7)",
    "What close does with what is not sent yet: off, it goes on in the background; 0, it is thrown away and RST is sent; else "
    "close waits for so many seconds. socket(7)",
    "Milliseconds that what was sent may stay unacknowledged before the connection is given up (ETIMEDOUT). 0 leaves it to the "
    "system (tcp_retries2, some 15 minutes). tcp(7)",
    "Lets data travel in the SYN (RFC 7413): of a listener, how many such connections may wait; of a connection, 1 to send so. "
    "tcp(7)",
    "Off, a socket bound to :: takes IPv4 peers too, as ::ffff:a.b.c.d. ipv6(7)",
    "How many routers a packet may pass before it is thrown away (TTL, hop limit). ip(7), ipv6(7)",
    "The differentiated services code point, 0 to 63: how routers that care are to treat the packets. 46 is expedited "
    "forwarding, 0 best effort. ip(7), RFC 2474",
    "Wakes the listener only when data has come, not when the handshake is done; after so many seconds it is told all the same. "
    "tcp(7)",
    "The algorithm that decides how much may be under way: cubic, reno, bbr … of those that this kernel has. tcp(7)",
    "Allows to send to a broadcast address; without it that fails with EACCES. socket(7)",
    "How many routers a datagram to a group may pass; 1 keeps it on the link. 0 keeps it on this computer where that is in the "
    "group itself; else Linux sends it all the same. ip(7), ipv6(7)",
    "Whether this computer hears what it sends to a group itself. ip(7), ipv6(7)",
};

bool isOff(SocketOption option, int value)
{
    return option == SocketOption::Linger && value < 0;
}

TypedOption typedSwitch(SocketOption option, const QString &typed)
{
    const bool isOn = typed == QLatin1String("on") || typed == QLatin1String("1") || typed == QLatin1String("yes");
    if (!isOn && typed != QLatin1String("off") && typed != QLatin1String("0") && typed != QLatin1String("no")) {
        return {{}, QStringLiteral("“%1” is neither on nor off").arg(typed)};
    }
    return {OptionValue{option, static_cast<int>(isOn), {}}, {}};
}

TypedOption typedNumber(const OptionInfo &info, const QString &typed)
{
    QString digits = typed;
    const QString unit = text(info.unit);
    if (!unit.isEmpty() && digits.endsWith(unit)) {
        digits.chop(unit.size());
    }
    bool isNumber = false;
    const int value = digits.trimmed().toInt(&isNumber);
    if (!isNumber || value < info.least || value > info.most) {
        return {{}, QStringLiteral("“%1” is no number from %2 to %3").arg(typed).arg(info.least).arg(info.most)};
    }
    return {OptionValue{info.option, value, {}}, {}};
}

} // namespace

QString optionName(SocketOption option)
{
    return text(optionInfo(option).name);
}

QString optionMeaning(SocketOption option)
{
    return QString::fromUtf8(kMeanings.at(static_cast<std::size_t>(option)));
}

QString optionText(const OptionValue &value)
{
    const OptionInfo &info = optionInfo(value.option);
    const QString edit = optionEditText(value);
    const bool hasUnit = info.form == OptionForm::Number && !info.unit.empty() && !isOff(value.option, value.value);
    return hasUnit ? edit + u' ' + text(info.unit) : edit;
}

QString optionEditText(const OptionValue &value)
{
    switch (optionInfo(value.option).form) {
    case OptionForm::Switch:
        return value.value != 0 ? QStringLiteral("on") : QStringLiteral("off");
    case OptionForm::Number:
        return isOff(value.option, value.value) ? QStringLiteral("off") : QString::number(value.value);
    case OptionForm::Text:
        return QString::fromStdString(value.text);
    }
    return {};
}

TypedOption typedOption(SocketOption option, const QString &text)
{
    constexpr int kLongestName = 15; // TCP_CA_NAME_MAX, with its end, in net/tcp.h
    const OptionInfo &info = optionInfo(option);
    const QString typed = text.trimmed().toLower();
    if (typed.isEmpty()) {
        return {};
    }
    if (option == SocketOption::Linger && typed == QLatin1String("off")) {
        return {OptionValue{option, -1, {}}, {}};
    }
    switch (info.form) {
    case OptionForm::Switch:
        return typedSwitch(option, typed);
    case OptionForm::Number:
        return typedNumber(info, typed);
    case OptionForm::Text:
        if (typed.toUtf8().size() > kLongestName) {
            return {{}, QStringLiteral("a name has %1 letters at most").arg(kLongestName)};
        }
        return {OptionValue{option, 0, typed.toStdString()}, {}};
    }
    return {};
}

QString optionErrorText(int error)
{
    return error == 0
        ? QString()
        : QString::fromStdString(errnoName(error)) + QStringLiteral(" — ") + QString::fromStdString(errnoMeaning(error));
}

QStringList optionsToList(const OptionValues &options)
{
    QStringList list;
    for (const OptionValue &value : options) {
        list << optionName(value.option) + u'=' + optionEditText(value);
    }
    return list;
}

OptionValues optionsFromList(const QStringList &list)
{
    OptionValues options;
    for (const QString &entry : list) {
        const qsizetype at = entry.indexOf(u'=');
        for (const OptionInfo &info : optionTable()) {
            if (at > 0 && entry.left(at) == text(info.name)) {
                if (const TypedOption typed = typedOption(info.option, entry.mid(at + 1)); typed.value) {
                    options.push_back(*typed.value);
                }
            }
        }
    }
    return options;
}

QStringList congestionAlgorithms()
{
    QFile file(QStringLiteral("/proc/sys/net/ipv4/tcp_available_congestion_control"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return QString::fromLatin1(file.readAll()).split(u' ', Qt::SkipEmptyParts).replaceInStrings(QStringLiteral("\n"), QString());
}

} // namespace tincan
