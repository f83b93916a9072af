// SPDX-License-Identifier: MIT
// A thread for each peer, that ends with it.
#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

class ServingThreadsTest : public QObject
{
    Q_OBJECT

private slots:
    void eachHasItsOwn()
    {
        const Inventory before;
        {
            ServingHost host;
            const std::uint16_t port = host.serve(Serving::ThreadPerPeer, 1, AnswerMode::Echo);
            std::vector<RawPeer> peers;
            std::vector<std::int64_t> threads;
            for (PeerId i = 1; i <= 5; ++i) {
                QVERIFY(peers.emplace_back(port).send("hello"));
                QCOMPARE(peers.back().read(5), QByteArray("hello"));
                QTRY_VERIFY(host.servedBy(i, NoteCode::ServedByThread) != 0);
                threads.push_back(host.servedBy(i, NoteCode::ServedByThread));
            }
            std::sort(threads.begin(), threads.end());
            QVERIFY(std::adjacent_find(threads.begin(), threads.end()) == threads.end());
            QCOMPARE(Inventory().threads, before.threads + 6);
            peers[2].close();
            QVERIFY(host.waitFor(RecordKind::Left, 3));
            QTRY_COMPARE(Inventory().threads, before.threads + 5);
            QCOMPARE(host.peerCount(), 4U);
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void thePeerOfAThreadThatCouldNotBeIsTurnedAway()
    {
        const Inventory before;
        {
            ServingHost host;
            host.run([&] {
                host.engine.setThreadFactory([made = 0](std::function<void()> work, std::size_t stack) mutable {
                    return ++made == 2 ? fail(EAGAIN, CallName::None, "pthread_create")
                                       : startPlainThread(std::move(work), stack);
                });
            });
            const std::uint16_t port = host.serve(Serving::ThreadPerPeer, 1, AnswerMode::Echo);
            const RawPeer first(port);
            QVERIFY(host.waitFor(RecordKind::Joined, 1));
            const RawPeer second(port);
            QVERIFY(second.atEnd());
            const auto *left = host.waitFor(RecordKind::Left, 2);
            QVERIFY(left);
            QCOMPARE(std::get<LeftInfo>(left->detail).reason, LeftReason::Failed);
            QCOMPARE(std::get<LeftInfo>(left->detail).error, (Error{EAGAIN, CallName::None, "pthread_create"}));
            const RawPeer third(port);
            for (const RawPeer *peer : {&first, &third}) {
                QVERIFY(peer->send("x"));
                QCOMPARE(peer->read(1), QByteArray("x"));
            }
            QCOMPARE(host.peerCount(), 2U);
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void whatIsAskedTooLateIsRefused()
    {
        ServingHost host;
        RawPeer peer(host.serve(Serving::ThreadPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        peer.close();
        // Before or after the engine hears of its end: it is told that they went nowhere.
        std::atomic<int> drained = 0;
        constexpr int kMessages = 200;
        for (int i = 0; i < kMessages; ++i) {
            host.send(1, "x");
            host.run([&] { host.engine.onDrained(1, [&drained] { ++drained; }); });
        }
        host.run([&] { host.engine.disconnect(1); });
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        host.send(1, "y");
        QTRY_COMPARE(drained.load(), kMessages);
        QTRY_COMPARE(host.count(RecordKind::Sent, 1) + host.count(RecordKind::Refused, 1), kMessages + 1);
        host.stop();
    }

    void aFloodIsEchoedWholeAndRecorded() { compareFlood(Serving::ThreadPerPeer); }

    void quittingTwiceEndsIt()
    {
        const Inventory before;
        {
            ServingHost host;
            Limits limits;
            limits.drain = limits.afterFin = std::chrono::minutes(10);
            host.setLimits(limits);
            const std::uint16_t port = host.serve(Serving::ThreadPerPeer);
            const RawPeer peer(port);
            QVERIFY(host.waitFor(RecordKind::Joined, 1));
            host.engine.quit(); // and it waits for the peer's FIN
            QVERIFY(peer.atEnd());
            host.stop();
            QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        }
        QTRY_COMPARE(Inventory(), before);
    }
};
QTEST_GUILESS_MAIN(ServingThreadsTest)
#include "servingthreads.moc"
