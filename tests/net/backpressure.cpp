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
        QVERIFY(peer.send("hello"));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        QCOMPARE(host.count(RecordKind::Received), 0);
        host.sink.setCongested(false);
        QCOMPARE(peer.read(5), QByteArray("hello"));
    }
};
QTEST_GUILESS_MAIN(BackpressureTest)
#include "backpressure.moc"
