// SPDX-License-Identifier: MIT
// A session written as a program does the same: the programs are compiled and run against real sockets, and what arrives is
// compared byte for byte.
#include "session/callprogram.h"

#include <thread>

#include <netinet/tcp.h>
#include <sys/un.h>

#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include "session/byteliterals.h"
#include "session/callscriptjob.h"
#include "support/enginehost.h"
#include "support/generatedprogram.h"
#include "support/rows.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// Everything that a literal may go wrong with.
QByteArray nasty()
{
    constexpr char kText[] = "\"'\\ ?\?= ?\?/ %s %% \x01"
                             "2\x02"
                             "abc\0"
                             "7\r\n\t*/ $HOME `id` \xff\xfe gr\xc3\xbc\xc3\x9f \xe2\x80\xae x";
    QByteArray bytes(kText, sizeof kText - 1);
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
    }
    return bytes + QByteArray(200, '-');
}

// A socket of the test, that gives up after some seconds.
UniqueFd makeSocket(int domain, Transport transport)
{
    UniqueFd fd(::socket(domain, socketType(transport) | SOCK_CLOEXEC, 0));
    const timeval limit{10, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return fd;
}

bool bindTo(int fd, Endpoint &at)
{
    sockaddr_storage storage{};
    socklen_t size = at.toSockaddr(storage);
    if (::bind(fd, reinterpret_cast<const sockaddr *>(&storage), size) != 0) {
        return false;
    }
    size = sizeof storage;
    ::getsockname(fd, reinterpret_cast<sockaddr *>(&storage), &size);
    at = Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), size);
    return true;
}

bool connectTo(int fd, const Endpoint &to)
{
    sockaddr_storage storage{};
    const socklen_t size = to.toSockaddr(storage);
    return ::connect(fd, reinterpret_cast<const sockaddr *>(&storage), size) == 0;
}

// A port that nobody has.
Endpoint freePort(Transport transport)
{
    Endpoint at = Endpoint::ipv4(0x7f000001, 0);
    const UniqueFd fd = makeSocket(AF_INET, transport);
    bindTo(fd.get(), at);
    return at;
}

QByteArray readAll(int fd)
{
    QByteArray all;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
        all.append(buffer, got);
    }
    return all;
}

PeerInfo info(Transport transport, Direction direction, const Endpoint &local, const Endpoint &remote)
{
    PeerInfo made;
    made.transport = transport;
    made.direction = direction;
    made.local = local;
    made.remote = remote;
    made.fd = 12;
    return made;
}

LeftInfo left(LeftReason reason)
{
    LeftInfo made;
    made.reason = reason;
    return made;
}

// A session made by hand.
struct Made {
    Rows rows;
    Index index;
    std::vector<RowBatch::Call> calls;

    CallScriptRequest request(PeerId peer) const { return {calls, index.rows(), index.details(), peer}; }
    CallScript script(PeerId peer = kNoPeer)
    {
        rows.append(index);
        return makeCallScript(request(peer), rows);
    }
    void call(PeerId peer, CallInfo info) { calls.push_back({0, peer, std::move(info)}); }
};

// What that kind of program needs and is not there. `needsSocat`: instead of nc.
QString missing(ProgramKind kind, bool needsSocat = false)
{
    if (kind != ProgramKind::Nc) {
        return GeneratedProgram::missing(kind);
    }
    const QString wanted = needsSocat ? QStringLiteral("socat") : QStringLiteral("nc");
    if (QStandardPaths::findExecutable(wanted).isEmpty()) {
        return wanted + QStringLiteral(" is not installed");
    }
    if (!needsSocat) {
        QProcess help;
        help.start(wanted, {QStringLiteral("-h")});
        help.waitForFinished();
        return help.readAllStandardError().contains("OpenBSD") ? QString()
                                                               : QStringLiteral("nc is not OpenBSD's (netcat-openbsd)");
    }
    return {};
}

