// SPDX-License-Identifier: MIT
// Each byte of a message is told as sent or as refused, and once, however its peer ends.
#include <csignal>

#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// How often each message is told, by its letter, of which it consists.
QMap<char, qsizetype> toldBytes(const CollectingSink &sink)
{
    QMap<char, qsizetype> told;
    for (const auto &event : sink.events()) {
        if (event.kind == RecordKind::Sent || event.kind == RecordKind::Refused) {
            for (const char letter : event.payload) {
                ++told[letter];
            }
        }
    }
    return told;
}

// With which there is nothing to wait for at the end.
Limits hasty(std::size_t echoPause)
{
    Limits limits;
    limits.drain = limits.afterFin = std::chrono::milliseconds(100);
    limits.echoPause = echoPause;
    return limits;
}

} // namespace

class ToldOnceTest : public QObject
{
    Q_OBJECT

private slots:
    // The queue is full of those that the peer does not read, others are refused behind them; then the process is killed.
    void whatAKilledProcessHadRefused()
    {
        constexpr qsizetype kSize = 256 * 1024;
        ServingHost host;
        Limits limits = hasty(Limits().echoPause);
        limits.sendQueue = 1024 * 1024;
        host.setLimits(limits);
        const RawPeer peer(host.serve(Serving::ProcessPerPeer), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.setOption(1, {SocketOption::SendBuffer, 64 * 1024, {}}); }); // or the kernel takes some MB
        char letter = 'a';
        for (; letter <= 'z' && host.count(RecordKind::Refused, 1) == 0; ++letter) {
            for (int i = 0; i < 4; ++i) { // one of them, and it has been read: so it is the process that refuses it
                host.send(1, QByteArray(kSize / 4, letter));
                std::atomic<bool> isRead = false;
                host.run([&] { host.engine.readOptions(1, [&isRead](const auto & /*options*/) { isRead = true; }); });
                QTRY_VERIFY(isRead);
            }
        }
        QVERIFY(host.waitFor(RecordKind::Refused, 1));
        QCOMPARE(::kill(host.childOf(1), SIGKILL), 0);
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        host.stop();
        const QMap<char, qsizetype> told = toldBytes(host.sink);
        QCOMPARE(told.size(), letter - 'a');
        for (auto each = told.begin(); each != told.end(); ++each) {
            QVERIFY2(each.value() == kSize, qPrintable(QStringLiteral("%1: %2").arg(each.key()).arg(each.value())));
        }
    }

    // Whoever hears that there is room ends the peer, while a message is put into its queue.
    void whatIsSentWhileItIsReset()
    {
        ServingHost host;
        const RawPeer peer(host.serve(Serving::EventLoop), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray many(12 * 1024 * 1024, 'a');
        const QByteArray last(100, 'z');
        host.run([&] {
            host.engine.send(1, std::as_bytes(std::span(many.constData(), static_cast<std::size_t>(many.size()))));
            host.engine.onDrained(1, [&] { host.engine.reset(1); });
            host.engine.setLimits(hasty(64 * 1024 * 1024));
            host.engine.send(1, std::as_bytes(std::span(last.constData(), static_cast<std::size_t>(last.size()))));
        });
        QCOMPARE(host.leftReason(1), LeftReason::ResetByUs);
        QCOMPARE(toldBytes(host.sink), (QMap<char, qsizetype>{{'a', many.size()}, {'z', last.size()}}));
    }

    // … or the first piece of one that goes to all: those behind it find nobody.
    void whatGoesToAllWhileOneIsReset()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::EventLoop);
        const RawPeer peer(port, "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer other(port, "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const QByteArray many(12 * 1024 * 1024, 'a');
        host.run([&] {
            const auto bytes = std::as_bytes(std::span(many.constData(), static_cast<std::size_t>(many.size())));
            host.engine.send(1, bytes);
            host.engine.send(2, bytes);
            host.engine.onDrained(1, [&] { host.engine.reset(1); });
            host.engine.setLimits(hasty(64 * 1024 * 1024));
            host.engine.sendToAll(bytes.first(300'000));
        });
        QCOMPARE(host.leftReason(1), LeftReason::ResetByUs);
        QVERIFY(host.waitForNote(NoteCode::PeerNotReading)); // the others are still looked after
        host.stop();
        const auto events = host.sink.events();
        const auto left = std::find_if(events.begin(), events.end(),
                                       [](const auto &event) { return event.kind == RecordKind::Left && event.peer == 1; });
        QVERIFY(std::none_of(left + 1, events.end(), [](const auto &event) { return event.peer == 1; }));
    }

    // … while our end was to follow what is queued: its descriptor is no longer ours then.
    void noCallAfterItIsClosed()
    {
        ServingHost host;
        const RawPeer peer(host.serve(Serving::EventLoop), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray many = pattern(12 * 1024 * 1024);
        host.send(1, many);
        host.run([&] {
            host.engine.finishSending(1);
            host.engine.onDrained(1, [&] { host.engine.reset(1); });
        });
        std::thread reader([&] { peer.read(many.size()); });
        const LeftReason reason = host.leftReason(1);
        reader.join();
        QCOMPARE(reason, LeftReason::ResetByUs);
        host.stop();
        const auto events = host.sink.events();
        const auto left = std::find_if(events.begin(), events.end(),
                                       [](const auto &event) { return event.kind == RecordKind::Left && event.peer == 1; });
        QVERIFY(left != events.end());
        QVERIFY(std::none_of(left, events.end(),
                             [](const auto &event) { return event.kind == RecordKind::Call && event.peer == 1; }));
    }
};
QTEST_GUILESS_MAIN(ToldOnceTest)
#include "toldonce.moc"
