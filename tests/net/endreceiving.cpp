// SPDX-License-Identifier: MIT
// SHUT_RD, and SHUT_RDWR: what had come is read, what is queued is sent, and the end is what the kernel makes of it.
#include <cerrno>

#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

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
        QTRY_COMPARE(
            [&] {
                int waiting = -1;
                RealSyscalls().outputQueue(peer.fd(), &waiting);
                return waiting;
            }(),
            0);
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
        QTRY_COMPARE(
            [&] { // acknowledged all the same
                int waiting = -1;
                RealSyscalls().outputQueue(peer.fd(), &waiting);
                return waiting;
            }(),
            0);
        host.send(1, "ping");
        QCOMPARE(peer.read(4), QByteArray("ping"));
        QCOMPARE(host.count(RecordKind::Received), 0);
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

    void bothAfterOurFin()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] {
            host.engine.finishSending(1);
            host.engine.shutdownBoth(1);
            host.engine.shutdownBoth(1);
        });
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        QCOMPARE(host.count(RecordKind::Finished, 1), 1);
    }
};
QTEST_GUILESS_MAIN(EndReceivingTest)
#include "endreceiving.moc"
