// SPDX-License-Identifier: MIT
// SHUT_RD, and SHUT_RDWR: what had come is read, what is queued is sent, and the end is what the kernel makes of it.
#include <cerrno>

#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// Reads come in small pieces.
class SmallReads : public RealSyscalls
{
public:
    ssize_t recv(int fd, void *buffer, size_t size, int flags) override
    {
        return RealSyscalls::recv(fd, buffer, std::min(size, std::size_t{100}), flags);
    }
};

bool isAcknowledged(int fd)
{
    int waiting = -1;
    RealSyscalls().outputQueue(fd, &waiting);
    return waiting == 0;
}

// What the call log says of shutdown(2): the `how`s, in their order.
std::vector<int> shutdowns(const CollectingSink &sink, PeerId peer)
{
    std::vector<int> hows;
    for (const auto &event : sink.events()) {
        const auto *call = std::get_if<CallInfo>(&event.detail);
        if (event.peer == peer && call && call->call == CallName::Shutdown) {
            hows.push_back(call->a);
        }
    }
    return hows;
}

} // namespace

class EndReceivingTest : public QObject
{
    Q_OBJECT

private slots:
    void whatHadComeIsReadAndWeStillSend()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.stopReading(1, true); });
        QVERIFY(peer.send("before"));
        // It has arrived once it is acknowledged; nobody reads it meanwhile.
        QTRY_VERIFY(isAcknowledged(peer.fd()));
        host.run([&] {
            host.engine.endReceiving(1);
            host.engine.stopReading(1, false);
        });
        QVERIFY(host.waitForNote(NoteCode::ReceivingEnded));
        QTRY_COMPARE(host.payloads(RecordKind::Received, 1), QByteArray("before"));
        QCOMPARE(shutdowns(host.sink, 1), std::vector<int>{SHUT_RD});
        QCOMPARE(host.count(RecordKind::PeerFinished), 0); // nothing came over the wire: it is our end, not the peer's
        QCOMPARE(host.count(RecordKind::Left), 0);
        host.send(1, "still talking");
        QCOMPARE(peer.read(13), QByteArray("still talking"));
    }

    void whatComesLaterIsNeverRead()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.endReceiving(1); });
        QVERIFY(host.waitForNote(NoteCode::ReceivingEnded));
        QVERIFY(peer.send("unheard"));
        QTRY_VERIFY(isAcknowledged(peer.fd())); // all the same
        host.send(1, "ping");
        QCOMPARE(peer.read(4), QByteArray("ping"));
        QCOMPARE(host.count(RecordKind::Received), 0);
    }

    // What is unread at close(2) would make it a reset, which destroys what the peer has not got of our last answer.
    void theLastAnswerOutlivesWhatNobodyReads_data()
    {
        QTest::addColumn<bool>("sendsLater");
        QTest::newRow("sent before") << false;
        QTest::newRow("sent while our answer is under way") << true;
    }
    void theLastAnswerOutlivesWhatNobodyReads()
    {
        QFETCH(bool, sendsLater);
        EngineHost host;
        Limits limits;
        limits.drain = limits.afterFin = std::chrono::seconds(20);
        host.setLimits(limits);
        const RawPeer peer(host.listen(), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.endReceiving(1); });
        QVERIFY(host.waitForNote(NoteCode::ReceivingEnded));
        if (!sendsLater) {
            QVERIFY(peer.send("unheard"));
            QTRY_VERIFY(isAcknowledged(peer.fd()));
        }
        const QByteArray answer = pattern(1024 * 1024);
        host.send(1, answer);
        host.run([&] { host.engine.disconnect(1); });
        if (sendsLater) {
            QVERIFY(peer.send(pattern(20'000)));
        }
        QVERIFY(peer.read(answer.size()) == answer);
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        QCOMPARE(host.count(RecordKind::Received, 1), 0);
    }

    // The peer does nothing.
    void bothWaysEndedOneAfterTheOther_data()
    {
        QTest::addColumn<bool>("finishedFirst");
        QTest::newRow("the peer's FIN is not awaited for ever") << false;
        QTest::newRow("both after our FIN") << true;
    }
    void bothWaysEndedOneAfterTheOther()
    {
        QFETCH(bool, finishedFirst);
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] {
            if (finishedFirst) {
                host.engine.finishSending(1);
                host.engine.shutdownBoth(1);
                host.engine.shutdownBoth(1);
            } else {
                host.engine.endReceiving(1);
                host.engine.finishSending(1);
            }
        });
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        QCOMPARE(host.count(RecordKind::Finished, 1), 1);
    }

    void whatHasArrivedIsReadHoweverSmallTheReads()
    {
        EngineHost<SmallReads> host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true); // nothing is read until the end
        host.run([] {});
        host.run([] {});
        const QByteArray bytes = pattern(60'000);
        QVERIFY(peer.send(bytes));
        QTRY_VERIFY(isAcknowledged(peer.fd()));
        host.run([&] { host.engine.disconnect(1); });
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QCOMPARE(host.payloads(RecordKind::Received, 1).size(), bytes.size());
        QVERIFY(host.payloads(RecordKind::Received, 1) == bytes);
    }

    void bothEndsByOneCall()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(peer.send("heard"));
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        host.run([&] { host.engine.shutdownBoth(1); });
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        QCOMPARE(shutdowns(host.sink, 1), std::vector<int>{SHUT_RDWR});
        QCOMPARE(host.count(RecordKind::Finished, 1), 1);
        // The socket is closed: what the peer still sends is answered by RST.
        QVERIFY(peer.send("to nobody"));
        QTRY_VERIFY(::send(peer.fd(), "x", 1, MSG_NOSIGNAL) < 0);
        QVERIFY(errno == EPIPE || errno == ECONNRESET);
    }

    void whatIsQueuedIsSentBeforeBoth()
    {
        EngineHost host;
        const RawPeer peer(host.listen(), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(10 * 1024 * 1024);
        host.send(1, bytes);
        host.run([&] { host.engine.shutdownBoth(1); });
        QCOMPARE(shutdowns(host.sink, 1), std::vector<int>());
        host.send(1, "too late");
        QVERIFY(host.waitFor(RecordKind::Refused, 1));
        QVERIFY(peer.read(bytes.size()) == bytes);
        QVERIFY(peer.atEnd());
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        QCOMPARE(std::get<LeftInfo>(left->detail).unsentBytes, std::uint64_t(0));
        QCOMPARE(shutdowns(host.sink, 1), std::vector<int>{SHUT_RDWR});
    }

    void bothAfterThePeersFinIsTheOrderlyEnd()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        host.run([&] { host.engine.shutdownBoth(1); });
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }
};
QTEST_GUILESS_MAIN(EndReceivingTest)
#include "endreceiving.moc"
