// SPDX-License-Identifier: MIT
// Unix stream sockets: as those of TCP, but with paths, processes, and queues that say no.
#include <QProcess>
#include <QStandardPaths>

#include <pwd.h>

#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

class Scripted : public RealSyscalls
{
public:
    std::atomic<int> acceptsToFail = 0;
    std::atomic<int> connectError = 0;

    int accept4(int fd, sockaddr *address, socklen_t *size, int flags) override
    {
        if (address && acceptsToFail.fetch_sub(1) > 0) {
            errno = EMFILE;
            return -1;
        }
        return RealSyscalls::accept4(fd, address, size, flags);
    }
    int connect(int fd, const sockaddr *address, socklen_t size) override
    {
        if (connectError != 0) {
            errno = connectError;
            return -1;
        }
        return RealSyscalls::connect(fd, address, size);
    }
};

template<typename Host>
PeerInfo joined(Host &host, PeerId peer)
{
    const auto *event = host.waitFor(RecordKind::Joined, peer);
    return event ? std::get<PeerInfo>(event->detail) : PeerInfo{};
}

template<typename Host>
FailureInfo failureOf(Host &host, PeerId peer)
{
    const auto *event = host.waitFor(RecordKind::ConnectFailed, peer);
    return event ? std::get<FailureInfo>(event->detail) : FailureInfo{};
}

std::string abstractName()
{
    static int count = 0;
    return "@tincan-test-" + std::to_string(::getpid()) + '-' + std::to_string(++count);
}

template<typename Host>
int calls(const Host &host, CallName name, int option = -1)
{
    int seen = 0;
    for (const auto &event : host.sink.events()) {
        const auto *call = std::get_if<CallInfo>(&event.detail);
        seen += static_cast<int>(call && call->call == name && (option < 0 || call->b == option));
    }
    return seen;
}

void compareWithOurProcess(const Credentials &who)
{
    QCOMPARE(who.pid, static_cast<int>(::getpid()));
    QCOMPARE(who.uid, ::getuid());
    QCOMPARE(who.gid, ::getgid());
    QVERIFY(!who.program.empty());
    const passwd *entry = ::getpwuid(::getuid());
    QCOMPARE(who.user, std::string(entry ? entry->pw_name : ""));
}

} // namespace

class UnixStreamTest : public QObject
{
    Q_OBJECT

private slots:
    void echoByPathAndByAbstractName_data()
    {
        QTest::addColumn<bool>("abstract");
        QTest::newRow("path") << false;
        QTest::newRow("abstract") << true;
    }
    void echoByPathAndByAbstractName()
    {
        QFETCH(bool, abstract);
        const UnixFolder folder;
        const std::string name = abstract ? abstractName() : folder.path();
        EngineHost host;
        QVERIFY(listenAt(host, name, Transport::UnixStream, AnswerMode::Echo));
        const RawPeer peer(connectUnix(name));
        const QByteArray bytes = pattern(400'000);
        std::thread writer([&] { peer.send(bytes); });
        const QByteArray back = peer.read(bytes.size());
        writer.join();
        QVERIFY(back == bytes);
        const PeerInfo info = joined(host, 1);
        QVERIFY(info.local == unixName(name));
        QVERIFY(info.remote.isEmpty());
        QCOMPARE(info.transport, Transport::UnixStream);
        QCOMPARE(info.listener, 1U);
        compareWithOurProcess(info.process);
        QCOMPARE(calls(host, CallName::GetSockOpt, SO_PEERCRED), 1);
    }

    void aPeerThatHasAName()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        const UniqueFd peer = bindUnix(folder.path("mine"));
        sockaddr_storage storage{};
        const socklen_t size = unixName(folder.path()).toSockaddr(storage);
        QCOMPARE(::connect(peer.get(), reinterpret_cast<const sockaddr *>(&storage), size), 0);
        QVERIFY(joined(host, 1).remote == Endpoint::unixPath(folder.path("mine")));
    }

    void aClientOfOurs_data() { echoByPathAndByAbstractName_data(); }
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

