// SPDX-License-Identifier: MIT
#include "session/commandline.h"

#include <cstdio>
#include <limits>

#include <QCommandLineParser>

namespace tincan {

namespace {

using Problem = tl::unexpected<QString>;

QCommandLineOption flag(const char *name)
{
    return QCommandLineOption(QString::fromLatin1(name));
}

QCommandLineOption valued(const char *name)
{
    return {QString::fromLatin1(name), {}, QStringLiteral("value")};
}

QString value(const QCommandLineParser &parser, const char *name)
{
    return parser.value(QString::fromLatin1(name));
}

bool isSet(const QCommandLineParser &parser, const char *name)
{
    return parser.isSet(QString::fromLatin1(name));
}

tl::expected<int, QString> wholeNumber(const QCommandLineParser &parser, const char *name, int least, int most)
{
    bool isNumber = false;
    const int number = value(parser, name).toInt(&isNumber);
    if (!isNumber || number < least || number > most) {
        return Problem(QStringLiteral("--%1 takes a whole number from %2 to %3, not “%4”")
                           .arg(QString::fromLatin1(name))
                           .arg(least)
                           .arg(most)
                           .arg(value(parser, name)));
    }
    return number;
}

// One of `words`, by its place; what else it might have been is said.
tl::expected<int, QString> oneOf(const QCommandLineParser &parser, const char *name, const QStringList &words)
{
    const auto at = words.indexOf(value(parser, name));
    if (at < 0) {
        return Problem(QStringLiteral("--%1 takes %2, not “%3”")
                           .arg(QString::fromLatin1(name), words.join(QLatin1String(", ")), value(parser, name)));
    }
    return static_cast<int>(at);
}

tl::expected<Wanted, QString> wanted(QCommandLineParser &parser, const QStringList &arguments)
{
    if (!parser.parse(arguments)) {
        return Problem(parser.errorText());
    }
    if (isSet(parser, "help")) {
        return Wanted::Help;
    }
    if (isSet(parser, "version")) {
        return Wanted::Version;
    }
    return isSet(parser, "headless") ? Wanted::Headless : Wanted::Window;
}

void addCommon(QCommandLineParser &parser)
{
    parser.addOptions({{{QStringLiteral("h"), QStringLiteral("help")}, {}},
                       {{QStringLiteral("V"), QStringLiteral("version")}, {}},
                       flag("headless"),
                       valued("record"),
                       flag("no-record"),
                       valued("open")});
}

tl::expected<RecordingPlace, QString> recordingPlace(const QCommandLineParser &parser, Wanted wanted)
{
    if (isSet(parser, "record") && isSet(parser, "no-record")) {
        return Problem(QStringLiteral("--record and --no-record exclude each other"));
    }
    if (isSet(parser, "record")) {
        if (value(parser, "record").isEmpty()) {
            return Problem(QStringLiteral("--record takes the name of a file"));
        }
        return RecordingPlace{RecordingPlace::Kind::File, value(parser, "record")};
    }
    if (isSet(parser, "no-record")) {
        // A window reads back what it shows: from a file without a name, which is gone when it ends.
        return RecordingPlace{wanted == Wanted::Headless ? RecordingPlace::Kind::Nowhere : RecordingPlace::Kind::Forgotten, {}};
    }
    return RecordingPlace{};
}

// The file of --open; empty where it is not given. It goes with nothing that is about a running session.
tl::expected<QString, QString> fileToOpen(const QCommandLineParser &parser, Wanted wanted)
{
    if (!isSet(parser, "open")) {
        return QString();
    }
    if (value(parser, "open").isEmpty()) {
        return Problem(QStringLiteral("--open takes the name of a file"));
    }
    if (wanted == Wanted::Headless) {
        return Problem(QStringLiteral("--open shows a session in a window; it does not go with --headless"));
    }
    const QStringList others = parser.optionNames() + parser.positionalArguments();
    if (others.size() > 1) {
        return Problem(QStringLiteral("--open FILE stands alone: it only shows the file"));
    }
    return value(parser, "open");
}

tl::expected<quint16, QString> portNumber(const QString &text)
{
    bool isNumber = false;
    const int port = text.toInt(&isNumber);
    if (!isNumber || port < 0 || port > std::numeric_limits<quint16>::max()) {
        return Problem(QStringLiteral("“%1” is no port: a port is a whole number from 0 to 65535").arg(text));
    }
    return static_cast<quint16>(port);
}

tl::expected<Endpoint, QString> listenAddress(const QString &text)
{
    bool isNumber = false;
    text.toUInt(&isNumber);
    if (isNumber) { // a port alone: this computer only, as the window's default
        return portNumber(text).map([](quint16 port) { return Endpoint::ipv4(0x7f000001, port); });
    }
    const Result<Endpoint> parsed = Endpoint::parse(text.toStdString());
    if (!parsed) {
        return Problem(QStringLiteral("“%1” is no address to listen on: %2. It is an address of this computer and a port, "
                                      "as 127.0.0.1:6666, 0.0.0.0:6666 or [::]:6666")
                           .arg(text, QString::fromStdString(parsed.error().detail)));
    }
    if (!parsed->isIp()) {
        return Problem(QStringLiteral("“%1” is a path; this version listens on TCP only").arg(text));
    }
    return *parsed;
}

// HOST:PORT, [IPV6]:PORT, or HOST and PORT.
tl::expected<void, QString> target(const QStringList &words, ClientCommandLine &into)
{
    if (words.size() > 2) {
        return Problem(QStringLiteral("too many arguments: “%1”").arg(words.at(2)));
    }
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
    return portNumber(port).map([&into](quint16 number) { into.port = number; });
}

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

} // namespace

QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i) {
        arguments << QString::fromLocal8Bit(argv[i]);
    }
    return arguments;
}

