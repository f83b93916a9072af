// SPDX-License-Identifier: MIT
// Peers of a Unix datagram socket that do not read what they are sent: its one send buffer is left to the others.
#include <linux/netlink.h>

#include "net/sockdiag.h"
#include "support/datagrampeer.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// A kernel that does not tell who has unread messages.
class WithoutDiag : public RealSyscalls
{
public:
    int socket(int domain, int type, int protocol) override
    {
        if (domain == AF_NETLINK) {
            errno = EPERM;
            return -1;
        }
        return RealSyscalls::socket(domain, type, protocol);
    }
};

ListenOptions at(const std::string &name)
{
    ListenOptions options;
    options.address = unixName(name);
    options.transport = Transport::UnixDatagram;
    return options;
}

bool connectPeer(const DatagramPeer &peer, const std::string &name)
{
    sockaddr_storage storage{};
    const socklen_t size = unixName(name).toSockaddr(storage);
    return ::connect(peer.fd(), reinterpret_cast<const sockaddr *>(&storage), size) == 0;
}

QByteArray numbered(int number, qsizetype size)
{
    return QByteArray::number(number).leftJustified(size, '.');
}

template<typename Host>
int notes(const Host &host, NoteCode code, PeerId peer)
{
    int count = 0;
    for (const auto &event : host.sink.events()) {
        const auto *note = std::get_if<NoteInfo>(&event.detail);
        count += static_cast<int>(event.peer == peer && note && note->code == code);
    }
    return count;
}

} // namespace

class UnixDatagramShareTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        Result<SockDiag> diag = SockDiag::open();
        if (!diag || !diag->dumpUnixDatagram()) {
            QSKIP("this kernel tells nothing of Unix sockets");
        }
    }

    void oneDoesNotRead_data()
    {
        QTest::addColumn<bool>("connected");
        QTest::addColumn<bool>("abstract");
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("size");
        QTest::newRow("connected") << true << false << 1000 << 1000;
        QTest::newRow("connected, abstract") << true << true << 1000 << 1000;
        QTest::newRow("connected, tiny") << true << false << 1000 << 4;
        QTest::newRow("connected, large") << true << false << 20 << 60'000;
        QTest::newRow("not connected") << false << false << 1000 << 1000;
        QTest::newRow("not connected, large") << false << false << 20 << 60'000; // max_dgram_qlen counts messages, not bytes
    }
    // The others go on as if it were not there; when it reads, it gets all of it in order.
    void oneDoesNotRead()
    {
        QFETCH(bool, connected);
        QFETCH(bool, abstract);
        QFETCH(int, count);
        QFETCH(int, size);
        const UnixFolder folder;
        const std::string mark = abstract ? "@" : "";
        const std::string name = mark + folder.path("s");
        EngineHost host;
        listenTo(host, at(name), AnswerMode::Echo);
        const DatagramPeer deaf(unixName(mark + folder.path("deaf")));
        QVERIFY(!connected || connectPeer(deaf, name));
        for (int i = 0; i < count; ++i) {
            const QByteArray message = numbered(i, size);
            QVERIFY(connected ? ::send(deaf.fd(), message.constData(), static_cast<size_t>(size), 0) == size
                              : deaf.send(message, unixName(name)));
        }
        QVERIFY(host.waitFor(RecordKind::Received, 1, count));
        const DatagramPeer good(unixName(mark + folder.path("good")));
        QVERIFY(!connected || connectPeer(good, name));
        for (int i = 0; i < 3000; ++i) {
            const QByteArray message = numbered(i, 100);
            QVERIFY(good.send(message, unixName(name)));
            QCOMPARE(good.receive(), message);
        }
        QCOMPARE(notes(host, NoteCode::PeerNotReading, 2), 0);
        QVERIFY(host.count(RecordKind::Sent, 1) < count);
        for (int i = 0; i < count; ++i) {
            QCOMPARE(deaf.receive(), numbered(i, size));
        }
        QVERIFY(host.waitFor(RecordKind::Sent, 1, count));
        QCOMPARE(host.count(RecordKind::Refused), 0);
    }

    // It is said of the one that does not read, and of nobody else.
    void itIsSaid()
    {
        const UnixFolder folder;
        EngineHost host;
        listenTo(host, at(folder.path()), AnswerMode::Echo);
        const DatagramPeer deaf(unixName(folder.path("deaf")));
        QVERIFY(connectPeer(deaf, folder.path()));
        constexpr int kMessages = 300;
        for (int i = 0; i < kMessages; ++i) {
            QCOMPARE(::send(deaf.fd(), pattern(1000).constData(), 1000, 0), 1000);
        }
        QTRY_COMPARE_WITH_TIMEOUT(notes(host, NoteCode::PeerNotReading, 1), 1, 20'000);
        QCOMPARE(noteOf(host, NoteCode::PeerNotReading).b, 0);
        for (int i = 0; i < kMessages; ++i) {
            QCOMPARE(deaf.receive().size(), 1000);
        }
        QTRY_COMPARE(notes(host, NoteCode::PeerReadingAgain, 1), 1);
        QCOMPARE(notes(host, NoteCode::PeerNotReading, 1), 1);
    }

    // Each further one leaves less, but never nothing; and what goes to all goes to those who read.
    void manyDoNotRead()
    {
        const UnixFolder folder;
        EngineHost host;
        listenTo(host, at(folder.path()));
        const DatagramPeer good(unixName(folder.path("good")));
        QVERIFY(connectPeer(good, folder.path()));
        QVERIFY(good.send("hello", unixName(folder.path())));
        std::vector<std::unique_ptr<DatagramPeer>> deaf;
        for (int i = 0; i < 20; ++i) {
            deaf.push_back(std::make_unique<DatagramPeer>(unixName(folder.path("deaf") + std::to_string(i))));
            QVERIFY(connectPeer(*deaf.back(), folder.path()));
            QVERIFY(deaf.back()->send("hello", unixName(folder.path())));
        }
        QVERIFY(host.waitFor(RecordKind::Joined, 21));
        for (int i = 0; i < 500; ++i) {
            const QByteArray message = numbered(i, 500);
            host.run([&] {
                host.engine.sendToAll(std::as_bytes(std::span(message.constData(), static_cast<size_t>(message.size()))));
            });
            QCOMPARE(good.receive(), message);
        }
        for (const auto &peer : deaf) {
            for (int i = 0; i < 500; ++i) {
                QCOMPARE(peer->receive(), numbered(i, 500));
            }
        }
    }

    // What waits for all of them together is bounded; what does not fit is refused, and said. Who reads is not among those.
    void whatWaitsForManyIsBounded()
    {
        const UnixFolder folder;
        EngineHost host;
        Limits limits;
        limits.sendQueue = 64 * 1024;
        host.setLimits(limits);
        listenTo(host, at(folder.path()), AnswerMode::Echo);
        constexpr int kPeers = 16;
        constexpr int kMessages = 50; // each of them could have all of these in its queue
        constexpr int kSize = 1000;
        std::vector<std::unique_ptr<DatagramPeer>> deaf;
        for (int i = 0; i < kPeers; ++i) {
            deaf.push_back(std::make_unique<DatagramPeer>(unixName(folder.path("deaf") + std::to_string(i))));
            QVERIFY(connectPeer(*deaf.back(), folder.path()));
            for (int j = 0; j < kMessages; ++j) {
                QVERIFY(deaf.back()->send(numbered(j, kSize), unixName(folder.path())));
            }
        }
        QVERIFY(host.waitFor(RecordKind::Received, kPeers, kMessages));
        QCOMPARE(host.count(RecordKind::Refused, 1), 0);
        const int refused = host.count(RecordKind::Refused);
        QVERIFY(refused > 0);
        const DatagramPeer good(unixName(folder.path("good")));
        QVERIFY(connectPeer(good, folder.path()));
        for (int i = 0; i < 100; ++i) {
            QVERIFY(good.send(numbered(i, 100), unixName(folder.path())));
            QCOMPARE(good.receive(), numbered(i, 100));
        }
        const auto sentWhileReading = [&] {
            for (const auto &peer : deaf) {
                while (!peer->isSilent()) {
                    peer->receive();
                }
            }
            return host.count(RecordKind::Sent);
        };
        QTRY_COMPARE(sentWhileReading(), kPeers * kMessages - refused + 100);
    }

    // Its successor at the same path is sent to, though the one before has not read.
    void anotherSocketTakesTheName()
    {
        const UnixFolder folder;
        EngineHost host;
        listenTo(host, at(folder.path()), AnswerMode::Echo);
        const DatagramPeer deaf(unixName(folder.path("mine")));
        QVERIFY(connectPeer(deaf, folder.path()));
        for (int i = 0; i < 300; ++i) {
            QCOMPARE(::send(deaf.fd(), numbered(i, 1000).constData(), 1000, 0), 1000);
        }
        QVERIFY(host.waitFor(RecordKind::Received, 1, 300));
        const int before = host.count(RecordKind::Sent, 1);
        QVERIFY(before < 300);
        QVERIFY(QFile::remove(QString::fromStdString(folder.path("mine"))));
        const DatagramPeer next(unixName(folder.path("mine")));
        QVERIFY(connectPeer(next, folder.path()));
        QByteArray first = next.receive();
        QVERIFY(first.size() == 1000);
        for (int i = first.left(first.indexOf('.')).toInt() + 1; i < 300; ++i) {
            QCOMPARE(next.receive(), numbered(i, 1000));
        }
    }

    // Then it is as the kernel has it: the buffer is full, nobody is sent anything, and nobody else is to blame.
    void theKernelDoesNotTellWhoItIs()
    {
        const UnixFolder folder;
        EngineHost<WithoutDiag> host;
        listenTo(host, at(folder.path()), AnswerMode::Echo);
        const DatagramPeer good(unixName(folder.path("good")));
        QVERIFY(good.send("hello", unixName(folder.path())));
        QCOMPARE(good.receive(), QByteArray("hello"));
        const DatagramPeer deaf(unixName(folder.path("deaf")));
        QVERIFY(connectPeer(deaf, folder.path()));
        constexpr int kMessages = 1000;
        for (int i = 0; i < kMessages; ++i) {
            QCOMPARE(::send(deaf.fd(), pattern(1000).constData(), 1000, 0), 1000);
        }
        QVERIFY(host.waitFor(RecordKind::Received, 2, kMessages));
        QVERIFY(host.count(RecordKind::Sent, 2) < kMessages);
        QVERIFY(good.send("alive?", unixName(folder.path())));
        QTRY_COMPARE_WITH_TIMEOUT(notes(host, NoteCode::PeerNotReading, 1), 1, 20'000);
        QVERIFY(noteOf(host, NoteCode::PeerNotReading).b > 0);
        for (int i = 0; i < kMessages; ++i) {
            QCOMPARE(deaf.receive().size(), 1000);
        }
        QCOMPARE(good.receive(), QByteArray("alive?"));
        QTRY_COMPARE(notes(host, NoteCode::PeerReadingAgain, 1), 1);
        QCOMPARE(notes(host, NoteCode::PeerNotReading, 1), 1);
    }
};
QTEST_GUILESS_MAIN(UnixDatagramShareTest)
#include "unixdatagramshare.moc"
