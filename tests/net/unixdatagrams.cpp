// SPDX-License-Identifier: MIT
// Unix datagram sockets: paths and abstract names, who sends, and what full queues do.
#include <QFileInfo>

#include "support/datagrampeer.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

class UnixDatagramsTest : public QObject
{
    Q_OBJECT

    static Endpoint named(const std::string &text) { return unixName(text); }
    static ListenOptions at(const std::string &name)
    {
        ListenOptions options;
        options.address = named(name);
        options.transport = Transport::UnixDatagram;
        return options;
    }

private slots:
    void aDatagramComesBack_data()
    {
        QTest::addColumn<bool>("abstract");
        QTest::newRow("path") << false;
        QTest::newRow("abstract") << true;
    }
    void aDatagramComesBack()
    {
        QFETCH(bool, abstract);
        const UnixFolder folder;
        const std::string name = abstract ? "@" + folder.path("s") : folder.path("s");
        EngineHost host;
        QCOMPARE(listenTo(host, at(name), AnswerMode::Echo), named(name));
        const DatagramPeer peer(named(folder.path("mine")));
        for (const QByteArray &text : {QByteArray("hello"), QByteArray(""), pattern(65'527)}) {
            QVERIFY(peer.send(text, named(name)));
            Endpoint from;
            QVERIFY(peer.receive(&from) == text);
            QCOMPARE(from, named(name));
        }
        const auto info = std::get<PeerInfo>(host.waitFor(RecordKind::Joined, 1)->detail);
        QCOMPARE(info.remote, named(folder.path("mine")));
        QCOMPARE(info.transport, Transport::UnixDatagram);
        QCOMPARE(info.process.pid, static_cast<int>(::getpid()));
        QCOMPARE(info.process.uid, ::getuid());
        QVERIFY(!info.process.program.empty());
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 3));
        host.run([&] { host.engine.stop(1); });
        QVERIFY(host.waitFor(RecordKind::Stopped));
        QVERIFY(!QFileInfo::exists(QString::fromStdString(folder.path("s"))));
    }

