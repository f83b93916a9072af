// SPDX-License-Identifier: MIT
// Clients of Unix stream sockets: where nobody is, queues that say no, and names of their own.
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

class Scripted : public RealSyscalls
{
public:
    std::atomic<int> connectError = 0;

    int connect(int fd, const sockaddr *address, socklen_t size) override
    {
        if (connectError != 0) {
            errno = connectError;
            return -1;
        }
        return RealSyscalls::connect(fd, address, size);
    }
};

} // namespace

class UnixClientTest : public QObject
{
    Q_OBJECT

private slots:
    void aClientOfOurs_data()
    {
        QTest::addColumn<bool>("abstract");
        QTest::newRow("path") << false;
        QTest::newRow("abstract") << true;
    }
    void aClientOfOurs()
    {
        QFETCH(bool, abstract);
        const UnixFolder folder;
        const std::string name = abstract ? abstractName() : folder.path();
        const UniqueFd listener = listenUnix(name);
        EngineHost host;
        const PeerId peer = connectTo(host, name);
        const PeerInfo info = joined(host, peer);
        QVERIFY(info.remote == unixName(name));
        QVERIFY(info.local.isEmpty());
        QCOMPARE(info.direction, Direction::Outgoing);
        compareWithOurProcess(info.process);
        QCOMPARE(calls(host, CallName::GetAddrInfo), 0); // a path is no host
        const RawPeer server(UniqueFd(::accept(listener.get(), nullptr, nullptr)));
        host.send(peer, "hello");
        QCOMPARE(server.read(5), QByteArray("hello"));
        host.run([&] { host.engine.disconnect(peer); });
        QVERIFY(server.atEnd());
    }

    void aClientWithANameOfItsOwn()
    {
        const UnixFolder folder;
        const UniqueFd listener = listenUnix(folder.path());
        EngineHost host;
        bindUnix(folder.path("me")); // left behind by one that crashed
        const PeerId peer = connectTo(host, folder.path(), Transport::UnixStream, folder.path("me"));
        QVERIFY(joined(host, peer).local == Endpoint::unixPath(folder.path("me")));
        QCOMPARE(folder.entries(), (QStringList{QStringLiteral("me"), QStringLiteral("s")}));
        const RawPeer server(UniqueFd(::accept(listener.get(), nullptr, nullptr)));
        server.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, peer));
        host.run([&] { host.engine.disconnect(peer); });
        QVERIFY(host.waitFor(RecordKind::Left, peer));
        QCOMPARE(folder.entries(), QStringList{QStringLiteral("s")}); // ours is gone, theirs is not
    }

    void aNameThatIsTakenByAnother()
    {
        const UnixFolder folder;
        const UniqueFd listener = listenUnix(folder.path());
        const UniqueFd other = listenUnix(folder.path("me"));
        EngineHost host;
        const PeerId peer = connectTo(host, folder.path(), Transport::UnixStream, folder.path("me"));
        const FailureInfo failure = failureOf(host, peer);
        QCOMPARE(failure.error.code, EADDRINUSE);
        QCOMPARE(failure.error.call, CallName::Bind);
        QCOMPARE(folder.entries().size(), 2);
    }

    void aNameIsTakenAwayWhereTheConnectionFails()
    {
        const UnixFolder folder;
        EngineHost host;
        const PeerId peer = connectTo(host, folder.path(), Transport::UnixStream, folder.path("me"));
        QCOMPARE(failureOf(host, peer).error.code, ENOENT);
        QVERIFY(folder.entries().isEmpty());
    }

    void whereNobodyIs_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<int>("error");
        QTest::newRow("no such path") << QByteArray("nothing") << ENOENT;
        QTest::newRow("nobody listens") << QByteArray("stale") << ECONNREFUSED;
        QTest::newRow("a file") << QByteArray("file") << ECONNREFUSED;
        QTest::newRow("a datagram socket") << QByteArray("datagram") << EPROTOTYPE;
        QTest::newRow("too long") << QByteArray("long") << ENAMETOOLONG;
        QTest::newRow("no such name") << QByteArray("abstract") << ECONNREFUSED;
        QTest::newRow("nothing") << QByteArray("empty") << EINVAL;
    }
    void whereNobodyIs()
    {
        QFETCH(QByteArray, what);
        QFETCH(int, error);
        const UnixFolder folder;
        std::string name = folder.path();
        UniqueFd held;
        if (what == "stale") {
            bindUnix(name);
        } else if (what == "file") {
            QFile file(QString::fromStdString(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        } else if (what == "datagram") {
            held = bindUnix(name, SOCK_DGRAM);
        } else if (what == "long") {
            name.resize(109, 'x');
        } else if (what == "abstract") {
            name = abstractName();
        } else if (what == "empty") {
            name.clear();
        }
        EngineHost host;
        const PeerId peer = connectTo(host, name);
        const FailureInfo failure = failureOf(host, peer);
        QCOMPARE(failure.error.code, error);
        QCOMPARE(failure.cause, FailureCause::Call);
        QCOMPARE(failure.transport, Transport::UnixStream);
        QCOMPARE(failure.host, name);
    }

    void whereWeMayNot()
    {
        const UnixFolder folder;
        EngineHost<Scripted> host;
        host.sys.connectError = EACCES;
        const PeerId peer = connectTo(host, folder.path());
        QCOMPARE(failureOf(host, peer).error.code, EACCES);
        QCOMPARE(failureOf(host, peer).error.call, CallName::Connect);
    }

    // connect(2) says EAGAIN, and no event tells when there is room again.
    void aFullQueueIsWaitedFor()
    {
        const UnixFolder folder;
        const UniqueFd listener = listenUnix(folder.path(), SOCK_STREAM, 0);
        const UniqueFd first = connectUnix(folder.path());
        EngineHost host;
        const PeerId peer = connectTo(host, folder.path());
        QTRY_VERIFY(calls(host, CallName::Connect) >= 3);
        QCOMPARE(host.count(RecordKind::ConnectFailed), 0);
        const UniqueFd taken(::accept(listener.get(), nullptr, nullptr));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
    }

    void aQueueThatStaysFull()
    {
        const UnixFolder folder;
        const UniqueFd listener = listenUnix(folder.path(), SOCK_STREAM, 0);
        const UniqueFd first = connectUnix(folder.path());
        const qsizetype before = openDescriptors();
        EngineHost host;
        const PeerId peer = connectTo(host, folder.path(), Transport::UnixStream, {}, std::chrono::milliseconds(50));
        const FailureInfo failure = failureOf(host, peer);
        QCOMPARE(failure.cause, FailureCause::TimedOut);
        QCOMPARE(failure.attempts.size(), std::size_t(1));
        QCOMPARE(failure.attempts.front().error.code, EAGAIN);
        host.stop();
        QVERIFY(openDescriptors() <= before + 3); // the loop's own
    }

    void aWaitThatIsCancelled()
    {
        const UnixFolder folder;
        const UniqueFd listener = listenUnix(folder.path(), SOCK_STREAM, 0);
        const UniqueFd first = connectUnix(folder.path());
        EngineHost host;
        const PeerId peer = connectTo(host, folder.path());
        host.run([&] { host.engine.cancelConnect(peer); });
        QCOMPARE(failureOf(host, peer).cause, FailureCause::Cancelled);
    }
};
QTEST_GUILESS_MAIN(UnixClientTest)
#include "unixclient.moc"
