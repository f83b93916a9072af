// SPDX-License-Identifier: MIT
// Each source address is a peer, each message one datagram, both ways, whatever its length.
#include "support/datagrampeer.h"

using namespace tincan;
using namespace tincan::test;

class DatagramsTest : public QObject
{
    Q_OBJECT

private slots:
    void aDatagramComesBack()
    {
        UdpEcho echo;
        auto &[host, there, peer] = echo;
        QVERIFY(peer.send("hello", there));
        Endpoint from;
        QCOMPARE(peer.receive(&from), QByteArray("hello"));
        QCOMPARE(from, there);
        QVERIFY(echo.recorded({"hello"}));
        const PeerInfo info = joined(host, 1);
        QCOMPARE(info.remote, peer.name());
        QCOMPARE(info.local, there);
        QCOMPARE(info.fd, -1);
        QCOMPARE(info.transport, Transport::Udp);
        QCOMPARE(info.listener, ListenerId{1});
        QCOMPARE(info.direction, Direction::Incoming);
    }

    void whatIsListenedOnIsTold()
    {
        EngineHost host;
        listenTo(host, udpOn("::"));
        const auto info = std::get<ListenInfo>(host.waitFor(RecordKind::Listening)->detail);
        QCOMPARE(info.transport, Transport::Udp);
        QCOMPARE(info.backlog, 0);
        QVERIFY(info.dualStack);
        QVERIFY(info.local.port() != 0);
        QVERIFY(info.fd >= 0);
    }

    void bordersAreKept()
    {
        UdpEcho echo;
        QList<QByteArray> sent;
        for (int i = 0; i < 200; ++i) { // of all lengths, so that the slots have to grow and to shrink
            sent << pattern((i * 7919) % 9000);
            QVERIFY(echo.echoesAtOnce({sent.last()}));
        }
        QVERIFY(echo.recorded(sent));
    }

    // Many at once, short and long in turn: one recvmmsg(2) gets them, into slots that are too short for some.
    void aBurstComesBackInOrder()
    {
        UdpEcho echo;
        auto &[host, there, peer] = echo;
        host.sink.setCongested(true); // so that all are there before the first call
        host.run([] {});
        host.run([] {});
        QList<QByteArray> sent;
        for (int i = 0; i < 40; ++i) {
            sent << (i % 5 == 3 ? QByteArray() : pattern(i % 3 == 0 ? 20 + i : 3000 + i));
            QVERIFY(peer.send(sent.last(), there));
        }
        host.sink.setCongested(false);
        for (const QByteArray &message : sent) {
            QCOMPARE(peer.receive(), message);
        }
        QVERIFY(echo.recorded(sent));
    }

