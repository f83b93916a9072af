// SPDX-License-Identifier: MIT
// Where a client connects from.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

class Scripted : public RealSyscalls
{
public:
    std::atomic<int> bindError = 0;

    int bind(int fd, const sockaddr *address, socklen_t size) override
    {
        if (bindError != 0) {
            errno = bindError;
            return -1;
        }
        return RealSyscalls::bind(fd, address, size);
    }
};

template<typename Host>
PeerId connectFrom(Host &host, const Endpoint &local, const std::string &to, std::uint16_t port)
{
    return host.connectTo({.host = to, .port = port, .local = local});
}

} // namespace

class LocalAddressTest : public QObject
{
    Q_OBJECT

private slots:
    void aPortAlone_data()
    {
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<QByteArray>("local");
        QTest::newRow("IPv4") << QByteArray("127.0.0.1") << QByteArray("0.0.0.0");
        QTest::newRow("IPv6") << QByteArray("::1") << QByteArray("::");
        QTest::newRow("of the other family, to IPv6") << QByteArray("::1") << QByteArray("0.0.0.0");
        QTest::newRow("of the other family, to IPv4") << QByteArray("127.0.0.1") << QByteArray("::");
    }
    void aPortAlone()
    {
        QFETCH(QByteArray, server);
        QFETCH(QByteArray, local);
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Manual, server.constData());
        if (port == 0) {
            QSKIP("this machine has no IPv6");
        }
        // A port that is free: taken from the kernel and given back.
        EngineHost other;
        const std::uint16_t free = other.listen();
        other.stop();
        const PeerId peer = connectFrom(host, *Endpoint::fromAddress(local.constData(), free), server.toStdString(), port);
        const auto *joined = host.waitFor(RecordKind::Joined, peer);
        QVERIFY(joined);
        QCOMPARE(std::get<PeerInfo>(joined->detail).local.port(), free);
        QCOMPARE(std::get<PeerInfo>(joined->detail).local.addressText(), server.toStdString());
    }

    void aPortThatIsTaken()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        const PeerId peer = connectFrom(host, Endpoint::ipv4(0x7f000001, port), "127.0.0.1", port);
        const FailureInfo failure = failureOf(host, peer);
        QCOMPARE(failure.error.code, EADDRINUSE);
        QCOMPARE(failure.error.call, CallName::Bind);
        QCOMPARE(failure.error.detail, "127.0.0.1:" + std::to_string(port));
        QCOMPARE(failure.owner.pid, static_cast<int>(::getpid()));
    }

    void anAddressOfSomebodyElse()
    {
        EngineHost host;
        const PeerId peer = connectFrom(host, Endpoint::ipv4(0xc0000201, 0), "127.0.0.1", host.listen());
        QCOMPARE(failureOf(host, peer).error.code, EADDRNOTAVAIL);
        QCOMPARE(failureOf(host, peer).error.call, CallName::Bind);
    }

    void aPortWithoutPermission()
    {
        EngineHost<Scripted> host;
        const std::uint16_t port = host.listen();
        host.sys.bindError = EACCES;
        const PeerId peer = connectFrom(host, Endpoint::ipv4(0, 80), "127.0.0.1", port);
        QCOMPARE(failureOf(host, peer).error.code, EACCES);
        QCOMPARE(failureOf(host, peer).error.detail, std::string("0.0.0.0:80"));
    }

    void anAddressOfTheOtherFamily_data()
    {
        QTest::addColumn<QByteArray>("local");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("from IPv4 to IPv6") << QByteArray("127.0.0.1") << QByteArray("::1");
        QTest::newRow("from IPv6 to IPv4") << QByteArray("::1") << QByteArray("127.0.0.1");
    }
    void anAddressOfTheOtherFamily()
    {
        QFETCH(QByteArray, local);
        QFETCH(QByteArray, to);
        EngineHost host;
        const PeerId peer = connectFrom(host, *Endpoint::fromAddress(local.constData(), 0), to.toStdString(), 9);
        QCOMPARE(failureOf(host, peer).error.code, EAFNOSUPPORT);
        QCOMPARE(failureOf(host, peer).error.call, CallName::Bind);
    }

    // Of a name's addresses only those are tried that can be reached from there.
    void ofSeveralAddressesThoseOfItsFamily()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        const PeerId peer = connectFrom(host, Endpoint::ipv4(0x7f000003, 0), "localhost", port);
        const auto *joined = host.waitFor(RecordKind::Joined, peer);
        QVERIFY(joined);
        QCOMPARE(std::get<PeerInfo>(joined->detail).local.addressText(), std::string("127.0.0.3"));
    }

    // 127.0.0.1 leads nowhere else.
    void fromLoopbackToTheWorld()
    {
        EngineHost host;
        const PeerId peer = connectFrom(host, Endpoint::ipv4(0x7f000001, 0), "192.0.2.1", 9);
        const FailureInfo failure = failureOf(host, peer);
        if (failure.error.code == ENETUNREACH) {
            QSKIP("this machine has no route to anywhere");
        }
        QCOMPARE(failure.error.code, EINVAL);
        QCOMPARE(failure.error.call, CallName::Connect);
        QCOMPARE(failure.error.detail, std::string("127.0.0.1:0"));
    }
};
QTEST_GUILESS_MAIN(LocalAddressTest)
#include "localaddress.moc"
