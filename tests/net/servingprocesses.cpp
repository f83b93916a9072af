// SPDX-License-Identifier: MIT
// A process for each peer, that holds its socket and ends with it.
#include "support/servinghost.h"

#include <csignal>

#include <fcntl.h>
#include <sys/wait.h>

using namespace tincan;
using namespace tincan::test;

class ServingProcessesTest : public QObject
{
    Q_OBJECT

    static QStringList descriptorsOf(std::int64_t pid)
    {
        return QDir(QStringLiteral("/proc/%1/fd").arg(pid)).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
    }

private slots:
    void eachHasItsOwn()
    {
        const Inventory before;
        {
            ServingHost host;
            const std::uint16_t port = host.serve(Serving::ProcessPerPeer, 1, AnswerMode::Echo);
            std::vector<RawPeer> peers;
            for (PeerId i = 1; i <= 4; ++i) {
                QVERIFY(peers.emplace_back(port).send("hello"));
                QCOMPARE(peers.back().read(5), QByteArray("hello"));
                const auto *joined = host.waitFor(RecordKind::Joined, i);
                QVERIFY(joined);
                const int child = std::get<PeerInfo>(joined->detail).child;
                QVERIFY(child > 0);
                QCOMPARE(host.servedBy(i, NoteCode::ServedByProcess), std::int64_t{child});
                // The three of old, the socket, the pair; its own epoll and eventfd.
                QCOMPARE(descriptorsOf(child), QStringLiteral("0 1 2 3 4 5 6").split(QLatin1Char(' ')));
            }
            QCOMPARE(Inventory().children, before.children + 4);
            QCOMPARE(Inventory().threads, before.threads + 1);
            peers[1].close();
            QVERIFY(host.waitFor(RecordKind::Left, 2));
            QTRY_COMPARE(Inventory().children, before.children + 3);
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void aFloodIsEchoedWholeAndRecorded() { compareFlood(Serving::ProcessPerPeer); }

    void aLongMessageOfThePersonsGoesOutWhole()
    {
        ServingHost host;
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(5 * 1024 * 1024);
        std::atomic<bool> drained = false;
        host.send(1, bytes);
        host.run([&] { host.engine.onDrained(1, [&drained] { drained = true; }); });
        QVERIFY(peer.read(bytes.size()) == bytes);
        QTRY_VERIFY(drained);
        QTRY_COMPARE(host.payloads(RecordKind::Sent, 1).size(), bytes.size());
        host.stop();
    }

    void whatDoesNotFitTheQueueIsRefused()
    {
        ServingHost host;
        Limits limits;
        limits.sendQueue = 1024 * 1024;
        limits.drain = limits.afterFin = std::chrono::milliseconds(100);
        host.setLimits(limits);
        const RawPeer peer(host.serve(Serving::ProcessPerPeer), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(512 * 1024);
        constexpr int kMessages = 40;
        for (int i = 0; i < kMessages; ++i) {
            host.send(1, bytes);
        }
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::QueueFull);
    }

    void aCongestedSinkSlowsThePeerDown()
    {
        ServingHost host;
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true);
        host.run([] {}); // a turn, in which it is seen
        // Until the window has closed: nothing goes out for a while. More than pair, process and sockets hold.
        const QByteArray block = pattern(64 * 1024);
        qsizetype sent = 0;
        pollfd writable{peer.fd(), POLLOUT, 0};
        while (sent < 512 * 1024 * 1024 && ::poll(&writable, 1, 500) == 1) {
            const ssize_t count = ::send(peer.fd(), block.constData(), static_cast<std::size_t>(block.size()), MSG_DONTWAIT);
            QVERIFY(count > 0);
            sent += count;
        }
        QVERIFY(sent < 512 * 1024 * 1024);
        host.sink.setCongested(false);
        QTRY_COMPARE_WITH_TIMEOUT(host.payloads(RecordKind::Received, 1).size(), sent, 20'000);
    }

    void aProgramThatIsNotThereIsSaid()
    {
        const Inventory before;
        {
            ServingHost host;
            host.run([&] { host.engine.setPeerProgram("/nonexistent/program"); });
            const RawPeer peer(host.serve(Serving::ProcessPerPeer));
            QVERIFY(peer.atEnd());
            const auto *left = host.waitFor(RecordKind::Left, 1);
            QVERIFY(left);
            QCOMPARE(std::get<LeftInfo>(left->detail).error, (Error{ENOENT, CallName::Spawn, "/nonexistent/program"}));
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void aProgramThatIsNoneOfOursIsToldToHaveEnded()
    {
        ServingHost host;
        host.run([&] { host.engine.setPeerProgram("/bin/false"); });
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        QCOMPARE(std::get<LeftInfo>(left->detail).reason, LeftReason::ChildDied);
        QCOMPARE(std::get<LeftInfo>(left->detail).error.code, 1);
    }

    // The engine's process dies without a word: no orphan.
    void theProcessEndsWithTheEngine()
    {
        std::array<int, 2> report{-1, -1};
        QCOMPARE(::pipe2(report.data(), O_CLOEXEC), 0);
        const UniqueFd readEnd(report[0]);
        UniqueFd writeEnd(report[1]);
        const pid_t engine = ::fork();
        if (engine == 0) {
            ServingHost host;
            const RawPeer peer(host.serve(Serving::ProcessPerPeer, 1, AnswerMode::Echo));
            peer.send("x");
            peer.read(1);
            const auto *joined = host.waitFor(RecordKind::Joined, 1);
            const int child = joined ? std::get<PeerInfo>(joined->detail).child : 0;
            static_cast<void>(!::write(writeEnd.get(), &child, sizeof child));
            ::raise(SIGKILL);
        }
        writeEnd.reset();
        int child = 0;
        QCOMPARE(::read(readEnd.get(), &child, sizeof child), static_cast<ssize_t>(sizeof child));
        QVERIFY(child > 0);
        QCOMPARE(::waitpid(engine, nullptr, 0), engine);
        QTRY_VERIFY(!QFile::exists(QStringLiteral("/proc/%1/exe").arg(child)) || descriptorsOf(child).isEmpty());
    }

    void quittingTwiceEndsIt()
    {
        const Inventory before;
        {
            ServingHost host;
            Limits limits;
            limits.drain = limits.afterFin = std::chrono::minutes(10);
            host.setLimits(limits);
            const RawPeer peer(host.serve(Serving::ProcessPerPeer));
            QVERIFY(host.waitFor(RecordKind::Joined, 1));
            host.engine.quit(); // and it waits for the peer's FIN
            QVERIFY(peer.atEnd());
            host.stop();
            QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        }
        QTRY_COMPARE(Inventory(), before);
    }
};
QTEST_GUILESS_MAIN(ServingProcessesTest)
#include "servingprocesses.moc"
