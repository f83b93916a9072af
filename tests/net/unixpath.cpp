// SPDX-License-Identifier: MIT
// The names of Unix sockets: who may have a path, what stands in the way, and who removes it.
#include <fstream>

#include <sys/stat.h>

#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

class Scripted : public RealSyscalls
{
public:
    std::atomic<int> bindError = 0;
    std::function<void()> beforeConnect; // of the probe

    int bind(int fd, const sockaddr *address, socklen_t size) override
    {
        if (bindError != 0) {
            errno = bindError;
            return -1;
        }
        return RealSyscalls::bind(fd, address, size);
    }
    int connect(int fd, const sockaddr *address, socklen_t size) override
    {
        const int result = RealSyscalls::connect(fd, address, size);
        const int error = errno;
        if (beforeConnect) {
            std::exchange(beforeConnect, nullptr)();
        }
        errno = error;
        return result;
    }
};

int modeOf(const std::string &path)
{
    struct stat status {
    };
    return ::lstat(path.c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 07777U) : -1;
}

bool exists(const std::string &path)
{
    struct stat status {
    };
    return ::lstat(path.c_str(), &status) == 0;
}

// What other programs see of the permissions between bind(2) and listen(2).
class Watching : public RealSyscalls
{
public:
    std::string path;
    std::atomic<int> modeAtListen = -1;
    std::atomic<int> modeAfterBind = -1;

    int bind(int fd, const sockaddr *address, socklen_t size) override
    {
        const int result = RealSyscalls::bind(fd, address, size);
        const int error = errno;
        modeAfterBind = modeOf(path);
        errno = error;
        return result;
    }
    int listen(int fd, int backlog) override
    {
        modeAtListen = modeOf(path);
        return RealSyscalls::listen(fd, backlog);
    }
};

} // namespace