tl::expected<ServerCommandLine, QString> parseServerCommandLine(const QStringList &arguments)
{
    QCommandLineParser parser;
    addCommon(parser);
    parser.addOptions({valued("answer"), flag("name-sender"), valued("after-fin"), flag("start"), valued("backlog"),
                       valued("max-peers"), flag("export")});
    ServerCommandLine line;
    const auto what = wanted(parser, arguments);
    if (!what) {
        return Problem(what.error());
    }
    line.wanted = *what;
    if (line.wanted == Wanted::Help || line.wanted == Wanted::Version) {
        return line;
    }
    if (const auto open = fileToOpen(parser, line.wanted); !open || !open->isEmpty()) {
        return open.map([&line](const QString &file) {
            line.open = file;
            return line;
        });
    }
    const QStringList words = parser.positionalArguments();
    if (isSet(parser, "export")) {
        if (words.size() != 2) {
            return Problem(QStringLiteral("--export takes two files: --export IN OUT"));
        }
        line.wanted = Wanted::Export;
        line.exportIn = words.at(0);
        line.exportOut = words.at(1);
        return line;
    }
    if (words.size() > 1) {
        return Problem(QStringLiteral("too many arguments: “%1”. One address, as 127.0.0.1:6666").arg(words.at(1)));
    }
    if (!words.isEmpty()) {
        const auto address = listenAddress(words.at(0));
        if (!address) {
            return Problem(address.error());
        }
        line.address = *address;
    }
    line.start = isSet(parser, "start") || line.address.has_value() || line.wanted == Wanted::Headless;
    line.answerGiven = isSet(parser, "answer");
    line.afterFinGiven = isSet(parser, "after-fin");
    const auto place = recordingPlace(parser, line.wanted);
    if (!place) {
        return Problem(place.error());
    }
    line.place = *place;
    return readAnswer(parser, line.answer).and_then([&] { return readBounds(parser, line); }).map([&line] { return line; });
}

tl::expected<ClientCommandLine, QString> parseClientCommandLine(const QStringList &arguments)
{
    QCommandLineParser parser;
    addCommon(parser);
    parser.addOptions({valued("local"), valued("line-ending"), valued("timeout")});
    ClientCommandLine line;
    const auto what = wanted(parser, arguments);
    if (!what) {
        return Problem(what.error());
    }
    line.wanted = *what;
    if (line.wanted == Wanted::Help || line.wanted == Wanted::Version) {
        return line;
    }
    if (const auto open = fileToOpen(parser, line.wanted); !open || !open->isEmpty()) {
        return open.map([&line](const QString &file) {
            line.open = file;
            return line;
        });
    }
    const QStringList words = parser.positionalArguments();
    if (!words.isEmpty()) {
        if (const auto read = target(words, line); !read) {
            return Problem(read.error());
        }
    } else if (line.wanted == Wanted::Headless) {
        return Problem(QStringLiteral("--headless needs HOST:PORT to connect to"));
    }
    if (isSet(parser, "local")) {
        const Result<Endpoint> local = Endpoint::parse(value(parser, "local").toStdString());
        if (!local || !local->isIp()) {
            return Problem(QStringLiteral("--local takes ADDRESS:PORT of this computer (port 0: any), not “%1”%2")
                               .arg(value(parser, "local"),
                                    local ? QString() : QLatin1String(": ") + QString::fromStdString(local.error().detail)));
        }
        line.local = *local;
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
    }
    const auto place = recordingPlace(parser, line.wanted);
    if (!place) {
        return Problem(place.error());
    }
    line.place = *place;
    return line;
}

