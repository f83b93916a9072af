// SPDX-License-Identifier: MIT
// One run of the server that listens on every kind of socket at once, and what other programs make of its file.
#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <unistd.h>

#include "support/programs.h"

using namespace tincan::test;

class HeadlessListenersTest : public QObject
{
    Q_OBJECT

    static QStringList everything()
    {
        return {QStringLiteral("127.0.0.1:0"),      QStringLiteral("udp:127.0.0.1:0"),
                QStringLiteral("unix:s"),           QStringLiteral("unix-dgram:d"),
                QStringLiteral("unix-seqpacket:q"), QStringLiteral("unix:@tincan-all-%1").arg(::getpid())};
    }
    // A server that listens on all of them, echoes, and writes what it sees into its file.
    struct Everything {
        ServerProgram server;
        QString file = server.file(QStringLiteral("all.pcapng"));
        int listeners = 0;

        bool start()
        {
            const QStringList addresses = everything();
            listeners = static_cast<int>(addresses.size());
            return server.start(
                addresses + QStringList{QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--record"), file},
                listeners);
        }
    };
    static Outcome tshark(const QString &file, const QStringList &arguments)
    {
        return run(QStringLiteral("tshark"), QStringList{QStringLiteral("-r"), file} + arguments);
    }

private slots:
    void allAtOnce()
    {
        Everything all;
        QVERIFY(all.start());
        auto &[server, file, listeners] = all;
        for (int i = 0; i < listeners; ++i) {
            const QByteArray said = "peer of " + QByteArray::number(i);
            QCOMPARE(answerTo(server.target(i), said, said.size(), server.file({})), said);
        }
        QCOMPARE(server.end(), 0);
        // Each says which of them it was.
        QCOMPARE(server.output().count("\nstopped "), listeners);
        QVERIFY2(server.output().contains("\nstopped unix-seqpacket q\n"), server.output().constData());
        QVERIFY(QDir(server.file({})).entryList(QDir::System).isEmpty());

        const QString text = server.file(QStringLiteral("all.txt"));
        QCOMPARE(run(QStringLiteral(TINCAN_SERVER), {QStringLiteral("--export"), file, text}).status, 0);
        QFile written(text);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray lines = written.readAll();
        for (int i = 0; i < listeners; ++i) {
            QCOMPARE(lines.count("peer of " + QByteArray::number(i)), 2);
        }
    }

    // What of it are packets, others read; the rest they pass over.
    void otherProgramsReadTheFile()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("tshark")).isEmpty()) {
            QSKIP("tshark is not installed");
        }
        Everything all;
        QVERIFY(all.start());
        auto &[server, file, listeners] = all;
        for (int i = 0; i < listeners; ++i) {
            QCOMPARE(answerTo(server.target(i), "abc", 3, server.file({})), QByteArray("abc"));
        }
        QCOMPARE(server.end(), 0);
        const QString full = server.file(QStringLiteral("full.pcapng"));
        QCOMPARE(run(QStringLiteral(TINCAN_SERVER), {QStringLiteral("--export"), file, full}).status, 0);
        for (const QString &read : {file, full}) {
            const Outcome udp = tshark(read,
                                       {QStringLiteral("-Y"), QStringLiteral("udp"), QStringLiteral("-T"),
                                        QStringLiteral("fields"), QStringLiteral("-e"), QStringLiteral("udp.payload")});
            QVERIFY2(udp.status == 0, udp.errors.constData());
            QCOMPARE(udp.output, QByteArray("616263\n616263\n"));
            const Outcome tcp = tshark(read,
                                       {QStringLiteral("-Y"), QStringLiteral("tcp.len > 0"), QStringLiteral("-T"),
                                        QStringLiteral("fields"), QStringLiteral("-e"), QStringLiteral("tcp.payload")});
            QCOMPARE(tcp.output, QByteArray("616263\n616263\n"));
        }
    }

    // One that cannot be listened on ends the program, and leaves nothing of the others behind.
    void oneThatFailsEndsIt()
    {
        ServerProgram first;
        QVERIFY(first.start({QStringLiteral("127.0.0.1:0"), QStringLiteral("--no-record")}));
        ServerProgram second;
        second.run({QStringLiteral("unix:s"), QStringLiteral("unix-dgram:d"), first.target(), QStringLiteral("--no-record")});
        QVERIFY(QTest::qWaitFor([&] { return second.process().state() == QProcess::NotRunning; }, 20'000));
        QCOMPARE(second.wait(), 1);
        const QByteArray errors = second.errors();
        QVERIFY2(errors.contains("EADDRINUSE"), errors.constData());
        QVERIFY(QDir(second.file({})).entryList(QDir::System).isEmpty());
    }

    // What one of a kind of socket says goes to those of all the others.
    void aRoomOfAllKinds()
    {
        ServerProgram server;
        const QStringList listeners = everything();
        QVERIFY(server.start(
            listeners + QStringList{QStringLiteral("--answer"), QStringLiteral("relay"), QStringLiteral("--no-record")},
            static_cast<int>(listeners.size())));
        std::vector<std::unique_ptr<QProcess>> peers;
        for (int i = 0; i < listeners.size(); ++i) {
            peers.push_back(std::make_unique<QProcess>());
            QProcess &peer = *peers.back();
            peer.setWorkingDirectory(server.file({}));
            peer.start(QStringLiteral(TINCAN_CLIENT),
                       {server.target(i), QStringLiteral("--headless"), QStringLiteral("--no-record")});
            peer.write("I am " + QByteArray::number(i) + '\n');
            QVERIFY(peer.waitForBytesWritten());
            QVERIFY(server.says("I am " + QByteArray::number(i)));
        }
        for (int i = 0; i < listeners.size(); ++i) {
            QByteArray heard;
            for (int other = i + 1; other < listeners.size(); ++other) { // who came later
                heard += "I am " + QByteArray::number(other) + '\n';
            }
            QProcess &peer = *peers[static_cast<std::size_t>(i)];
            QTRY_COMPARE(peer.bytesAvailable(), heard.size());
            QCOMPARE(peer.readAll(), heard);
        }
        QCOMPARE(server.end(), 0);
        for (const auto &peer : peers) {
            peer->kill();
            peer->waitForFinished();
        }
    }
};
QTEST_GUILESS_MAIN(HeadlessListenersTest)
#include "headlesslisteners.moc"