class UnixPathTest : public QObject
{
    Q_OBJECT

private slots:
    void permissionsAreAsAskedFromTheFirstMoment_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("first"); // at the moment of bind(2)
        QTest::newRow("only me") << 0600 << 0600;
        QTest::newRow("nobody") << 0 << 0;
        QTest::newRow("group") << 0660 << 0640; // the umask takes a bit, which is given back
        QTest::newRow("everybody") << 0666 << 0644;
    }
    void permissionsAreAsAskedFromTheFirstMoment()
    {
        QFETCH(int, mode);
        QFETCH(int, first);
        const UnixFolder folder;
        EngineHost<Watching> host;
        host.sys.path = folder.path();
        const mode_t before = ::umask(022);
        ListenOptions options;
        options.pathMode = mode;
        const bool listens = listenAt(host, folder.path(), Transport::UnixStream, AnswerMode::Manual, options);
        ::umask(before);
        QVERIFY(listens);
        QCOMPARE(host.sys.modeAfterBind.load(), first);
        QCOMPARE(host.sys.modeAtListen.load(), mode);
        QCOMPARE(modeOf(folder.path()), mode);
    }

    void withoutAWordTheUmaskDecides()
    {
        const UnixFolder folder;
        EngineHost host;
        const mode_t before = ::umask(027);
        const bool listens = listenAt(host, folder.path());
        ::umask(before);
        QVERIFY(listens);
        QCOMPARE(modeOf(folder.path()), 0750);
    }

    void aStalePathIsReplaced_data()
    {
        QTest::addColumn<int>("transport");
        QTest::newRow("stream") << static_cast<int>(Transport::UnixStream);
        QTest::newRow("seqpacket") << static_cast<int>(Transport::UnixSeqpacket);
    }
    void aStalePathIsReplaced()
    {
        QFETCH(int, transport);
        const UnixFolder folder;
        bindUnix(folder.path()); // and closed: the file stays
        QVERIFY(exists(folder.path()));
        EngineHost host;
        QVERIFY(listenAt(host, folder.path(), static_cast<Transport>(transport)));
        QVERIFY(std::get<ListenInfo>(host.waitFor(RecordKind::Listening)->detail).replacedStale);
        QCOMPARE(folder.entries(), QStringList{QStringLiteral("s")}); // what was moved aside is gone
        host.stop();
        QVERIFY(folder.entries().isEmpty());
    }

    void aFreshPathReplacesNothing()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        const auto info = std::get<ListenInfo>(host.waitFor(RecordKind::Listening)->detail);
        QVERIFY(!info.replacedStale);
        QVERIFY(info.local == Endpoint::unixPath(folder.path()));
        QCOMPARE(info.transport, Transport::UnixStream);
    }

    void aLivePathIsRefusedAndItsHolderNamed_data()
    {
        QTest::addColumn<int>("type");
        QTest::newRow("stream") << static_cast<int>(SOCK_STREAM);
        QTest::newRow("of another kind") << static_cast<int>(SOCK_DGRAM);
    }
    void aLivePathIsRefusedAndItsHolderNamed()
    {
        QFETCH(int, type);
        const UnixFolder folder;
        const UniqueFd holder = type == SOCK_DGRAM ? bindUnix(folder.path(), type) : listenUnix(folder.path());
        EngineHost host;
        QVERIFY(!listenAt(host, folder.path()));
        const FailureInfo failure = failureToListen(host);
        QCOMPARE(failure.error.code, EADDRINUSE);
        QCOMPARE(failure.error.call, CallName::Bind);
        QCOMPARE(failure.owner.pid, static_cast<int>(::getpid()));
        QVERIFY(!failure.owner.program.empty());
        QVERIFY(failure.endpoint == Endpoint::unixPath(folder.path()));
        QVERIFY(exists(folder.path()));
    }

    void aHolderWhoseQueueIsFullIsAliveToo()
    {
        const UnixFolder folder;
        const UniqueFd holder = listenUnix(folder.path(), SOCK_STREAM, 0);
        const UniqueFd waiting = connectUnix(folder.path());
        EngineHost host;
        QVERIFY(!listenAt(host, folder.path()));
        QCOMPARE(failureToListen(host).owner.pid, static_cast<int>(::getpid())); // by /proc/net/unix
    }

    void anAbstractNameThatIsTaken()
    {
        const std::string name = "@tincan-test-" + std::to_string(::getpid());
        const UniqueFd holder = listenUnix(name);
        QVERIFY(holder);
        EngineHost host;
        QVERIFY(!listenAt(host, name));
        QCOMPARE(failureToListen(host).error.code, EADDRINUSE);
        QCOMPARE(failureToListen(host).owner.pid, static_cast<int>(::getpid()));
    }

    void whatIsNoSocketIsLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::newRow("file") << QByteArray("file");
        QTest::newRow("folder") << QByteArray("folder");
        QTest::newRow("link to nothing") << QByteArray("link");
    }
    void whatIsNoSocketIsLeftAlone()
    {
        QFETCH(QByteArray, what);
        const UnixFolder folder;
        if (what == "file") {
            std::ofstream(folder.path()) << "precious";
        } else if (what == "folder") {
            QCOMPARE(::mkdir(folder.path().c_str(), 0700), 0);
        } else {
            QCOMPARE(::symlink("/nowhere/at/all", folder.path().c_str()), 0);
        }
        EngineHost host;
        QVERIFY(!listenAt(host, folder.path()));
        const FailureInfo failure = failureToListen(host);
        QCOMPARE(failure.error.code, EADDRINUSE);
        QCOMPARE(failure.error.detail, std::string("not a socket"));
        QVERIFY(exists(folder.path()));
        host.stop();
        QVERIFY(exists(folder.path()));
    }

    // Between our look at a stale path and its removal, another program puts its own there.
    void whatSomebodyElsePutThereMeanwhileStays()
    {
        const UnixFolder folder;
        bindUnix(folder.path());
        EngineHost<Scripted> host;
        UniqueFd other;
        host.sys.beforeConnect = [&] {
            ::unlink(folder.path().c_str());
            other = listenUnix(folder.path());
        };
        QVERIFY(!listenAt(host, folder.path()));
        QCOMPARE(failureToListen(host).error.code, EADDRINUSE);
        QVERIFY(other);
        QVERIFY(connectUnix(folder.path())); // it is there, and alive
        QCOMPARE(folder.entries(), QStringList{QStringLiteral("s")});
    }

    void whatVanishesMeanwhileIsNoHindrance()
    {
        const UnixFolder folder;
        bindUnix(folder.path());
        EngineHost<Scripted> host;
        host.sys.beforeConnect = [&] { ::unlink(folder.path().c_str()); };
        QVERIFY(listenAt(host, folder.path()));
    }

    void thePathIsRemovedAtTheEnd()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        QVERIFY(exists(folder.path()));
        host.run([&] { host.engine.stopListening(1); });
        QVERIFY(host.waitFor(RecordKind::Stopped));
        QVERIFY(!exists(folder.path()));
        int removed = 0;
        for (const auto &event : host.sink.events()) {
            const auto *call = std::get_if<CallInfo>(&event.detail);
            removed += static_cast<int>(call && call->call == CallName::Unlink && call->text == folder.path());
        }
        QCOMPARE(removed, 1);
    }

    void aFileThatWasDeletedMeanwhile()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixStream, AnswerMode::Echo));
        const RawPeer peer(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        QCOMPARE(::unlink(folder.path().c_str()), 0);
        QVERIFY(peer.send("still here")); // who is connected stays so
        QCOMPARE(peer.read(10), QByteArray("still here"));
        const qsizetype before = openDescriptors();
        host.run([&] { host.engine.stopListening(1); });
        QVERIFY(host.waitFor(RecordKind::Stopped));
        QCOMPARE(openDescriptors(), before - 2); // the socket and the spare one
        host.stop();
    }

    void aFileThatAnotherReplacedIsNotOurs()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        QCOMPARE(::unlink(folder.path().c_str()), 0);
        const UniqueFd other = listenUnix(folder.path());
        QVERIFY(other);
        host.stop();
        QVERIFY(exists(folder.path()));
        QVERIFY(connectUnix(folder.path()));
    }

    void pathsOfTheGreatestLength()
    {
        const UnixFolder folder;
        std::string longest = folder.path();
        longest.resize(108, 'x');
        EngineHost host;
        QVERIFY(listenAt(host, longest, Transport::UnixStream, AnswerMode::Echo));
        QVERIFY(std::get<ListenInfo>(host.waitFor(RecordKind::Listening)->detail).local == Endpoint::unixPath(longest));
        const RawPeer peer(connectUnix(longest));
        QVERIFY(peer.send("x"));
        QCOMPARE(peer.read(1), QByteArray("x"));
        host.stop();
        QVERIFY(!exists(longest));
    }

    void whereItCannotBe_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("error");
        QTest::newRow("too long") << QByteArray(109, 'x') << ENAMETOOLONG;
        QTest::newRow("abstract, too long") << QByteArray("@" + QByteArray(108, 'x')) << ENAMETOOLONG;
        QTest::newRow("empty") << QByteArray() << EINVAL;
        QTest::newRow("missing folder") << QByteArray("/nowhere/at/all/s") << ENOENT;
        QTest::newRow("folder that is none") << QByteArray("/dev/null/s") << ENOTDIR;
    }
    void whereItCannotBe()
    {
        QFETCH(QByteArray, path);
        QFETCH(int, error);
        EngineHost host;
        QVERIFY(!listenAt(host, path.toStdString()));
        QCOMPARE(failureToListen(host).error.code, error);
        QCOMPARE(failureToListen(host).error.call, CallName::Bind);
    }

    void whereWeMayNot()
    {
        const UnixFolder folder;
        EngineHost<Scripted> host;
        host.sys.bindError = EACCES;
        QVERIFY(!listenAt(host, folder.path()));
        QCOMPARE(failureToListen(host).error.code, EACCES);
        QCOMPARE(failureToListen(host).transport, Transport::UnixStream);
    }
};
QTEST_GUILESS_MAIN(UnixPathTest)
#include "unixpath.moc"
