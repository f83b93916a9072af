// SPDX-License-Identifier: MIT
// epoll_ctl(2) refuses a descriptor of a process that serves a peer (ENOSPC: /proc/sys/fs/epoll/max_user_watches).
#include <atomic>
#include <csignal>

#include <sys/epoll.h>
#include <sys/syscall.h>

#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// The how-manieth EPOLL_CTL_ADD from now on fails; 0: none. The engine's thread is the only one that makes any.
std::atomic<int> failingAdd = 0;

} // namespace

// In the place of the C library's.
extern "C" int epoll_ctl(int set, int operation, int fd, epoll_event *event) noexcept
{
    if (operation == EPOLL_CTL_ADD && failingAdd > 0 && --failingAdd == 0) {
        errno = ENOSPC;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_epoll_ctl, set, operation, fd, event));
}

class ChildUnwatchedTest : public QObject
{
    Q_OBJECT

private slots:
    void itsPeerIsTurnedAwayAndNothingIsLeft_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("the process") << 1;
        QTest::newRow("the pair") << 2;
    }
    void itsPeerIsTurnedAwayAndNothingIsLeft()
    {
        QFETCH(int, which);
        const Inventory before;
        {
            ServingHost host;
            const std::uint16_t port = host.serve(Serving::ProcessPerPeer, 1, AnswerMode::Echo);
            failingAdd = which;
            const RawPeer peer(port);
            QVERIFY(peer.atEnd());
            const auto *left = host.waitFor(RecordKind::Left, 1);
            QVERIFY(left);
            QCOMPARE(std::get<LeftInfo>(left->detail).error, (Error{ENOSPC, CallName::Epoll, {}}));
            QTRY_COMPARE(Inventory().children, before.children); // no zombie either
            const RawPeer next(port);
            QVERIFY(next.send("x"));
            QCOMPARE(next.read(1), QByteArray("x"));
        }
        QTRY_COMPARE(Inventory(), before);
    }

    // Watched again, after the recorder was behind.
    void laterItsEndIsSaid()
    {
        ServingHost host;
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true);
        host.run([] {});
        host.run([] {}); // behind a turn that has seen it
        failingAdd = 1;
        host.sink.setCongested(false);
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        QCOMPARE(std::get<LeftInfo>(left->detail).reason, LeftReason::ChildDied);
        QCOMPARE(std::get<LeftInfo>(left->detail).error.call, CallName::Epoll);
    }
};
QTEST_GUILESS_MAIN(ChildUnwatchedTest)
#include "childunwatched.moc"
