// SPDX-License-Identifier: MIT
// Faults on purpose of datagrams: thrown away both ways, late, or no more of them; nobody else on the socket is held up.
#include "support/datagrampeer.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// A peer that has written once, so that it is there as number 1.
struct Talk {
    EngineHost<> host;
    Endpoint there;
    DatagramPeer peer;

    explicit Talk(AnswerMode mode = AnswerMode::Manual)
        : there(listenTo(host, udpOn("127.0.0.1"), mode))
    {
    }
    bool begin() { return peer.send("begin", there) && host.waitFor(RecordKind::Received, 1) != nullptr; }
    void setFaults(const Faults &faults)
    {
        host.run([&] { host.engine.setFaults(1, faults); });
    }
};

} // namespace

class FaultyDatagramsTest : public QObject
{
    Q_OBJECT

private slots:
    void thoseThatComeAreThrownAwayAndCounted()
    {
        Talk t;
        QVERIFY(t.begin());
        t.setFaults({.dropPerMille = 1000});
        QVERIFY(t.peer.send("one", t.there));
        QVERIFY(t.peer.send("three", t.there));
        const DatagramPeer other;
        QVERIFY(other.send("heard", t.there)); // behind them
        QVERIFY(t.host.waitFor(RecordKind::Received, 2));
        QCOMPARE(messages(t.host, RecordKind::Received, 1), QList<QByteArray>{"begin"});
        const auto *note = t.host.waitForNote(NoteCode::FaultsDropped);
        QVERIFY(note);
        QCOMPARE(std::get<NoteInfo>(note->detail).a, std::int64_t(2));
        QCOMPARE(std::get<NoteInfo>(note->detail).b, std::int64_t(8));
        t.setFaults({});
        QVERIFY(t.peer.send("heard again", t.there));
        QVERIFY(t.host.waitFor(RecordKind::Received, 1, 2));
    }

    void thoseThatGoAreToldOneByOne()
    {
        Talk t;
        QVERIFY(t.begin());
        t.setFaults({.dropPerMille = 1000});
        t.host.send(1, "lost");
        const auto *refused = t.host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(refused->payload, QByteArray("lost"));
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::Dropped);
        QVERIFY(t.peer.isSilent());
        t.setFaults({});
        t.host.send(1, "arrives");
        QCOMPARE(t.peer.receive(), QByteArray("arrives"));
    }

    void delayKeepsTheOrderAndTheBorders()
    {
        Talk t(AnswerMode::Echo);
        QVERIFY(t.begin());
        QCOMPARE(t.peer.receive(), QByteArray("begin"));
        t.setFaults({.delayMilliseconds = 10, .jitterMilliseconds = 30});
        QList<QByteArray> sent;
        for (int i = 0; i < 50; ++i) {
            sent << (i % 7 == 0 ? QByteArray("") : "datagram " + QByteArray::number(i));
            QVERIFY(t.peer.send(sent.last(), t.there));
        }
        for (const QByteArray &message : sent) {
            const QByteArray back = t.peer.receive();
            QVERIFY(!back.isNull());
            QCOMPARE(back, message);
        }
    }

    void onlyTheOneIsHeldBack()
    {
        Talk t(AnswerMode::Echo);
        QVERIFY(t.begin());
        QCOMPARE(t.peer.receive(), QByteArray("begin"));
        t.setFaults({.delayMilliseconds = 100'000});
        QVERIFY(t.peer.send("late", t.there));
        const DatagramPeer other;
        QVERIFY(other.send("quick", t.there));
        QCOMPARE(other.receive(), QByteArray("quick"));
        QVERIFY(t.peer.isSilent());
        t.setFaults({});
        QCOMPARE(t.peer.receive(), QByteArray("late"));
    }

    void noMoreAfterSoManyBytes()
    {
        Talk t;
        QVERIFY(t.begin());
        t.setFaults({.stopAfterBytes = 6});
        t.host.send(1, "abcd");
        t.host.send(1, "efgh"); // with this one there are more than six: it is the last
        t.host.send(1, "ijkl");
        QCOMPARE(t.peer.receive(), QByteArray("abcd"));
        QCOMPARE(t.peer.receive(), QByteArray("efgh"));
        QVERIFY(t.host.waitForNote(NoteCode::FaultsStopped));
        t.host.run([] {});
        QVERIFY(t.peer.isSilent());
        t.host.run([&] { t.host.engine.disconnect(1); });
        const auto *left = t.host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        QCOMPARE(std::get<LeftInfo>(left->detail).reason, LeftReason::Forgotten);
        QCOMPARE(std::get<LeftInfo>(left->detail).unsentBytes, std::uint64_t(4));
    }

    void orItIsForgottenThen()
    {
        Talk t;
        QVERIFY(t.begin());
        t.setFaults({.stopAfterBytes = 6, .resetAtStop = true});
        t.host.send(1, "abcd");
        t.host.send(1, "efgh");
        t.host.send(1, "ijkl");
        QVERIFY(t.host.waitForNote(NoteCode::FaultsStopped));
        QCOMPARE(t.host.leftReason(1), LeftReason::Forgotten);
        QCOMPARE(t.peer.receive(), QByteArray("abcd"));
        QCOMPARE(t.peer.receive(), QByteArray("efgh"));
        QVERIFY(t.peer.isSilent());
        QTRY_COMPARE(messages(t.host, RecordKind::Refused, 1), QList<QByteArray>{"ijkl"});
        QVERIFY(t.peer.send("again", t.there)); // as anybody may
        QVERIFY(t.host.waitFor(RecordKind::Received, 2));
    }

    void orAClientsSocketIsClosedThen()
    {
        EngineHost host;
        const DatagramPeer server;
        const PeerId peer = host.connectTo(udpTo(server.name()));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.run([&] { host.engine.setFaults(peer, {.stopAfterBytes = 1, .resetAtStop = true}); });
        host.send(peer, "last");
        QCOMPARE(server.receive(), QByteArray("last"));
        QCOMPARE(host.leftReason(peer), LeftReason::DisconnectedByUs);
    }
};
QTEST_GUILESS_MAIN(FaultyDatagramsTest)
#include "faultydatagrams.moc"
