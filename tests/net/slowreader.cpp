// SPDX-License-Identifier: MIT
// A peer that does not read fills its own queue, and nobody else's.
#include <cstring>

#include "net/sendqueue.h"
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class SlowReaderTest : public QObject
{
    Q_OBJECT

private slots:
    void aFullQueueRefusesAndSaysSo()
    {
        EngineHost host;
        Limits limits;
        limits.sendQueue = 1024 * 1024;
        host.setLimits(limits);
        const std::uint16_t port = host.listen();
        const RawPeer slow(port, "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer quick(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const QByteArray block = pattern(512 * 1024);
        qsizetype accepted = 0;
        while (host.count(RecordKind::Refused) == 0 && accepted < 100 * block.size()) {
            host.send(1, block);
            accepted += block.size();
            host.run([] {}); // the turn in which it is sent, or refused
        }
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::QueueFull);
        QVERIFY(std::get<RefusedInfo>(refused->detail).queued > 512 * 1024);
        host.send(2, "not held up");
        QCOMPARE(quick.read(11), QByteArray("not held up"));
        QVERIFY(host.waitForNote(NoteCode::PeerNotReading));
        // What was taken into the queue arrives whole, once it reads.
        const qsizetype refusedBytes = host.payloads(RecordKind::Refused, 1).size();
        QCOMPARE(slow.read(accepted - refusedBytes).size(), accepted - refusedBytes);
        QVERIFY(host.waitForNote(NoteCode::PeerReadingAgain));
    }

    void whatDoesNotFitOfARoomIsCounted()
    {
        EngineHost host;
        Limits limits;
        limits.sendQueue = 256 * 1024;
        host.setLimits(limits);
        const std::uint16_t port = host.listen();
        const RawPeer slow(port, "127.0.0.1", 4096);
        const RawPeer quick(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const QByteArray block = pattern(60'000);
        for (int i = 0; i < 200; ++i) {
            host.sendToAll(block);
            QCOMPARE(quick.read(block.size()), block);
        }
        const auto *note = host.waitForNote(NoteCode::FanOutRefused);
        QVERIFY(note);
        QVERIFY(std::get<NoteInfo>(note->detail).a > 0);
    }

    // A message to all that is larger than one payload reaches each peer whole or not at all.
    void aMessageToAllHasNoHoles()
    {
        EngineHost host;
        Limits limits;
        limits.sendQueue = 256 * 1024;
        host.setLimits(limits);
        const std::uint16_t port = host.listen();
        const RawPeer slow(port, "127.0.0.1", 4096);
        const RawPeer quick(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const QByteArray message = pattern(kMaxPayload + 100);
        constexpr int kMessages = 150;
        for (int i = 0; i < kMessages; ++i) {
            host.sendToAll(message);
            QVERIFY(quick.read(message.size()) == message);
        }
        const auto refused = [&host] {
            std::int64_t messages = 0;
            for (const auto &event : host.sink.events()) {
                const auto *note = std::get_if<NoteInfo>(&event.detail);
                messages += note && note->code == NoteCode::FanOutRefused ? note->a : 0;
            }
            return messages;
        };
        int whole = 0;
        const bool isAllAccountedFor = QTest::qWaitFor(
            [&] {
                while (!slow.isSilent() && slow.read(message.size()) == message) {
                    ++whole;
                }
                return whole + refused() == kMessages;
            },
            20'000);
        QVERIFY(isAllAccountedFor);
        QVERIFY(whole > 0 && whole < kMessages);
        QVERIFY(slow.isSilent());
    }

    // A peer that does not read costs what waits for it, not the memory of everybody's traffic meanwhile.
    void smallAnswersDoNotKeepLargeChunksAlive()
    {
        SendQueue queue;
        const ChunkRef chunk = ChunkRef::make();
        std::memcpy(chunk->data(), "answer", 6);
        queue.pushOwn({chunk, chunk->data(), 6}, 2, true);
        std::memset(chunk->data(), 0, 6); // as when it is used again
        QCOMPARE(queue.bytes(), std::size_t(4));
        QVERIFY(queue.cost() > queue.bytes());
        QByteArray lost;
        queue.forEachOfPerson([&](const Slice &slice) { lost.append(reinterpret_cast<const char *>(slice.data), slice.size); });
        QCOMPARE(lost, QByteArray("swer"));
        QByteArray whole;
        queue.take(4, [&](const Slice &slice) { whole.append(reinterpret_cast<const char *>(slice.data), slice.size); });
        QCOMPARE(whole, QByteArray("answer"));
        QVERIFY(queue.isEmpty());
    }

    void onDrainedIsToldWhenThereIsRoom()
    {
        EngineHost host;
        const RawPeer slow(host.listen(), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        std::atomic<bool> drained = false;
        const QByteArray bytes = pattern(8 * 1024 * 1024);
        host.send(1, bytes);
        host.run([&] { host.engine.onDrained(1, [&] { drained = true; }); });
        QVERIFY(!drained);
        QVERIFY(slow.read(bytes.size()) == bytes);
        QTRY_VERIFY(drained);
        std::atomic<int> atOnce = 0;
        host.run([&] {
            host.engine.onDrained(1, [&] { ++atOnce; });
            host.engine.onDrained(99, [&] { ++atOnce; });
        });
        QCOMPARE(atOnce, 2);
    }
};
QTEST_GUILESS_MAIN(SlowReaderTest)
#include "slowreader.moc"
