// SPDX-License-Identifier: MIT
// A session's program does the same also where something goes wrong: a peer that resets, one that is not there any more, one
// without a name; and with every option that is set.
#include <netinet/in.h>

#include "session/callscript.h"
#include "support/generatedprogram.h"
#include "support/rows.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

constexpr int kWait = 20'000;

struct Bound {
    UniqueFd fd;
    Endpoint at;
};

Bound bindTo(Endpoint at, int type)
{
    UniqueFd fd(::socket(at.addressFamily(), type | SOCK_CLOEXEC, 0));
    const timeval limit{10, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_storage storage{};
    socklen_t size = at.toSockaddr(storage);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr *>(&storage), size) != 0) {
        return {};
    }
    size = sizeof storage;
    ::getsockname(fd.get(), reinterpret_cast<sockaddr *>(&storage), &size);
    return {std::move(fd), Endpoint::fromSockaddr(reinterpret_cast<const sockaddr *>(&storage), size)};
}

Endpoint freePort(int type)
{
    return bindTo(Endpoint::ipv4(0x7f000001, 0), type).at;
}

UniqueFd connected(const Endpoint &to, int type)
{
    UniqueFd fd(::socket(to.addressFamily(), type | SOCK_CLOEXEC, 0));
    const timeval limit{0, 300'000}; // it is tried again
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_storage storage{};
    const socklen_t size = to.toSockaddr(storage);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr *>(&storage), size) != 0) {
        fd.reset();
    }
    return fd;
}

QByteArray received(int fd)
{
    char buffer[100];
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
    return {buffer, std::max<ssize_t>(got, 0)};
}

// Somebody who says something, and what is said to him; until the program is there.
bool isAnswered(const Endpoint &at, int type, const QByteArray &with)
{
    return QTest::qWaitFor(
        [&] {
            const UniqueFd fd = connected(at, type);
            return fd && ::send(fd.get(), "hi\n", 3, MSG_NOSIGNAL) == 3 && received(fd.get()) == with;
        },
        kWait);
}

// A session made by hand.
struct Made {
    Rows rows;
    Index index;
    std::vector<RowBatch::Call> calls;

    void option(PeerId peer, int level, int name, int value, const char *text = "")
    {
        calls.push_back({0, peer, {.call = CallName::SetSockOpt, .fd = 12, .a = level, .b = name, .c = value, .text = text}});
    }
    void listen(const Endpoint &at, Transport transport, AnswerMode answer)
    {
        ListenInfo info;
        info.local = at;
        info.transport = transport;
        info.fd = 12;
        rows.add(RecordKind::Note, kNoPeer, {}, NoteInfo{NoteCode::AnswerChanged, static_cast<int>(answer), 0, {}});
        rows.add(RecordKind::Listening, kNoPeer, {}, info);
    }
    void join(PeerId peer, Transport transport, Direction direction, const Endpoint &remote)
    {
        PeerInfo info;
        info.transport = transport;
        info.direction = direction;
        info.remote = remote;
        info.fd = 12;
        rows.add(RecordKind::Joined, peer, {}, info);
    }
    QString program(ProgramKind kind)
    {
        rows.append(index);
        return programText(kind, makeCallScript({calls, index.rows(), index.details(), kNoPeer}, rows));
    }
};

} // namespace

class ReplayedProgramsTest : public QObject
{
    Q_OBJECT

