// SPDX-License-Identifier: MIT
// Faults on purpose of Unix sockets: what is held back comes later, whole and in order, or is told as unsent; messages stay
// whole; the end by "reset" is what such a socket has instead.
#include <cerrno>

#include "support/datagrampeer.h"
#include "support/unixpeers.h"
#include "support/watchedsends.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// A connected peer, number 1.
template<typename Sys = RealSyscalls>
struct Talk {
    UnixFolder folder;
    EngineHost<Sys> host;
    Transport transport;
    RawPeer peer;

    explicit Talk(Transport of, AnswerMode mode = AnswerMode::Manual)
        : transport(of)
        , peer(listenAt(host, folder.path(), of, mode) ? connectUnix(folder.path(), socketType(of)) : UniqueFd())
    {
    }
    bool isOpen() { return host.waitFor(RecordKind::Joined, 1) != nullptr; }
    void setFaults(const Faults &faults)
    {
        host.run([&] { host.engine.setFaults(1, faults); });
    }
    // All that there is until `size` bytes have come; of seqpacket by as many messages as there are.
    QByteArray read(qsizetype size) const
    {
        QByteArray all;
        while (all.size() < size) {
            QByteArray part(70'000, Qt::Uninitialized);
            const ssize_t count = ::recv(peer.fd(), part.data(), static_cast<std::size_t>(part.size()), 0);
            if (count <= 0) {
                break;
            }
            all += part.first(count);
        }
        return all;
    }
};

void transports()
{
    QTest::addColumn<Transport>("transport");
    QTest::newRow("stream") << Transport::UnixStream;
    QTest::newRow("seqpacket") << Transport::UnixSeqpacket;
}

// Of a datagram socket: a peer that has written once, so that it is there as number 1.
struct Datagrams {
    UnixFolder folder;
    EngineHost<> host;
    DatagramPeer peer{Endpoint::unixPath(folder.path("peer"))};
    Endpoint there = Endpoint::unixPath(folder.path());

    bool begin()
    {
        return listenAt(host, folder.path(), Transport::UnixDatagram) && peer.send("begin", there)
            && host.waitFor(RecordKind::Received, 1) != nullptr;
    }
    void setFaults(const Faults &faults)
    {
        host.run([&] { host.engine.setFaults(1, faults); });
    }
};

} // namespace

class FaultyUnixTest : public QObject
{
    Q_OBJECT

private slots:
    void delayKeepsTheOrder_data() { transports(); }
    void delayKeepsTheOrder()
    {
        QFETCH(Transport, transport);
        Talk t(transport);
        QVERIFY(t.isOpen());
        t.setFaults({.delayMilliseconds = 5, .jitterMilliseconds = 20});
        QByteArray all;
        for (int i = 0; i < 50; ++i) {
            const QByteArray message = "message " + QByteArray::number(i) + '\n';
            t.host.send(1, message);
            all += message;
        }
        t.host.run([&] { t.host.engine.finishSending(1); }); // our end waits behind them
        QCOMPARE(t.read(all.size()), all);
        QVERIFY(t.peer.atEnd());
        QVERIFY(t.host.waitFor(RecordKind::Sent, 1, 50));
        QCOMPARE(t.host.payloads(RecordKind::Sent, 1), all);
        QCOMPARE(t.host.count(RecordKind::Sent, 1), 50);
    }

