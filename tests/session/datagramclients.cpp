// SPDX-License-Identifier: MIT
// The client's program over UDP and Unix datagrams where nobody answers, somebody refuses, or odd things come.
#include <QDir>

#include "support/datagrampeer.h"
#include "support/programs.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

class DatagramClientsTest : public QObject
{
    Q_OBJECT

    static QString at(const Endpoint &where) { return QStringLiteral("udp:") + QString::fromStdString(where.toString()); }

private slots:
    // ICMP says so after the first; then it is told, and the status is another.
    void aPortThatNobodyHas()
    {
        Endpoint where;
        {
            const DatagramPeer free; // a moment ago
            where = free.name();
        }
        const Outcome outcome = runClient(at(where), "hello");
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.errors.contains("ECONNREFUSED"), outcome.errors.constData());
        QCOMPARE(outcome.output, QByteArray());
    }

    void aPathThatNobodyHas()
    {
        const UnixFolder folder;
        const Outcome nothing = runClient(QStringLiteral("unix-dgram:") + QString::fromStdString(folder.path()), "hello");
        QCOMPARE(nothing.status, 1);
        QVERIFY2(nothing.errors.contains("ENOENT"), nothing.errors.constData());
        bindUnix(folder.path(), SOCK_DGRAM); // and closed: the file stays
        const Outcome stale = runClient(QStringLiteral("unix-dgram:") + QString::fromStdString(folder.path()), "hello");
        QCOMPARE(stale.status, 1);
        QVERIFY2(stale.errors.contains("ECONNREFUSED"), stale.errors.constData());
    }

    // Nobody answers: it ends by itself.
    void silence()
    {
        const DatagramPeer server;
        const Outcome outcome = runClient(at(server.name()), "hello");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(outcome.output, QByteArray());
        QCOMPARE(server.receive(), QByteArray("hello"));
    }

    // The server sees each, however long it is; one that is empty is a line too.
    void theShortestAndTheLongest()
    {
        ServerProgram server;
        QVERIFY(server.start({QStringLiteral("udp:127.0.0.1:0"), QStringLiteral("--answer"), QStringLiteral("echo"),
                              QStringLiteral("--no-record")}));
        const Endpoint there = *Endpoint::parse(server.target().mid(4).toStdString());
        const DatagramPeer peer;
        for (const qsizetype size : {0, 1, 65'507, 0}) {
            QVERIFY(peer.send(QByteArray(size, 'z'), there));
            QCOMPARE(peer.receive().size(), size);
        }
        QVERIFY(!peer.send(QByteArray(65'508, 'z'), there)); // there is no such datagram
        QCOMPARE(errno, EMSGSIZE);
        QVERIFY(server.says(" 65507 \"zzz"));
        QCOMPARE(server.end(), 0);
        QCOMPARE(server.output().count(" 0 \"\"\n"), 4);
    }

    // A client that is not connected hears whoever answers.
    void whoElseAnswers()
    {
        const DatagramPeer server;
        const DatagramPeer other;
        for (const bool isConnected : {true, false}) {
            QProcess client;
            client.start(QStringLiteral(TINCAN_CLIENT),
                         QStringList{at(server.name()), QStringLiteral("--headless"), QStringLiteral("--no-record")}
                             + (isConnected ? QStringList{} : QStringList{QStringLiteral("--unconnected")}));
            client.write("hello");
            QVERIFY(client.waitForBytesWritten());
            Endpoint from;
            QCOMPARE(server.receive(&from), QByteArray("hello"));
            const Endpoint there = Endpoint::ipv4(INADDR_LOOPBACK, from.port());
            QVERIFY(other.send("other ", there));
            QVERIFY(server.send("asked", there));
            const QByteArray heard = isConnected ? "asked" : "other asked";
            QTRY_COMPARE(client.bytesAvailable(), heard.size());
            QCOMPARE(client.readAllStandardOutput(), heard);
            client.kill();
            client.waitForFinished();
        }
    }

    // It is bound to what --local says, which is how it is known to the server.
    void fromAnAddressOfOurs()
    {
        Endpoint mine;
        {
            const DatagramPeer free;
            mine = free.name();
        }
        ServerProgram server;
        QVERIFY(server.start({QStringLiteral("udp:127.0.0.1:0"), QStringLiteral("unix-dgram:d"), QStringLiteral("--answer"),
                              QStringLiteral("ok"), QStringLiteral("--no-record")},
                             2));
        const QString from = QString::fromStdString(mine.toString());
        QCOMPARE(runClient(server.target(0), "hi", {QStringLiteral("--local"), from}).output, QByteArray("OK!!!"));
        QVERIFY(server.says("joined " + from.toLatin1() + '\n'));
        const QString path = server.file(QStringLiteral("mine"));
        QCOMPARE(runClient(server.target(1), "hi", {QStringLiteral("--local"), path}, server.file({})).output,
                 QByteArray("OK!!!"));
        QVERIFY(server.says("joined " + path.toLatin1() + '\n'));
        QVERIFY(!QFile::exists(path)); // its own name is taken away with it
        QCOMPARE(server.end(), 0);
    }
};
QTEST_GUILESS_MAIN(DatagramClientsTest)
#include "datagramclients.moc"
