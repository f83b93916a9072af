// SPDX-License-Identifier: MIT
#include "base/endpoint.h"

#include <QTest>

using namespace tincan;

class EndpointTest : public QObject
{
    Q_OBJECT

private slots:
    void parseAndFormatAreInverse_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"127.0.0.1:6666", "0.0.0.0:0", "255.255.255.255:65535", "[::1]:6666", "[::]:0",
                                 "[2001:db8::1]:80", "[fe80::1%lo]:7", "/run/app.sock", "./here", "@abstract"}) {
            QTest::newRow(text) << QByteArray(text);
        }
    }
    void parseAndFormatAreInverse()
    {
        QFETCH(QByteArray, text);
        const auto endpoint = Endpoint::parse(text.toStdString());
        QVERIFY2(endpoint, endpoint ? "" : endpoint.error().detail.c_str());
        QCOMPARE(QByteArray::fromStdString(endpoint->toString()), text);
        sockaddr_storage storage{};
        const socklen_t size = endpoint->toSockaddr(storage);
        QVERIFY(size > 0);
        QCOMPARE(storage.ss_family, endpoint->addressFamily());
    }

    void throughTheKernelsForm_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"127.0.0.1:6666", "[::1]:6666", "[fe80::1%lo]:7"}) {
            QTest::newRow(text) << QByteArray(text);
        }
    }
    void throughTheKernelsForm()
    {
        QFETCH(QByteArray, text);
        const auto endpoint = Endpoint::parse(text.toStdString());
        sockaddr_storage storage{};
        const socklen_t size = endpoint->toSockaddr(storage);
        QCOMPARE(Endpoint::fromSockaddr(reinterpret_cast<sockaddr *>(&storage), size), *endpoint);
    }

    void aMappedAddressIsIpv4()
    {
        QCOMPARE(Endpoint::fromAddress("::ffff:192.0.2.7", 5)->toString(), std::string("192.0.2.7:5"));
        sockaddr_storage storage{};
        const auto v4 = Endpoint::ipv4(0xc0000207, 5);
        const socklen_t size = v4.toSockaddr(storage, true);
        QCOMPARE(int(storage.ss_family), AF_INET6);
        QCOMPARE(Endpoint::fromSockaddr(reinterpret_cast<sockaddr *>(&storage), size), v4);
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("empty") << QByteArray() << QByteArray("empty");
        QTest::newRow("no port") << QByteArray("127.0.0.1") << QByteArray("port is missing");
        QTest::newRow("large port") << QByteArray("127.0.0.1:70000") << QByteArray("larger than 65535");
        QTest::newRow("huge port") << QByteArray("127.0.0.1:99999999999999999999999") << QByteArray("larger than 65535");
        QTest::newRow("no number") << QByteArray("127.0.0.1:http") << QByteArray("no number");
        QTest::newRow("no address") << QByteArray("1.2.3:4") << QByteArray("is no address");
        QTest::newRow("name") << QByteArray("localhost:4") << QByteArray("is no address");
        QTest::newRow("no brackets") << QByteArray("::1:4") << QByteArray("brackets");
        QTest::newRow("open bracket") << QByteArray("[::1:4") << QByteArray("without");
        QTest::newRow("v4 in brackets") << QByteArray("[1.2.3.4]:4") << QByteArray("IPv6");
        QTest::newRow("scope") << QByteArray("[fe80::1%nosuch]:4") << QByteArray("no network interface");
        QTest::newRow("long path") << QByteArray("/") + QByteArray(200, 'x') << QByteArray("at most");
    }
    void whatIsWrongIsSaid()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const auto endpoint = Endpoint::parse(text.toStdString());
        QVERIFY(!endpoint);
        QCOMPARE(endpoint.error().call, CallName::Parse);
        QVERIFY2(QByteArray::fromStdString(endpoint.error().detail).contains(says), endpoint.error().detail.c_str());
    }

    void whereItIs()
    {
        QVERIFY(Endpoint::parse("127.1.2.3:1")->isLoopback());
        QVERIFY(Endpoint::parse("[::1]:1")->isLoopback());
        QVERIFY(!Endpoint::parse("192.0.2.1:1")->isLoopback());
        QVERIFY(Endpoint::parse("0.0.0.0:1")->isAny());
        QVERIFY(Endpoint::parse("[::]:1")->isAny());
        QVERIFY(Endpoint().isEmpty());
        QCOMPARE(Endpoint().toString(), std::string());
    }
};

QTEST_APPLESS_MAIN(EndpointTest)
#include "endpoint.moc"