    // Nothing can be sent to it.
    void aSenderWithoutAName()
    {
        const UnixFolder folder;
        EngineHost host;
        listenTo(host, at(folder.path()), AnswerMode::Echo);
        const DatagramPeer nameless(Endpoint(), AF_UNIX);
        QVERIFY(nameless.send("one", named(folder.path())));
        QVERIFY(nameless.send("two", named(folder.path())));
        QVERIFY(host.waitFor(RecordKind::Received, 1, 2));
        const auto info = std::get<PeerInfo>(host.waitFor(RecordKind::Joined, 1)->detail);
        QVERIFY(info.remote.isEmpty());
        QCOMPARE(info.process.pid, static_cast<int>(::getpid()));
        host.send(1, "lost");
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::NotConnected);
        QCOMPARE(host.count(RecordKind::Sent), 0);
        const DatagramPeer other(named(folder.path("mine")));
        QVERIFY(other.send("hello", named(folder.path())));
        QCOMPARE(other.receive(), QByteArray("hello"));
        host.run([&] { host.engine.sendToAll(std::as_bytes(std::span(std::string_view("to all")))); });
        QCOMPARE(other.receive(), QByteArray("to all"));
        QVERIFY(host.waitFor(RecordKind::Sent, 2, 2)); // it is the only one that was reached
    }

    // Its address is no longer than a process number, and is a name all the same.
    void aSenderWithTheShortestName()
    {
        const UnixFolder folder;
        EngineHost host;
        listenTo(host, at(folder.path()), AnswerMode::Echo);
        const DatagramPeer peer(Endpoint::unixAbstract("x"));
        QVERIFY(peer.send("hello", named(folder.path())));
        QCOMPARE(peer.receive(), QByteArray("hello"));
        QCOMPARE(std::get<PeerInfo>(host.waitFor(RecordKind::Joined, 1)->detail).remote, Endpoint::unixAbstract("x"));
    }

    // A datagram may bring descriptors along (SCM_RIGHTS). Nobody wants them here, and none may be left open.
    void descriptorsThatAreSentAlongAreNotKept()
    {
        const UnixFolder folder;
        EngineHost host;
        listenTo(host, at(folder.path("s")));
        const DatagramPeer peer(named(folder.path("mine")));
        QVERIFY(peer.send("first", named(folder.path("s"))));
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        const qsizetype before = openDescriptors();
        for (int i = 0; i < 20; ++i) {
            QVERIFY(sendDescriptors(peer.fd(), 8, named(folder.path("s"))));
        }
        QVERIFY(host.waitFor(RecordKind::Received, 1, 21));
        QCOMPARE(openDescriptors(), before);
    }

    // A message that is longer than any record is read as far as that goes, and it is said.
    void aMessageThatIsTooLongIsCut()
    {
        const UnixFolder folder;
        EngineHost host;
        listenTo(host, at(folder.path()));
        const DatagramPeer peer(named(folder.path("mine")));
        const QByteArray bytes = pattern(100'000);
        QVERIFY(peer.send(bytes, named(folder.path())));
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        const NoteInfo note = noteOf(host, NoteCode::MessageCut);
        QCOMPARE(note.a, 100'000);
        QCOMPARE(note.b, 65'527);
        QVERIFY(host.payloads(RecordKind::Received, 1) == bytes.left(65'527));
    }

    // One who does not read has a full queue (net.unix.max_dgram_qlen); the others are served, and it gets all when it reads.
    void oneWhoDoesNotRead()
    {
        const UnixFolder folder;
        EngineHost host;
        listenTo(host, at(folder.path()), AnswerMode::Echo);
        const DatagramPeer lazy(named(folder.path("lazy")));
        const DatagramPeer other(named(folder.path("other")));
        QList<QByteArray> sent;
        for (int i = 0; i < 1000; ++i) {
            sent << QByteArray::number(i);
            QVERIFY(lazy.send(sent.last(), named(folder.path())));
        }
        QVERIFY(host.waitFor(RecordKind::Received, 1, 1000));
        QVERIFY(other.send("and me?", named(folder.path())));
        QCOMPARE(other.receive(), QByteArray("and me?"));
        for (const QByteArray &message : sent) {
            QCOMPARE(lazy.receive(), message);
        }
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 1000));
        QCOMPARE(messages(host, RecordKind::Sent, 1), sent);
    }

    void aClientHasANameToBeAnswered_data()
    {
        QTest::addColumn<bool>("connected");
        QTest::newRow("connected") << true;
        QTest::newRow("not connected") << false;
    }
    void aClientHasANameToBeAnswered()
    {
        QFETCH(bool, connected);
        const UnixFolder folder;
        EngineHost host;
        DatagramPeer server(named(folder.path()));
        const PeerId peer = host.connectTo({.host = folder.path(), .transport = Transport::UnixDatagram, .connected = connected});
        const auto info = std::get<PeerInfo>(host.waitFor(RecordKind::Joined, peer)->detail);
        QCOMPARE(info.local.family(), Endpoint::Family::UnixAbstract); // the kernel chose it
        host.send(peer, "hello");
        Endpoint from;
        QCOMPARE(server.receive(&from), QByteArray("hello"));
        QCOMPARE(from, info.local);
        QVERIFY(server.send("and back", from));
        QVERIFY(host.waitFor(RecordKind::Received, peer));
        server.close();
        host.send(peer, "are you there?");
        const auto *refused = host.waitFor(RecordKind::Refused, peer);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::Failed);
        QVERIFY(host.waitForNote(NoteCode::NetworkError));
        QCOMPARE(host.count(RecordKind::Left), 0);
    }

    void nobodyIsThere()
    {
        const UnixFolder folder;
        EngineHost host;
        const PeerId peer = host.connectTo({.host = folder.path("none"), .transport = Transport::UnixDatagram});
        const FailureInfo failure = failureOf(host, peer);
        QCOMPARE(failure.error.code, ENOENT);
        QCOMPARE(failure.transport, Transport::UnixDatagram);
    }

    void aPathThatNobodyListensOnAnyMoreIsReplaced()
    {
        const UnixFolder folder;
        DatagramPeer crashed(named(folder.path()));
        {
            EngineHost host;
            host.run([&] { host.engine.listen(at(folder.path())); });
            const auto *failed = host.waitFor(RecordKind::ListenFailed); // it is alive
            QVERIFY(failed);
            QCOMPARE(std::get<FailureInfo>(failed->detail).error.code, EADDRINUSE);
        }
        crashed.close();
        EngineHost host;
        QVERIFY(!listenTo(host, at(folder.path())).isEmpty());
        QVERIFY(std::get<ListenInfo>(host.waitFor(RecordKind::Listening)->detail).replacedStale);
    }
};
QTEST_GUILESS_MAIN(UnixDatagramsTest)
#include "unixdatagrams.moc"
