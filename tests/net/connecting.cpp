// SPDX-License-Identifier: MIT
// Making connections: names, several addresses, failures, limits of time.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class ConnectingTest : public QObject
{
    Q_OBJECT

private:
    struct ListeningSocket {
        UniqueFd fd;
        std::uint16_t port = 0;
        explicit ListeningSocket(const char *address)
        {
            const auto endpoint = Endpoint::fromAddress(address, 0);
            sockaddr_storage storage{};
            socklen_t size = endpoint->toSockaddr(storage);
            fd.reset(::socket(endpoint->addressFamily(), SOCK_STREAM | SOCK_CLOEXEC, 0));
            const int one = 1;
            if (endpoint->family() == Endpoint::Family::IPv6) {
                ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
            }
            ::bind(fd.get(), reinterpret_cast<sockaddr *>(&storage), size);
            ::listen(fd.get(), 5);
            size = sizeof storage;
            ::getsockname(fd.get(), reinterpret_cast<sockaddr *>(&storage), &size);
            port = Endpoint::fromSockaddr(reinterpret_cast<sockaddr *>(&storage), size).port();
        }
        RawPeer accept() const { return RawPeer(UniqueFd(::accept(fd.get(), nullptr, nullptr))); }
    };
    template<typename Host>
    static PeerId connectTo(Host &host, const std::string &name, std::uint16_t port,
                            std::chrono::milliseconds timeout = std::chrono::seconds(10))
    {
        return host.connectTo({.host = name, .port = port, .timeout = timeout});
    }

private slots:
    void talksAndEnds()
    {
        EngineHost host;
        const ListeningSocket server("127.0.0.1");
        const PeerId peer = connectTo(host, "127.0.0.1", server.port);
        const RawPeer other = server.accept();
        const auto *joined = host.waitFor(RecordKind::Joined, peer);
        QVERIFY(joined);
        const auto &info = std::get<PeerInfo>(joined->detail);
        QCOMPARE(info.direction, Direction::Outgoing);
        QCOMPARE(info.remote.port(), server.port);
        QVERIFY(info.local.port() != 0);
        QVERIFY(host.waitFor(RecordKind::Connecting, peer));
        host.send(peer, "hello");
        QCOMPARE(other.read(5), QByteArray("hello"));
        QVERIFY(other.send("hi"));
        QVERIFY(host.waitFor(RecordKind::Received, peer));
        host.run([&] { host.engine.disconnect(peer); });
        QVERIFY(other.atEnd());
        other.finish();
        QCOMPARE(host.leftReason(peer), LeftReason::BothFinished);
    }

    void localhostMeetsEitherFamily_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("IPv4 only") << QByteArray("127.0.0.1");
        QTest::newRow("IPv6 only") << QByteArray("::1");
    }
    void localhostMeetsEitherFamily()
    {
        QFETCH(QByteArray, address);
        EngineHost host;
        const ListeningSocket server(address.constData());
        if (server.port == 0) {
            QSKIP("this machine has no IPv6");
        }
        const PeerId peer = connectTo(host, "localhost", server.port);
        QVERIFY(
            QTest::qWaitFor([&] { return host.count(RecordKind::Joined) + host.count(RecordKind::ConnectFailed) > 0; }, 20'000));
        if (host.count(RecordKind::ConnectFailed) > 0) {
            const auto *failed = host.waitFor(RecordKind::ConnectFailed, peer);
            QCOMPARE(std::get<FailureInfo>(failed->detail).attempts.size(), 1U);
            QSKIP("on this machine, localhost is an address of the other family only");
        }
        const auto *joined = host.waitFor(RecordKind::Joined, peer);
        QCOMPARE(QByteArray::fromStdString(std::get<PeerInfo>(joined->detail).remote.addressText()), address);
    }

    void refused()
    {
        EngineHost host;
        const PeerId peer = connectTo(host, "127.0.0.1", 1);
        const FailureInfo info = failureOf(host, peer);
        QCOMPARE(info.cause, FailureCause::Call);
        QCOMPARE(info.error.code, ECONNREFUSED);
        QCOMPARE(info.attempts.size(), 1U);
        QCOMPARE(info.endpoint.toString(), std::string("127.0.0.1:1"));
    }

    void anUnknownName()
    {
        EngineHost host;
        const PeerId peer = connectTo(host, "no.such.host.invalid", 80);
        const FailureInfo info = failureOf(host, peer);
        QCOMPARE(info.cause, FailureCause::Resolve);
        QCOMPARE(info.error.call, CallName::GetAddrInfo);
        QVERIFY(info.error.code != 0);
        const auto *call = host.waitFor(RecordKind::Call, peer); // the first one, before any socket
        QVERIFY(call);
        QCOMPARE(std::get<CallInfo>(call->detail).call, CallName::GetAddrInfo);
        QCOMPARE(std::get<CallInfo>(call->detail).text, std::string("no.such.host.invalid"));
    }

    void cancelled()
    {
        EngineHost host;
        // A full accept queue: the next SYN is dropped, and connect waits.
        const ListeningSocket server("127.0.0.1");
        ::listen(server.fd.get(), 0);
        std::vector<UniqueFd> fillers;
        for (int i = 0; i < 4; ++i) {
            UniqueFd &filler = fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            sockaddr_storage storage{};
            const socklen_t size = Endpoint::ipv4(0x7f000001, server.port).toSockaddr(storage);
            ::connect(filler.get(), reinterpret_cast<sockaddr *>(&storage), size);
        }
        const PeerId peer = connectTo(host, "127.0.0.1", server.port);
        QVERIFY(host.waitFor(RecordKind::Connecting, peer));
        QCOMPARE(host.count(RecordKind::Joined), 0);
        host.run([&] { host.engine.cancelConnect(peer); });
        const auto *failed = host.waitFor(RecordKind::ConnectFailed, peer);
        QVERIFY(failed);
        QCOMPARE(std::get<FailureInfo>(failed->detail).cause, FailureCause::Cancelled);

        const PeerId second = connectTo(host, "127.0.0.1", server.port, std::chrono::milliseconds(100));
        const auto *late = host.waitFor(RecordKind::ConnectFailed, second);
        QVERIFY(late);
        QCOMPARE(std::get<FailureInfo>(late->detail).cause, FailureCause::TimedOut);
        QCOMPARE(std::get<FailureInfo>(late->detail).afterMilliseconds, 100);
    }

    void fromALocalPort()
    {
        EngineHost host;
        const ListeningSocket server("127.0.0.1");
        const PeerId peer = host.connectTo({.host = "127.0.0.1", .port = server.port, .local = Endpoint::ipv4(0x7f000002, 0)});
        const auto *joined = host.waitFor(RecordKind::Joined, peer);
        QVERIFY(joined);
        QCOMPARE(std::get<PeerInfo>(joined->detail).local.addressText(), std::string("127.0.0.2"));
    }
};
QTEST_GUILESS_MAIN(ConnectingTest)
#include "connecting.moc"
