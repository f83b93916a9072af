// SPDX-License-Identifier: MIT
// Connections that end in disorder harm nobody.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class ResetTest : public QObject
{
    Q_OBJECT

private slots:
    void aResetIsSaid()
    {
        EngineHost host;
        RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        peer.reset();
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        QCOMPARE(std::get<LeftInfo>(left->detail).reason, LeftReason::ResetByPeer);
        QCOMPARE(std::get<LeftInfo>(left->detail).error.code, ECONNRESET);
    }

    void whatCouldNotBeSentIsCounted()
    {
        EngineHost host;
        RawPeer peer(host.listen(), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(10 * 1024 * 1024);
        host.send(1, bytes);
        peer.reset();
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        const auto &info = std::get<LeftInfo>(left->detail);
        QVERIFY(info.unsentBytes > 0);
        QVERIFY(info.unsentMessages > 0);
        QCOMPARE(host.payloads(RecordKind::Sent, 1).size() + static_cast<qsizetype>(info.unsentBytes), bytes.size());
        QVERIFY(bytes.startsWith(host.payloads(RecordKind::Sent, 1)));
    }

    void theMessagesThatWaitedAreRefused()
    {
        EngineHost host;
        RawPeer peer(host.listen(), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, pattern(10 * 1024 * 1024));
        host.send(1, "waits behind it");
        peer.reset();
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QVERIFY(host.payloads(RecordKind::Refused, 1).endsWith("waits behind it"));
    }

    // The answer meets nobody: RST comes for it, however the kernel tells of it.
    void whoSendsAndClosesIsNoFailure()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Echo);
        for (PeerId id = 1; id <= 30; ++id) {
            RawPeer peer(port);
            QVERIFY(peer.send("hello"));
            peer.close();
            QVERIFY(host.leftReason(id) != LeftReason::Failed);
            QCOMPARE(host.payloads(RecordKind::Received, id), QByteArray("hello"));
        }
    }

    void oneThatResetsInTheAcceptQueue()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Echo);
        for (int i = 0; i < 50; ++i) {
            RawPeer(port).reset();
        }
        const RawPeer peer(port);
        QVERIFY(peer.send("alive"));
        QCOMPARE(peer.read(5), QByteArray("alive"));
    }

    void ourReset()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.reset(1); });
        char byte = 0;
        QCOMPARE(::recv(peer.fd(), &byte, 1, 0), ssize_t(-1));
        QCOMPARE(errno, ECONNRESET);
        QCOMPARE(host.leftReason(1), LeftReason::ResetByUs);
    }

    void fiftyAtOnce()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Relay);
        std::vector<RawPeer> peers;
        for (int i = 0; i < 100; ++i) {
            peers.emplace_back(port);
        }
        QVERIFY(host.waitFor(RecordKind::Joined, 100));
        for (std::size_t i = 0; i < 50; ++i) {
            QVERIFY(peers[i].send("last words\n"));
            peers[i].reset();
        }
        QVERIFY(host.waitFor(RecordKind::Left, kNoPeer, 50));
        std::size_t open = 0;
        host.run([&] { open = host.engine.peerCount(); });
        QCOMPARE(open, 50U);
    }
};
QTEST_GUILESS_MAIN(ResetTest)
#include "reset.moc"
