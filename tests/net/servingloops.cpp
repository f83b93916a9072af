// SPDX-License-Identifier: MIT
// Peers of one listener in several loops: nobody notices, but the threads.
#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

class ServingLoopsTest : public QObject
{
    Q_OBJECT

private slots:
    void goRoundAndAnswerEach()
    {
        const Inventory before;
        {
            ServingHost host;
            const std::uint16_t port = host.serve(Serving::EventLoop, 3, AnswerMode::Echo);
            std::vector<RawPeer> peers;
            for (int i = 0; i < 7; ++i) {
                QVERIFY(peers.emplace_back(port).send("hello"));
                QCOMPARE(peers.back().read(5), QByteArray("hello"));
            }
            QCOMPARE(Inventory().threads, before.threads + 3); // the engine's and two more
            QCOMPARE(host.peerCount(), 7U);
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void aFanOutListsWhomItReached()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::EventLoop, 2, AnswerMode::Relay);
        std::vector<RawPeer> peers;
        for (int i = 0; i < 6; ++i) {
            peers.emplace_back(port);
        }
        QVERIFY(host.waitFor(RecordKind::Joined, 6));
        QVERIFY(peers[0].send("to the others"));
        std::vector<PeerId> reached;
        for (std::size_t i = 1; i < 6; ++i) {
            QCOMPARE(peers[i].read(13), QByteArray("to the others"));
        }
        QVERIFY(host.waitFor(RecordKind::FanOut, kNoPeer, 2));
        for (const auto &event : host.sink.events()) {
            if (event.kind == RecordKind::FanOut) {
                const auto *info = std::get_if<FanOutInfo>(&event.detail);
                QVERIFY(info && info->only);
                QCOMPARE(event.peer, PeerId{1});
                reached.insert(reached.end(), info->peers.begin(), info->peers.end());
            }
        }
        std::sort(reached.begin(), reached.end());
        QCOMPARE(reached, (std::vector<PeerId>{2, 3, 4, 5, 6}));
        QVERIFY(peers[0].isSilent());
    }

    void oneOrderForAllWithNames()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::EventLoop, 3, AnswerMode::Relay);
        host.run([&] { host.engine.setAnswer({.mode = AnswerMode::Relay, .prefixSender = true}); });
        std::vector<RawPeer> peers;
        for (int i = 0; i < 3; ++i) {
            peers.emplace_back(port);
        }
        QVERIFY(host.waitFor(RecordKind::Joined, 3));
        const auto name = [&](PeerId peer) {
            const auto *joined = host.waitFor(RecordKind::Joined, peer);
            return QByteArray::fromStdString(std::get<PeerInfo>(joined->detail).remote.toString()) + ": ";
        };
        const QByteArray first = name(1) + "begun";
        const QByteArray second = name(2) + "between\n";
        QVERIFY(peers[0].send("begun"));
        QCOMPARE(peers[2].read(first.size()), first);
        QVERIFY(peers[1].send("between\n"));
        QCOMPARE(peers[2].read(second.size()), second);
        const QByteArray third = name(1) + "and on\n";
        QVERIFY(peers[0].send("and on\n"));
        QCOMPARE(peers[2].read(third.size()), third);
    }

    void aSenderThatIsFasterThanTheOthersWaits()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::EventLoop, 3, AnswerMode::Relay);
        std::vector<RawPeer> peers;
        for (int i = 0; i < 3; ++i) {
            peers.emplace_back(port);
        }
        QVERIFY(host.waitFor(RecordKind::Joined, 3));
        const QByteArray bytes = pattern(12 * 1024 * 1024);
        std::thread writer([&] { peers[1].send(bytes); });
        QByteArray gotFirst;
        std::thread reader([&] { gotFirst = peers[0].read(bytes.size()); });
        const QByteArray got = peers[2].read(bytes.size());
        reader.join();
        writer.join();
        QVERIFY(got == bytes);
        QVERIFY(gotFirst == bytes);
    }

    void aCongestedSinkStopsAllLoops()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::EventLoop, 2, AnswerMode::Echo);
        const RawPeer here(port);
        const RawPeer there(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        host.sink.setCongested(true);
        // Each has one turn in which it finds out.
        for (const RawPeer *peer : {&here, &there}) {
            QVERIFY(peer->send("a"));
            QCOMPARE(peer->read(1), QByteArray("a"));
        }
        QVERIFY(host.waitForNote(NoteCode::ReadingPaused));
        QVERIFY(there.send("b"));
        QVERIFY(here.send("b"));
        host.run([] {});
        QVERIFY(there.isSilent());
        QVERIFY(here.isSilent());
        host.sink.setCongested(false);
        QCOMPARE(there.read(1), QByteArray("b"));
        QCOMPARE(here.read(1), QByteArray("b"));
    }
};
QTEST_GUILESS_MAIN(ServingLoopsTest)
#include "servingloops.moc"
