// SPDX-License-Identifier: MIT
// Not to read for a while closes the window: the peer's send blocks, and nothing is lost when we read on.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// Sends as long as the kernel takes something, then until it has taken nothing for a whole poll of 300 ms. What it took.
qsizetype sendUntilBlocked(const RawPeer &peer, const QByteArray &bytes)
{
    qsizetype taken = 0;
    while (taken < bytes.size()) {
        const ssize_t count = ::send(peer.fd(), bytes.constData() + taken, static_cast<std::size_t>(bytes.size() - taken),
                                     MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) {
            taken += count;
            continue;
        }
        pollfd writable{peer.fd(), POLLOUT, 0};
        if (::poll(&writable, 1, 300) == 0) {
            break;
        }
    }
    return taken;
}

} // namespace

class StopReadingTest : public QObject
{
    Q_OBJECT

private slots:
    void thePeersSendBlocksAndAllArrivesAfterwards()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.stopReading(1, true); });
        QVERIFY(host.waitForNote(NoteCode::ReadingStopped));
        const QByteArray bytes = pattern(64 * 1024 * 1024);
        const qsizetype taken = sendUntilBlocked(peer, bytes);
        QVERIFY(taken > 0);
        QVERIFY2(taken < bytes.size(), "the kernel has room for all of it: nothing blocked");
        QCOMPARE(host.count(RecordKind::Received), 0);
        host.run([&] { host.engine.stopReading(1, false); });
        QVERIFY(host.waitForNote(NoteCode::ReadingGoesOn));
        QVERIFY(peer.send(bytes.sliced(taken)));
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        QVERIFY(host.payloads(RecordKind::Received, 1) == bytes);
    }

    void weStillSendMeanwhile()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.stopReading(1, true); });
        QVERIFY(peer.send("unheard"));
        host.send(1, "I can still talk");
        QCOMPARE(peer.read(16), QByteArray("I can still talk"));
        QCOMPARE(host.count(RecordKind::Received), 0);
    }

    void theSameTwiceIsSaidOnce()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] {
            host.engine.stopReading(1, true);
            host.engine.stopReading(1, true);
            host.engine.stopReading(99, true); // who is not there
            host.engine.stopReading(1, false);
        });
        QVERIFY(host.waitForNote(NoteCode::ReadingGoesOn));
        QCOMPARE(host.count(RecordKind::Note, 1), 2);
    }

    void aDisconnectReadsWhatHasCome()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.stopReading(1, true); });
        QVERIFY(host.waitForNote(NoteCode::ReadingStopped));
        QVERIFY(peer.send("the last words"));
        peer.finish();
        host.run([&] { host.engine.disconnect(1); });
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
        QCOMPARE(host.payloads(RecordKind::Received, 1), QByteArray("the last words"));
    }
};
QTEST_GUILESS_MAIN(StopReadingTest)
#include "stopreading.moc"
