// SPDX-License-Identifier: MIT
// Faults on purpose of a stream: what is held back comes later, whole and in order, or is told as unsent.
#include <linux/tcp.h> // glibc's lacks tcpi_data_segs_in

#include "net/faultylane.h"
#include "support/enginehost.h"
#include "support/watchedsends.h"

using namespace tincan;
using namespace tincan::test;

namespace {

void setFaults(EngineHost<> &host, PeerId peer, const Faults &faults)
{
    host.run([&] { host.engine.setFaults(peer, faults); });
}

// Segments with data that this socket's connection has got (tcpi_data_segs_in).
std::uint32_t segmentsIn(int fd)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
    return info.tcpi_data_segs_in;
}

} // namespace

class FaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void eachPieceIsASegmentOfItsOwn()
    {
        EngineHost<WatchedSends> host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.setFaults(1, {.pieceBytes = 3}); });
        const QByteArray bytes = pattern(100);
        host.send(1, bytes);
        QCOMPARE(peer.read(bytes.size()), bytes);
        QVERIFY(host.waitFor(RecordKind::Sent, 1));
        QCOMPARE(host.payloads(RecordKind::Sent, 1), bytes); // one message, as it was given
        QCOMPARE(host.count(RecordKind::Sent, 1), 1);
        const std::vector<ssize_t> sizes = host.sys.sizes();
        QCOMPARE(sizes.size(), std::size_t(34));
        QVERIFY(std::all_of(sizes.begin(), sizes.end(), [](ssize_t size) { return size <= 3; }));
        QVERIFY(host.sys.allEndRecords());
        QCOMPARE(segmentsIn(peer.fd()), 34U);
    }

    void piecesOfMuchLoseNothing()
    {
        EngineHost host;
        const RawPeer peer(host.listen(), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        setFaults(host, 1, {.pieceBytes = 1000});
        const QByteArray bytes = pattern(2 * 1024 * 1024);
        host.send(1, bytes);
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(peer.read(bytes.size()) == bytes);
        QVERIFY(peer.atEnd());
    }

    void delayKeepsTheOrderAndLosesNothing()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        setFaults(host, 1, {.delayMilliseconds = 20, .jitterMilliseconds = 60});
        QByteArray all;
        for (int i = 0; i < 200; ++i) {
            const QByteArray message = "message " + QByteArray::number(i) + '\n';
            host.send(1, message);
            all += message;
        }
        host.run([&] { host.engine.finishSending(1); }); // our FIN waits behind them
        QCOMPARE(peer.read(all.size()), all);
        QVERIFY(peer.atEnd());
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 200));
        QCOMPARE(host.payloads(RecordKind::Sent, 1), all);
        QCOMPARE(host.count(RecordKind::Sent, 1), 200);
    }

    void anEchoIsDelayedToo()
    {
        EngineHost host;
        const RawPeer peer(host.listen(AnswerMode::Echo));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        setFaults(host, 1, {.delayMilliseconds = 100'000});
        QVERIFY(peer.send("hello"));
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        host.run([] {});
        QVERIFY(peer.isSilent());
        QCOMPARE(host.count(RecordKind::Sent), 0);
        setFaults(host, 1, {});
        QCOMPARE(peer.read(5), QByteArray("hello"));
    }

    void whatWaitsCountsAgainstTheLimit()
    {
        EngineHost host;
        Limits limits;
        limits.sendQueue = 64 * 1024;
        host.setLimits(limits);
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        setFaults(host, 1, {.delayMilliseconds = 100'000});
        host.send(1, pattern(60'000));
        host.send(1, pattern(10'000));
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::QueueFull);
        QVERIFY(peer.isSilent());
    }

    void whatWaitsAtTheEndIsToldAsUnsent()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        setFaults(host, 1, {.delayMilliseconds = 100'000});
        host.send(1, "one");
        host.send(1, "two");
        host.run([&] { host.engine.reset(1); });
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        QCOMPARE(std::get<LeftInfo>(left->detail).unsentBytes, std::uint64_t(6));
        QCOMPARE(std::get<LeftInfo>(left->detail).unsentMessages, std::uint32_t(2));
    }

    void noMoreIsSentAfterSoManyBytes()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        host.send(1, "before"); // does not count
        QCOMPARE(peer.read(6), QByteArray("before"));
        setFaults(host, 1, {.stopAfterBytes = 10});
        host.send(1, "12345678");
        host.send(1, "90abcdef");
        QCOMPARE(peer.read(10), QByteArray("1234567890"));
        const auto *note = host.waitForNote(NoteCode::FaultsStopped);
        QVERIFY(note);
        QCOMPARE(std::get<NoteInfo>(note->detail).a, std::int64_t(10));
        host.run([] {});
        QVERIFY(peer.isSilent());
        QVERIFY(peer.send("still heard"));
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        setFaults(host, 1, {});
        QCOMPARE(peer.read(6), QByteArray("abcdef"));
    }

    void orTheConnectionIsReset()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        setFaults(host, 1, {.stopAfterBytes = 10, .resetAtStop = true});
        host.send(1, "1234567890abcdef");
        QCOMPARE(host.leftReason(1), LeftReason::ResetByUs);
        QVERIFY(host.waitForNote(NoteCode::FaultsStopped));
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QCOMPARE(std::get<LeftInfo>(left->detail).unsentBytes, std::uint64_t(6));
        QTRY_VERIFY(!peer.isSilent());
        QByteArray rest = peer.read(100);
        QVERIFY2(rest.isEmpty() || rest == "1234567890", rest.constData()); // a reset may destroy what was not read yet
    }

    void aPaceIsTheKernelsMatter()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        setFaults(host, 1, {.bytesPerSecond = 100'000'000});
        setFaults(host, 1, {.bytesPerSecond = 100'000'000, .delayMilliseconds = 1});
        host.send(1, "paced");
        QCOMPARE(peer.read(5), QByteArray("paced"));
        setFaults(host, 1, {});
        host.stop(); // so that all of it is published
        std::vector<int> asked;
        for (const auto &event : host.sink.events()) {
            const auto *call = std::get_if<CallInfo>(&event.detail);
            if (call && call->call == CallName::SetSockOpt && call->b == SO_MAX_PACING_RATE) {
                QCOMPARE(call->error, 0);
                asked.push_back(call->c);
            }
        }
        QCOMPARE(asked, (std::vector<int>{100'000'000, -1})); // ~0U: no limit
    }

    void aPeerThatIsHeldBackIsNotBlamed()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        const RawPeer held(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer slow(port, "127.0.0.1", 4096); // it stands still meanwhile, so that the sweep has come
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        setFaults(host, 1, {.delayMilliseconds = 100'000});
        host.send(1, "held");
        host.send(2, pattern(12 * 1024 * 1024));
        const auto *note = host.waitForNote(NoteCode::PeerNotReading);
        QVERIFY(note);
        QCOMPARE(note->peer, PeerId(2));
        QCOMPARE(host.count(RecordKind::Note, 1), 0);
    }

    void ofARoomOnlyTheOneIsHeldBack()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Relay);
        const RawPeer sender(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer held(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const RawPeer quick(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 3));
        setFaults(host, 2, {.delayMilliseconds = 100'000});
        QVERIFY(sender.send("to all"));
        QCOMPARE(quick.read(6), QByteArray("to all"));
        host.run([] {});
        QVERIFY(held.isSilent());
        setFaults(host, 2, {});
        QCOMPARE(held.read(6), QByteArray("to all"));
        QVERIFY(host.waitFor(RecordKind::Sent, 2));
    }

    void droppedDatagramsAreCounted()
    {
        EventLoop loop;
        FaultyLane none(loop, FaultyLane::Unit::Messages, {.delayMilliseconds = 1}, 7, [] {});
        FaultyLane all(loop, FaultyLane::Unit::Messages, {.dropPerMille = 1000}, 7, [] {});
        FaultyLane half(loop, FaultyLane::Unit::Messages, {.dropPerMille = 500}, 7, [] {});
        int dropped = 0;
        for (int i = 0; i < 1000; ++i) {
            QVERIFY(!none.drops());
            QVERIFY(all.drops());
            all.countDropped(5);
            dropped += static_cast<int>(half.drops());
        }
        QVERIFY2(dropped > 400 && dropped < 600, qPrintable(QString::number(dropped)));
        QVERIFY(!none.takeDropped());
        const auto told = all.takeDropped();
        QVERIFY(told && told->a == 1000 && told->b == 5000 && told->code == NoteCode::FaultsDropped);
        QVERIFY(!all.takeDropped());
        QVERIFY(!all.holds()); // those that are not dropped need not wait
    }

    void wholeMessagesAreHeldBack()
    {
        EventLoop loop;
        FaultyLane lane(loop, FaultyLane::Unit::Messages, {.pieceBytes = 1, .stopAfterBytes = 10}, 7, [] {});
        std::array<iovec, 4> vectors{iovec{nullptr, 4}, iovec{nullptr, 0}, iovec{nullptr, 8}, iovec{nullptr, 1}};
        lane.grown(4);
        QVERIFY(lane.isReady());
        QCOMPARE(lane.limit(vectors), std::size_t(3)); // with the third, ten bytes are reached
        QCOMPARE(vectors[2].iov_len, std::size_t(8));  // which is not cut
        QVERIFY(!lane.took(2, 4));
        QVERIFY(lane.took(1, 8));
        QVERIFY(lane.isStopped());
        QCOMPARE(lane.limit(std::span(vectors).last(1)), std::size_t(0));
    }
};
QTEST_GUILESS_MAIN(FaultsTest)
#include "faults.moc"
