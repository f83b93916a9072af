// SPDX-License-Identifier: MIT
// What one peer says goes to all the others, once in the record.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

#include "net/answer.h"

class RelayTest : public QObject
{
    Q_OBJECT

private:
    static QByteArray prefixed(const QByteArray &message, bool interrupted, LineState &state)
    {
        std::vector<std::byte> into;
        prefixLines(bytesOf(message), "p: ", interrupted, state, into);
        return {reinterpret_cast<const char *>(into.data()), static_cast<qsizetype>(into.size())};
    }

private slots:
    void prefixes()
    {
        LineState state;
        QCOMPARE(prefixed("a\nb\n", false, state), QByteArray("p: a\np: b\n"));
        QCOMPARE(prefixed("c", false, state), QByteArray("p: c"));
        QCOMPARE(prefixed("d\ne", false, state), QByteArray("d\np: e"));
        QCOMPARE(prefixed("f", true, state), QByteArray("p: f"));
        QCOMPARE(prefixed("\n", false, state), QByteArray("\n"));
        QCOMPARE(prefixed("\n", false, state), QByteArray("p: \n"));
    }

    void reachesAllButTheSender()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Relay);
        std::vector<RawPeer> peers;
        for (int i = 0; i < 4; ++i) {
            peers.emplace_back(port);
        }
        QVERIFY(host.waitFor(RecordKind::Joined, 4));
        QVERIFY(peers[0].send("hello\n"));
        for (std::size_t i = 1; i < 4; ++i) {
            QCOMPARE(peers[i].read(6), QByteArray("hello\n"));
        }
        const auto *fanOut = host.waitFor(RecordKind::FanOut);
        QVERIFY(fanOut);
        QCOMPARE(fanOut->payload, QByteArray("hello\n"));
        QVERIFY(std::holds_alternative<std::monostate>(fanOut->detail));
        QCOMPARE(host.count(RecordKind::FanOut), 1);
        QCOMPARE(host.count(RecordKind::Sent), 0);
        QVERIFY(peers[0].isSilent());
    }

    void betweenTwoItIsAnOrdinaryMessage()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Relay);
        const RawPeer a(port);
        const RawPeer b(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        QVERIFY(a.send("x"));
        QCOMPARE(b.read(1), QByteArray("x"));
        QVERIFY(host.waitFor(RecordKind::Sent, 2));
        QCOMPARE(host.count(RecordKind::FanOut), 0);
    }

    void namesTheSender()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Relay);
        host.run([&] { host.engine.setAnswer({.mode = AnswerMode::Relay, .prefixSender = true}); });
        const RawPeer a(port);
        const RawPeer b(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const auto *joined = host.waitFor(RecordKind::Joined, 1);
        const QByteArray expected = QByteArray::fromStdString(std::get<PeerInfo>(joined->detail).remote.toString()) + ": one\n";
        QVERIFY(a.send("one\n"));
        QCOMPARE(b.read(expected.size()), expected);
    }

    void aSlowReceiverIsAnExceptionAndHoldsNobodyUp()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Relay);
        const RawPeer sender(port);
        const RawPeer slow(port, "127.0.0.1", 4096);
        const RawPeer quick(port);
        const RawPeer other(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 4));
        const QByteArray bytes = pattern(12 * 1024 * 1024);
        std::thread writer([&] { sender.send(bytes); });
        QByteArray gotOther;
        std::thread reader([&] { gotOther = other.read(bytes.size()); });
        const QByteArray got = quick.read(bytes.size());
        reader.join();
        writer.join();
        QVERIFY(got == bytes);
        QVERIFY(gotOther == bytes);
        // Then the slow one reads, and has lost nothing: it fitted its queue.
        QVERIFY(slow.read(bytes.size()) == bytes);
        PeerId slowId = kNoPeer;
        for (const auto &event : host.sink.events()) {
            const auto *info = std::get_if<FanOutInfo>(&event.detail);
            if (event.kind == RecordKind::FanOut && info) {
                QVERIFY(!info->only);
                QCOMPARE(info->peers.size(), 1U);
                slowId = info->peers.front();
            }
        }
        QVERIFY(slowId != kNoPeer);
        QVERIFY(QTest::qWaitFor([&] {
            qsizetype reached = 0;
            for (const auto &event : host.sink.events()) {
                const auto *info = std::get_if<FanOutInfo>(&event.detail);
                reached += event.kind == RecordKind::FanOut && !info ? event.payload.size() : 0;
            }
            return reached + host.payloads(RecordKind::Sent, slowId).size() == bytes.size();
        }));
    }

    void aMessageToAllAndToSome()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        std::vector<RawPeer> peers;
        for (int i = 0; i < 3; ++i) {
            peers.emplace_back(port);
        }
        QVERIFY(host.waitFor(RecordKind::Joined, 3));
        const QByteArray all = "all";
        const QByteArray some = "some";
        const std::array<PeerId, 3> two = {1, 3, 99};
        host.run([&] {
            host.engine.sendToAll(std::as_bytes(std::span(all.constData(), 3U)));
            host.engine.sendToMany(two, std::as_bytes(std::span(some.constData(), 4U)));
        });
        int withSome = 0;
        for (const RawPeer &peer : peers) {
            QCOMPARE(peer.read(3), all);
            withSome += static_cast<int>(peer.isSilent() ? 0 : peer.read(4) == some);
        }
        QCOMPARE(withSome, 2);
        const auto *second = host.waitFor(RecordKind::FanOut, kNoPeer, 2);
        QVERIFY(second);
        const auto &info = std::get<FanOutInfo>(second->detail);
        QVERIFY(info.only);
        QCOMPARE(info.peers, (std::vector<PeerId>{1, 3}));
        const auto *refused = host.waitFor(RecordKind::Refused, 99);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::NotConnected);
    }

    void whoIsSentNoMoreMayStillTalk()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Relay);
        const RawPeer talker(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer listener(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(talker.atEnd());
        QVERIFY(talker.send("still here"));
        QCOMPARE(listener.read(10), QByteArray("still here"));
    }

    void nobodyThereIsSaid()
    {
        EngineHost host;
        QVERIFY(host.listen() != 0);
        host.run([&] { host.engine.sendToAll(std::as_bytes(std::span("hi", 2U))); });
        const auto *refused = host.waitFor(RecordKind::Refused);
        QVERIFY(refused);
        QCOMPARE(refused->payload, QByteArray("hi"));
    }
};
QTEST_GUILESS_MAIN(RelayTest)
#include "relay.moc"
