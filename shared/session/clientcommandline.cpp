// SPDX-License-Identifier: MIT
// Of session/commandline.h: the client's.
#include "session/commandline.h"
#include "session/commandoptions.h"
#include "session/commandtargets.h"

namespace tincan {

namespace {

using Problem = tl::unexpected<QString>;

// Where to, and from where.
tl::expected<void, QString> readConnecting(const QCommandLineParser &parser, ClientCommandLine &into)
{
    const auto transport = givenTransport(parser);
    if (!transport) {
        return Problem(transport.error());
    }
    into.transport = *transport;
    if (const QStringList words = parser.positionalArguments(); !words.isEmpty()) {
        if (const auto read = readTarget(words, into); !read) {
            return Problem(read.error());
        }
    } else if (into.wanted == Wanted::Headless) {
        return Problem(QStringLiteral("--headless needs HOST:PORT, or a path, to connect to"));
    } else if (isSet(parser, "local") && !into.transport) {
        // What the window is left with is for another transport, maybe.
        into.transport = looksLikePath(value(parser, "local")) ? Transport::UnixStream : Transport::Tcp;
    }
    const Transport chosen = into.transport.value_or(Transport::Tcp);
    if (isSet(parser, "local")) {
        const auto local = readLocal(value(parser, "local"), chosen);
        if (!local) {
            return Problem(local.error());
        }
        into.local = *local;
    }
    into.connected = !isSet(parser, "unconnected");
    if (!into.connected && chosen != Transport::Udp && chosen != Transport::UnixDatagram) {
        return Problem(QStringLiteral("--unconnected goes with datagrams: --transport udp or unix-dgram"));
    }
    return {};
}

} // namespace

tl::expected<ClientCommandLine, QString> parseClientCommandLine(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({valued("local"), valued("line-ending"), valued("timeout"), valued("transport"), flag("unconnected")});
    ClientCommandLine line;
    const auto isRead = readCommon(parser, arguments, line.wanted, line.open);
    if (!isRead || *isRead) {
        return isRead.map([&line](bool) { return line; });
    }
    if (const auto read = readConnecting(parser, line); !read) {
        return Problem(read.error());
    }
    if (isSet(parser, "line-ending")) {
        const auto ending = oneOf(
            parser, "line-ending",
            {QStringLiteral("none"), QStringLiteral("lf"), QStringLiteral("cr"), QStringLiteral("crlf"), QStringLiteral("nul")});
        if (!ending) {
            return Problem(ending.error());
        }
        line.lineEnding = static_cast<LineEnding>(*ending);
    }
    if (isSet(parser, "timeout")) {
        const auto seconds = wholeNumber(parser, "timeout", 1, 3600);
        if (!seconds) {
            return Problem(seconds.error());
        }
        line.timeoutMilliseconds = *seconds * 1000;
        line.timeoutGiven = true;
    }
    const auto place = recordingPlace(parser, line.wanted);
    if (!place) {
        return Problem(place.error());
    }
    line.place = *place;
    return line;
}

} // namespace tincan