void addKinds()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("C") << static_cast<int>(ProgramKind::C);
    QTest::newRow("Python") << static_cast<int>(ProgramKind::Python);
    QTest::newRow("nc") << static_cast<int>(ProgramKind::Nc);
}

} // namespace

class CallProgramTest : public QObject
{
    Q_OBJECT

private slots:
    void aTcpClient_data() { addKinds(); }
    void aTcpClient()
    {
        QFETCH(int, kind);
        if (const QString reason = missing(static_cast<ProgramKind>(kind)); !reason.isEmpty()) {
            QSKIP(qPrintable(reason));
        }
        Endpoint at = Endpoint::ipv4(0x7f000001, 0);
        const UniqueFd listener = makeSocket(AF_INET, Transport::Tcp);
        QVERIFY(bindTo(listener.get(), at) && ::listen(listener.get(), 1) == 0);
        Made made;
        made.call(1, {.call = CallName::Socket, .result = 12, .a = AF_INET, .b = SOCK_STREAM});
        made.call(1, {.call = CallName::SetSockOpt, .fd = 12, .a = IPPROTO_TCP, .b = TCP_NODELAY, .c = 1});
        made.call(1, {.call = CallName::SetSockOpt, .fd = 12, .a = SOL_SOCKET, .b = SO_RXQ_OVFL, .c = 1});
        made.call(1, {.call = CallName::SetSockOpt, .fd = 12, .a = SOL_SOCKET, .b = SO_LINGER, .c = 0, .text = "{1, 3}"});
        made.call(1, {.call = CallName::Bind, .fd = 12, .address = Endpoint::ipv4(0x7f000001, 0)});
        made.rows.add(RecordKind::Joined, 1, {}, info(Transport::Tcp, Direction::Outgoing, {}, at));
        made.rows.sent(1, "hello").received(1, "wor").received(1, "ld").sent(1, nasty()).add(RecordKind::Finished, 1);
        made.rows.received(1, "bye").add(RecordKind::PeerFinished, 1).left(1);
        const QString text = programText(static_cast<ProgramKind>(kind), made.script(1));
        GeneratedProgram program(static_cast<ProgramKind>(kind), text);
        QVERIFY2(program.start(), program.report().constData());
        const RawPeer peer{UniqueFd(::accept(listener.get(), nullptr, nullptr))};
        QCOMPARE(peer.read(5), QByteArray("hello"));
        QVERIFY(peer.send("world"));
        QCOMPARE(readAll(peer.fd()), nasty());
        QVERIFY(peer.send("bye"));
        peer.finish();
        QCOMPARE(program.finish(), QByteArray("worldbye"));
    }

