// SPDX-License-Identifier: MIT
// A client without a window whose recording fails says so, and loses nothing of the conversation; one whose output fails ends.
#include <QFile>

#include "support/programs.h"

using namespace tincan::test;

class RecordingSaidTest : public QObject
{
    Q_OBJECT
private slots:
    void theFileMayNotGrow()
    {
        ServerProgram server;
        QVERIFY(server.start(
            {QStringLiteral("127.0.0.1:0"), QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
        QFile input(server.file(QStringLiteral("in")));
        QVERIFY(input.open(QIODevice::WriteOnly) && input.write(QByteArray(200'000, 'x')) == 200'000);
        input.close();
        QProcess shell; // at most some kilobytes a file
        shell.setStandardInputFile(input.fileName());
        shell.start(QStringLiteral("sh"),
                    {QStringLiteral("-c"), QStringLiteral("ulimit -f 8; exec \"$0\" \"$1\" --headless --record \"$2\""),
                     QStringLiteral(TINCAN_CLIENT), server.target(), server.file(QStringLiteral("r.pcapng"))});
        QVERIFY(shell.waitForFinished(20'000));
        QCOMPARE(shell.exitCode(), 0);
        QCOMPARE(shell.readAllStandardOutput(), QByteArray(200'000, 'x'));
        const QByteArray errors = shell.readAllStandardError();
        QVERIFY2(errors.contains("EFBIG") && errors.contains("is not recorded"), errors.constData());
        QCOMPARE(server.end(), 0);
    }

    // A reader of the output that has gone is one way to end; a full disk is not.
    void theOutputCannotBeWritten()
    {
        ServerProgram server;
        QVERIFY(server.start(
            {QStringLiteral("127.0.0.1:0"), QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
        QProcess client;
        client.setStandardOutputFile(QStringLiteral("/dev/full"));
        client.start(QStringLiteral(TINCAN_CLIENT),
                     {server.target(), QStringLiteral("--headless"), QStringLiteral("--no-record")});
        QVERIFY(client.waitForStarted());
        client.write("hello\n");
        QVERIFY(client.waitForFinished(20'000)); // though its input goes on
        const QByteArray errors = client.readAllStandardError();
        QVERIFY2(errors.contains("ENOSPC") && errors.contains("standard output"), errors.constData());
        QCOMPARE(client.exitCode(), 1);
        QCOMPARE(server.end(), 0);
    }
};
QTEST_GUILESS_MAIN(RecordingSaidTest)
#include "recordingsaid.moc"
