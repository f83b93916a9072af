// SPDX-License-Identifier: MIT
// Of session/commandline.h: the server's.
#include "session/commandline.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "session/commandoptions.h"
#include "session/commandtargets.h"

namespace tincan {

namespace {

using Problem = tl::unexpected<QString>;

tl::expected<void, QString> readAnswer(const QCommandLineParser &parser, AnswerOptions &answer)
{
    if (isSet(parser, "answer")) {
        const auto mode = oneOf(
            parser, "answer", {QStringLiteral("manual"), QStringLiteral("echo"), QStringLiteral("ok"), QStringLiteral("relay")});
        if (!mode) {
            return Problem(mode.error());
        }
        answer.mode = static_cast<AnswerMode>(*mode);
    }
    if (isSet(parser, "after-fin")) {
        const auto rule = oneOf(parser, "after-fin", {QStringLiteral("auto"), QStringLiteral("keep"), QStringLiteral("finish")});
        if (!rule) {
            return Problem(rule.error());
        }
        answer.afterFin = static_cast<AfterFin>(*rule);
    }
    answer.prefixSender = isSet(parser, "name-sender");
    if (answer.prefixSender && answer.mode != AnswerMode::Relay) {
        return Problem(QStringLiteral("--name-sender goes with --answer relay"));
    }
    return {};
}

tl::expected<void, QString> readBounds(const QCommandLineParser &parser, ServerCommandLine &into)
{
    if (isSet(parser, "backlog")) {
        const auto backlog = wholeNumber(parser, "backlog", 0, std::numeric_limits<int>::max());
        if (!backlog) {
            return Problem(backlog.error());
        }
        into.backlog = *backlog;
        into.backlogGiven = true;
    }
    if (isSet(parser, "max-peers")) {
        const auto peers = wholeNumber(parser, "max-peers", 0, std::numeric_limits<int>::max());
        if (!peers) {
            return Problem(peers.error());
        }
        into.maxPeers = *peers;
        into.maxPeersGiven = true;
    }
    return {};
}

tl::expected<void, QString> readListening(const QCommandLineParser &parser, ServerCommandLine &into)
{
    const auto transport = givenTransport(parser);
    if (!transport) {
        return Problem(transport.error());
    }
    into.transport = *transport;
    if (isSet(parser, "serve")) {
        const auto serving
            = oneOf(parser, "serve",
                    {QStringLiteral("loop"), QStringLiteral("one"), QStringLiteral("thread"), QStringLiteral("process")});
        if (!serving) {
            return Problem(serving.error());
        }
        into.serving = static_cast<Serving>(*serving);
    }
    if (isSet(parser, "loops")) {
        const auto loops = wholeNumber(parser, "loops", 1, kMostLoops);
        if (!loops) {
            return Problem(loops.error());
        }
        into.loops = *loops;
    }
    if (isSet(parser, "mode")) {
        const auto mode = parseMode(value(parser, "mode"));
        if (!mode) {
            return Problem(QStringLiteral("--mode: ") + mode.error());
        }
        into.pathMode = *mode;
    }
    const QStringList groups = parser.values(QStringLiteral("group"));
    const auto parsed = parseGroups(groups.join(u','));
    if (!parsed) {
        return Problem(QStringLiteral("--group: ") + parsed.error());
    }
    into.groups = *parsed;
    return {};
}

tl::expected<void, QString> checkPathMode(const ServerCommandLine &line, std::optional<Transport> toCome)
{
    const auto isOfUnix = [](const ListenRequest &request) { return isUnix(request.transport); };
    const auto isPath = [](const ListenRequest &request) { return request.address.family() == Endpoint::Family::UnixPath; };
    const auto any = [&](auto holds) { return std::any_of(line.listen.begin(), line.listen.end(), holds); };
    if (!line.pathMode || (toCome && isUnix(*toCome))) {
        return {};
    }
    if (!any(isOfUnix)) {
        return Problem(QStringLiteral("--mode goes with Unix transports: it is the permissions of the path"));
    }
    if (!any(isPath)) {
        return Problem(QStringLiteral("--mode goes with a path: an abstract name (@name) has no permissions"));
    }
    return {};
}

// A socket of IPv6 joins groups of IPv4 too where it hears both.
bool canJoin(const ListenRequest &request, const GroupRequest &group)
{
    const Endpoint::Family family = request.address.family();
    return request.transport == Transport::Udp
        && (family == group.group.family() || (family == Endpoint::Family::IPv6 && request.address.isAny()));
}

tl::expected<void, QString> checkGroups(const ServerCommandLine &line)
{
    for (const GroupRequest &group : line.groups) {
        const auto joins = [&group](const ListenRequest &request) { return canJoin(request, group); };
        if (!line.listen.empty() && std::none_of(line.listen.begin(), line.listen.end(), joins)) {
            const bool isV6 = group.group.family() == Endpoint::Family::IPv6;
            return Problem(QStringLiteral("--group %1 goes with an address of %2, as udp:%3:7000, and none of these is one")
                               .arg(groupsText({group}), isV6 ? QStringLiteral("IPv6") : QStringLiteral("IPv4"),
                                    isV6 ? QStringLiteral("[::]") : QStringLiteral("0.0.0.0")));
        }
    }
    return {};
}

// What is given must be of use somewhere: to one of the addresses, or to the transport where there is none yet.
tl::expected<void, QString> checkListening(const ServerCommandLine &line)
{
    std::vector<Transport> transports;
    for (const ListenRequest &request : line.listen) {
        transports.push_back(request.transport);
    }
    if (transports.empty() && line.transport) {
        transports.push_back(*line.transport);
    }
    const auto any = [&](auto holds) { return transports.empty() || std::any_of(transports.begin(), transports.end(), holds); };
    const auto isUdp = [](Transport transport) { return transport == Transport::Udp; };
    const auto hasConnections = [](Transport transport) { return !isDatagram(transport); };
    if ((line.serving || line.loops || line.backlogGiven) && !any(hasConnections)) {
        return Problem(QStringLiteral("%1 goes with transports that have connections (tcp, unix, unix-seqpacket): of datagrams "
                                      "there is one socket for all peers")
                           .arg(line.serving     ? QStringLiteral("--serve")
                                    : line.loops ? QStringLiteral("--loops")
                                                 : QStringLiteral("--backlog")));
    }
    if (line.loops && line.serving.value_or(Serving::EventLoop) != Serving::EventLoop) {
        return Problem(QStringLiteral("--loops goes with --serve loop"));
    }
    if (line.afterFinGiven && !any(hasConnections)) {
        return Problem(QStringLiteral("--after-fin goes with transports that have connections (tcp, unix, unix-seqpacket): "
                                      "datagrams have no end"));
    }
    if (auto checked = checkPathMode(line, line.listen.empty() ? line.transport : std::nullopt); !checked) {
        return checked;
    }
    const auto isChosen = [&](const ListenRequest &request) { return request.transport == line.transport; };
    if (line.transport && !line.listen.empty() && std::none_of(line.listen.begin(), line.listen.end(), isChosen)) {
        return Problem(QStringLiteral("--transport %1 is of addresses that do not begin with a transport, and all of these do")
                           .arg(transportWordOf(*line.transport)));
    }
    if (!line.groups.empty() && (transports.empty() || !any(isUdp))) {
        return Problem(QStringLiteral("--group goes with udp: multicast groups are of datagrams"));
    }
    return checkGroups(line);
}

tl::expected<void, QString> readTargets(const QStringList &words, ServerCommandLine &into)
{
    for (const QString &word : words) {
        const auto request = parseListenTarget(word, into.transport);
        if (!request) {
            return Problem(request.error());
        }
        if (const auto checked = checkPath(request->address, request->transport); !checked) {
            return Problem(checked.error());
        }
        into.listen.push_back(*request);
    }
    if (into.listen.empty() && into.wanted == Wanted::Headless) {
        if (isUnix(into.transport.value_or(Transport::Tcp))) {
            return Problem(QStringLiteral("--transport %1 needs a path to listen on, as /tmp/tincan.sock, or @tincan")
                               .arg(transportWordOf(*into.transport)));
        }
        into.listen.push_back(
            {.address = Endpoint::ipv4(0x7f000001, 6666), .transport = into.transport.value_or(Transport::Tcp)});
    }
    for (ListenRequest &request : into.listen) {
        request.backlog = into.backlog;
        request.serving = isDatagram(request.transport) ? Serving::EventLoop : into.serving.value_or(Serving::EventLoop);
        request.loops = into.loops.value_or(1);
        request.pathMode = isUnix(request.transport) ? into.pathMode.value_or(-1) : -1;
        std::copy_if(into.groups.begin(), into.groups.end(), std::back_inserter(request.groups),
                     [&request](const GroupRequest &group) { return canJoin(request, group); });
    }
    return checkListening(into);
}

// Beside --headless it stands alone: that needs no window anyway.
tl::expected<void, QString> readExport(const QCommandLineParser &parser, const QStringList &words, ServerCommandLine &into)
{
    if (words.size() != 2 || words.contains(QString())) {
        return Problem(QStringLiteral("--export takes two files: --export IN OUT"));
    }
    const QStringList names = parser.optionNames();
    for (const QString &name : names) {
        if (name != QLatin1String("export") && name != QLatin1String("headless")) {
            return Problem(QStringLiteral("--export IN OUT stands alone: --%1 does not go with it").arg(name));
        }
    }
    into.wanted = Wanted::Export;
    into.exportIn = words.at(0);
    into.exportOut = words.at(1);
    return {};
}

} // namespace

tl::expected<ServerCommandLine, QString> parseServerCommandLine(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({valued("answer"), flag("name-sender"), valued("after-fin"), flag("start"), valued("backlog"),
                       valued("max-peers"), flag("export"), valued("transport"), valued("serve"), valued("loops"), valued("mode"),
                       valued("group")});
    ServerCommandLine line;
    const auto isRead = readCommon(parser, arguments, line.wanted, line.open);
    if (!isRead || *isRead) {
        return isRead.map([&line](bool) { return line; });
    }
    const QStringList words = parser.positionalArguments();
    if (isSet(parser, "export")) {
        return readExport(parser, words, line).map([&line] { return line; });
    }
    line.start = isSet(parser, "start") || !words.isEmpty() || line.wanted == Wanted::Headless;
    line.answerGiven = isSet(parser, "answer");
    line.afterFinGiven = isSet(parser, "after-fin");
    const auto place = recordingPlace(parser, line.wanted);
    if (!place) {
        return Problem(place.error());
    }
    line.place = *place;
    return readAnswer(parser, line.answer)
        .and_then([&] { return readBounds(parser, line); })
        .and_then([&] { return readListening(parser, line); })
        .and_then([&] { return readTargets(words, line); })
        .map([&line] { return line; });
}

} // namespace tincan
