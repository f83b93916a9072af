// SPDX-License-Identifier: MIT
// The programs without a window, as processes.
#include <csignal>

#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

class HeadlessTest : public QObject
{
    Q_OBJECT

private:
    struct Server {
        QTemporaryDir home;
        QProcess process;
        QByteArray output;
        QByteArray address;

        ~Server()
        {
            process.kill();
            process.waitForFinished();
        }
        bool start(const QStringList &arguments)
        {
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("XDG_STATE_HOME"), home.path());
            process.setProcessEnvironment(environment);
            process.start(QStringLiteral(TINCAN_SERVER),
                          QStringList{QStringLiteral("127.0.0.1:0"), QStringLiteral("--headless")} + arguments);
            if (!waitFor("listening ")) {
                return false;
            }
            address = output.mid(10, output.indexOf('\n') - 10);
            return true;
        }
        bool waitFor(const QByteArray &part)
        {
            return QTest::qWaitFor(
                [&] {
                    process.waitForReadyRead(10);
                    output += process.readAllStandardOutput();
                    return output.contains(part);
                },
                20'000);
        }
        int end(int signal = SIGTERM)
        {
            ::kill(static_cast<pid_t>(process.processId()), signal);
            return process.waitForFinished(20'000) ? process.exitCode() : -1;
        }
    };

    struct Outcome {
        int status = -1;
        QByteArray output;
        QByteArray errors;
    };
    static Outcome client(const QStringList &arguments, const QByteArray &input)
    {
        QProcess process;
        process.start(QStringLiteral(TINCAN_CLIENT), arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(30'000)) {
            process.kill();
            process.waitForFinished();
            return {};
        }
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    static QStringList to(const Server &server)
    {
        return {QString::fromLatin1(server.address), QStringLiteral("--headless"), QStringLiteral("--no-record")};
    }

private slots:
    void echoesAndSaysEachEvent()
    {
        Server server;
        QVERIFY(server.start({QStringLiteral("--answer"), QStringLiteral("echo")}));
        const Outcome outcome = client(to(server), "hello\n\x01\"");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(outcome.output, QByteArray("hello\n\x01\""));
        QVERIFY(server.waitFor("left 127.0.0.1:"));
        QVERIFY2(server.output.contains("joined 127.0.0.1:"), server.output.constData());
        QVERIFY2(server.output.contains(" 8 \"hello\\n\\x01\\\"\"\n"), server.output.constData());
        QCOMPARE(server.end(), 0);
    }

    void manyBytesComeBackWhole()
    {
        Server server;
        QVERIFY(server.start({QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
        QByteArray input;
        for (int i = 0; input.size() < 3'000'000; ++i) {
            input += QByteArray::number(i) + '\n';
        }
        // Its events fill the pipe of its standard output: they have to be read meanwhile.
        connect(&server.process, &QProcess::readyReadStandardOutput, &server.process,
                [&] { server.process.readAllStandardOutput(); });
        QProcess process;
        process.start(QStringLiteral(TINCAN_CLIENT), to(server));
        process.write(input);
        process.closeWriteChannel();
        QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 60'000);
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(process.readAllStandardOutput(), input);
    }

    void exitEndsTheOkServersConnection()
    {
        Server server;
        QVERIFY(server.start({QStringLiteral("--answer"), QStringLiteral("ok")}));
        const Outcome outcome = client(to(server), "exit\n");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(outcome.output, QByteArray("OK!!!"));
        QVERIFY(server.waitFor("left 127.0.0.1:"));
        QCOMPARE(server.end(SIGINT), 0);
    }

    void lineEndingsAreMadeOnRequest()
    {
        Server server;
        QVERIFY(server.start({QStringLiteral("--answer"), QStringLiteral("echo")}));
        const Outcome outcome
            = client(to(server) + QStringList{QStringLiteral("--line-ending"), QStringLiteral("crlf")}, "a\nb\n");
        QCOMPARE(outcome.output, QByteArray("a\r\nb\r\n"));
    }

    void aPeerThatFinishesIsNotKeptWaiting()
    {
        Server server;
        QVERIFY(server.start({})); // manual: nobody is there to type
        const Outcome outcome = client(to(server), "hello");
        QCOMPARE(outcome.status, 0);
        QVERIFY(server.waitFor("left 127.0.0.1:"));
        QVERIFY(server.output.contains("peer-finished 127.0.0.1:"));
    }

    void aRefusedConnectionIsSaidOnStandardError()
    {
        const Outcome outcome
            = client({QStringLiteral("127.0.0.1:1"), QStringLiteral("--headless"), QStringLiteral("--no-record")}, {});
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.errors.contains("ECONNREFUSED"), outcome.errors.constData());
        QVERIFY(outcome.output.isEmpty());
    }

    void aTakenPortIsSaidOnStandardError()
    {
        Server server;
        QVERIFY(server.start({}));
        QProcess second;
        second.start(QStringLiteral(TINCAN_SERVER),
                     {QString::fromLatin1(server.address), QStringLiteral("--headless"), QStringLiteral("--no-record")});
        QVERIFY(second.waitForFinished(20'000));
        QCOMPARE(second.exitCode(), 1);
        const QByteArray errors = second.readAllStandardError();
        QVERIFY2(errors.contains("EADDRINUSE") && errors.contains("tincan-server"), errors.constData());
    }

    void wrongUsageIsTwo()
    {
        QProcess process;
        process.start(QStringLiteral(TINCAN_SERVER), {QStringLiteral("--answer"), QStringLiteral("shout")});
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 2);
        QVERIFY(process.readAllStandardError().contains("--help"));
    }

    // What the kernel has of the file is whole up to the last batch: tshark reads it, and it is the beginning of what was sent.
    void aServerKilledInAFloodLeavesAReadableFile()
    {
        QByteArray flood;
        for (int i = 0; flood.size() < 64'000'000; ++i) {
            flood += QByteArray::number(i) + '\n';
        }
        Server server;
        const QString path = server.home.filePath(QStringLiteral("killed.pcapng"));
        QVERIFY(server.start({QStringLiteral("--record"), path}));
        connect(&server.process, &QProcess::readyReadStandardOutput, &server.process,
                [&] { server.process.readAllStandardOutput(); });
        QProcess peer;
        peer.start(QStringLiteral(TINCAN_CLIENT), to(server));
        peer.write(flood);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(path).size() > 2'000'000, 60'000);
        ::kill(static_cast<pid_t>(server.process.processId()), SIGKILL);
        QVERIFY(server.process.waitForFinished(20'000));
        peer.kill();
        peer.waitForFinished();

        QProcess tshark;
        tshark.start(
            QStringLiteral("tshark"),
            {QStringLiteral("-r"), path, QStringLiteral("-q"), QStringLiteral("-z"), QStringLiteral("follow,tcp,raw,0")});
        QVERIFY(tshark.waitForFinished(60'000));
        QVERIFY2(tshark.exitCode() == 0, tshark.readAllStandardError().constData());
        QByteArray recorded;
        const auto lines = tshark.readAllStandardOutput().split('\n');
        for (qsizetype at = 6; at < lines.size() && !lines.at(at).startsWith('='); ++at) {
            recorded += QByteArray::fromHex(lines.at(at));
        }
        QVERIFY(recorded.size() > 1'000'000);
        QVERIFY(recorded.size() < flood.size()); // or it was not killed in the middle
        QVERIFY(flood.startsWith(recorded));
    }

    void endsCleanlyWithPeersOpen()
    {
        Server server;
        QVERIFY(server.start({QStringLiteral("--answer"), QStringLiteral("echo")}));
        QProcess peer;
        peer.start(QStringLiteral(TINCAN_CLIENT), to(server));
        QVERIFY(peer.waitForStarted());
        peer.write("hi");
        QVERIFY(server.waitFor("\"hi\""));
        QCOMPARE(server.end(), 0);
        QVERIFY(peer.waitForFinished(20'000)); // by our FIN
        QCOMPARE(peer.exitCode(), 0);
        QCOMPARE(peer.readAllStandardOutput(), QByteArray("hi"));
    }
};

QTEST_GUILESS_MAIN(HeadlessTest)
#include "headless.moc"
