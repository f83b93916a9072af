// SPDX-License-Identifier: MIT
#include "session/commandtargets.h"

#include <limits>

namespace tincan {

namespace {

using Problem = tl::unexpected<QString>;

tl::expected<quint16, QString> portNumber(const QString &text)
{
    bool isNumber = false;
    const int port = text.toInt(&isNumber);
    if (!isNumber || port < 0 || port > std::numeric_limits<quint16>::max()) {
        return Problem(QStringLiteral("“%1” is no port: a port is a whole number from 0 to 65535").arg(text));
    }
    return static_cast<quint16>(port);
}

// HOST:PORT, [IPV6]:PORT, or HOST and PORT.
tl::expected<void, QString> ipTarget(const QStringList &words, ClientCommandLine &into)
{
    QString host = words.at(0);
    QString port = words.value(1);
    if (words.size() == 1) {
        const auto colon = host.lastIndexOf(u':');
        const bool bareV6 = host.count(u':') > 1 && !host.startsWith(u'[');
        if (colon < 0 || bareV6) {
            return Problem(QStringLiteral("“%1” names no port: write HOST:PORT, as localhost:6666 or [::1]:6666").arg(host));
        }
        port = host.mid(colon + 1);
        host.truncate(colon);
    }
    if (host.startsWith(u'[') && host.endsWith(u']')) {
        host = host.mid(1, host.size() - 2);
    }
    if (host.isEmpty()) {
        return Problem(QStringLiteral("“%1” names no host: write HOST:PORT").arg(words.at(0)));
    }
    into.host = host;
    const auto number = portNumber(port);
    if (number && *number == 0) {
        return Problem(QStringLiteral("nobody can be reached at port 0: it stands for a free one where a server listens"));
    }
    return number.map([&into](quint16 given) { into.port = given; });
}

// "udp:localhost:7000", "udp:localhost" and a port, "unix:/run/x.sock". A host may be called udp: then it is one that has a port
// only behind it.
tl::expected<void, QString> takeTransport(QStringList &words, ClientCommandLine &into)
{
    QString &word = words[0];
    const auto colon = word.indexOf(u':');
    const auto transport = colon > 0 ? transportOf(word.left(colon).toStdString()) : std::nullopt;
    if (transport
        && (isUnix(*transport) || words.size() > 1 || word.indexOf(u':', colon + 1) > 0 || looksLikePath(word.mid(colon + 1)))) {
        if (into.transport && *into.transport != *transport) {
            return Problem(QStringLiteral("--transport %1 and “%2” are of different transports: give one of them")
                               .arg(transportWordOf(*into.transport), word));
        }
        into.transport = *transport;
        word.remove(0, colon + 1);
    } else if (!into.transport && looksLikePath(word)) {
        into.transport = Transport::UnixStream;
    }
    return {};
}

} // namespace

QString transportWordOf(Transport transport)
{
    const std::string_view word = transportWord(transport);
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

tl::expected<void, QString> checkPath(const Endpoint &address, Transport transport)
{
    if (address.family() != Endpoint::Family::UnixPath) {
        return {};
    }
    bool isPort = false;
    const QString path = QString::fromStdString(address.path());
    path.toUInt(&isPort);
    const Result<Endpoint> read = Endpoint::parse(address.path());
    if (isPort || (read && read->isIp())) {
        return Problem(QStringLiteral("“%1” is %2, and %3 wants a path or @name; where that is the file's name, write ./%1")
                           .arg(path, isPort ? QStringLiteral("a port") : QStringLiteral("an address and a port"),
                                transportWordOf(transport)));
    }
    return {};
}

tl::expected<void, QString> readTarget(QStringList words, ClientCommandLine &into)
{
    if (const auto taken = takeTransport(words, into); !taken) {
        return taken;
    }
    const bool isPath = isUnix(into.transport.value_or(Transport::Tcp));
    if (words.size() > (isPath ? 1 : 2)) {
        return Problem(QStringLiteral("too many arguments: “%1”").arg(words.at(isPath ? 1 : 2)));
    }
    if (isPath) {
        return unixEndpoint(words.at(0))
            .and_then([&](const Endpoint &path) { return checkPath(path, *into.transport); })
            .map([&] { into.host = words.at(0); });
    }
    if (looksLikePath(words.at(0))) {
        return Problem(QStringLiteral("“%1” is a path, and %2 wants HOST:PORT; a path goes with unix, unix-dgram or "
                                      "unix-seqpacket")
                           .arg(words.at(0), transportWordOf(*into.transport)));
    }
    return ipTarget(words, into);
}

tl::expected<Endpoint, QString> readLocal(const QString &text, Transport transport)
{
    if (isUnix(transport)) {
        const auto path = unixEndpoint(text).and_then(
            [&](const Endpoint &given) { return checkPath(given, transport).map([&given] { return given; }); });
        return path.map_error([](const QString &why) { return QStringLiteral("--local takes a path or @name here: ") + why; });
    }
    const Result<Endpoint> local = Endpoint::parse(text.toStdString());
    if (!local || !local->isIp()) {
        return Problem(QStringLiteral("--local takes ADDRESS:PORT of this computer (port 0: any), not “%1”%2")
                           .arg(text, local ? QString() : QLatin1String(": ") + QString::fromStdString(local.error().detail)));
    }
    return *local;
}

} // namespace tincan
