// SPDX-License-Identifier: MIT
#include "base/peertext.h"

#include <QTest>

using namespace tincan;

namespace {

PeerInfo unixPeer(const Endpoint &remote, int fd, int pid, std::string program)
{
    PeerInfo info;
    info.transport = Transport::UnixStream;
    info.local = Endpoint::unixPath("/run/app.sock");
    info.remote = remote;
    info.fd = fd;
    info.process.pid = pid;
    info.process.program = std::move(program);
    return info;
}

} // namespace

class PeerTextTest : public QObject
{
    Q_OBJECT

private slots:
    void ipPeersAreTheirAddress()
    {
        PeerInfo info;
        info.remote = *Endpoint::parse("127.0.0.1:53422");
        QCOMPARE(peerText(info), std::string("127.0.0.1:53422"));
        info.transport = Transport::Udp;
        info.remote = *Endpoint::parse("[::1]:53");
        QCOMPARE(peerText(info), std::string("[::1]:53"));
        QCOMPARE(peerText(PeerInfo()), std::string());
    }

    void unixPeersAreTheirName()
    {
        QCOMPARE(peerText(unixPeer(Endpoint::unixPath("/tmp/me"), 7, 4242, "socat")), std::string("/tmp/me"));
        QCOMPARE(peerText(unixPeer(Endpoint::unixAbstract("me"), 7, 4242, "socat")), std::string("@me"));
    }

    void namelessUnixPeersAreTheirProgram()
    {
        QCOMPARE(peerText(unixPeer({}, 14, 4242, "socat")), std::string("socat[4242]#14"));
        QCOMPARE(peerText(unixPeer({}, 14, 0, {})), std::string("unix#14"));
        QCOMPARE(peerText(unixPeer({}, 14, 4242, {})), std::string("unix[4242]#14"));
        QCOMPARE(peerText(unixPeer({}, -1, 4242, "socat")), std::string("socat[4242]"));
    }

    void namesAreNeverObeyed_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("escape") << QByteArray("a\x1b[31mb") << QByteArray("@a\\x1b[31mb");
        QTest::newRow("line") << QByteArray("a\nb\x7f") << QByteArray("@a\\x0ab\\x7f");
        QTest::newRow("nul") << QByteArray("a\0b", 3) << QByteArray("@a\\x00b");
        QTest::newRow("umlaut") << QByteArray("\xc3\xa4") << QByteArray("@\xc3\xa4");
        QTest::newRow("override") << QByteArray("a\xe2\x80\xae"
                                                "b")
                                  << QByteArray("@a\\u{202e}b");
        QTest::newRow("c1") << QByteArray("\xc2\x9b") << QByteArray("@\\x9b");
        QTest::newRow("not utf-8") << QByteArray("\xff\xc3") << QByteArray("@\\xff\\xc3");
        QTest::newRow("longer than needed") << QByteArray("\xc0\x80\xe0\x80\x80") << QByteArray("@\\xc0\\x80\\xe0\\x80\\x80");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("@\\xed\\xa0\\x80");
        QTest::newRow("emoji") << QByteArray("\xf0\x9f\x98\x80") << QByteArray("@\xf0\x9f\x98\x80");
    }
    void namesAreNeverObeyed()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(peerText(unixPeer(Endpoint::unixAbstract(name.toStdString()), 3, 1, "x"))), text);
        const std::string program = peerText(unixPeer({}, 3, 1, name.toStdString()));
        QCOMPARE(QByteArray::fromStdString(program), text.mid(1) + "[1]#3");
    }
};

QTEST_APPLESS_MAIN(PeerTextTest)
#include "peertext.moc"