QString serverHelp()
{
    return QStringLiteral(
        R"(Usage: tincan-server [ADDRESS:PORT | PORT] [options]
       tincan-server --open FILE
       tincan-server --export IN OUT

Listens on a TCP port and talks to every peer that connects. Without --headless it opens a window; with an address it is
listening already. ADDRESS is 127.0.0.1 (this computer only), 0.0.0.0 (every IPv4 network), [::] (every network) or one
of this computer's own addresses; PORT alone means 127.0.0.1:PORT; port 0 takes a free one and says which.

  --answer manual|echo|ok|relay  what the server does by itself with what it receives (default: manual, you answer)
                                   echo   the same bytes back
                                   ok     "OK!!!" for each message; a message that is "exit" is answered and ends it
                                   relay  what one peer sends goes to all the others
  --name-sender                  with relay: the sender's "address:port: " before each line
  --after-fin auto|keep|finish   when a peer has finished sending: keep our side open, finish it too once all is sent, or
                                 auto: finish with echo and ok, keep with manual and relay
  --start                        start at once with the last address (implied by an address)
  --headless                     no window: one line an event on standard output, until SIGINT or SIGTERM
  --record FILE                  write the session to FILE (pcapng; Wireshark opens it) instead of the state folder
  --no-record                    keep nothing
  --backlog N                    for listen(2); the kernel caps it at net.core.somaxconn (default: 4096)
  --open FILE                    show a kept session, or a capture, in a window; nothing is started
  --max-peers N                  at most N at once; the next ones wait in the accept queue (default 0: no limit)
  --export IN OUT                write the session that IN is a file of to OUT: as text, HTML, CSV, JSON Lines or a hex dump where
                                 OUT ends in .txt, .html, .csv, .jsonl or .hex; else as pcapng, in full: one packet for each
                                 recipient of a message to many
  -h, --help                     this text
  -V, --version                  the version

Exit status: 0 fine, 1 the network or a file said no, 2 wrong usage.

  tincan-server 127.0.0.1:6666 --answer echo
  tincan-server [::]:0 --answer relay --headless --record room.pcapng
)");
}

QString clientHelp()
{
    return QStringLiteral(
        R"(Usage: tincan-client [HOST:PORT | HOST PORT] [options]
       tincan-client --open FILE

Connects to TCP servers and talks to many at once. Without --headless it opens a window; with a host it connects at once.
HOST is a name, an IPv4 or an IPv6 address ([::1]:6666). All addresses of a name are tried.

  --headless                             no window: joins standard input and output to the connection, as nc does, byte
                                         for byte; ends its sending side at end of input, and itself when the peer has
                                         finished
  --line-ending none|lf|cr|crlf|nul      what is put behind each message; headless: what each LF of the input becomes
                                         (none, lf: it stays as it is)
  --local ADDRESS:PORT                   bind the socket to this before connecting (port 0: any)
  --timeout SECONDS                      for connecting, names and all addresses together (default: 10)
  --record FILE                          write the session to FILE (pcapng) instead of the state folder
  --no-record                            keep nothing
  --open FILE                            show a kept session, or a capture, in a window; nothing is connected
  -h, --help                             this text
  -V, --version                          the version

Exit status: 0 fine, 1 the network or a file said no, 2 wrong usage.

  tincan-client localhost:6666
  printf 'hello\n' | tincan-client localhost:6666 --headless
)");
}

QString versionText(const QString &program)
{
    return program + QLatin1String(" " TINCAN_VERSION "\n");
}

void printError(const QString &program, const QString &text)
{
    std::fprintf(stderr, "%s: %s\n", qPrintable(program), qPrintable(text));
}

} // namespace tincan
