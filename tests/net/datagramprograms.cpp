// SPDX-License-Identifier: MIT
// Peers from Debian: socat, nc, logger, dig.
#include <QStandardPaths>

#include "support/datagrampeer.h"
#include "support/talkingprogram.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

class DatagramProgramsTest : public QObject
{
    Q_OBJECT

    static bool has(const char *program) { return !QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty(); }

private slots:
    void netcatOverUdp()
    {
        if (!has("nc")) {
            QSKIP("nc (netcat-openbsd) is not installed");
        }
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"), AnswerMode::Ok);
        TalkingProgram peer(QStringLiteral("nc"),
                            {QStringLiteral("-u"), QStringLiteral("127.0.0.1"), QString::number(there.port())});
        QVERIFY(peer.says("hello\n"));
        QVERIFY(peer.hears("OK!!!"));
        QTRY_COMPARE(host.payloads(RecordKind::Received, 1), QByteArray("hello\n")); // told at the end of the turn
    }

    void socat_data()
    {
        QTest::addColumn<QString>("name"); // of a Unix socket; empty: UDP
        QTest::addColumn<QString>("address");
        QTest::newRow("UDP") << ""
                             << "UDP:127.0.0.1:%1";
        QTest::newRow("UNIX-SENDTO") << "s"
                                     << "UNIX-SENDTO:%1,bind=%1.mine";
        QTest::newRow("ABSTRACT-SENDTO") << "@s"
                                         << "ABSTRACT-SENDTO:%1,bind=%1.mine";
    }
    void socat()
    {
        if (!has("socat")) {
            QSKIP("socat is not installed");
        }
        QFETCH(QString, name);
        QFETCH(QString, address);
        const UnixFolder folder;
        EngineHost host;
        ListenOptions options = udpOn("127.0.0.1");
        if (!name.isEmpty()) {
            options.transport = Transport::UnixDatagram;
            options.address
                = name.startsWith(u'@') ? Endpoint::unixAbstract(folder.path("a")) : Endpoint::unixPath(folder.path("s"));
        }
        const Endpoint there = listenTo(host, options, AnswerMode::Echo);
        TalkingProgram peer(QStringLiteral("socat"),
                            {QStringLiteral("-"),
                             address.arg(name.isEmpty() ? QString::number(there.port()) : QString::fromStdString(there.path()))});
        QVERIFY(peer.says("hello\n"));
        QVERIFY(peer.hears("hello\n"));
        if (!name.isEmpty()) {
            const auto info = std::get<PeerInfo>(host.waitFor(RecordKind::Joined, 1)->detail);
            QCOMPARE(info.process.pid, static_cast<int>(peer.pid()));
            QCOMPARE(info.process.program, std::string("socat"));
        }
    }

    void loggerOverUdp()
    {
        if (!has("logger")) {
            QSKIP("logger (bsdutils) is not installed");
        }
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        QProcess::execute(QStringLiteral("logger"),
                          {QStringLiteral("--udp"), QStringLiteral("--server"), QStringLiteral("127.0.0.1"),
                           QStringLiteral("--port"), QString::number(there.port()), QStringLiteral("something happened")});
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        QVERIFY(host.payloads(RecordKind::Received, 1).contains("something happened"));
    }

    // The question with the answer's bit set and one address (RFC 1035): made by hand, as a person would.
    void digGetsAHandMadeAnswer()
    {
        if (!has("dig")) {
            QSKIP("dig (bind9-dnsutils) is not installed");
        }
        EngineHost host;
        const Endpoint there = listenTo(host, udpOn("127.0.0.1"));
        TalkingProgram dig(QStringLiteral("dig"),
                           {QStringLiteral("@127.0.0.1"), QStringLiteral("-p"), QString::number(there.port()),
                            QStringLiteral("+noedns"), QStringLiteral("+short"), QStringLiteral("tincan.example"),
                            QStringLiteral("A")});
        QVERIFY(host.waitFor(RecordKind::Received, 1));
        QByteArray message = host.payloads(RecordKind::Received, 1);
        message[2] = static_cast<char>(message[2] | '\x80'); // an answer
        message[7] = 1;                                      // of one record
        message += QByteArray::fromHex("c00c 0001 0001 0000003c 0004 c0000207");
        host.send(1, message);
        QVERIFY(dig.hears("192.0.2.7"));
    }
};
QTEST_GUILESS_MAIN(DatagramProgramsTest)
#include "datagramprograms.moc"
