// SPDX-License-Identifier: MIT
// How many addresses are remembered: anybody can make them up, so there is a bound, and who talks is not driven out by it.
#include <cerrno>

#include "support/datagrampeer.h"

using namespace tincan;
using namespace tincan::test;

namespace {

void setBound(EngineHost<> &host, std::size_t peers, std::chrono::milliseconds quiet = std::chrono::milliseconds(0))
{
    Limits limits;
    limits.datagramPeers = peers;
    limits.datagramQuiet = quiet;
    host.setLimits(limits);
}

// They come one after the other.
bool heard(EngineHost<> &host, const DatagramPeer &peer, const Endpoint &there)
{
    const int before = host.count(RecordKind::Received);
    return peer.send("x", there) && QTest::qWaitFor([&] { return host.count(RecordKind::Received) > before; });
}

} // namespace

class DatagramPeersTest : public QObject
{
    Q_OBJECT

private slots:
    void whoWasQuietLongestIsForgotten()
    {
        EngineHost host;
        setBound(host, 3);
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        const std::vector<DatagramPeer> peers(5);
        for (const int who : {0, 1, 2, 0, 1, 3, 2}) { // of 0, 1, 2 the third is quiet longest; then it comes back
            QVERIFY(heard(host, peers[static_cast<std::size_t>(who)], there));
        }
        std::vector<PeerId> gone;
        for (const auto &event : host.sink.events()) {
            if (event.kind == RecordKind::Left) {
                const LeftInfo left = std::get<LeftInfo>(event.detail);
                QCOMPARE(left.reason, LeftReason::Forgotten);
                QCOMPARE(left.error.code, ENOBUFS); // not because somebody told it to go
                gone.push_back(event.peer);
            }
        }
        QCOMPARE(gone, (std::vector<PeerId>{3, 1}));
        QCOMPARE(host.count(RecordKind::Joined), 5);
        host.run([&] { host.engine.disconnect(2); });
        QCOMPARE(host.leftReason(2), LeftReason::Forgotten);
        QCOMPARE(std::get<LeftInfo>(host.waitFor(RecordKind::Left, 2)->detail).error.code, 0);
        QVERIFY(heard(host, peers[4], there)); // there is room again
        QCOMPARE(host.count(RecordKind::Left), 3);
    }

    void madeUpAddressesDriveNobodyOutWhoTalks()
    {
        EngineHost host;
        setBound(host, 2, std::chrono::hours(1));
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Echo);
        const std::vector<DatagramPeer> peers(3);
        QVERIFY(heard(host, peers[0], there));
        QVERIFY(heard(host, peers[1], there));
        QVERIFY(peers[2].send("who?", there));
        const NoteInfo note = noteOf(host, NoteCode::PeerLimitReached);
        QCOMPARE(note.a, 2);
        QCOMPARE(note.b, 1);
        QCOMPARE(host.count(RecordKind::Left), 0);
        QCOMPARE(host.count(RecordKind::Joined), 2);
        QVERIFY(heard(host, peers[0], there));
    }

    void whoHasSomethingComingStays()
    {
        EngineHost host;
        setBound(host, 2);
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        const std::vector<DatagramPeer> peers(3);
        QVERIFY(heard(host, peers[0], there));
        QVERIFY(heard(host, peers[1], there));
        host.run([&] { host.engine.setFaults(1, {.delayMilliseconds = 100'000}); });
        host.send(1, "later");
        QVERIFY(heard(host, peers[2], there));
        QVERIFY(host.waitFor(RecordKind::Left, 2));
        QCOMPARE(host.count(RecordKind::Left), 1);
        host.run([&] { host.engine.setFaults(1, {}); });
        QCOMPARE(peers[0].receive(), QByteArray("later"));
    }

    // The one that a client's socket was made for is nobody who came by himself.
    void aClientsOwnPeerIsNotForgotten()
    {
        EngineHost host;
        setBound(host, 1);
        const DatagramPeer server;
        const std::vector<DatagramPeer> others(2);
        const PeerId peer = host.connectTo(udpTo(server.name(), false));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "hello");
        Endpoint client;
        QCOMPARE(server.receive(&client), QByteArray("hello"));
        QVERIFY(heard(host, others[0], client));
        QVERIFY(heard(host, others[1], client));
        QVERIFY(host.waitFor(RecordKind::Left));
        QCOMPARE(host.count(RecordKind::Left, peer), 0);
        QCOMPARE(host.count(RecordKind::Left), 1);
    }

    void thoseWhoAreServedElsewhereCount()
    {
        EngineHost host;
        Limits limits;
        limits.maxPeers = 1;
        host.setLimits(limits);
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        host.run(
            [&] { host.engine.listen({.address = *Endpoint::fromAddress("127.0.0.1", 0), .serving = Serving::ThreadPerPeer}); });
        const auto *event = host.waitFor(RecordKind::Listening, kNoPeer, 2);
        QVERIFY(event);
        const RawPeer inThread(std::get<ListenInfo>(event->detail).local.port());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const DatagramPeer peer;
        QVERIFY(peer.send("hello", there));
        const auto turnedAway = [&] { // the other listener says that there is no room, too
            std::int64_t count = 0;
            for (const auto &said : host.sink.events()) {
                const auto *note = std::get_if<NoteInfo>(&said.detail);
                count += note && note->code == NoteCode::PeerLimitReached ? note->b : 0;
            }
            return count;
        };
        QTRY_COMPARE(turnedAway(), 1);
        QCOMPARE(host.count(RecordKind::Joined), 1);
    }
};
QTEST_GUILESS_MAIN(DatagramPeersTest)
#include "datagrampeers.moc"