    void anEmptyDatagramIsAMessage()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Echo);
        const DatagramPeer peer;
        QVERIFY(peer.send("", there));
        const QByteArray back = peer.receive();
        QVERIFY(!back.isNull());
        QCOMPARE(back.size(), 0);
        QVERIFY(host.waitFor(RecordKind::Sent, 1));
        QCOMPARE(messages(host, RecordKind::Received, 1).size(), 1);
        host.send(1, ""); // the person may send one as well
        QVERIFY(!peer.receive().isNull());
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 2));
    }

    void theLongestThereIs_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("longest");
        QTest::newRow("IPv4") << "127.0.0.1" << 65'507;
        QTest::newRow("IPv6") << "::1" << 65'527;
    }
    void theLongestThereIs()
    {
        QFETCH(QString, address);
        QFETCH(int, longest);
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn(qPrintable(address)), AnswerMode::Echo);
        const DatagramPeer peer(*Endpoint::fromAddress(address.toStdString(), 0));
        const QByteArray bytes = pattern(longest);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(peer.send(bytes, there));
            QVERIFY(peer.receive() == bytes);
        }
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 3));
        host.send(1, bytes);
        QVERIFY(peer.receive() == bytes);
        host.send(1, pattern(longest + 1));
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        const auto info = std::get<RefusedInfo>(refused->detail);
        QCOMPARE(info.reason, RefusedReason::TooLong);
        QCOMPARE(info.error, EMSGSIZE);
        QVERIFY(host.payloads(RecordKind::Refused, 1) == pattern(longest + 1));
        QVERIFY(peer.isSilent());
    }

    // On all addresses, the answer comes from the one that was spoken to.
    void answersComeFromWhereItWasSent_data()
    {
        QTest::addColumn<QString>("bound");
        QTest::addColumn<QString>("spokenTo");
        QTest::newRow("IPv4") << "0.0.0.0"
                              << "127.0.0.3";
        QTest::newRow("dual stack") << "::"
                                    << "127.0.0.3";
        QTest::newRow("IPv6") << "::"
                              << "::1";
    }
    void answersComeFromWhereItWasSent()
    {
        QFETCH(QString, bound);
        QFETCH(QString, spokenTo);
        EngineHost host;
        const Endpoint all = listenTo(host, udpOn(qPrintable(bound)), AnswerMode::Echo);
        const Endpoint there = *Endpoint::fromAddress(spokenTo.toStdString(), all.port());
        const DatagramPeer peer(*Endpoint::fromAddress(spokenTo == u"::1" ? "::1" : "127.0.0.1", 0));
        QVERIFY(peer.send("hello", there));
        Endpoint from;
        QCOMPARE(peer.receive(&from), QByteArray("hello"));
        QCOMPARE(from, there);
        const auto info = std::get<PeerInfo>(host.waitFor(RecordKind::Joined, 1)->detail);
        QCOMPARE(info.local, there);
        QCOMPARE(info.remote, peer.name());
        host.send(1, "by hand");
        QCOMPARE(peer.receive(&from), QByteArray("by hand"));
        QCOMPARE(from, there);
    }

    void okAnswersAndExitForgets()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Ok);
        const DatagramPeer peer;
        QVERIFY(peer.send("hello", there));
        QCOMPARE(peer.receive(), QByteArray("OK!!!"));
        QVERIFY(peer.send("exit\n", there));
        QCOMPARE(peer.receive(), QByteArray("OK!!!"));
        QCOMPARE(host.leftReason(1), LeftReason::Forgotten);
        QVERIFY(peer.send("again", there)); // is a new peer
        QCOMPARE(peer.receive(), QByteArray("OK!!!"));
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        QCOMPARE(messages(host, RecordKind::Sent, 1).size(), 2);
    }

    void whatOneSaysGoesToTheOthers()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        const DatagramPeer first;
        const DatagramPeer second;
        const DatagramPeer third;
        for (const DatagramPeer *peer : {&first, &second, &third}) {
            QVERIFY(peer->send("hello", there));
        }
        QVERIFY(host.waitFor(RecordKind::Received, 3));
        host.run([&] { host.engine.setAnswer({.mode = AnswerMode::Relay}); });
        QVERIFY(first.send("to you", there));
        QVERIFY(first.send("", there));
        QCOMPARE(second.receive(), QByteArray("to you"));
        QCOMPARE(third.receive(), QByteArray("to you"));
        QCOMPARE(second.receive(), QByteArray(""));
        QCOMPARE(third.receive(), QByteArray(""));
        QVERIFY(first.isSilent());
        QVERIFY(host.waitFor(RecordKind::FanOut, 1, 2)); // one record for both receivers
        QCOMPARE(messages(host, RecordKind::FanOut, 1), (QList<QByteArray>{"to you", ""}));
    }

    void eachRelayedDatagramBearsItsSender()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        const DatagramPeer first;
        const DatagramPeer second;
        QVERIFY(first.send("hello", there));
        QVERIFY(second.send("hello", there));
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        host.run([&] { host.engine.setAnswer({.mode = AnswerMode::Relay, .prefixSender = true}); });
        const QByteArray name = QByteArray::fromStdString(first.name().toString()) + ": ";
        for (const QByteArray &said : {QByteArray("no line end"), QByteArray("two\nlines"), QByteArray("")}) {
            QVERIFY(first.send(said, there));
            QCOMPARE(second.receive(), name + QByteArray(said).replace("\n", "\n" + name));
        }
    }

    void aMessageToAllIsOneRecord()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        std::vector<DatagramPeer> peers(3);
        for (const DatagramPeer &peer : peers) {
            QVERIFY(peer.send("hello", there));
        }
        QVERIFY(host.waitFor(RecordKind::Received, 3));
        for (const QByteArray &text : {QByteArray("to all"), QByteArray(""), pattern(65'507)}) {
            host.run([&] {
                host.engine.sendToAll({reinterpret_cast<const std::byte *>(text.constData()), static_cast<size_t>(text.size())});
            });
            for (const DatagramPeer &peer : peers) {
                QVERIFY(peer.receive() == text);
            }
        }
        QVERIFY(host.waitFor(RecordKind::FanOut, kNoPeer, 3));
        QCOMPARE(host.count(RecordKind::FanOut), 3);
        QCOMPARE(messages(host, RecordKind::FanOut, kNoPeer).last(), pattern(65'507));
    }

    void streamsAndDatagramsInOneRoom()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        const RawPeer stream(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        const DatagramPeer peer;
        QVERIFY(peer.send("hello", there));
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        host.run([&] { host.engine.setAnswer({.mode = AnswerMode::Relay}); });
        const QByteArray longest = pattern(65'507);
        QVERIFY(peer.send("", there)); // a stream has no word for that
        QVERIFY(peer.send(longest, there));
        QVERIFY(stream.read(longest.size()) == longest);
        QVERIFY(stream.send("and back"));
        QCOMPARE(peer.receive(), QByteArray("and back"));
        const QByteArray tooLong = pattern(200'000); // for one of them
        host.run([&] {
            host.engine.sendToAll(
                {reinterpret_cast<const std::byte *>(tooLong.constData()), static_cast<size_t>(tooLong.size())});
        });
        QVERIFY(stream.read(tooLong.size()) == tooLong);
        QVERIFY(host.waitFor(RecordKind::Refused, 2));
        QVERIFY(host.payloads(RecordKind::Refused, 2) == tooLong);
        QVERIFY(peer.isSilent());
    }

    void beyondTheLimitTheyAreCounted()
    {
        EngineHost host;
        Limits limits;
        limits.maxPeers = 2;
        host.setLimits(limits);
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Echo);
        std::vector<DatagramPeer> peers(3);
        for (const DatagramPeer &peer : peers) {
            QVERIFY(peer.send("hello", there));
        }
        const NoteInfo note = noteOf(host, NoteCode::PeerLimitReached);
        QCOMPARE(note.a, 2);
        QCOMPARE(note.b, 1);
        QCOMPARE(host.count(RecordKind::Joined), 2);
        QCOMPARE(peers[0].receive(), QByteArray("hello"));
        QCOMPARE(peers[1].receive(), QByteArray("hello"));
        host.run([&] { host.engine.disconnect(1); });
        QCOMPARE(host.leftReason(1), LeftReason::Forgotten);
        QVERIFY(peers[2].send("now", there)); // there is room again
        QCOMPARE(peers[2].receive(), QByteArray("now"));
    }

    void whoIsForgottenMayComeBack()
    {
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        const DatagramPeer peer;
        QVERIFY(peer.send("one", there));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] {
            host.engine.finishSending(1); // means nothing here
            host.engine.reset(1);
        });
        QCOMPARE(host.leftReason(1), LeftReason::Forgotten);
        QCOMPARE(host.count(RecordKind::Finished), 0);
        host.send(1, "too late");
        QCOMPARE(std::get<RefusedInfo>(host.waitFor(RecordKind::Refused, 1)->detail).reason, RefusedReason::NotConnected);
        QVERIFY(peer.send("two", there));
        QVERIFY(host.waitFor(RecordKind::Received, 2));
        QCOMPARE(messages(host, RecordKind::Received, 2), QList<QByteArray>{"two"});
    }

    void whenTheListenerStopsItsPeersLeave()
    {
        const qsizetype before = openDescriptors();
        {
            EngineHost host;
            const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
            std::vector<DatagramPeer> peers(3);
            for (const DatagramPeer &peer : peers) {
                QVERIFY(peer.send("hello", there));
            }
            QVERIFY(host.waitFor(RecordKind::Received, 3));
            host.run([&] { host.engine.stop(1); });
            QVERIFY(host.waitFor(RecordKind::Stopped));
            QCOMPARE(host.count(RecordKind::Left), 3);
            QCOMPARE(listenTo(host, udpOn("127.0.0.1", there.port())).port(), there.port()); // it is free again
            QVERIFY(peers[0].send("hello", there));
            QVERIFY(host.waitFor(RecordKind::Joined, 4));
            host.run([&] { host.engine.stopListening(2); });
            QVERIFY(host.waitFor(RecordKind::Stopped, kNoPeer, 2));
            QCOMPARE(host.leftReason(4), LeftReason::Forgotten);
        }
        QCOMPARE(openDescriptors(), before);
    }

    void anAddressThatIsTaken()
    {
        const DatagramPeer other;
        EngineHost host;
        host.run([&] { host.engine.listen(udpOn("127.0.0.1", other.name().port())); });
        const auto *failed = host.waitFor(RecordKind::ListenFailed);
        QVERIFY(failed);
        const auto info = std::get<FailureInfo>(failed->detail);
        QCOMPARE(info.error.code, EADDRINUSE);
        QCOMPARE(info.error.call, CallName::Bind);
        QCOMPARE(info.transport, Transport::Udp);
        QCOMPARE(info.endpoint, other.name());
    }
};
QTEST_GUILESS_MAIN(DatagramsTest)
#include "datagrams.moc"
