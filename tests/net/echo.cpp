// SPDX-License-Identifier: MIT
// Bytes come back as they went, whatever their number and however they are cut.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class EchoTest : public QObject
{
    Q_OBJECT

private slots:
    void aLineComesBack()
    {
        EngineHost host;
        const RawPeer peer(host.listen(AnswerMode::Echo));
        QVERIFY(peer.send("hello\n"));
        QCOMPARE(peer.read(6), QByteArray("hello\n"));
        QVERIFY(host.waitFor(RecordKind::Sent, 1));
        QCOMPARE(host.payloads(RecordKind::Received, 1), QByteArray("hello\n"));
        QCOMPARE(host.payloads(RecordKind::Sent, 1), QByteArray("hello\n"));
        const auto *joined = host.waitFor(RecordKind::Joined, 1);
        const auto &info = std::get<PeerInfo>(joined->detail);
        QCOMPARE(info.local.addressText(), std::string("127.0.0.1"));
        QCOMPARE(info.direction, Direction::Incoming);
    }

    void manyBytesComeBackWhole()
    {
        EngineHost host;
        const RawPeer peer(host.listen(AnswerMode::Echo));
        const QByteArray bytes = pattern(8 * 1024 * 1024);
        std::thread writer([&] {
            peer.send(bytes);
            peer.finish();
        });
        const QByteArray back = peer.read(bytes.size() + 1);
        writer.join();
        QVERIFY(back == bytes);
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
        QVERIFY(host.payloads(RecordKind::Received, 1) == bytes);
        QVERIFY(host.payloads(RecordKind::Sent, 1) == bytes);
    }

    void timesNeverGoBack()
    {
        EngineHost host;
        const RawPeer peer(host.listen(AnswerMode::Echo));
        for (int i = 0; i < 100; ++i) {
            QVERIFY(peer.send("x"));
            QCOMPARE(peer.read(1), QByteArray("x"));
        }
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 100));
        std::int64_t last = 0;
        for (const auto &event : host.sink.events()) {
            QVERIFY(event.time >= last);
            last = event.time;
        }
    }

    void aPeerThatNeverReadsIsNotReadEither()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Echo);
        const RawPeer flooder(port, "127.0.0.1", 4096);
        const int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
        const QByteArray block = pattern(65'536);
        QVERIFY(QTest::qWaitFor([&] { return ::send(flooder.fd(), block.constData(), 65'536, flags) < 0 && errno == EAGAIN; },
                                20'000));
        QVERIFY(host.waitForNote(NoteCode::PeerNotReading));
        std::size_t queued = 0;
        host.run([&] { queued = host.engine.queued(1); });
        QVERIFY(queued > 0);
        QVERIFY2(queued < 1024 * 1024, qPrintable(QString::number(queued)));
        const RawPeer other(port);
        QVERIFY(other.send("still there?"));
        QCOMPARE(other.read(12), QByteArray("still there?"));
    }
};
QTEST_GUILESS_MAIN(EchoTest)
#include "echo.moc"
