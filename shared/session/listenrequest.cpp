// SPDX-License-Identifier: MIT
#include "session/listenrequest.h"

#include <algorithm>
#include <array>
#include <limits>

#include <QStringList>

#include <net/if.h>
#include <sys/un.h>

namespace tincan {

namespace {

using Problem = tl::unexpected<QString>;

QString wordOf(Transport transport)
{
    const std::string_view word = transportWord(transport);
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

// The transport that stands before the address ("udp:"), which is taken off.
std::optional<Transport> takePrefix(QString &text)
{
    const auto colon = text.indexOf(u':');
    const auto transport = colon > 0 ? transportOf(text.left(colon).toStdString()) : std::nullopt;
    if (transport) {
        text.remove(0, colon + 1);
    }
    return transport;
}

tl::expected<Endpoint, QString> ipEndpoint(const QString &text)
{
    bool isNumber = false;
    const uint port = text.toUInt(&isNumber);
    if (isNumber && port > std::numeric_limits<quint16>::max()) {
        return Problem(QStringLiteral("“%1” is no port: a port is a whole number from 0 to 65535").arg(text));
    }
    if (isNumber) { // a port alone: this computer only, as the window's default
        return Endpoint::ipv4(0x7f000001, static_cast<quint16>(port));
    }
    const Result<Endpoint> parsed = Endpoint::parse(text.toStdString());
    if (!parsed || !parsed->isIp()) {
        return Problem(QStringLiteral("“%1” is no address to listen on%2. It is an address of this computer and a port, "
                                      "as 127.0.0.1:6666, 0.0.0.0:6666 or [::]:6666")
                           .arg(text, parsed ? QString() : QStringLiteral(": ") + QString::fromStdString(parsed.error().detail)));
    }
    return *parsed;
}

// One group, with its interface behind "%".
tl::expected<GroupRequest, QString> parseGroup(QString text)
{
    const QString whole = text;
    if (text.startsWith(u'[') && text.endsWith(u']')) {
        text = text.mid(1, text.size() - 2);
    }
    const auto percent = text.indexOf(u'%');
    const QString interface = percent < 0 ? QString() : text.mid(percent + 1);
    text.truncate(percent < 0 ? text.size() : percent);
    const Result<Endpoint> address = Endpoint::fromAddress(text.toStdString(), 0);
    const bool isGroup = address
        && (address->family() == Endpoint::Family::IPv4 ? (address->addressBytes()[0] & 0xf0) == 0xe0
                                                        : address->addressBytes()[0] == 0xff);
    if (!isGroup) {
        return Problem(
            QStringLiteral("“%1” is no multicast group: they are 224.0.0.0 to 239.255.255.255, and ff00:: to ffff::").arg(whole));
    }
    GroupRequest group{*address, 0};
    if (!interface.isEmpty()) {
        group.interface = ::if_nametoindex(interface.toLocal8Bit().constData());
        bool isNumber = group.interface != 0;
        if (!isNumber) {
            group.interface = interface.toUInt(&isNumber);
        }
        if (!isNumber || group.interface == 0) {
            return Problem(QStringLiteral("this computer has no network interface “%1”").arg(interface));
        }
    }
    return group;
}

QString groupText(const GroupRequest &group)
{
    std::array<char, IF_NAMESIZE> name{};
    QString text = QString::fromStdString(group.group.addressText());
    if (group.interface != 0) {
        text += u'%';
        text += ::if_indextoname(group.interface, name.data()) ? QString::fromLocal8Bit(name.data())
                                                               : QString::number(group.interface);
    }
    return group.group.family() == Endpoint::Family::IPv6 ? u'[' + text + u']' : text;
}

constexpr QChar kBetween = u'\t'; // of the parts of a stored request

} // namespace

QString listenTargetText(const ListenRequest &request)
{
    const QString where = QString::fromStdString(request.address.toString());
    return request.transport == Transport::Tcp ? where : wordOf(request.transport) + u':' + where;
}

bool looksLikePath(const QString &text)
{
    return text.startsWith(u'/') || text.startsWith(u'@') || text.startsWith(QLatin1String("./"))
        || text.startsWith(QLatin1String("../"));
}

tl::expected<Endpoint, QString> unixEndpoint(const QString &text)
{
    const bool isAbstract = text.startsWith(u'@');
    const std::string name = text.toLocal8Bit().toStdString().substr(isAbstract ? 1 : 0);
    constexpr std::size_t kMost = sizeof(sockaddr_un::sun_path) - 1; // less the NUL behind it, or before an abstract one
    if (name.empty()) {
        return Problem(QStringLiteral("the path is missing: give one, as /tmp/tincan.sock, or an abstract name, as @tincan"));
    }
    if (text.contains(QChar::ReplacementCharacter)) { // another file than the one that was meant
        return Problem(QStringLiteral("“%1” has bytes that are no text (UTF-8): choose another path").arg(text));
    }
    if (name.size() > kMost) {
        return Problem(QStringLiteral("“%1” has %2 bytes: the address of a Unix socket has room for %3")
                           .arg(text)
                           .arg(name.size())
                           .arg(kMost));
    }
    return isAbstract ? Endpoint::unixAbstract(name) : Endpoint::unixPath(name);
}

tl::expected<ListenRequest, QString> parseListenTarget(const QString &text, std::optional<Transport> transport)
{
    QString rest = text;
    const std::optional<Transport> prefix = takePrefix(rest);
    ListenRequest request;
    request.transport = prefix.value_or(transport.value_or(looksLikePath(rest) ? Transport::UnixStream : Transport::Tcp));
    if (!isUnix(request.transport) && looksLikePath(rest)) {
        return Problem(QStringLiteral("“%1” is a path, and %2 wants ADDRESS:PORT; a path goes with unix, unix-dgram or "
                                      "unix-seqpacket")
                           .arg(rest, wordOf(request.transport)));
    }
    const auto address = isUnix(request.transport) ? unixEndpoint(rest) : ipEndpoint(rest);
    if (!address) {
        return Problem(address.error());
    }
    request.address = *address;
    return request;
}

tl::expected<std::vector<GroupRequest>, QString> parseGroups(const QString &text)
{
    std::vector<GroupRequest> groups;
    const QStringList parts = text.split(u',', Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (part.trimmed().isEmpty()) {
            continue;
        }
        const auto group = parseGroup(part.trimmed());
        if (!group) {
            return Problem(group.error());
        }
        groups.push_back(*group);
    }
    return groups;
}

QString groupsText(const std::vector<GroupRequest> &groups)
{
    QStringList parts;
    for (const GroupRequest &group : groups) {
        parts << groupText(group);
    }
    return parts.join(QStringLiteral(", "));
}

tl::expected<int, QString> parseMode(const QString &text)
{
    bool isNumber = false;
    const int mode = text.toInt(&isNumber, 8);
    if (!isNumber || mode < 0 || mode > 0777) {
        return Problem(QStringLiteral("“%1” are no permissions: they are written in octal, as 0600 (only you), 0660 (your group "
                                      "too) or 0666 (everybody)")
                           .arg(text));
    }
    return mode;
}

QString storedText(const ListenRequest &request)
{
    // The address last: a path may hold anything.
    const QStringList parts = {QString::number(static_cast<int>(request.serving)), QString::number(request.loops),
                               request.pathMode < 0 ? QString() : QString::number(request.pathMode, 8),
                               groupsText(request.groups), listenTargetText(request)};
    return parts.join(kBetween);
}

std::optional<ListenRequest> requestOf(const QString &stored)
{
    const QStringList parts = stored.split(kBetween);
    auto request = parseListenTarget(parts.mid(4).join(kBetween), std::nullopt);
    if (!request) {
        return std::nullopt;
    }
    const int serving = parts.at(0).toInt();
    if (serving >= 0 && serving <= static_cast<int>(Serving::ProcessPerPeer)) {
        request->serving = static_cast<Serving>(serving);
    }
    request->loops = std::clamp(parts.value(1).toInt(), 1, kMostLoops);
    request->pathMode = parseMode(parts.value(2)).value_or(-1);
    request->groups = parseGroups(parts.value(3)).value_or(std::vector<GroupRequest>{});
    return *request;
}

} // namespace tincan