    static ProgramKind kind()
    {
        QFETCH_GLOBAL(int, kind);
        return static_cast<ProgramKind>(kind);
    }

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("C") << static_cast<int>(ProgramKind::C);
        QTest::newRow("Python") << static_cast<int>(ProgramKind::Python);
    }
    void init()
    {
        if (const QString reason = GeneratedProgram::missing(kind()); !reason.isEmpty()) {
            QSKIP(qPrintable(reason));
        }
    }

    // The one that nobody listened for is tried, and the next one too.
    void afterARefusedConnectionComesTheNext()
    {
        const Bound server = bindTo(Endpoint::ipv4(0x7f000001, 0), SOCK_STREAM);
        QVERIFY(server.fd && ::listen(server.fd.get(), 1) == 0);
        Made made;
        FailureInfo failure;
        failure.endpoint = freePort(SOCK_STREAM);
        made.rows.add(RecordKind::ConnectFailed, 1, {}, failure);
        made.join(2, Transport::Tcp, Direction::Outgoing, server.at);
        made.rows.sent(2, "hello").left(2);
        GeneratedProgram program(kind(), made.program(kind()));
        QVERIFY2(program.start(), program.report().constData());
        const RawPeer peer{UniqueFd(::accept(server.fd.get(), nullptr, nullptr))};
        QVERIFY2(peer.fd() >= 0, program.report().constData());
        QCOMPARE(peer.read(5), QByteArray("hello"));
        QCOMPARE(program.finish(), QByteArray());
    }

    void aPeerThatResetsEndsNoServer_data()
    {
        QTest::addColumn<int>("answer");
        QTest::newRow("echo") << static_cast<int>(AnswerMode::Echo);
        QTest::newRow("OK!!!") << static_cast<int>(AnswerMode::Ok);
    }
    void aPeerThatResetsEndsNoServer()
    {
        QFETCH(int, answer);
        const QByteArray said = answer == static_cast<int>(AnswerMode::Ok) ? "OK!!!" : "hi\n";
        const Endpoint at = freePort(SOCK_STREAM);
        Made made;
        made.option(kNoPeer, SOL_SOCKET, SO_REUSEADDR, 1);
        made.listen(at, Transport::Tcp, static_cast<AnswerMode>(answer));
        GeneratedProgram program(kind(), made.program(kind()));
        QVERIFY2(program.start(), program.report().constData());
        QVERIFY2(isAnswered(at, SOCK_STREAM, said), program.report().constData());
        {
            const UniqueFd peer = connected(at, SOCK_STREAM);
            QVERIFY(peer && ::send(peer.get(), "x", 1, MSG_NOSIGNAL) == 1);
            const linger reset{1, 0};
            ::setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        }
        QVERIFY2(isAnswered(at, SOCK_STREAM, said), program.report().constData());
        QVERIFY(program.isRunning());
    }

    // Its ICMP error is told with IP_RECVERR, which Tincan sets and whose queue it reads.
    void aDatagramPeerThatIsGoneEndsNoServer()
    {
        const Endpoint at = freePort(SOCK_DGRAM);
        Made made;
        made.option(kNoPeer, IPPROTO_IP, IP_RECVERR, 1);
        made.listen(at, Transport::Udp, AnswerMode::Echo);
        GeneratedProgram program(kind(), made.program(kind()));
        QVERIFY2(program.start(), program.report().constData());
        QVERIFY2(isAnswered(at, SOCK_DGRAM, "hi\n"), program.report().constData());
        for (int i = 0; i < 3; ++i) {
            const UniqueFd gone = connected(at, SOCK_DGRAM);
            QCOMPARE(::send(gone.get(), "x", 1, 0), ssize_t(1));
        }
        QVERIFY2(isAnswered(at, SOCK_DGRAM, "hi\n"), program.report().constData());
        QVERIFY(program.isRunning());
    }

    void whoHasNoNameIsHeard()
    {
        const UnixFolder folder;
        const Endpoint at = Endpoint::unixPath(folder.path());
        Made made;
        made.listen(at, Transport::UnixDatagram, AnswerMode::Manual);
        made.join(1, Transport::UnixDatagram, Direction::Incoming, {});
        made.rows.received(1, "one").received(1, "two").left(1, LeftReason::Forgotten);
        GeneratedProgram program(kind(), made.program(kind()));
        QVERIFY2(program.start(), program.report().constData());
        UniqueFd peer;
        QVERIFY2(QTest::qWaitFor([&] { return (peer = connected(at, SOCK_DGRAM)).get() >= 0; }, kWait),
                 program.report().constData());
        QVERIFY(::send(peer.get(), "one", 3, 0) == 3 && ::send(peer.get(), "two", 3, 0) == 3);
        QCOMPARE(program.finish(), QByteArray("onetwo"));
    }

    // The path that it was bound to is left behind each time; but a file that is no socket is nobody's to remove.
    void theOwnPathIsTakenAgain()
    {
        const UnixFolder folder;
        const UniqueFd server = bindUnix(folder.path("server"), SOCK_DGRAM);
        const Endpoint own = Endpoint::unixPath(folder.path("own"));
        Made made;
        made.calls.push_back({0, 1, {.call = CallName::Bind, .fd = 12, .address = own}});
        made.join(1, Transport::UnixDatagram, Direction::Outgoing, Endpoint::unixPath(folder.path("server")));
        made.rows.sent(1, "hello").left(1, LeftReason::Forgotten);
        GeneratedProgram program(kind(), made.program(kind()));
        for (int time = 0; time < 2; ++time) {
            QVERIFY2(program.start(), program.report().constData());
            QCOMPARE(program.finish(), QByteArray());
            QCOMPARE(received(server.get()), QByteArray("hello"));
        }
        QFile file(QString::fromStdString(own.path()));
        QVERIFY(file.remove() && file.open(QIODevice::WriteOnly) && file.write("precious") == 8);
        file.close();
        QVERIFY2(program.start(), program.report().constData());
        QVERIFY(program.finish().startsWith("failed"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("precious"));
    }

    // Groups and interfaces, as setsockopt(2) wants them: else the program would end with its error.
    void groupsAreJoinedByTheirInterface_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("IPv4") << QByteArray("127.0.0.1:0");
        QTest::newRow("IPv6") << QByteArray("[::1]:0");
    }
    void groupsAreJoinedByTheirInterface()
    {
        QFETCH(QByteArray, address);
        const Bound server = bindTo(Endpoint::parse(address.toStdString()).value(), SOCK_DGRAM);
        if (!server.fd) {
            QSKIP("this computer has no IPv6");
        }
        Made made;
        if (server.at.family() == Endpoint::Family::IPv4) {
            made.option(1, IPPROTO_IP, IP_ADD_MEMBERSHIP, 0, "239.1.2.3%lo");
            made.option(1, IPPROTO_IP, IP_MULTICAST_IF, 0, "lo");
        } else {
            made.option(1, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, 0, "ff02::1234%lo");
            made.option(1, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, 0, "ff02::1235%lo");
        }
        made.join(1, Transport::Udp, Direction::Outgoing, server.at);
        made.rows.sent(1, "joined").left(1, LeftReason::Forgotten);
        GeneratedProgram program(kind(), made.program(kind()));
        QVERIFY2(program.start(), program.report().constData());
        QCOMPARE(program.finish(), QByteArray());
        QCOMPARE(received(server.fd.get()), QByteArray("joined"));
    }

    // A file may have any number for a level.
    void anUnknownLevelIsANumber()
    {
        Made made;
        made.option(1, 6000, 7, 1);
        made.option(1, -3, 7, 1);
        made.join(1, Transport::Tcp, Direction::Outgoing, freePort(SOCK_STREAM));
        GeneratedProgram program(kind(), made.program(kind()));
        QVERIFY2(program.start(), program.report().constData());
        const QByteArray said = program.finish(); // the kernel knows it as little
        QVERIFY2(said.startsWith("failed") && !said.contains("SyntaxError") && said.contains("Protocol not available"),
                 said.constData());
    }
};
QTEST_GUILESS_MAIN(ReplayedProgramsTest)
#include "replayedprograms.moc"