    void anEchoIsHeldBackUntilItMayGo_data() { transports(); }
    void anEchoIsHeldBackUntilItMayGo()
    {
        QFETCH(Transport, transport);
        Talk t(transport, AnswerMode::Echo);
        QVERIFY(t.isOpen());
        t.setFaults({.delayMilliseconds = 100'000});
        QVERIFY(t.peer.send("hello"));
        QVERIFY(t.host.waitFor(RecordKind::Received, 1));
        t.host.run([] {});
        QVERIFY(t.peer.isSilent());
        QCOMPARE(t.host.count(RecordKind::Sent), 0);
        t.setFaults({});
        QCOMPARE(t.read(5), QByteArray("hello"));
    }

    void aStreamIsCutIntoPieces()
    {
        Talk<WatchedSends> t(Transport::UnixStream);
        QVERIFY(t.isOpen());
        t.setFaults({.pieceBytes = 3});
        const QByteArray bytes = pattern(100);
        t.host.send(1, bytes);
        QCOMPARE(t.read(bytes.size()), bytes);
        QVERIFY(t.host.waitFor(RecordKind::Sent, 1));
        QCOMPARE(t.host.count(RecordKind::Sent, 1), 1);
        const std::vector<ssize_t> sizes = t.host.sys.sizes();
        QCOMPARE(sizes.size(), std::size_t(34));
        QVERIFY(std::all_of(sizes.begin(), sizes.end(), [](ssize_t size) { return size <= 3; }));
    }

    void aMessageIsNeverCut()
    {
        Talk<WatchedSends> t(Transport::UnixSeqpacket);
        QVERIFY(t.isOpen());
        t.setFaults({.pieceBytes = 3});
        t.host.send(1, pattern(100));
        QCOMPARE(t.read(1), pattern(100));
        QCOMPARE(t.host.sys.sizes(), std::vector<ssize_t>{100});
    }

    void noMoreAfterSoManyBytes_data() { transports(); }
    void noMoreAfterSoManyBytes()
    {
        QFETCH(Transport, transport);
        const QByteArray expected = transport == Transport::UnixStream ? "1234567890" : "1234567890abcdef"; // a message is whole
        Talk t(transport);
        QVERIFY(t.isOpen());
        t.setFaults({.stopAfterBytes = 10});
        t.host.send(1, "12345678");
        t.host.send(1, "90abcdef");
        t.host.send(1, "later");
        QCOMPARE(t.read(expected.size()), expected);
        const auto *note = t.host.waitForNote(NoteCode::FaultsStopped);
        QVERIFY(note);
        QCOMPARE(std::get<NoteInfo>(note->detail).a, std::int64_t(10));
        t.host.run([] {});
        QVERIFY(t.peer.isSilent());
        QVERIFY(t.peer.send("still heard"));
        QVERIFY(t.host.waitFor(RecordKind::Received, 1));
        t.setFaults({});
        const QByteArray rest = QByteArray("1234567890abcdeflater").mid(expected.size());
        QCOMPARE(t.read(rest.size()), rest);
    }

    // No RST: the peer has what was sent, and then the end of the stream.
    void orItIsClosedThen_data() { transports(); }
    void orItIsClosedThen()
    {
        QFETCH(Transport, transport);
        Talk t(transport);
        QVERIFY(t.isOpen());
        t.setFaults({.stopAfterBytes = 8, .resetAtStop = true});
        t.host.send(1, "12345678");
        t.host.send(1, "90abcdef");
        QVERIFY(t.host.waitForNote(NoteCode::FaultsStopped));
        QCOMPARE(t.host.leftReason(1), LeftReason::DisconnectedByUs);
        QCOMPARE(t.read(8), QByteArray("12345678"));
        QVERIFY(t.peer.atEnd());
        QTRY_COMPARE(t.host.payloads(RecordKind::Refused, 1), QByteArray("90abcdef"));
    }

    void endedByReset_data()
    {
        QTest::addColumn<Transport>("transport");
        QTest::addColumn<bool>("unread");
        QTest::newRow("stream, all was read") << Transport::UnixStream << false;
        QTest::newRow("stream, not all was read") << Transport::UnixStream << true;
        QTest::newRow("seqpacket, all was read") << Transport::UnixSeqpacket << false;
        QTest::newRow("seqpacket, not all was read") << Transport::UnixSeqpacket << true;
    }
    void endedByReset()
    {
        QFETCH(Transport, transport);
        QFETCH(bool, unread);
        Talk t(transport);
        QVERIFY(t.isOpen());
        t.host.send(1, "sent");
        QVERIFY(t.host.waitFor(RecordKind::Sent, 1));
        if (unread) {
            t.host.run([&] { t.host.engine.stopReading(1, true); });
            QVERIFY(t.peer.send("unread"));
        }
        t.host.run([&] { t.host.engine.reset(1); });
        QCOMPARE(t.host.leftReason(1), LeftReason::DisconnectedByUs);
        if (unread) { // unix_release_sock() leaves an error behind: a stream tells it behind what there is to read, the other
                      // before
            if (transport == Transport::UnixStream) {
                QCOMPARE(t.read(4), QByteArray("sent"));
            }
            char byte = 0;
            QCOMPARE(::recv(t.peer.fd(), &byte, 1, 0), ssize_t(-1));
            QCOMPARE(errno, ECONNRESET);
        } else {
            QCOMPARE(t.read(4), QByteArray("sent"));
            QVERIFY(t.peer.atEnd());
        }
    }

    // Nobody is there any more for whom something could be held back: it is told as unsent at once, not after the delay.
    void thePeerGoesMeanwhile_data() { transports(); }
    void thePeerGoesMeanwhile()
    {
        QFETCH(Transport, transport);
        Talk t(transport);
        QVERIFY(t.isOpen());
        t.setFaults({.delayMilliseconds = 100'000});
        t.host.send(1, "never");
        t.peer.close();
        const auto *left = t.host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        QCOMPARE(std::get<LeftInfo>(left->detail).unsentBytes, std::uint64_t(5));
        QCOMPARE(std::get<LeftInfo>(left->detail).unsentMessages, std::uint32_t(1));
        QTRY_COMPARE(t.host.payloads(RecordKind::Refused, 1), QByteArray("never"));
    }

    void datagramsAreThrownAwayBothWays()
    {
        Datagrams t;
        QVERIFY(t.begin());
        t.setFaults({.dropPerMille = 1000});
        QVERIFY(t.peer.send("lost", t.there));
        const auto *note = t.host.waitForNote(NoteCode::FaultsDropped);
        QVERIFY(note);
        QCOMPARE(std::get<NoteInfo>(note->detail).a, std::int64_t(1));
        QCOMPARE(t.host.count(RecordKind::Received, 1), 1);
        t.host.send(1, "gone");
        const auto *refused = t.host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::Dropped);
        QVERIFY(t.peer.isSilent());
        t.setFaults({});
        t.host.send(1, "there");
        QCOMPARE(t.peer.receive(), QByteArray("there"));
    }

    void delayedDatagramsKeepOrderAndBorders()
    {
        Datagrams t;
        QVERIFY(t.begin());
        t.setFaults({.delayMilliseconds = 5, .jitterMilliseconds = 20});
        const QList<QByteArray> sent{"a", "", "bc", pattern(60'000), "", "d"};
        for (const QByteArray &message : sent) {
            t.host.send(1, message);
        }
        for (const QByteArray &message : sent) {
            QVERIFY(t.peer.receive() == message);
        }
        QTRY_COMPARE(t.host.count(RecordKind::Sent, 1), static_cast<int>(sent.size()));
        QVERIFY(messages(t.host, RecordKind::Sent, 1) == sent);
    }

    void noMoreDatagramsAfterSoManyBytes()
    {
        Datagrams t;
        QVERIFY(t.begin());
        t.setFaults({.stopAfterBytes = 10});
        t.host.send(1, "12345678");
        t.host.send(1, "90abcdef");
        t.host.send(1, "later");
        QCOMPARE(t.peer.receive(), QByteArray("12345678"));
        QCOMPARE(t.peer.receive(), QByteArray("90abcdef"));
        QVERIFY(t.host.waitForNote(NoteCode::FaultsStopped));
        t.host.run([] {});
        QVERIFY(t.peer.isSilent());
        t.host.run([&] { t.host.engine.reset(1); }); // nothing goes over a wire: it is forgotten
        QCOMPARE(t.host.leftReason(1), LeftReason::Forgotten);
        QTRY_COMPARE(t.host.payloads(RecordKind::Refused, 1), QByteArray("later"));
        QVERIFY(t.peer.isSilent());
    }
};
QTEST_GUILESS_MAIN(FaultyUnixTest)
#include "faultyunix.moc"
