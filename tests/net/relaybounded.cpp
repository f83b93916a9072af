// SPDX-License-Identifier: MIT
// A room whose receivers are slower than its senders, in whatever way each is served: the senders wait, and nothing piles up.
#include <condition_variable>
#include <csignal>

#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

constexpr qsizetype kTooMuch = qsizetype{256} * 1024 * 1024;

// The thread that serves one peer stands still in a send.
class Holding : public RealSyscalls
{
public:
    std::atomic<bool> holds = false;
    std::atomic<pid_t> held = 0; // thread id

    ssize_t send(int fd, const void *buffer, size_t size, int flags) override
    {
        wait();
        return RealSyscalls::send(fd, buffer, size, flags);
    }
    ssize_t sendmsg(int fd, const msghdr *message, int flags) override
    {
        wait();
        return RealSyscalls::sendmsg(fd, message, flags);
    }

private:
    void wait() const
    {
        if (held == ::gettid()) {
            holds.wait(true);
        }
    }
};

// Sends until nothing goes out for a while, or too much has.
qsizetype flood(const RawPeer &peer)
{
    const QByteArray block = pattern(64 * 1024);
    pollfd writable{peer.fd(), POLLOUT, 0};
    qsizetype sent = 0;
    while (sent < kTooMuch && ::poll(&writable, 1, 700) == 1) {
        const ssize_t count = ::send(peer.fd(), block.constData(), static_cast<std::size_t>(block.size()), MSG_DONTWAIT);
        if (count < 0) {
            break;
        }
        sent += count;
    }
    return sent;
}

// Bytes that a process has in memory of its own.
qsizetype residentOf(pid_t process)
{
    QFile file(QStringLiteral("/proc/%1/statm").arg(process));
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE) : -1;
}

} // namespace

class RelayBoundedTest : public QObject
{
    Q_OBJECT

private slots:
    void theSenderWaitsForAThread_data()
    {
        QTest::addColumn<int>("way");
        for (std::size_t i = 0; i < kWays.size(); ++i) {
            QTest::newRow(kWays[i].name) << static_cast<int>(i);
        }
    }
    void theSenderWaitsForAThread()
    {
        QFETCH(int, way);
        ServingHostOf<Holding> host;
        const RawPeer receiver(host.serve(Serving::ThreadPerPeer, 1, AnswerMode::Relay));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        QTRY_VERIFY(host.servedBy(1, NoteCode::ServedByThread) > 0);
        host.sys.held = static_cast<pid_t>(host.servedBy(1, NoteCode::ServedByThread));
        const Way &how = kWays[static_cast<std::size_t>(way)];
        const RawPeer sender(host.serve(how.serving, how.loops, AnswerMode::Relay));
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        host.sys.holds = true;
        const qsizetype sent = flood(sender);
        QVERIFY(sent < kTooMuch);
        host.sys.holds = false;
        host.sys.holds.notify_all();
        std::thread rest([&] { // it is not stuck
            sender.send("the end");
            sender.finish();
        });
        QCOMPARE(receiver.read(sent + 7).size(), sent + 7);
        rest.join();
    }

