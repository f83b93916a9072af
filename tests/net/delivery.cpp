// SPDX-License-Identifier: MIT
// What the peer's kernel has acknowledged, as ours knows it.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

// Says how much is not yet acknowledged; the truth where nothing is set.
class ScriptedQueue final : public RealSyscalls
{
public:
    std::atomic<int> waiting = -1;
    std::atomic<int> asks = 0;
    std::atomic<int> error = 0;

    int outputQueue(int fd, int *bytes) override
    {
        ++asks;
        if (error != 0) {
            errno = error;
            return -1;
        }
        if (waiting < 0) {
            return RealSyscalls::outputQueue(fd, bytes);
        }
        *bytes = waiting;
        return 0;
    }
};

class DeliveryTest : public QObject
{
    Q_OBJECT

private:
    // The last word on it: bytes acknowledged, -1 where there was none.
    template<typename Host>
    static std::int64_t acknowledged(const Host &host, PeerId peer)
    {
        std::int64_t last = -1;
        for (const auto &event : host.sink.events()) {
            if (event.kind == RecordKind::Acknowledged && event.peer == peer) {
                last = static_cast<std::int64_t>(std::get<AcknowledgedInfo>(event.detail).bytes);
            }
        }
        return last;
    }
    template<typename Host>
    static std::uint16_t listen(Host &host)
    {
        host.run([&] { host.engine.followDelivery(); });
        return host.listen();
    }
    // As much as its window and our buffer hold, and more.
    static constexpr qsizetype kTooMuch = 12 * 1024 * 1024;

private slots:
    void aPeerThatDoesNotReadHasItAllTheSame()
    {
        EngineHost host;
        const RawPeer peer(listen(host));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "hello");
        QTRY_COMPARE(acknowledged(host, 1), 5);
        host.send(1, "again");
        QTRY_COMPARE(acknowledged(host, 1), 10);
    }

    void aFullWindowIsAcknowledgedAsItIsRead()
    {
        EngineHost host;
        const RawPeer peer(listen(host), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(kTooMuch);
        host.send(1, bytes);
        QTRY_VERIFY(acknowledged(host, 1) > 0);
        QVERIFY(host.waitForNote(NoteCode::PeerNotReading)); // nothing moves any more
        QVERIFY(acknowledged(host, 1) < host.payloads(RecordKind::Sent, 1).size());
        QCOMPARE(peer.read(bytes.size()), bytes);
        QTRY_COMPARE(acknowledged(host, 1), kTooMuch);
    }

    void whatIsLostWithAResetIsKnown()
    {
        EngineHost host;
        RawPeer peer(listen(host), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, pattern(kTooMuch));
        QVERIFY(host.waitForNote(NoteCode::PeerNotReading));
        peer.reset();
        QCOMPARE(host.leftReason(1), LeftReason::ResetByPeer);
        const std::int64_t known = acknowledged(host, 1);
        QVERIFY(known > 0);
        QVERIFY(known < host.payloads(RecordKind::Sent, 1).size());
        QCOMPARE(host.sink.events().back().kind, RecordKind::Left); // and nothing after it
    }

    void itIsWhatTheKernelSays()
    {
        EngineHost<ScriptedQueue> host;
        host.sys.waiting = 3;
        const RawPeer peer(listen(host));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "hello");
        QTRY_COMPARE(acknowledged(host, 1), 2);
        host.sys.waiting = 4; // never less than before
        host.sys.asks = 0;
        QTRY_VERIFY(host.sys.asks > 1);
        QCOMPARE(acknowledged(host, 1), 2);
        host.sys.waiting = 0;
        QTRY_COMPARE(acknowledged(host, 1), 5);
    }

    void ourFinCountsAsOneByte()
    {
        EngineHost<ScriptedQueue> host;
        host.sys.waiting = 6;
        const RawPeer peer(listen(host));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "hello");
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(host.waitFor(RecordKind::Finished, 1));
        host.sys.asks = 0;
        QTRY_VERIFY(host.sys.asks > 1);
        QCOMPARE(acknowledged(host, 1), -1);
        host.sys.waiting = 1; // the FIN alone
        QTRY_COMPARE(acknowledged(host, 1), 5);
    }

    void itIsAskedOnceMoreAtTheEnd()
    {
        EngineHost<ScriptedQueue> host;
        host.sys.waiting = 5;
        RawPeer peer(listen(host));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "hello");
        peer.reset();
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QCOMPARE(acknowledged(host, 1), 0); // said, so that it is known that it was asked
    }

    void nobodyAsksUnlessToldTo()
    {
        EngineHost<ScriptedQueue> host;
        RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "hello");
        QCOMPARE(peer.read(5), QByteArray("hello"));
        peer.close();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        host.run([&] { host.engine.disconnect(1); });
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QCOMPARE(host.sys.asks, 0);
        QCOMPARE(host.count(RecordKind::Acknowledged), 0);
    }

    void aSocketThatCannotTellIsLeftAlone()
    {
        EngineHost<ScriptedQueue> host;
        host.sys.error = ENOTTY;
        const RawPeer peer(listen(host));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "hello");
        QTRY_VERIFY(host.sys.asks > 0);
        QCOMPARE(peer.read(5), QByteArray("hello"));
        host.send(1, "more");
        QCOMPARE(peer.read(4), QByteArray("more"));
        QCOMPARE(host.count(RecordKind::Left), 0);
    }

    void manyMessagesAreOneQuestion()
    {
        EngineHost<ScriptedQueue> host;
        const RawPeer peer(listen(host));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        constexpr int kMessages = 5000;
        host.run([&] {
            for (int i = 0; i < kMessages; ++i) {
                host.engine.send(1, std::as_bytes(std::span("x", 1)));
            }
        });
        QTRY_COMPARE(acknowledged(host, 1), kMessages);
        QVERIFY(host.sys.asks < kMessages / 10);
    }

    void aRoomIsAcknowledgedByEach()
    {
        EngineHost host;
        const std::uint16_t port = listen(host);
        const RawPeer first(port);
        const RawPeer second(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        host.run([&] { host.engine.sendToAll(std::as_bytes(std::span("to all", 6))); });
        QTRY_COMPARE(acknowledged(host, 1), 6);
        QTRY_COMPARE(acknowledged(host, 2), 6);
    }

    // The kernel's stamps come as an "error" of the socket, which must not end it, in any state.
    void theKernelStampsOne()
    {
        EngineHost host;
        host.run([&] { host.engine.stampDelivery(1); }); // before it is there
        const RawPeer peer(listen(host));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const auto stamps = [&host] {
            int count = 0;
            for (const auto &event : host.sink.events()) {
                const auto *info = std::get_if<AcknowledgedInfo>(&event.detail);
                count += static_cast<int>(info && info->nanoseconds >= 0);
            }
            return count;
        };
        host.send(1, "hello");
        QTRY_COMPARE(acknowledged(host, 1), 5);
        if (stamps() == 0) {
            QSKIP("this kernel does not stamp acknowledgements");
        }
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        QByteArray sent = "hello";
        QTRY_VERIFY((host.send(1, "x"), sent += 'x', stamps() >= 3));
        QCOMPARE(peer.read(sent.size()), sent);
        QCOMPARE(host.count(RecordKind::Left), 0);
        host.run([&] { host.engine.stampDelivery(kNoPeer); });
        host.send(1, "the end");
        QTRY_COMPARE(acknowledged(host, 1), sent.size() + 7);
        host.run([&] { host.engine.disconnect(1); });
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }
};

QTEST_GUILESS_MAIN(DeliveryTest)
#include "delivery.moc"
