// SPDX-License-Identifier: MIT
// What the network and the kernel may answer to a datagram. None of it ends anything.
#include "support/datagrampeer.h"

using namespace tincan;
using namespace tincan::test;

class Scripted : public RealSyscalls
{
public:
    std::atomic<int> failures = 0; // of sendmmsg(2), the next so many
    std::atomic<int> error = EAGAIN;
    std::atomic<int> calls = 0;
    std::atomic<bool> shortCounts = false; // one message a call
    std::atomic<int> interruptions = 0;

    int sendmmsg(int fd, mmsghdr *messages, unsigned count, int flags) override
    {
        ++calls;
        if (interruptions.fetch_sub(1) > 0) {
            errno = EINTR;
            return -1;
        }
        if (failures.fetch_sub(1) > 0) {
            errno = error;
            return -1;
        }
        return RealSyscalls::sendmmsg(fd, messages, shortCounts ? 1 : count, flags);
    }
    int recvmmsg(int fd, mmsghdr *messages, unsigned count, int flags) override
    {
        if (interruptions.fetch_sub(1) > 0) {
            errno = EINTR;
            return -1;
        }
        return RealSyscalls::recvmmsg(fd, messages, shortCounts ? 1 : count, flags);
    }
};

class DatagramErrorsTest : public QObject
{
    Q_OBJECT

    // A listener, and a peer that it knows as number 1.
    struct Known {
        EngineHost<Scripted> host;
        Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        DatagramPeer peer;

        bool begin() { return peer.send("hello", there) && host.waitFor(RecordKind::Joined, 1) != nullptr; }
        // To be called in the loop.
        void sendThree()
        {
            for (const std::string_view text : {"first", "", "last"}) {
                host.engine.send(1, std::as_bytes(std::span(text)));
            }
        }
    };

