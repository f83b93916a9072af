// SPDX-License-Identifier: MIT
// Unix stream sockets that are listened on: as those of TCP, but with paths and processes instead of addresses.
#include <QStandardPaths>

#include "support/talkingprogram.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

class Scripted : public RealSyscalls
{
public:
    std::atomic<int> acceptsToFail = 0;

    int accept4(int fd, sockaddr *address, socklen_t *size, int flags) override
    {
        if (address && acceptsToFail.fetch_sub(1) > 0) {
            errno = EMFILE;
            return -1;
        }
        return RealSyscalls::accept4(fd, address, size, flags);
    }
};

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
        TalkingProgram peer(path, arguments);
        QCOMPARE(joined(host, 1).process.program, program.toStdString());
        QVERIFY(peer.says("hello\n"));
        QVERIFY(peer.hears("hello\n"));
        QCOMPARE(peer.end(), 0);
        QCOMPARE(peer.heard(), QByteArray("hello\n"));
        QVERIFY(host.waitFor(RecordKind::Left, 1));
    }
};
QTEST_GUILESS_MAIN(UnixStreamTest)
#include "unixstream.moc"
