// SPDX-License-Identifier: MIT
// Everybody is let go in order, and nothing is left behind.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class EndingTest : public QObject
{
    Q_OBJECT

private slots:
    void aDisconnectSendsWhatIsQueuedAndReadsToTheEnd()
    {
        EngineHost host;
        Limits limits;
        limits.afterFin = std::chrono::milliseconds(10'000);
        host.setLimits(limits);
        const RawPeer peer(host.listen(), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(4 * 1024 * 1024);
        host.send(1, bytes);
        host.run([&] { host.engine.disconnect(1); });
        QVERIFY(peer.send("my last words"));
        QVERIFY(peer.read(bytes.size()) == bytes);
        QVERIFY(peer.atEnd());
        peer.finish();
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
        QCOMPARE(host.payloads(RecordKind::Received, 1), QByteArray("my last words"));
    }

    void aPeerThatNeverFinishesIsWaitedForOnlySoLong()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.disconnect(1); });
        QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        QVERIFY(peer.atEnd());
    }

    void aLongWaitSaysWhatFor()
    {
        EngineHost host;
        Limits limits;
        limits.afterFin = std::chrono::milliseconds(600);
        limits.drain = std::chrono::milliseconds(700);
        host.setLimits(limits);
        const std::uint16_t port = host.listen();
        const RawPeer silent(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer deaf(port, "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        host.send(2, pattern(8 * 1024 * 1024));
        host.run([&] { host.engine.disconnectAll(); });
        QVERIFY(host.waitFor(RecordKind::Left, kNoPeer, 2));
        std::vector<std::int64_t> waits(3, -1); // by peer: what was still queued
        for (const auto &event : host.sink.events()) {
            if (const auto *note = std::get_if<NoteInfo>(&event.detail); note && note->code == NoteCode::WaitingForEnd) {
                QVERIFY(note->b > 0);
                waits.at(event.peer) = note->a;
            }
        }
        QCOMPARE(waits[1], 0);
        QVERIFY(waits[2] > 0);
    }

    void quitPublishesEverything()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Echo);
        std::vector<RawPeer> peers;
        for (int i = 0; i < 20; ++i) {
            QVERIFY(peers.emplace_back(port).send("hi"));
            QCOMPARE(peers.back().read(2), QByteArray("hi"));
        }
        host.stop();
        QCOMPARE(host.count(RecordKind::Received), 20);
        QCOMPARE(host.count(RecordKind::Left), 20);
        QVERIFY(!RawPeer(port).isConnected());
    }

    void aThousandComeAndGo()
    {
        const qsizetype before = openDescriptors();
        {
            EngineHost host;
            const std::uint16_t port = host.listen(AnswerMode::Echo);
            for (int round = 0; round < 10; ++round) {
                std::vector<RawPeer> peers;
                for (int i = 0; i < 100; ++i) {
                    QVERIFY(peers.emplace_back(port).send("x"));
                }
                for (std::size_t i = 0; i < peers.size(); ++i) {
                    QCOMPARE(peers[i].read(1), QByteArray("x"));
                    if (i % 3 == 0) {
                        peers[i].reset();
                    }
                }
            }
            QVERIFY(host.waitFor(RecordKind::Left, kNoPeer, 1000));
            std::size_t open = 1;
            host.run([&] { open = host.engine.peerCount(); });
            QCOMPARE(open, 0U);
        }
        QTRY_COMPARE(openDescriptors(), before);
    }

    void tasksFromManyThreadsRunInTheOrderOfEach()
    {
        EngineHost host;
        std::vector<int> last(4, -1);
        std::atomic<int> wrong = 0;
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < last.size(); ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 5000; ++i) {
                    host.engine.post([&, t, i] {
                        wrong += static_cast<int>(last[t] + 1 != i);
                        last[t] = i;
                    });
                }
            });
        }
        for (std::thread &thread : threads) {
            thread.join();
        }
        host.run([] {});
        QCOMPARE(wrong, 0);
        QCOMPARE(last, std::vector<int>(4, 4999));
    }
};
QTEST_GUILESS_MAIN(EndingTest)
#include "ending.moc"