    // What it has to tell of them waits in it: it takes no more, and goes on when it is heard again.
    void aProcessThatIsNotHeardTakesNoMoreMessages()
    {
        constexpr int kMost = 128;
        ServingHost host;
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        std::atomic<qsizetype> got = 0;
        std::thread reader([&] {
            for (QByteArray block = peer.read(4096); !block.isEmpty(); block = peer.read(4096)) {
                got += block.size();
            }
        });
        const qsizetype before = residentOf(host.childOf(1)); // with a sanitizer it is much
        host.sink.setCongested(true);
        host.run([] {}); // a turn, in which it is seen
        const QByteArray bytes = pattern(1024 * 1024);
        std::size_t waiting = 0;
        int sent = 0;
        while (sent < kMost && waiting < Limits().sendQueue / 2) {
            host.sendToAll(bytes);
            ++sent;
            static_cast<void>(QTest::qWaitFor([&] { return got == sent * bytes.size(); }, 300)); // if it takes it at all
            host.run([&] { waiting = host.engine.queued(1); });
        }
        const qsizetype resident = residentOf(host.childOf(1));
        host.sink.setCongested(false);
        QTRY_COMPARE_WITH_TIMEOUT(host.payloads(RecordKind::Sent, 1).size(), sent * bytes.size(), 20'000);
        QTRY_COMPARE(got.load(), sent * bytes.size());
        host.run([&] { host.engine.disconnectAll(); });
        reader.join();
        QVERIFY(sent < kMost);
        QVERIFY(before > 0);
        QVERIFY2(resident > 0 && resident - before < 32 * bytes.size(), qPrintable(QString::number(resident - before)));
    }

    // Each reads what the others say while it says as much: nobody waits for the other for ever, and nothing is lost.
    void processesThatAllSayMuchLoseNothing()
    {
        constexpr std::size_t kPeers = 3;
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::ProcessPerPeer, 1, AnswerMode::Relay);
        std::vector<RawPeer> peers;
        for (PeerId i = 1; i <= kPeers; ++i) {
            peers.emplace_back(port);
            QVERIFY(host.waitFor(RecordKind::Joined, i));
        }
        const QByteArray bytes = pattern(24 * 1024 * 1024);
        std::array<qsizetype, kPeers> got{};
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < kPeers; ++i) {
            threads.emplace_back([&, i] { peers[i].send(bytes); });
            threads.emplace_back([&, i] { got[i] = peers[i].read(bytes.size() * (kPeers - 1)).size(); });
        }
        for (std::thread &thread : threads) {
            thread.join();
        }
        for (const qsizetype size : got) {
            QCOMPARE(size, bytes.size() * static_cast<qsizetype>(kPeers - 1));
        }
    }

    // What had waited for one that stood still is what it gets when it goes on.
    void aStoppedProcessGoesOnWithWhatWaited()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::ProcessPerPeer, 1, AnswerMode::Relay);
        std::vector<RawPeer> peers; // one says it, one reads it, two stand still
        for (PeerId i = 1; i <= 4; ++i) {
            peers.emplace_back(port);
            QVERIFY(host.waitFor(RecordKind::Joined, i));
        }
        QCOMPARE(::kill(host.childOf(3), SIGSTOP), 0);
        QCOMPARE(::kill(host.childOf(4), SIGSTOP), 0);
        const QByteArray bytes = pattern(12 * 1024 * 1024); // of which the two have too much on the way
        std::thread writer([&] { peers[0].send(bytes); });
        const QByteArray got = peers[1].read(bytes.size());
        writer.join();
        QVERIFY(got == bytes);
        QCOMPARE(::kill(host.childOf(3), SIGCONT), 0);
        QCOMPARE(::kill(host.childOf(4), SIGCONT), 0);
        QVERIFY(peers[2].read(bytes.size()) == bytes);
        QVERIFY(peers[3].read(bytes.size()) == bytes);
    }

    // It does not hold up the others for long, and costs no more than a queue may hold.
    void aStoppedProcessIsNotWaitedForForEver()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::ProcessPerPeer, 1, AnswerMode::Relay);
        const RawPeer sender(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer receiver(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const RawPeer stopped(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 3));
        QCOMPARE(::kill(host.childOf(3), SIGSTOP), 0);
        const QByteArray bytes = pattern(48 * 1024 * 1024);
        std::thread writer([&] { sender.send(bytes); });
        QVERIFY(receiver.read(bytes.size()) == bytes);
        writer.join();
        std::size_t queued = 0;
        host.run([&] { queued = host.engine.queued(3); });
        constexpr std::size_t kOneTurn = 4 * 1024 * 1024; // more than is read in the one in which it was too much
        QVERIFY(queued > 0 && queued <= Limits().sendQueue + kOneTurn);
        QCOMPARE(::kill(host.childOf(3), SIGKILL), 0);
        QVERIFY(host.waitFor(RecordKind::Left, 3));
        QVERIFY(host.waitForNote(NoteCode::FanOutRefused)); // and it is said
    }
};
QTEST_GUILESS_MAIN(RelayBoundedTest)
#include "relaybounded.moc"
