// SPDX-License-Identifier: MIT
// Each answer and each way to end, in each way to serve.
#include <algorithm>

#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

class ServingAnswersTest : public QObject
{
    Q_OBJECT

    static void addWays()
    {
        QTest::addColumn<int>("way");
        for (std::size_t i = 0; i < kWays.size(); ++i) {
            QTest::newRow(kWays[i].name) << static_cast<int>(i);
        }
    }
    static const Way &way()
    {
        QFETCH_GLOBAL(int, way);
        return kWays[static_cast<std::size_t>(way)];
    }
    static std::uint16_t serve(ServingHost &host, AnswerMode mode) { return host.serve(way().serving, way().loops, mode); }

    // Peers that have all joined.
    static std::vector<RawPeer> join(ServingHost &host, std::uint16_t port, PeerId count)
    {
        std::vector<RawPeer> peers;
        for (PeerId i = 1; i <= count; ++i) {
            peers.emplace_back(port);
            if (!host.waitFor(RecordKind::Joined, i)) {
                return {};
            }
        }
        return peers;
    }
    // How many messages, and bytes, the notes say.
    static std::pair<std::int64_t, std::int64_t> fanOutRefused(const ServingHost &host)
    {
        std::pair<std::int64_t, std::int64_t> all;
        for (const auto &event : host.sink.events()) {
            const auto *note = std::get_if<NoteInfo>(&event.detail);
            if (note && note->code == NoteCode::FanOutRefused) {
                all.first += note->a;
                all.second += note->b;
            }
        }
        return all;
    }

private slots:
    void initTestCase_data() { addWays(); }

