// SPDX-License-Identifier: MIT
// The kernel has no memory for what is to be sent (ENOBUFS, of Unix sockets above all): it waits, and nobody is kept busy by it.
#include "support/enginehost.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

class NoMemory : public RealSyscalls
{
public:
    std::atomic<int> error = 0;
    std::atomic<int> failures = 0;

    ssize_t send(int fd, const void *buffer, size_t size, int flags) override
    {
        return fails() ? -1 : RealSyscalls::send(fd, buffer, size, flags);
    }
    ssize_t sendmsg(int fd, const msghdr *message, int flags) override
    {
        return fails() ? -1 : RealSyscalls::sendmsg(fd, message, flags);
    }

private:
    bool fails()
    {
        if (error == 0) {
            return false;
        }
        ++failures;
        errno = error;
        return true;
    }
};

} // namespace

class NoMemoryTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsSentWaitsForIt_data()
    {
        QTest::addColumn<Transport>("transport");
        QTest::addColumn<int>("error");
        QTest::newRow("stream, ENOBUFS") << Transport::UnixStream << ENOBUFS;
        QTest::newRow("stream, ENOMEM") << Transport::UnixStream << ENOMEM;
        QTest::newRow("seqpacket, ENOBUFS") << Transport::UnixSeqpacket << ENOBUFS;
    }
    void whatIsSentWaitsForIt()
    {
        QFETCH(Transport, transport);
        QFETCH(int, error);
        constexpr int kTurns = 200;
        const UnixFolder folder;
        EngineHost<NoMemory> host;
        QVERIFY(listenAt(host, folder.path(), transport));
        const RawPeer peer(connectUnix(folder.path(), socketType(transport)));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sys.error = error;
        host.send(1, "one");
        host.send(1, "two");
        for (int i = 0; i < kTurns; ++i) { // in each of which it would be tried again, were it asked whether there is room
            host.run([] {});
        }
        QVERIFY(host.sys.failures > 0);
        QVERIFY(host.sys.failures < kTurns);
        QCOMPARE(host.count(RecordKind::Sent, 1), 0);
        host.sys.error = 0;
        QCOMPARE(peer.read(3), QByteArray("one"));
        QCOMPARE(peer.read(3), QByteArray("two"));
        QTRY_COMPARE(host.payloads(RecordKind::Sent, 1), QByteArray("onetwo"));
        QCOMPARE(host.count(RecordKind::Refused, 1), 0);
    }

    void itsEndDoesNotWaitForIt()
    {
        const UnixFolder folder;
        EngineHost<NoMemory> host;
        QVERIFY(listenAt(host, folder.path()));
        const RawPeer peer(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sys.error = ENOBUFS;
        host.send(1, "one");
        host.run([&] { host.engine.reset(1); });
        QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        QCOMPARE(host.payloads(RecordKind::Refused, 1), QByteArray("one"));
    }
};
QTEST_GUILESS_MAIN(NoMemoryTest)
#include "nomemory.moc"