    static std::int64_t receivedAndLost(const EngineHost<> &host)
    {
        std::int64_t sum = host.count(RecordKind::Received);
        for (const auto &event : host.sink.events()) {
            const auto *note = std::get_if<NoteInfo>(&event.detail);
            sum += note && note->code == NoteCode::DatagramsLost ? note->a : 0;
        }
        return sum;
    }

private slots:
    void aPortThatNobodyHasIsTold_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("connected");
        QTest::newRow("IPv4, connected") << "127.0.0.1" << true;
        QTest::newRow("IPv4") << "127.0.0.1" << false;
        QTest::newRow("IPv6, connected") << "::1" << true;
        QTest::newRow("IPv6") << "::1" << false;
    }
    void aPortThatNobodyHasIsTold()
    {
        QFETCH(QString, address);
        QFETCH(bool, connected);
        EngineHost host;
        DatagramPeer server(*Endpoint::fromAddress(address.toStdString(), 0));
        const Endpoint there = server.name();
        server.close();
        const PeerId peer = host.connectTo(udpTo(there, connected));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "is anybody there?");
        const auto *event = host.waitForNote(NoteCode::NetworkError);
        QVERIFY(event);
        QCOMPARE(event->peer, peer);
        QCOMPARE(std::get<NoteInfo>(event->detail).b, ECONNREFUSED);
        QCOMPARE(std::get<NoteInfo>(event->detail).text, address.toStdString());
        const DatagramPeer late(there); // and it goes on
        QVERIFY(late.isBound());
        host.send(peer, "now?");
        QCOMPARE(late.receive(), QByteArray("now?"));
        QCOMPARE(host.count(RecordKind::Left), 0);
        QCOMPARE(host.count(RecordKind::Refused), 0);
    }

    // It is said of the peer that it is about, and the others are served.
    void onePeersErrorIsNotTheOthers_data()
    {
        QTest::addColumn<QString>("bound");
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("dead"); // which of them
        for (const int dead : {1, 2}) {
            QTest::addRow("IPv4, peer %d", dead) << "127.0.0.1"
                                                 << "127.0.0.1" << dead;
            QTest::addRow("dual stack, peer %d", dead) << "::"
                                                       << "127.0.0.1" << dead;
            QTest::addRow("IPv6, peer %d", dead) << "::"
                                                 << "::1" << dead;
        }
    }
    void onePeersErrorIsNotTheOthers()
    {
        QFETCH(QString, bound);
        QFETCH(QString, address);
        QFETCH(int, dead);
        const auto deadOne = static_cast<PeerId>(dead);
        EngineHost host;
        const Endpoint there
            = *Endpoint::fromAddress(address.toStdString(), listenTo(host, udpOn(qPrintable(bound)), AnswerMode::Echo).port());
        const Endpoint own = *Endpoint::fromAddress(address.toStdString(), 0);
        std::array<DatagramPeer, 2> peers{DatagramPeer(own), DatagramPeer(own)};
        for (const DatagramPeer &peer : peers) {
            QVERIFY(peer.send("hello", there));
            QVERIFY(!peer.receive().isNull());
        }
        peers.at(deadOne - 1).close();
        const DatagramPeer &alive = peers.at(2 - deadOne);
        host.send(deadOne, "are you there?");
        QVERIFY(alive.send("I am", there));
        QCOMPARE(alive.receive(), QByteArray("I am"));
        const auto *event = host.waitForNote(NoteCode::NetworkError);
        QVERIFY(event);
        QCOMPARE(event->peer, deadOne);
        QCOMPARE(std::get<NoteInfo>(event->detail).b, ECONNREFUSED);
        QCOMPARE(host.count(RecordKind::Left), 0);
        QCOMPARE(host.count(RecordKind::Refused), 0);
    }

    void whatTheKernelDoesNotTakeNowGoesOutLater_data()
    {
        QTest::addColumn<int>("error");
        QTest::newRow("EAGAIN") << EAGAIN;
        QTest::newRow("ENOBUFS") << ENOBUFS;
        QTest::newRow("ENOMEM") << ENOMEM;
    }
    void whatTheKernelDoesNotTakeNowGoesOutLater()
    {
        QFETCH(int, error);
        UdpEcho<Scripted> echo;
        EngineHost<Scripted> &host = echo.host;
        host.sys.error = error;
        host.sys.failures = 4;
        const QList<QByteArray> sent = {"one", "", "three", pattern(20'000), "five"};
        QVERIFY(echo.echoesAtOnce(sent));
        QVERIFY(echo.recorded(sent));
        QCOMPARE(host.count(RecordKind::Refused), 0);
        std::size_t queued = 1;
        host.run([&] { queued = host.engine.queued(1); });
        QCOMPARE(queued, std::size_t{0});
    }

    // A disconnect waits for them.
    void whatIsQueuedGoesOutBeforeTheEnd()
    {
        Known known;
        auto &[host, there, peer] = known;
        QVERIFY(known.begin());
        host.sys.error = ENOBUFS;
        host.sys.failures = 3;
        host.run([&] {
            known.sendThree();
            known.host.engine.disconnect(1);
            known.host.engine.send(1, std::as_bytes(std::span(std::string_view("too late"))));
        });
        QCOMPARE(peer.receive(), QByteArray("first"));
        QCOMPARE(peer.receive(), QByteArray(""));
        QCOMPARE(peer.receive(), QByteArray("last"));
        QCOMPARE(host.leftReason(1), LeftReason::Forgotten);
        QCOMPARE(std::get<LeftInfo>(host.waitFor(RecordKind::Left, 1)->detail).unsentMessages, 0U);
        QCOMPARE(messages(host, RecordKind::Refused, 1), QList<QByteArray>{"too late"});
    }

    // What never goes out is told, the empty ones as well.
    void whatIsLostWithTheEndIsTold()
    {
        Known known;
        auto &[host, there, peer] = known;
        QVERIFY(known.begin());
        host.sys.error = ENOBUFS;
        host.sys.failures = 1'000'000;
        host.run([&] {
            known.sendThree();
            known.host.engine.reset(1);
        });
        const auto info = std::get<LeftInfo>(host.waitFor(RecordKind::Left, 1)->detail);
        QCOMPARE(info.unsentMessages, 3U);
        QCOMPARE(info.unsentBytes, 9U);
        QCOMPARE(messages(host, RecordKind::Refused, 1), (QList<QByteArray>{"first", "", "last"}));
    }

    void whatCannotBeSentIsRefusedAndTheNextIsSent_data()
    {
        QTest::addColumn<int>("error");
        QTest::newRow("ECONNREFUSED") << ECONNREFUSED;
        QTest::newRow("EHOSTUNREACH") << EHOSTUNREACH;
        QTest::newRow("EPERM") << EPERM;
    }
    void whatCannotBeSentIsRefusedAndTheNextIsSent()
    {
        QFETCH(int, error);
        Known known;
        auto &[host, there, peer] = known;
        QVERIFY(known.begin());
        host.sys.error = error;
        host.sys.failures = 3; // it is tried again, as the error may be another peer's
        host.send(1, "lost");
        host.send(1, "not lost");
        QCOMPARE(peer.receive(), QByteArray("not lost"));
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(refused->payload, QByteArray("lost"));
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::Failed);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).error, error);
        QCOMPARE(noteOf(host, NoteCode::NetworkError).b, error);
        QCOMPARE(host.count(RecordKind::Left), 0);
    }

    // A call may tell of a datagram before, whose own error found no room in the error queue. Who is sent to then has nothing to
    // do with it.
    void anErrorOfNobodyKnownIsNobodys()
    {
        EngineHost<Scripted> host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        const DatagramPeer peer;
        QVERIFY(peer.send("hello", there));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sys.error = ECONNREFUSED;
        host.sys.failures = 1;
        host.send(1, "not lost");
        QCOMPARE(peer.receive(), QByteArray("not lost"));
        const auto *event = host.waitForNote(NoteCode::NetworkError);
        QVERIFY(event);
        QCOMPARE(event->peer, kNoPeer);
        QCOMPARE(std::get<NoteInfo>(event->detail).b, ECONNREFUSED);
        QCOMPARE(host.count(RecordKind::Refused), 0);
    }

    // Of those in a room, the others are reached all the same, and the record says so.
    void aMessageToAllThatOneIsNotReachedBy()
    {
        EngineHost<Scripted> host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        std::vector<DatagramPeer> peers(3);
        for (const DatagramPeer &peer : peers) {
            QVERIFY(peer.send("hello", there));
        }
        QVERIFY(host.waitFor(RecordKind::Received, 3));
        host.sys.error = EPERM;
        host.sys.failures = 3; // all the tries of the first
        host.run([&] { host.engine.sendToAll(std::as_bytes(std::span(std::string_view("to all")))); });
        QCOMPARE(peers[1].receive(), QByteArray("to all"));
        QCOMPARE(peers[2].receive(), QByteArray("to all"));
        QVERIFY(host.waitFor(RecordKind::Refused, 1));
        const auto *sent = host.waitFor(RecordKind::FanOut);
        QVERIFY(sent);
        QCOMPARE(std::get<FanOutInfo>(sent->detail), (FanOutInfo{.only = false, .peers = {1}}));
    }

    void shortCountsAndInterruptionsLoseNothing()
    {
        EngineHost<Scripted> host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Echo);
        host.sys.shortCounts = true;
        host.sys.interruptions = 3;
        const DatagramPeer peer;
        QList<QByteArray> sent;
        for (int i = 0; i < 20; ++i) {
            sent << QByteArray::number(i);
            QVERIFY(peer.send(sent.last(), there));
        }
        for (const QByteArray &message : sent) {
            QCOMPARE(peer.receive(), message);
        }
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 20));
        QCOMPARE(messages(host, RecordKind::Sent, 1), sent);
    }

    // Echoes are made into one call, however many there are.
    void aBurstIsAnsweredByFewCalls()
    {
        EngineHost<Scripted> host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Echo);
        host.sink.setCongested(true);
        host.run([] {});
        host.run([] {});
        const DatagramPeer peer;
        for (int i = 0; i < 60; ++i) {
            QVERIFY(peer.send("x", there));
        }
        host.run([] {});
        host.run([] {});
        QCOMPARE(host.count(RecordKind::Received), 0); // the recorder is behind
        host.sink.setCongested(false);
        QVERIFY(host.waitFor(RecordKind::Sent, 1, 60));
        QVERIFY2(host.sys.calls <= 4, qPrintable(QString::number(host.sys.calls)));
    }

    // Nothing is read while the recorder is behind: what the kernel throws away it counts.
    void whatTheKernelDropsIsCounted()
    {
        EngineHost host;
        ListenOptions options = udpOn("127.0.0.1");
        options.options.push_back({SocketOption::ReceiveBuffer, 4096, {}});
        const Endpoint there = listenTo(host, options);
        const DatagramPeer peer;
        constexpr int kBurst = 200;
        const auto burst = [&](int nth) {
            host.run([&] { host.engine.pauseAccepting(1, true); });
            for (int i = 0; i < kBurst; ++i) {
                QVERIFY(peer.send(pattern(1000), there));
            }
            host.run([&] { host.engine.pauseAccepting(1, false); });
            QTRY_COMPARE(receivedAndLost(host), nth * kBurst);
        };
        burst(1);
        QVERIFY(host.count(RecordKind::Received) > 0);
        QVERIFY(host.count(RecordKind::Received) < kBurst);
        burst(2); // what is told is what was lost since, not all that ever was
    }

    // Those that the kernel took before tell nothing of it.
    void whatIsDroppedLastIsCountedToo()
    {
        EngineHost host;
        ListenOptions options = udpOn("127.0.0.1");
        options.options.push_back({SocketOption::ReceiveBuffer, 4096, {}});
        const Endpoint there = listenTo(host, options);
        const DatagramPeer peer;
        constexpr int kAll = 200;
        bool areSent = true;
        host.run([&] { // so the loop does not read meanwhile
            for (int i = 0; i < kAll; ++i) {
                areSent = peer.send(pattern(1000), there) && areSent;
            }
        });
        QVERIFY(areSent);
        QTRY_COMPARE(receivedAndLost(host), kAll);
        QVERIFY(host.count(RecordKind::Received) > 0);
        QVERIFY(host.count(RecordKind::Received) < kAll);
    }
};
QTEST_GUILESS_MAIN(DatagramErrorsTest)
#include "datagramerrors.moc"
