// SPDX-License-Identifier: MIT
// While the recorder is behind, streams are not read; sending goes on.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class BackpressureTest : public QObject
{
    Q_OBJECT

private slots:
    void readingPausesAndGoesOn()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true);
        host.run([] {}); // a turn, at whose end it is noticed
        host.run([] {});
        QVERIFY(peer.send("waits"));
        host.send(1, "sending goes on");
        QCOMPARE(peer.read(15), QByteArray("sending goes on"));
        QVERIFY(host.waitFor(RecordKind::Sent, 1));
        QCOMPARE(host.count(RecordKind::Received), 0);
        QVERIFY(host.waitForNote(NoteCode::ReadingPaused));
        host.sink.setCongested(false);
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        QCOMPARE(host.payloads(RecordKind::Received, 1), QByteArray("waits"));
    }

    void whoComesMeanwhileIsReadLater()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Echo);
        host.sink.setCongested(true);
        host.run([] {});
        host.run([] {});
        const RawPeer peer(port);
        QVERIFY(peer.isConnected()); // it is in the accept queue
        QVERIFY(peer.send("hello"));
        host.run([] {});
        QCOMPARE(host.count(RecordKind::Joined), 0);
        host.sink.setCongested(false);
        QCOMPARE(peer.read(5), QByteArray("hello"));
        QVERIFY(host.waitForNote(NoteCode::ReadingResumed));
    }

    // Who feeds a connection from elsewhere (standard input) is held back as well: what is sent has to be recorded too.
    void theFeederWaits()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true);
        host.run([] {});
        host.run([] {});
        std::atomic<bool> drained = false;
        host.run([&] { host.engine.onDrained(1, [&] { drained = true; }); });
        host.run([] {});
        QVERIFY(!drained);
        host.sink.setCongested(false);
        QTRY_VERIFY(drained);
    }
};
QTEST_GUILESS_MAIN(BackpressureTest)
#include "backpressure.moc"