    void halfCloseEachWay()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        const RawPeer peer(connectUnix(folder.path()));
        QVERIFY(peer.send("bye"));
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        QCOMPARE(host.payloads(RecordKind::Received, 1), QByteArray("bye"));
        host.send(1, "still here");
        QCOMPARE(peer.read(10), QByteArray("still here"));
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }

    void afterOurEndThePeerStillSends()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        const RawPeer peer(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(peer.atEnd());
        QVERIFY(peer.send("I go on"));
        QTRY_COMPARE(host.payloads(RecordKind::Received, 1), QByteArray("I go on"));
        peer.finish();
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }

    // There is no RST that could be sent: it is an end like any other, and none is spoken of.
    void aResetIsNoneHere()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        const RawPeer peer(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.reset(1); });
        QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
        QVERIFY(peer.atEnd());
        QCOMPARE(calls(host, CallName::SetSockOpt, SO_LINGER), 0);
    }

    void aPeerThatLeavesOursUnread()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        RawPeer peer(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "unread");
        QVERIFY(host.waitFor(RecordKind::Sent, 1));
        peer.close();
        QCOMPARE(host.leftReason(1), LeftReason::ResetByPeer); // which is what the kernel says
    }

    void nobodyClaimsThatAnythingWasAcknowledged()
    {
        const UnixFolder folder;
        EngineHost host;
        host.run([&] {
            host.engine.followDelivery();
            host.engine.stampDelivery(1);
        });
        QVERIFY(listenAt(host, folder.path()));
        RawPeer peer(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "hello");
        QCOMPARE(peer.read(5), QByteArray("hello"));
        peer.close();
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QCOMPARE(host.count(RecordKind::Acknowledged), 0);
    }

    void onlyOptionsThatAUnixSocketHas()
    {
        const UnixFolder folder;
        EngineHost host;
        ListenOptions options;
        options.options = {{SocketOption::NoDelay, 1, {}}, {SocketOption::SendBuffer, 20'000, {}}};
        QVERIFY(listenAt(host, folder.path(), Transport::UnixStream, AnswerMode::Manual, options));
        const RawPeer peer(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        QCOMPARE(calls(host, CallName::SetSockOpt), 1);
        std::vector<OptionState> states;
        host.run([&] { host.engine.readOptions(1, [&](std::vector<OptionState> told) { states = std::move(told); }); });
        QCOMPARE(states.size(), std::size_t(2));
        QCOMPARE(states.front().option, SocketOption::SendBuffer);
    }

    void relayNamesPeersWithoutANameByTheirProgram()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path()));
        host.run([&] { host.engine.setAnswer({.mode = AnswerMode::Relay, .prefixSender = true}); });
        const RawPeer speaker(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer hearer(connectUnix(folder.path()));
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        QVERIFY(speaker.send("hi\n"));
        QByteArray heard;
        while (!heard.endsWith('\n')) {
            const QByteArray byte = hearer.read(1);
            QVERIFY(!byte.isEmpty());
            heard += byte;
        }
        QVERIFY2(heard.contains('[' + QByteArray::number(::getpid()) + ']'), heard.constData());
        QVERIFY(heard.endsWith(": hi\n"));
    }

    void whenDescriptorsRunOutOneIsTurnedAway()
    {
        const UnixFolder folder;
        EngineHost<Scripted> host;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixStream, AnswerMode::Echo));
        host.sys.acceptsToFail = 1;
        const RawPeer first(connectUnix(folder.path()));
        QVERIFY(first.atEnd());
        QVERIFY(host.waitForNote(NoteCode::DescriptorsExhausted));
        const RawPeer second(connectUnix(folder.path()));
        QVERIFY(second.send("hi"));
        QCOMPARE(second.read(2), QByteArray("hi"));
    }

    void nothingIsLeftOpen()
    {
        const UnixFolder folder;
        const qsizetype before = openDescriptors();
        {
            EngineHost host;
            QVERIFY(listenAt(host, folder.path(), Transport::UnixStream, AnswerMode::Echo));
            for (int i = 0; i < 50; ++i) {
                const RawPeer peer(connectUnix(folder.path()));
                QVERIFY(peer.send("x"));
                QCOMPARE(peer.read(1), QByteArray("x"));
            }
            const RawPeer stays(connectUnix(folder.path()));
            QVERIFY(host.waitFor(RecordKind::Joined, 51));
            host.stop();
        }
        QCOMPARE(openDescriptors(), before);
        QVERIFY(folder.entries().isEmpty());
    }

    void peersFromDebian_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<bool>("abstract");
        QTest::newRow("socat UNIX-CONNECT") << QStringLiteral(
            "socat") << QStringList{QStringLiteral("-t5"), QStringLiteral("STDIO"), QStringLiteral("UNIX-CONNECT:%1")}
                                            << false;
        QTest::newRow("socat ABSTRACT-CONNECT")
            << QStringLiteral("socat")
            << QStringList{QStringLiteral("-t5"), QStringLiteral("STDIO"), QStringLiteral("ABSTRACT-CONNECT:%1")} << true;
        QTest::newRow("ncat -U") << QStringLiteral("ncat") << QStringList{QStringLiteral("-U"), QStringLiteral("%1")} << false;
    }
    void peersFromDebian()
    {
        QFETCH(QString, program);
        QFETCH(QStringList, arguments);
        QFETCH(bool, abstract);
        const QString path = QStandardPaths::findExecutable(program);
        if (path.isEmpty()) {
            QSKIP(qPrintable(program + QStringLiteral(" is not installed")));
        }
        const UnixFolder folder;
        const std::string name = abstract ? abstractName() : folder.path();
        EngineHost host;
        QVERIFY(listenAt(host, name, Transport::UnixStream, AnswerMode::Echo));
        arguments.last() = arguments.last().arg(QString::fromStdString(abstract ? name.substr(1) : name));
        QProcess process;
        process.start(path, arguments);
        QCOMPARE(joined(host, 1).process.program, program.toStdString());
        process.write("hello\n");
        QTRY_COMPARE(process.bytesAvailable(), 6);
        QCOMPARE(process.readAll(), QByteArray("hello\n"));
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(20'000));
        QVERIFY(host.waitFor(RecordKind::Left, 1));
    }
};
QTEST_GUILESS_MAIN(UnixStreamTest)
#include "unixstream.moc"
