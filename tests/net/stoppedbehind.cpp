// SPDX-License-Identifier: MIT
// A server that is stopped while the recorder is behind takes only so much of what its peers still send, and loses nothing that
// it has taken. Where the recorder catches up, nothing of what had come is lost at all.
#include <fcntl.h>

#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

constexpr qint64 kBudget = 16 * 1024 * 1024; // of a turn, and of all turns in which the recorder takes nothing
constexpr int kPeers = 400;
constexpr qint64 kSlack = 512 * 1024; // the last message, and what was on its way when reading was paused

// Counts what is taken, and tells when it is as much as may be.
class Counting : public RealSyscalls
{
public:
    std::atomic<qint64> taken = 0;
    std::function<void()> spent; // called once, in the loop thread

    ssize_t recv(int fd, void *buffer, size_t size, int flags) override
    {
        return count(RealSyscalls::recv(fd, buffer, size, flags), (flags & MSG_PEEK) != 0);
    }
    ssize_t recvmsg(int fd, msghdr *message, int flags) override
    {
        return count(RealSyscalls::recvmsg(fd, message, flags), (flags & MSG_ERRQUEUE) != 0);
    }

private:
    ssize_t count(ssize_t result, bool isOther)
    {
        const int error = errno;
        taken += isOther ? 0 : std::max<ssize_t>(result, 0);
        if (spent && taken >= kBudget - kSlack) {
            std::exchange(spent, nullptr)();
        }
        errno = error;
        return result;
    }
};

using Host = EngineHost<Counting>;

// From now on it takes nothing; returns when the loop knows.
void fallBehind(Host &host)
{
    host.sink.setCongested(true);
    host.run([] {});
    host.run([] {});
}

qint64 received(const Host &host)
{
    qint64 size = 0;
    for (const auto &event : host.sink.events()) {
        size += event.kind == RecordKind::Received ? event.payload.size() : 0;
    }
    return size;
}

// Those of whom it is said that not all was read.
int cutShort(const Host &host)
{
    int count = 0;
    for (const auto &event : host.sink.events()) {
        const auto *left = std::get_if<LeftInfo>(&event.detail);
        count += static_cast<int>(left && left->error.code == ENOBUFS && left->error.call == CallName::Recv);
    }
    return count;
}

std::vector<RawPeer> connectMany(const std::string &path, int type)
{
    std::vector<RawPeer> peers;
    for (int i = 0; i < kPeers; ++i) {
        peers.emplace_back(connectUnix(path, type));
    }
    return peers;
}

// Sends until the kernel takes no more. How many bytes that were.
qint64 fill(const RawPeer &peer, const QByteArray &message)
{
    qint64 size = 0;
    ssize_t count = 0;
    do {
        size += count;
        count = ::send(peer.fd(), message.constData(), static_cast<std::size_t>(message.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (count > 0);
    return size;
}

} // namespace

class StoppedBehindTest : public QObject
{
    Q_OBJECT

private slots:
    void manyWhoSendAndSend_data()
    {
        QTest::addColumn<bool>("atOnce");
        QTest::newRow("stopped") << false;
        QTest::newRow("stopped twice") << true;
    }
    void manyWhoSendAndSend()
    {
        QFETCH(bool, atOnce);
        const UnixFolder folder;
        Host host;
        QVERIFY(listenAt(host, folder.path()));
        const std::vector<RawPeer> peers = connectMany(folder.path(), SOCK_STREAM);
        QVERIFY(host.waitFor(RecordKind::Joined, kNoPeer, kPeers)); // nobody is accepted while the recorder is behind
        fallBehind(host);
        const QByteArray message = pattern(20'000);
        qint64 all = 0;
        for (const RawPeer &peer : peers) {
            all += fill(peer, message);
        }
        QVERIFY(all > 2 * kBudget);
        std::atomic<bool> isOver = false;
        std::thread flood([&] {
            while (!isOver) {
                for (const RawPeer &peer : peers) {
                    fill(peer, message);
                }
            }
        });
        if (atOnce) {
            host.engine.quit();
        }
        host.stop();
        isOver = true;
        flood.join();
        QCOMPARE(host.count(RecordKind::Left), kPeers);
        QCOMPARE(received(host), host.sys.taken.load());
        QVERIFY2(host.sys.taken <= kBudget + kSlack, qPrintable(QString::number(host.sys.taken)));
        QVERIFY(cutShort(host) > 0);
    }

    void whatHadComeIsReadWhenTheRecorderGoesOn_data()
    {
        QTest::addColumn<Transport>("transport");
        QTest::newRow("stream") << Transport::UnixStream;
        QTest::newRow("seqpacket") << Transport::UnixSeqpacket;
    }
    void whatHadComeIsReadWhenTheRecorderGoesOn()
    {
        QFETCH(Transport, transport);
        const UnixFolder folder;
        Host host;
        QVERIFY(listenAt(host, folder.path(), transport));
        host.sys.spent = [&host] { host.sink.setCongested(false); };
        const std::vector<RawPeer> peers
            = connectMany(folder.path(), transport == Transport::UnixStream ? SOCK_STREAM : SOCK_SEQPACKET);
        QVERIFY(host.waitFor(RecordKind::Joined, kNoPeer, kPeers));
        fallBehind(host);
        const QByteArray message = pattern(20'000);
        std::vector<qint64> sent;
        qint64 all = 0;
        for (const RawPeer &peer : peers) {
            sent.push_back(fill(peer, message));
            all += sent.back();
        }
        QVERIFY(all > 2 * kBudget);
        host.stop();
        QCOMPARE(host.count(RecordKind::Left), kPeers);
        QCOMPARE(cutShort(host), 0);
        QCOMPARE(received(host), all);
        for (PeerId peer = 1; peer <= kPeers; ++peer) {
            QCOMPARE(host.payloads(RecordKind::Received, peer).size(), sent[peer - 1]);
        }
    }
};
QTEST_GUILESS_MAIN(StoppedBehindTest)
#include "stoppedbehind.moc"
