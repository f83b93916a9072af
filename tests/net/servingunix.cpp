// SPDX-License-Identifier: MIT
// Unix stream and seqpacket listeners in each way to serve: each answer, each way to end, and nothing left of them.
#include <csignal>

#include "support/servinghost.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

struct Kind {
    const char *name;
    Transport transport;
    int type;
};
constexpr std::array kKinds
    = {Kind{"stream", Transport::UnixStream, SOCK_STREAM}, Kind{"seqpacket", Transport::UnixSeqpacket, SOCK_SEQPACKET}};
constexpr Way kOneAtATime{"one at a time", Serving::OneAtATime, 1};

// Sends until the kernel has taken nothing for a while; how often.
int sendUntilBlocked(const RawPeer &peer, const QByteArray &message, int most)
{
    for (int sent = 0; sent < most; ++sent) {
        pollfd writable{peer.fd(), POLLOUT, 0};
        if (::poll(&writable, 1, 50) == 0
            || ::send(peer.fd(), message.constData(), static_cast<std::size_t>(message.size()), MSG_NOSIGNAL | MSG_DONTWAIT)
                < 0) {
            return sent;
        }
    }
    return most;
}

// Whether sending to it fails with EPIPE, once it can be seen that nobody reads any more.
bool isDeafTo(const RawPeer &peer)
{
    return QTest::qWaitFor([&] { return ::send(peer.fd(), "x", 1, MSG_NOSIGNAL) < 0 && errno == EPIPE; });
}

} // namespace

class ServingUnixTest : public QObject
{
    Q_OBJECT

    // Declared first: a path must be there until its listener is gone.
    struct Place {
        UnixFolder folder;
        ServingHost host;

        Place() { waitForFin(std::chrono::milliseconds(20)); }
        void waitForFin(std::chrono::milliseconds limit)
        {
            Limits limits;
            limits.afterFin = limit;
            limits.drain = std::chrono::milliseconds(500);
            host.setLimits(limits);
        }
        bool serve(AnswerMode mode)
        {
            ListenOptions options;
            options.serving = way().serving;
            options.loops = way().loops;
            return listenAt(host, folder.path(), kind().transport, mode, options);
        }
        // One that has joined as the `id`-th.
        RawPeer join(PeerId id)
        {
            RawPeer peer(connectUnix(folder.path(), kind().type));
            return host.waitFor(RecordKind::Joined, id) ? std::move(peer) : RawPeer();
        }
        std::vector<RawPeer> joinSome(AnswerMode mode)
        {
            std::vector<RawPeer> peers;
            if (serve(mode)) {
                for (PeerId id = 1; id <= (isSingle() ? 1U : 3U); ++id) {
                    peers.push_back(join(id));
                }
            }
            return peers;
        }
    };