    void echo()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Echo), 4);
        for (const RawPeer &peer : peers) {
            QVERIFY(peer.send("mirror"));
            QCOMPARE(peer.read(6), QByteArray("mirror"));
            peer.finish();
            QVERIFY(peer.atEnd());
        }
        for (PeerId i = 1; i <= 4; ++i) {
            QCOMPARE(host.leftReason(i), LeftReason::BothFinished);
            QCOMPARE(host.payloads(RecordKind::Received, i), QByteArray("mirror"));
            QCOMPARE(host.payloads(RecordKind::Sent, i), QByteArray("mirror"));
        }
    }

    void okAndExit()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Ok), 4);
        for (const RawPeer &peer : peers) {
            QVERIFY(peer.send("hi"));
            QCOMPARE(peer.read(5), QByteArray("OK!!!"));
            QVERIFY(peer.send("exit\n"));
            QCOMPARE(peer.read(5), QByteArray("OK!!!"));
            QVERIFY(peer.atEnd());
            peer.finish();
        }
        for (PeerId i = 1; i <= 4; ++i) {
            QCOMPARE(host.leftReason(i), LeftReason::BothFinished);
        }
    }

    void relay()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Relay), 4);
        for (std::size_t from = 0; from < peers.size(); ++from) {
            const QByteArray line = "line of " + QByteArray::number(static_cast<int>(from)) + '\n';
            QVERIFY(peers[from].send(line));
            for (std::size_t to = 0; to < peers.size(); ++to) {
                QCOMPARE(to == from ? line : peers[to].read(line.size()), line);
            }
            QVERIFY(peers[from].isSilent());
        }
    }

    // Longer than what may wait: the kernel takes the beginning at once, and the rest follows.
    void aLongMessageToAllIsNotCut()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 2);
        const QByteArray bytes = pattern(20'000'000);
        std::array<QByteArray, 2> got;
        std::thread other([&] { got[1] = peers[1].read(bytes.size()); });
        host.sendToAll(bytes);
        got[0] = peers[0].read(bytes.size());
        other.join();
        QVERIFY(got[0] == bytes);
        QVERIFY(got[1] == bytes);
        QCOMPARE(fanOutRefused(host), (std::pair<std::int64_t, std::int64_t>(0, 0)));
    }

    void aMessageToAllThatFindsNoRoomIsRefusedWhole()
    {
        ServingHost host;
        const RawPeer peer(serve(host, AnswerMode::Manual), "127.0.0.1", 65'536);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(13'000'000);
        host.run([&] {
            host.engine.sendToAll(bytesOf(bytes));
            host.engine.sendToAll(bytesOf(bytes));
        });
        QVERIFY(host.waitForNote(NoteCode::FanOutRefused));
        QVERIFY(peer.read(bytes.size()) == bytes);
        host.run([&] { host.engine.sendToAll(bytesOf("end")); });
        QCOMPARE(peer.read(3), QByteArray("end"));
        QTRY_COMPARE(fanOutRefused(host), (std::pair<std::int64_t, std::int64_t>(1, bytes.size())));
    }

    void theAnswerChangesWhileTheyAreThere()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 4);
        host.run([&] {
            host.engine.setAnswer({.mode = AnswerMode::Echo});
            for (PeerId peer = 1; peer <= peers.size(); ++peer) { // behind it: so it is known when each has heard
                host.engine.note(peer, {NoteCode::Other, 0, 0, "heard"});
            }
        });
        const auto heard = [&host] {
            const auto events = host.sink.events();
            return std::count_if(events.begin(), events.end(), [](const auto &event) {
                const auto *note = std::get_if<NoteInfo>(&event.detail);
                return note && note->text == "heard";
            });
        };
        QTRY_COMPARE(heard(), static_cast<std::ptrdiff_t>(peers.size()));
        for (const RawPeer &peer : peers) {
            QVERIFY(peer.send("now"));
            QCOMPARE(peer.read(3), QByteArray("now"));
        }
    }

    void messagesToOneSomeAndAll()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 4);
        const std::array<PeerId, 3> some = {1, 2, 99};
        host.run([&] {
            host.engine.sendToAll(bytesOf("all"));
            host.engine.sendToMany(some, bytesOf("some"));
            host.engine.send(4, bytesOf("one"));
        });
        QCOMPARE(peers[0].read(7), QByteArray("allsome"));
        QCOMPARE(peers[1].read(7), QByteArray("allsome"));
        QCOMPARE(peers[2].read(3), QByteArray("all"));
        QCOMPARE(peers[3].read(6), QByteArray("allone"));
        QVERIFY(peers[2].isSilent());
        QVERIFY(host.waitFor(RecordKind::Refused, 99));
        // All of it is recorded, whoever records it: each peer's share, once.
        const auto share = [&host](PeerId peer) {
            qsizetype size = host.payloads(RecordKind::Sent, peer).size();
            for (const auto &event : host.sink.events()) {
                const auto *info = std::get_if<FanOutInfo>(&event.detail);
                const bool listed = info && std::find(info->peers.begin(), info->peers.end(), peer) != info->peers.end();
                size += event.kind == RecordKind::FanOut && listed == (info && info->only) ? event.payload.size() : 0;
            }
            return size;
        };
        QTRY_COMPARE(share(1), 7);
        QTRY_COMPARE(share(2), 7);
        QTRY_COMPARE(share(3), 3);
        QTRY_COMPARE(share(4), 6);
    }

    void nobodyThereIsSaid()
    {
        ServingHost host;
        auto peers = join(host, serve(host, AnswerMode::Manual), 2);
        peers.clear();
        host.run([&] { host.engine.disconnectAll(); });
        QVERIFY(host.waitFor(RecordKind::Left, kNoPeer, 2));
        QTRY_COMPARE(host.peerCount(), 0U);
        host.run([&] { host.engine.sendToAll(bytesOf("hi")); });
        const auto *refused = host.waitFor(RecordKind::Refused);
        QVERIFY(refused);
        QCOMPARE(refused->payload, QByteArray("hi"));
    }

    void finishAndGoOnHearing()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 2);
        for (PeerId i = 1; i <= 2; ++i) {
            host.run([&] { host.engine.finishSending(i); });
            QVERIFY(peers[i - 1].atEnd());
            QVERIFY(peers[i - 1].send("still here"));
            peers[i - 1].finish();
            QCOMPARE(host.leftReason(i), LeftReason::BothFinished);
            QCOMPARE(host.payloads(RecordKind::Received, i), QByteArray("still here"));
            QCOMPARE(host.count(RecordKind::Finished, i), 1);
        }
    }

    void disconnect()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 2);
        for (PeerId i = 1; i <= 2; ++i) {
            host.run([&] {
                host.engine.send(i, bytesOf("bye"));
                host.engine.disconnect(i);
            });
            QCOMPARE(peers[i - 1].read(3), QByteArray("bye"));
            QVERIFY(peers[i - 1].atEnd());
            QCOMPARE(host.leftReason(i), LeftReason::DisconnectedByUs); // whose FIN never came
        }
    }

    void reset()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 2);
        for (PeerId i = 1; i <= 2; ++i) {
            host.run([&] { host.engine.reset(i); });
            char byte = 0;
            QCOMPARE(::recv(peers[i - 1].fd(), &byte, 1, 0), ssize_t{-1});
            QCOMPARE(errno, ECONNRESET);
            QCOMPARE(host.leftReason(i), LeftReason::ResetByUs);
        }
    }

    void theyReset()
    {
        ServingHost host;
        auto peers = join(host, serve(host, AnswerMode::Manual), 2);
        for (PeerId i = 1; i <= 2; ++i) {
            peers[i - 1].reset();
            QCOMPARE(host.leftReason(i), LeftReason::ResetByPeer);
        }
    }

    void stopReadingAndGoOn()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Echo), 2);
        for (PeerId i = 1; i <= 2; ++i) {
            host.run([&] { host.engine.stopReading(i, true); });
            QVERIFY(host.waitForNote(NoteCode::ReadingStopped));
            QTRY_COMPARE(host.count(RecordKind::Note, i), way().serving >= Serving::ThreadPerPeer ? 2 : 1);
            QVERIFY(peers[i - 1].send("later"));
            host.run([] {});
            QVERIFY(peers[i - 1].isSilent());
            host.run([&] { host.engine.stopReading(i, false); });
            QCOMPARE(peers[i - 1].read(5), QByteArray("later"));
        }
    }

    void endReceiving()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 2);
        for (PeerId i = 1; i <= 2; ++i) {
            host.run([&] {
                host.engine.endReceiving(i);
                host.engine.send(i, bytesOf("still"));
                host.engine.finishSending(i);
            });
            QCOMPARE(peers[i - 1].read(5), QByteArray("still"));
            QVERIFY(peers[i - 1].atEnd());
            QCOMPARE(host.leftReason(i), LeftReason::DisconnectedByUs);
        }
        QVERIFY(host.waitForNote(NoteCode::ReceivingEnded));
    }

    void notesStandInOrder()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 2);
        host.run([&] {
            host.engine.send(2, bytesOf("before"));
            host.engine.note(2, {NoteCode::Named, 0, 0, "Anna"});
            host.engine.send(2, bytesOf("after"));
        });
        QVERIFY(host.waitFor(RecordKind::Sent, 2, 2));
        QByteArray order;
        for (const auto &event : host.sink.events()) {
            const auto *note = std::get_if<NoteInfo>(&event.detail);
            if (event.peer == 2 && (event.kind == RecordKind::Sent || (note && note->code == NoteCode::Named))) {
                order += note ? QByteArray("|Anna|") : event.payload;
            }
        }
        QCOMPARE(order, QByteArray("before|Anna|after"));
    }

    void theListenerStopsWithItsPeers()
    {
        ServingHost host;
        const auto peers = join(host, serve(host, AnswerMode::Manual), 4);
        host.run([&] { host.engine.stop(host.listener()); });
        for (const RawPeer &peer : peers) {
            QVERIFY(peer.atEnd());
            peer.finish();
        }
        const auto *stopped = host.waitFor(RecordKind::Stopped);
        QVERIFY(stopped);
        QCOMPARE(std::get<StoppedInfo>(stopped->detail).id, host.listener());
        QCOMPARE(host.count(RecordKind::Left), 4); // each before it
        const auto events = host.sink.events();
        QCOMPARE(events.back().kind, RecordKind::Stopped);
    }

    void whatWasAcknowledgedIsSaid()
    {
        ServingHost host;
        host.run([&] { host.engine.followDelivery(); });
        const auto peers = join(host, serve(host, AnswerMode::Echo), 2);
        for (PeerId i = 1; i <= 2; ++i) {
            QVERIFY(peers[i - 1].send("12345"));
            const auto *acknowledged = host.waitFor(RecordKind::Acknowledged, i);
            QVERIFY(acknowledged);
            QCOMPARE(std::get<AcknowledgedInfo>(acknowledged->detail).bytes, 5U);
        }
    }
};
QTEST_GUILESS_MAIN(ServingAnswersTest)
#include "servinganswers.moc"
