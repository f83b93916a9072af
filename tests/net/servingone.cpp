// SPDX-License-Identifier: MIT
// One at a time: the next is accepted when this one has gone.
#include "support/servinghost.h"

#include <netinet/tcp.h>

using namespace tincan;
using namespace tincan::test;

class ServingOneTest : public QObject
{
    Q_OBJECT

    // Those who wait in the accept queue: tcpi_unacked of a listening socket (tcp(7)).
    static int waiting(ServingHost &host)
    {
        const auto *event = host.waitFor(RecordKind::Listening);
        tcp_info info{};
        socklen_t size = sizeof info;
        ::getsockopt(std::get<ListenInfo>(event->detail).fd, IPPROTO_TCP, TCP_INFO, &info, &size);
        return static_cast<int>(info.tcpi_unacked);
    }

    enum class End : std::uint8_t { ItFinishes, ItResets, WeFinish, Disconnect, Both, ReceivingThenFinish, Reset, Fault };

    static void endIt(End end, ServingHost &host, RawPeer &peer)
    {
        switch (end) {
        case End::ItFinishes:
            peer.finish();
            QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
            host.run([&] { host.engine.finishSending(1); });
            break;
        case End::ItResets:
            peer.reset();
            break;
        case End::WeFinish:
            host.run([&] { host.engine.finishSending(1); });
            QVERIFY(peer.atEnd());
            peer.finish();
            break;
        case End::Disconnect:
            host.run([&] { host.engine.disconnect(1); });
            break;
        case End::Both:
            host.run([&] { host.engine.shutdownBoth(1); });
            break;
        case End::ReceivingThenFinish:
            host.run([&] {
                host.engine.endReceiving(1);
                host.engine.finishSending(1);
            });
            break;
        case End::Reset:
            host.run([&] { host.engine.reset(1); });
            break;
        case End::Fault:
            host.run([&] { host.engine.setFaults(1, {.stopAfterBytes = 3, .resetAtStop = true}); });
            host.send(1, "enough");
            break;
        }
    }

private slots:
    void theOthersWaitInTheQueue()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::OneAtATime, 1, AnswerMode::Echo);
        std::vector<RawPeer> peers;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(peers.emplace_back(port).isConnected());
            QVERIFY(peers.back().send(QByteArray::number(i)));
        }
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(peers[i].read(1), QByteArray::number(static_cast<int>(i)));
            QVERIFY(host.waitFor(RecordKind::Joined, static_cast<PeerId>(i + 1)));
            QCOMPARE(waiting(host), 2 - static_cast<int>(i));
            QCOMPARE(host.count(RecordKind::Joined), static_cast<int>(i) + 1);
            for (std::size_t later = i + 1; later < 3; ++later) {
                QVERIFY(peers[later].isSilent());
            }
            i % 2 == 0 ? peers[i].close() : peers[i].reset();
        }
        QVERIFY(host.waitFor(RecordKind::Left, 3));
        // In order: each has left before the next one came.
        std::vector<std::pair<RecordKind, PeerId>> order;
        for (const auto &event : host.sink.events()) {
            if (event.kind == RecordKind::Joined || event.kind == RecordKind::Left) {
                order.emplace_back(event.kind, event.peer);
            }
        }
        for (std::size_t i = 0; i < order.size(); ++i) {
            QCOMPARE(order[i].first, i % 2 == 0 ? RecordKind::Joined : RecordKind::Left);
            QCOMPARE(order[i].second, static_cast<PeerId>(i / 2 + 1));
        }
        QCOMPARE(order.size(), 6U);
    }

    // However this one's connection ends.
    void theNextOnesTurnComes_data()
    {
        QTest::addColumn<int>("end");
        QTest::addColumn<int>("reason");
        const auto row
            = [](const char *name, End end, LeftReason reason) { QTest::newRow(name) << int(end) << static_cast<int>(reason); };
        row("it closes, and so do we", End::ItFinishes, LeftReason::BothFinished);
        row("it resets", End::ItResets, LeftReason::ResetByPeer);
        row("we finish, then it does", End::WeFinish, LeftReason::BothFinished);
        row("we disconnect", End::Disconnect, LeftReason::DisconnectedByUs);
        row("we end both directions", End::Both, LeftReason::DisconnectedByUs);
        row("we stop receiving, and finish", End::ReceivingThenFinish, LeftReason::DisconnectedByUs);
        row("we reset", End::Reset, LeftReason::ResetByUs);
        row("on purpose, after so many bytes", End::Fault, LeftReason::ResetByUs);
    }
    void theNextOnesTurnComes()
    {
        QFETCH(int, end);
        QFETCH(int, reason);
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::OneAtATime);
        RawPeer first(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer second(port);
        QVERIFY(second.send("my turn"));
        QTRY_COMPARE(waiting(host), 1);
        endIt(static_cast<End>(end), host, first);
        QCOMPARE(host.leftReason(1), static_cast<LeftReason>(reason));
        QTRY_COMPARE(host.payloads(RecordKind::Received, 2), QByteArray("my turn"));
        QCOMPARE(waiting(host), 0);
        host.send(2, "at last");
        QCOMPARE(second.read(7), QByteArray("at last"));
    }

    // Not to read for a while is no end: the others go on waiting.
    void whoIsNotReadStaysTheOne()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::OneAtATime, 1, AnswerMode::Echo);
        const RawPeer first(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer second(port);
        host.run([&] { host.engine.stopReading(1, true); });
        QVERIFY(host.waitForNote(NoteCode::ReadingStopped));
        QVERIFY(first.send("later"));
        QTRY_COMPARE(waiting(host), 1);
        QCOMPARE(host.count(RecordKind::Received), 0);
        host.run([&] { host.engine.stopReading(1, false); });
        QCOMPARE(first.read(5), QByteArray("later"));
        QCOMPARE(host.count(RecordKind::Joined), 1);
    }

    void eachAnswer_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("echo") << static_cast<int>(AnswerMode::Echo) << QByteArray("exit\n");
        QTest::newRow("OK!!!, and exit ends it") << static_cast<int>(AnswerMode::Ok) << QByteArray("OK!!!");
        QTest::newRow("relay, of which nobody else is there to hear") << static_cast<int>(AnswerMode::Relay) << QByteArray();
    }
    void eachAnswer()
    {
        QFETCH(int, mode);
        QFETCH(QByteArray, answer);
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::OneAtATime, 1, static_cast<AnswerMode>(mode));
        const std::array<RawPeer, 2> peers{RawPeer(port), RawPeer(port)};
        for (PeerId id = 1; id <= 2; ++id) {
            const RawPeer &peer = peers.at(id - 1);
            QVERIFY(peer.send("exit\n"));
            QCOMPARE(peer.read(answer.size()), answer);
            peer.finish();
            QVERIFY(peer.atEnd());
            QVERIFY(host.waitFor(RecordKind::Left, id));
            QCOMPARE(host.payloads(RecordKind::Received, id), QByteArray("exit\n"));
        }
        QCOMPARE(host.count(RecordKind::Joined), 2);
    }

    void itSaysHowItServes()
    {
        ServingHost host;
        QVERIFY(host.serve(Serving::OneAtATime) != 0);
        const auto *event = host.waitFor(RecordKind::Listening);
        QCOMPARE(std::get<ListenInfo>(event->detail).serving, Serving::OneAtATime);
        QCOMPARE(host.count(RecordKind::Note), 0); // that somebody waits is no news
    }
};
QTEST_GUILESS_MAIN(ServingOneTest)
#include "servingone.moc"