    static const Way &way()
    {
        QFETCH_GLOBAL(int, way);
        return way < 0 ? kOneAtATime : kWays[static_cast<std::size_t>(way)];
    }
    static const Kind &kind()
    {
        QFETCH_GLOBAL(int, kind);
        return kKinds[static_cast<std::size_t>(kind)];
    }
    static bool isSingle() { return way().serving == Serving::OneAtATime; }

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("way");
        for (int kind = 0; kind < static_cast<int>(kKinds.size()); ++kind) {
            const char *name = kKinds[static_cast<std::size_t>(kind)].name;
            QTest::addRow("%s, one at a time", name) << kind << -1;
            for (int way = 0; way < static_cast<int>(kWays.size()); ++way) {
                QTest::addRow("%s, %s", name, kWays[static_cast<std::size_t>(way)].name) << kind << way;
            }
        }
    }

    void echo()
    {
        const Inventory before;
        {
            Place place;
            auto peers = place.joinSome(AnswerMode::Echo);
            QVERIFY(!peers.empty());
            for (PeerId id = 1; id <= peers.size(); ++id) {
                const RawPeer &peer = peers[id - 1];
                for (const char *message : {"mirror", "on the wall"}) {
                    QVERIFY(peer.send(message));
                    QCOMPARE(peer.read(qstrlen(message)), QByteArray(message));
                }
                peer.finish();
                QVERIFY(peer.atEnd());
                QCOMPARE(place.host.leftReason(id), LeftReason::BothFinished);
                QCOMPARE(place.host.payloads(RecordKind::Received, id), QByteArray("mirroron the wall"));
                QCOMPARE(place.host.payloads(RecordKind::Sent, id), QByteArray("mirroron the wall"));
                const auto info = std::get<PeerInfo>(place.host.waitFor(RecordKind::Joined, id)->detail);
                QCOMPARE(info.process.pid, static_cast<int>(::getpid()));
                QCOMPARE(info.transport, kind().transport);
            }
            place.host.stop();
            QVERIFY(place.folder.entries().isEmpty());
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void okAndExit()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Ok);
        QVERIFY(!peers.empty());
        for (PeerId id = 1; id <= peers.size(); ++id) {
            const RawPeer &peer = peers[id - 1];
            for (const char *message : {"hi", "exit\n"}) {
                QVERIFY(peer.send(message));
                QCOMPARE(peer.read(5), QByteArray("OK!!!"));
            }
            QVERIFY(peer.atEnd());
            peer.finish();
            QCOMPARE(place.host.leftReason(id), LeftReason::BothFinished);
        }
    }

    void relay()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Relay);
        QVERIFY(!peers.empty());
        for (std::size_t from = 0; from < peers.size(); ++from) {
            const QByteArray line = "line of " + QByteArray::number(static_cast<int>(from)) + '\n';
            QVERIFY(peers[from].send(line));
            QVERIFY(place.host.waitFor(RecordKind::Received, static_cast<PeerId>(from + 1)));
            for (std::size_t to = 0; to < peers.size(); ++to) {
                QCOMPARE(to == from ? line : peers[to].read(line.size()), line);
            }
            QVERIFY(peers[from].isSilent());
        }
    }

    void messagesByHand()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Manual);
        QVERIFY(!peers.empty());
        place.host.run([&] {
            place.host.engine.sendToAll(bytesOf("to all"));
            place.host.engine.send(1, bytesOf("to one"));
        });
        for (const RawPeer &peer : peers) {
            QCOMPARE(peer.read(6), QByteArray("to all"));
        }
        QCOMPARE(peers.front().read(6), QByteArray("to one"));
        QVERIFY(peers.back().isSilent());
    }

    void finishAndGoOnHearing()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Manual);
        QVERIFY(!peers.empty());
        for (PeerId id = 1; id <= peers.size(); ++id) {
            place.host.run([&] {
                place.host.engine.send(id, bytesOf("last word"));
                place.host.engine.finishSending(id);
            });
            const RawPeer &peer = peers[id - 1];
            QCOMPARE(peer.read(9), QByteArray("last word"));
            QVERIFY(peer.atEnd());
            QVERIFY(peer.send("still here"));
            peer.finish();
            QCOMPARE(place.host.leftReason(id), LeftReason::BothFinished);
            QCOMPARE(place.host.payloads(RecordKind::Received, id), QByteArray("still here"));
            QCOMPARE(place.host.count(RecordKind::Finished, id), 1);
        }
    }

    void endReceiving()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Manual);
        QVERIFY(!peers.empty());
        for (PeerId id = 1; id <= peers.size(); ++id) {
            place.host.run([&] {
                place.host.engine.endReceiving(id);
                place.host.engine.send(id, bytesOf("still"));
            });
            const RawPeer &peer = peers[id - 1];
            QCOMPARE(peer.read(5), QByteArray("still"));
            QVERIFY(isDeafTo(peer));
            place.host.run([&] { place.host.engine.finishSending(id); });
            QVERIFY(peer.atEnd());
            QCOMPARE(place.host.leftReason(id), LeftReason::DisconnectedByUs);
        }
    }

    void bothAtOnce()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Manual);
        QVERIFY(!peers.empty());
        for (PeerId id = 1; id <= peers.size(); ++id) {
            place.host.run([&] {
                place.host.engine.send(id, bytesOf("bye"));
                place.host.engine.shutdownBoth(id);
            });
            QCOMPARE(peers[id - 1].read(3), QByteArray("bye"));
            QVERIFY(peers[id - 1].atEnd());
            QVERIFY(isDeafTo(peers[id - 1]));
            QCOMPARE(place.host.leftReason(id), LeftReason::DisconnectedByUs);
        }
    }

    void disconnect()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Manual);
        QVERIFY(!peers.empty());
        for (PeerId id = 1; id <= peers.size(); ++id) {
            const bool finishes = id % 2 == 1;
            place.waitForFin(std::chrono::milliseconds(finishes ? 10'000 : 20));
            place.host.run([&] {
                place.host.engine.send(id, bytesOf("bye"));
                place.host.engine.disconnect(id);
            });
            const RawPeer &peer = peers[id - 1];
            QCOMPARE(peer.read(3), QByteArray("bye"));
            QVERIFY(peer.atEnd());
            if (finishes) {
                QVERIFY(peer.send("and you"));
                peer.finish();
            }
            QCOMPARE(place.host.leftReason(id), finishes ? LeftReason::BothFinished : LeftReason::DisconnectedByUs);
            QCOMPARE(place.host.payloads(RecordKind::Received, id), QByteArray(finishes ? "and you" : ""));
        }
    }

    // There is no RST between Unix sockets: it is closed at once, which is what is said.
    void reset()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Manual);
        QVERIFY(!peers.empty());
        for (PeerId id = 1; id <= peers.size(); ++id) {
            place.host.run([&] { place.host.engine.reset(id); });
            QVERIFY(peers[id - 1].atEnd());
            QVERIFY(isDeafTo(peers[id - 1]));
            QCOMPARE(place.host.leftReason(id), LeftReason::DisconnectedByUs);
        }
    }

    void stopReadingAndGoOn()
    {
        Place place;
        const auto peers = place.joinSome(AnswerMode::Manual);
        QVERIFY(!peers.empty());
        const RawPeer &peer = peers.front();
        place.host.run([&] { place.host.engine.stopReading(1, true); });
        QVERIFY(place.host.waitForNote(NoteCode::ReadingStopped));
        const QByteArray message = pattern(4096);
        constexpr int kMost = 10'000;
        const int sent = sendUntilBlocked(peer, message, kMost);
        QVERIFY(sent > 0 && sent < kMost);
        QCOMPARE(place.host.count(RecordKind::Received, 1), 0);
        place.host.run([&] { place.host.engine.stopReading(1, false); });
        QVERIFY(peer.send(message));
        QTRY_COMPARE(place.host.payloads(RecordKind::Received, 1).size(), (sent + 1) * message.size());
        QVERIFY(place.host.payloads(RecordKind::Received, 1).endsWith(message));
    }

    // A peer that says half a line and vanishes, one that never reads its answers: the others do not notice.
    void theyVanish()
    {
        if (isSingle()) {
            QSKIP("there are no others");
        }
        const Inventory before;
        {
            Place place;
            auto peers = place.joinSome(AnswerMode::Echo);
            QCOMPARE(peers.size(), 3U);
            QVERIFY(peers[0].send("half a"));
            peers[0].close(); // with our answer unread
            sendUntilBlocked(peers[1], pattern(4096), 1000);
            QVERIFY(place.host.waitFor(RecordKind::Left, 1));
            QCOMPARE(place.host.payloads(RecordKind::Received, 1), QByteArray("half a"));
            QVERIFY(peers[2].send("I read"));
            QCOMPARE(peers[2].read(6), QByteArray("I read"));
            peers[1].close();
            QVERIFY(place.host.waitFor(RecordKind::Left, 2));
            QVERIFY(place.join(4).send("x"));
            QVERIFY(place.host.waitFor(RecordKind::Received, 4));
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void manyComeAndGo()
    {
        const Inventory before;
        {
            Place place;
            QVERIFY(place.serve(AnswerMode::Echo));
            const int count = way().serving == Serving::ProcessPerPeer ? 20 : 200;
            for (int i = 0; i < count; ++i) {
                const RawPeer peer(connectUnix(place.folder.path(), kind().type));
                QVERIFY(peer.send("x"));
                QVERIFY(i % 2 == 0 || peer.read(1) == "x"); // or goes without its answer
            }
            QVERIFY(place.host.waitFor(RecordKind::Left, kNoPeer, count));
            QTRY_COMPARE(place.host.peerCount(), 0U);
            QTRY_COMPARE(Inventory().children, before.children);
            QTRY_COMPARE(Inventory().threads, before.threads + way().loops);
            QCOMPARE(place.host.count(RecordKind::Received), count);
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void stoppedWithPeersOpen()
    {
        const Inventory before;
        {
            Place place;
            const auto peers = place.joinSome(AnswerMode::Manual);
            QVERIFY(!peers.empty());
            const auto id = std::get<ListenInfo>(place.host.waitFor(RecordKind::Listening)->detail).id;
            place.host.run([&] { place.host.engine.stop(id); });
            for (const RawPeer &peer : peers) {
                QVERIFY(peer.atEnd());
            }
            QVERIFY(place.host.waitFor(RecordKind::Stopped));
            QCOMPARE(place.host.count(RecordKind::Left), static_cast<int>(peers.size()));
            QVERIFY(place.folder.entries().isEmpty());
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void aKilledProcessTakesOnlyItsPeerAlong()
    {
        if (way().serving != Serving::ProcessPerPeer) {
            QSKIP("nobody has a process of its own");
        }
        Place place;
        const auto peers = place.joinSome(AnswerMode::Echo);
        QCOMPARE(peers.size(), 3U);
        QCOMPARE(::kill(static_cast<pid_t>(place.host.servedBy(2, NoteCode::ServedByProcess)), SIGKILL), 0);
        QCOMPARE(place.host.leftReason(2), LeftReason::ChildDied);
        QVERIFY(peers[1].atEnd());
        for (const std::size_t other : {0U, 2U}) {
            QVERIFY(peers[other].send("y"));
            QCOMPARE(peers[other].read(1), QByteArray("y"));
        }
    }
};
QTEST_GUILESS_MAIN(ServingUnixTest)
#include "servingunix.moc"