    void aResetIsOne_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("C") << static_cast<int>(ProgramKind::C);
        QTest::newRow("Python") << static_cast<int>(ProgramKind::Python);
    }
    void aResetIsOne()
    {
        QFETCH(int, kind);
        Endpoint at = Endpoint::parse("[::1]:0").value();
        const UniqueFd listener = makeSocket(AF_INET6, Transport::Tcp);
        if (!bindTo(listener.get(), at) || ::listen(listener.get(), 1) != 0) {
            QSKIP("this computer has no IPv6");
        }
        Made made;
        made.rows.add(RecordKind::Joined, 1, {}, info(Transport::Tcp, Direction::Outgoing, {}, at)).sent(1, "x");
        made.rows.add(RecordKind::Left, 1, {}, left(LeftReason::ResetByUs));
        GeneratedProgram program(static_cast<ProgramKind>(kind), programText(static_cast<ProgramKind>(kind), made.script(1)));
        QVERIFY2(program.start(), program.report().constData());
        const RawPeer peer{UniqueFd(::accept(listener.get(), nullptr, nullptr))};
        QCOMPARE(program.finish(), QByteArray());
        char byte = 0;
        while (::recv(peer.fd(), &byte, 1, 0) > 0) { }
        QCOMPARE(errno, ECONNRESET);
    }

    void whatTheServerSaid_data() { addKinds(); }
    void whatTheServerSaid()
    {
        QFETCH(int, kind);
        if (const QString reason = missing(static_cast<ProgramKind>(kind)); !reason.isEmpty()) {
            QSKIP(qPrintable(reason));
        }
        const Endpoint at = freePort(Transport::Tcp);
        Made made;
        ListenInfo listening;
        listening.local = at;
        listening.fd = 9;
        listening.backlog = 5;
        made.call(kNoPeer, {.call = CallName::Socket, .result = 9, .a = AF_INET, .b = SOCK_STREAM});
        made.call(kNoPeer, {.call = CallName::SetSockOpt, .fd = 9, .a = SOL_SOCKET, .b = SO_REUSEADDR, .c = 1});
        made.rows.add(RecordKind::Listening, kNoPeer, {}, listening);
        made.rows.add(RecordKind::Joined, 1, {}, info(Transport::Tcp, Direction::Incoming, at, Endpoint::ipv4(0x7f000001, 5)));
        made.rows.received(1, "who?").sent(1, nasty()).add(RecordKind::PeerFinished, 1).add(RecordKind::Finished, 1).left(1);
        const QString text = programText(static_cast<ProgramKind>(kind), made.script(1));
        GeneratedProgram program(static_cast<ProgramKind>(kind), text);
        QVERIFY2(program.start(), program.report().constData());
        UniqueFd fd;
        QVERIFY(QTest::qWaitFor([&] { return fd = makeSocket(AF_INET, Transport::Tcp), connectTo(fd.get(), at); }, 20'000));
        const RawPeer peer(std::move(fd));
        QVERIFY(peer.send("who?"));
        QCOMPARE(peer.read(nasty().size()), nasty());
        peer.finish();
        QVERIFY(peer.atEnd());
        QCOMPARE(program.finish(), QByteArray("who?"));
    }

    // A session's file may come from anybody. What is in it becomes numbers, addresses and literals, and never code.
    void nothingOfAFileIsCode_data() { addKinds(); }
    void nothingOfAFileIsCode()
    {
        QFETCH(int, kind);
        Made made;
        ListenInfo listening;
        listening.local = Endpoint::ipv4(0x7f000001, 7000);
        listening.transport = Transport::Udp;
        listening.fd = 3;
        made.call(kNoPeer, {.call = CallName::Socket, .result = 3, .a = AF_INET, .b = SOCK_DGRAM, .c = IPPROTO_UDP});
        made.call(kNoPeer, {.call = CallName::SetSockOpt, .fd = 3, .a = SOL_SOCKET, .b = SO_LINGER, .text = "{1, evil()}"});
        made.call(kNoPeer,
                  {.call = CallName::SetSockOpt, .fd = 3, .a = SOL_SOCKET, .b = SO_LINGER, .text = "{1, 0}, 8); evil(); ("});
        made.call(kNoPeer,
                  {.call = CallName::SetSockOpt, .fd = 3, .a = IPPROTO_IP, .b = IP_ADD_MEMBERSHIP, .text = "evil()#\xc3\xa9"});
        made.call(kNoPeer, {.call = CallName::Bind, .fd = 3, .address = listening.local});
        made.rows.add(RecordKind::Listening, kNoPeer, {}, listening);
        const QString text = programText(static_cast<ProgramKind>(kind), made.script());
        QVERIFY2(kind == static_cast<int>(ProgramKind::Nc) || text.contains(QLatin1String("SO_LINGER")), qPrintable(text));
        const QStringList lines = text.split(u'\n');
        for (const QString &line : lines) {
            const QString bare = line.trimmed();
            const bool isComment
                = bare.startsWith(u'#') || bare.startsWith(QLatin1String("/*")) || bare.startsWith(QLatin1String("//"));
            const qsizetype at = line.indexOf(QLatin1String("evil"));
            QVERIFY2(at < 0 || isComment || line.left(at).count(u'"') % 2 == 1, qPrintable(line));
        }
    }

    void answersByARule_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("transport");
        for (const Transport transport : {Transport::Tcp, Transport::Udp}) {
            for (const AnswerMode mode : {AnswerMode::Echo, AnswerMode::Ok}) {
                for (const ProgramKind kind : kProgramKinds) {
                    const bool isByLines = kind == ProgramKind::Nc && mode == AnswerMode::Ok; // a shell cannot do it otherwise
                    if (!isByLines || transport == Transport::Tcp) {
                        QTest::addRow("%d %d %d", static_cast<int>(kind), static_cast<int>(mode), static_cast<int>(transport))
                            << static_cast<int>(kind) << static_cast<int>(mode) << static_cast<int>(transport);
                    }
                }
            }
        }
    }
    void answersByARule()
    {
        QFETCH(int, kind);
        QFETCH(int, mode);
        QFETCH(int, transport);
        if (const QString reason = missing(static_cast<ProgramKind>(kind), true); !reason.isEmpty()) {
            QSKIP(qPrintable(reason));
        }
        const auto over = static_cast<Transport>(transport);
        const Endpoint at = freePort(over);
        Made made;
        ListenInfo listening;
        listening.local = at;
        listening.transport = over;
        made.rows.add(RecordKind::Note, kNoPeer, {}, NoteInfo{NoteCode::AnswerChanged, mode, 0, {}});
        made.rows.add(RecordKind::Listening, kNoPeer, {}, listening);
        const QString text = programText(static_cast<ProgramKind>(kind), made.script());
        GeneratedProgram program(static_cast<ProgramKind>(kind), text);
        QVERIFY2(program.start(), program.report().constData());
        const QByteArray question = "a question\n"; // with a blank, and a line end, as a shell wants it
        const auto size = static_cast<std::size_t>(question.size());
        const QByteArray answer = mode == static_cast<int>(AnswerMode::Echo) ? question : QByteArray("OK!!!");
        UniqueFd fd;
        char buffer[100];
        ssize_t got = -1;
        // A datagram to nobody is refused by the next call: so until there is somebody.
        QVERIFY(QTest::qWaitFor(
            [&] {
                fd = makeSocket(AF_INET, over);
                return connectTo(fd.get(), at)
                    && ::send(fd.get(), question.constData(), size, MSG_NOSIGNAL) == static_cast<ssize_t>(size)
                    && (got = ::recv(fd.get(), buffer, sizeof buffer, 0)) > 0;
            },
            20'000));
        QCOMPARE(QByteArray(buffer, got), answer);
    }

    void overUnixSockets_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("transport");
        for (const Transport transport : {Transport::UnixStream, Transport::UnixDatagram, Transport::UnixSeqpacket}) {
            for (const ProgramKind kind : kProgramKinds) {
                QTest::addRow("%d %s", static_cast<int>(kind), std::string(transportWord(transport)).c_str())
                    << static_cast<int>(kind) << static_cast<int>(transport);
            }
        }
    }
    void overUnixSockets()
    {
        QFETCH(int, kind);
        QFETCH(int, transport);
        if (const QString reason = missing(static_cast<ProgramKind>(kind), true); !reason.isEmpty()) {
            QSKIP(qPrintable(reason));
        }
        const auto over = static_cast<Transport>(transport);
        const QTemporaryDir folder;
        const bool isAbstract = over == Transport::UnixStream;
        Endpoint at = isAbstract
            ? Endpoint::unixAbstract("tincan-test \"x\" " + std::to_string(::getpid()) + std::to_string(kind))
            : Endpoint::unixPath(folder.filePath(QStringLiteral("a, b'c\"d")).toStdString());
        const UniqueFd listener = makeSocket(AF_UNIX, over);
        QVERIFY(bindTo(listener.get(), at));
        QVERIFY(isDatagram(over) || ::listen(listener.get(), 1) == 0);
        Made made;
        made.rows.add(RecordKind::Joined, 1, {}, info(over, Direction::Outgoing, {}, at));
        made.rows.sent(1, "one").sent(1, "two words\n").left(1);
        const QString text = programText(static_cast<ProgramKind>(kind), made.script(1));
        GeneratedProgram program(static_cast<ProgramKind>(kind), text);
        QVERIFY2(program.start(), program.report().constData());
        const UniqueFd accepted(isDatagram(over) ? ::dup(listener.get()) : ::accept(listener.get(), nullptr, nullptr));
        char buffer[100];
        const ssize_t first = ::recv(accepted.get(), buffer, sizeof buffer, keepsBorders(over) ? 0 : MSG_WAITALL);
        QByteArray all(buffer, std::max<ssize_t>(first, 0));
        if (keepsBorders(over)) {
            QCOMPARE(all, QByteArray("one"));
            const ssize_t second = ::recv(accepted.get(), buffer, sizeof buffer, 0);
            all.append(buffer, std::max<ssize_t>(second, 0));
        }
        QCOMPARE(all, QByteArray("onetwo words\n"));
        QVERIFY2(!program.finish().startsWith("failed"), qPrintable(text));
    }

    void aUdpConversation_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("C") << static_cast<int>(ProgramKind::C);
        QTest::newRow("Python") << static_cast<int>(ProgramKind::Python);
    }
    // The server's side: an empty datagram is a message as well.
    void aUdpConversation()
    {
        QFETCH(int, kind);
        const Endpoint at = freePort(Transport::Udp);
        Made made;
        ListenInfo listening;
        listening.local = at;
        listening.transport = Transport::Udp;
        made.rows.add(RecordKind::Listening, kNoPeer, {}, listening);
        made.rows.add(RecordKind::Joined, 1, {}, info(Transport::Udp, Direction::Incoming, at, Endpoint::ipv4(0x7f000001, 5)));
        made.rows.received(1, "a").received(1, "b").sent(1, "").sent(1, nasty());
        GeneratedProgram program(static_cast<ProgramKind>(kind), programText(static_cast<ProgramKind>(kind), made.script(1)));
        QVERIFY2(program.start(), program.report().constData());
        UniqueFd fd;
        // To nobody, the second is refused for what became of the first.
        QVERIFY(QTest::qWaitFor(
            [&] {
                fd = makeSocket(AF_INET, Transport::Udp);
                pollfd watched{fd.get(), POLLIN, 0};
                return connectTo(fd.get(), at) && ::send(fd.get(), "a", 1, 0) == 1 && ::poll(&watched, 1, 50) == 0
                    && ::send(fd.get(), "b", 1, 0) == 1;
            },
            20'000));
        char buffer[4096];
        QCOMPARE(::recv(fd.get(), buffer, sizeof buffer, 0), ssize_t(0));
        const ssize_t got = ::recv(fd.get(), buffer, sizeof buffer, 0);
        QCOMPARE(QByteArray(buffer, std::max<ssize_t>(got, 0)), nasty());
    }

    void whatIsLargeIsCutAndSaid()
    {
        Made made;
        made.rows.add(RecordKind::Joined, 1, {}, info(Transport::Tcp, Direction::Outgoing, {}, Endpoint::ipv4(0x7f000001, 7)));
        for (int i = 0; i < 50; ++i) {
            made.rows.sent(1, QByteArray(5000, 'x')).received(1, QByteArray(5000, 'x'));
        }
        made.rows.add(RecordKind::Joined, 2, {}, info(Transport::Tcp, Direction::Outgoing, {}, Endpoint::ipv4(0x7f000001, 7)));
        for (int i = 0; i < 500; ++i) {
            made.rows.sent(2, "y");
        }
        for (PeerId peer = 3; peer < 20; ++peer) {
            made.rows.add(RecordKind::Joined, peer, {},
                          info(Transport::Tcp, Direction::Outgoing, {}, Endpoint::ipv4(0x7f000001, 7)));
        }
        const CallScript script = made.script();
        QCOMPARE(static_cast<int>(script.talks.size()), CallScript::kMostTalks);
        QCOMPARE(script.leftOut, 19 - CallScript::kMostTalks);
        for (const ProgramKind kind : kProgramKinds) {
            const QString text = programText(kind, script);
            QVERIFY(text.contains(QStringLiteral("5000 bytes were sent; these are the first 2048")));
            QVERIFY(text.contains(QStringLiteral("the first 200 steps")));
            QVERIFY(text.contains(QStringLiteral("(11 more are left out)")));
            QVERIFY(text.size() < 300'000);
        }
        GeneratedProgram program(ProgramKind::C, programText(ProgramKind::C, script));
        QVERIFY2(program.start(), program.report().constData());
    }

    // Of a server with several, each peer's program listens where that peer came to, as it was then.
    void ofSeveralListenersTheRightOne()
    {
        Made made;
        const auto at = [](std::uint16_t port) { return Endpoint::ipv4(0x7f000001, port); };
        const auto listen = [&](ListenerId id, std::uint16_t port, Transport transport = Transport::Tcp) {
            ListenInfo listening;
            listening.id = id;
            listening.fd = static_cast<int>(id) + 5;
            listening.local = at(port);
            listening.transport = transport;
            listening.backlog = static_cast<int>(id);
            made.rows.add(RecordKind::Listening, kNoPeer, {}, listening);
        };
        const auto come = [&](PeerId peer, ListenerId id, std::uint16_t port, Transport transport = Transport::Tcp) {
            PeerInfo came = info(transport, Direction::Incoming, at(port), at(static_cast<std::uint16_t>(50'000 + peer)));
            came.listener = id;
            made.rows.add(RecordKind::Joined, peer, {}, came);
            made.rows.sent(peer, "to " + QByteArray::number(peer));
        };
        listen(1, 7001);
        listen(2, 7002);
        listen(3, 7003, Transport::Udp);
        come(1, 2, 7002);
        come(2, 1, 7001);
        come(3, 3, 7003, Transport::Udp);
        listen(2, 7777); // stopped and started again meanwhile
        come(4, 2, 7777);
        listen(3, 7003, Transport::Udp);
        come(5, 2, 7777);
        const std::vector<std::uint16_t> ports{7002, 7001, 7003, 7777, 7777};
        for (PeerId peer = 1; peer <= ports.size(); ++peer) {
            const CallScript script = made.script(peer);
            QCOMPARE(script.local, at(ports[peer - 1]));
            QCOMPARE(script.transport, peer == 3 ? Transport::Udp : Transport::Tcp);
            QCOMPARE(script.talks.size(), std::size_t{1});
            QCOMPARE(script.talks.front().remote, at(static_cast<std::uint16_t>(50'000 + peer)));
            QCOMPARE(script.talks.front().steps.front().bytes, "to " + QByteArray::number(peer));
            QCOMPARE(script.otherListeners, 0);
        }
        // Of the session: the first that somebody came to, with those who came there and nobody else.
        const CallScript all = made.script();
        QVERIFY(all.isServer);
        QCOMPARE(all.local, at(7002));
        QCOMPARE(all.backlog, 2);
        QCOMPARE(all.talks.size(), std::size_t{1});
        QCOMPARE(all.talks.front().remote, at(50'001));
        QCOMPARE(all.leftOut, 4);
        QCOMPARE(all.otherListeners, 2);
        QVERIFY(cProgram(all).contains(QStringLiteral("(2 other listeners are left out)")));
    }

    // What was relayed, and sent to all, is in the conversation of whom it reached.
    void whatWentToManyIsInEach()
    {
        Made made;
        const Endpoint at = Endpoint::ipv4(0x7f000001, 7);
        for (PeerId peer = 1; peer <= 3; ++peer) {
            made.rows.add(RecordKind::Joined, peer, {}, info(Transport::Tcp, Direction::Incoming, at, at));
        }
        made.rows.add(RecordKind::FanOut, kNoPeer, "all");
        made.rows.add(RecordKind::FanOut, 1, "relayed");
        made.rows.add(RecordKind::FanOut, kNoPeer, "not 2", FanOutInfo{false, {2}});
        made.rows.add(RecordKind::FanOut, kNoPeer, "only 2", FanOutInfo{true, {2}});
        made.rows.add(RecordKind::Finished, 3).add(RecordKind::FanOut, kNoPeer, "late");
        const auto sent = [&made](PeerId peer) {
            QByteArrayList texts;
            const CallScript script = made.script(peer);
            for (const CallStep &step : script.talks.front().steps) {
                if (step.kind == CallStep::Kind::Send) {
                    texts << step.bytes;
                }
            }
            return texts.join(',');
        };
        QCOMPARE(sent(1), QByteArray("all,not 2,late"));
        QCOMPARE(sent(2), QByteArray("all,relayed,only 2,late"));
        QCOMPARE(sent(3), QByteArray("all,relayed,not 2"));
    }

    void isMadeBesideTheGuiThread()
    {
        class Source final : public PayloadSource
        {
        public:
            explicit Source(const PayloadSource &rows)
                : m_rows(rows)
            {
            }
            std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const override
            {
                readIn = QThread::currentThread();
                return m_rows.readInto(offset, into, error);
            }
            mutable std::atomic<QThread *> readIn = nullptr;

        private:
            const PayloadSource &m_rows;
        };
        Made made;
        made.rows.add(RecordKind::Joined, 1, {}, info(Transport::Tcp, Direction::Outgoing, {}, Endpoint::ipv4(0x7f000001, 7)));
        made.rows.sent(1, "hello");
        made.script();
        const Source source(made.rows);
        CallScriptJob job(made.request(1), source);
        QSignalSpy done(&job, &CallScriptJob::made);
        QString text;
        connect(&job, &CallScriptJob::made, this, [&](const CallScript &script) { text = pythonProgram(script); });
        job.start();
        QTRY_COMPARE(done.size(), 1);
        QVERIFY(text.contains(QStringLiteral("b\"hello\"")));
        QVERIFY(source.readIn && source.readIn != thread());
        // Nobody waits for one that is not wanted any more.
        CallScriptJob unwanted(made.request(1), source);
        unwanted.start();
        QVERIFY(makeCallScript(made.request(1), source, [] { return false; }).isEmpty());
    }

    void ofNothingThereIsNone()
    {
        Made made;
        QVERIFY(programText(ProgramKind::C, made.script()).isEmpty());
    }

    void literals()
    {
        QCOMPARE(cLiteral("\x01"
                          "2\"\\\n?\?=",
                          {}),
                 QStringLiteral("\"\\x01\" \"2\\\"\\\\\\n\"\n\"?\\?=\""));
        QCOMPARE(cLiteral("gr\xc3\xbc\xff", {}), QStringLiteral("\"grü\\xff\""));
        QCOMPARE(cLiteral("\xe2\x80\xae", {}), QStringLiteral("\"\\xe2\\x80\\xae\"")); // RIGHT-TO-LEFT OVERRIDE
        QCOMPARE(pythonLiteral("gr\xc3\xbc\n", {}), QStringLiteral("\"grü\\n\".encode()"));
        QCOMPARE(pythonLiteral("\xff\"", {}), QStringLiteral("b\"\\xff\\\"\""));
        QCOMPARE(printfLiteral("-n 50% it's\n"), QStringLiteral("'\\055n 50%% it\\047s\\n'"));
        QCOMPARE(commentText(QStringLiteral("a*/\nb")), QStringLiteral("a* / b"));
    }
};

QTEST_GUILESS_MAIN(CallProgramTest)
#include "callprogram.moc"
