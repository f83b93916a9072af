// SPDX-License-Identifier: MIT
// After a FIN the other direction lives on.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class HalfCloseTest : public QObject
{
    Q_OBJECT

private slots:
    void afterThePeersFinWeStillSend()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(peer.send("bye"));
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        host.send(1, "still here");
        QCOMPARE(peer.read(10), QByteArray("still here"));
        QCOMPARE(host.count(RecordKind::Left), 0);
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }

    void afterOurFinThePeerStillSends()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(peer.atEnd());
        QVERIFY(peer.send("I go on"));
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        QCOMPARE(host.payloads(RecordKind::Received, 1), QByteArray("I go on"));
        host.send(1, "too late");
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(refused->payload, QByteArray("too late"));
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::SendingFinished);
        peer.finish();
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }

    void whatIsQueuedGoesOutBeforeOurFin()
    {
        EngineHost host;
        const RawPeer peer(host.listen(), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(10 * 1024 * 1024);
        host.send(1, bytes);
        host.run([&] { host.engine.finishSending(1); });
        QCOMPARE(host.count(RecordKind::Finished), 0);
        QVERIFY(peer.read(bytes.size()) == bytes);
        QVERIFY(peer.atEnd());
        QVERIFY(host.waitFor(RecordKind::Finished, 1));
    }

    void whatIsDoneAfterAFinIsAChoice_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("rule");
        QTest::addColumn<bool>("ends");
        const auto row = [](const char *name, AnswerMode mode, AfterFin rule, bool ends) {
            QTest::newRow(name) << static_cast<int>(mode) << static_cast<int>(rule) << ends;
        };
        row("echo, automatic", AnswerMode::Echo, AfterFin::Automatic, true);
        row("ok, automatic", AnswerMode::Ok, AfterFin::Automatic, true);
        row("manual, automatic", AnswerMode::Manual, AfterFin::Automatic, false);
        row("relay, automatic", AnswerMode::Relay, AfterFin::Automatic, false);
        row("echo, keep", AnswerMode::Echo, AfterFin::KeepOpen, false);
        row("manual, finish", AnswerMode::Manual, AfterFin::Finish, true);
    }
    void whatIsDoneAfterAFinIsAChoice()
    {
        QFETCH(int, mode);
        QFETCH(int, rule);
        QFETCH(bool, ends);
        EngineHost host;
        const RawPeer peer(host.listen());
        host.run(
            [&] { host.engine.setAnswer({.mode = static_cast<AnswerMode>(mode), .afterFin = static_cast<AfterFin>(rule)}); });
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        if (ends) {
            QVERIFY(peer.atEnd());
            QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
        } else {
            host.send(1, "open");
            QCOMPARE(peer.read(4), QByteArray("open"));
        }
    }
};
QTEST_GUILESS_MAIN(HalfCloseTest)
#include "halfclose.moc"
