// SPDX-License-Identifier: MIT
#include "session/commandline.h"

#include <QTest>

using namespace tincan;

class CommandLineTest : public QObject
{
    Q_OBJECT

private:
    static auto server(const QString &line)
    {
        return parseServerCommandLine((QStringLiteral("tincan-server ") + line).split(u' ', Qt::SkipEmptyParts));
    }
    static auto client(const QString &line)
    {
        return parseClientCommandLine((QStringLiteral("tincan-client ") + line).split(u' ', Qt::SkipEmptyParts));
    }

private slots:
    void anAddressStarts()
    {
        const auto line = server(QStringLiteral("127.0.0.1:6666 --answer echo"));
        QVERIFY(line);
        QVERIFY(line->start);
        QCOMPARE(line->address->toString(), std::string("127.0.0.1:6666"));
        QCOMPARE(line->answer.mode, AnswerMode::Echo);
        QCOMPARE(line->wanted, Wanted::Window);
        QVERIFY(!server({})->start);
        QVERIFY(server(QStringLiteral("--start"))->start);
        QCOMPARE(server(QStringLiteral("[::]:0"))->address->toString(), std::string("[::]:0"));
        QCOMPARE(server(QStringLiteral("7000"))->address->toString(), std::string("127.0.0.1:7000"));
    }

    void answers()
    {
        QCOMPARE(server(QStringLiteral("--answer manual"))->answer.mode, AnswerMode::Manual);
        QCOMPARE(server(QStringLiteral("--answer ok"))->answer.mode, AnswerMode::Ok);
        const auto relay = server(QStringLiteral("--answer relay --name-sender --after-fin keep --backlog 3 --max-peers 9"));
        QCOMPARE(relay->answer.mode, AnswerMode::Relay);
        QVERIFY(relay->answer.prefixSender);
        QCOMPARE(relay->answer.afterFin, AfterFin::KeepOpen);
        QVERIFY(relay->afterFinGiven);
        QVERIFY(!server({})->afterFinGiven);
        QCOMPARE(relay->backlog, 3);
        QCOMPARE(relay->maxPeers, 9);
    }

    void recording()
    {
        QCOMPARE(server({})->place.kind, RecordingPlace::Kind::StateFolder);
        QCOMPARE(server(QStringLiteral("--record x.pcapng"))->place.path, QStringLiteral("x.pcapng"));
        QCOMPARE(server(QStringLiteral("--no-record"))->place.kind, RecordingPlace::Kind::Forgotten);
        QCOMPARE(server(QStringLiteral("--no-record --headless"))->place.kind, RecordingPlace::Kind::Nowhere);
        const auto both = server(QStringLiteral("--export a.pcapng b.pcapng"));
        QCOMPARE(both->wanted, Wanted::Export);
        QCOMPARE(both->exportOut, QStringLiteral("b.pcapng"));
    }

    void wrongUsageSaysWhat_data()
    {
        QTest::addColumn<bool>("isServer");
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("answer") << true << QStringLiteral("--answer shout") << QStringLiteral("manual, echo, ok, relay");
        QTest::newRow("port") << true << QStringLiteral("127.0.0.1:70000") << QStringLiteral("65535");
        QTest::newRow("port alone") << true << QStringLiteral("70000") << QStringLiteral("65535");
        QTest::newRow("address") << true << QStringLiteral("1.2.3:1") << QStringLiteral("no address to listen on");
        QTest::newRow("unknown") << true << QStringLiteral("--frobnicate") << QStringLiteral("frobnicate");
        QTest::newRow("two") << true << QStringLiteral("1 2") << QStringLiteral("too many");
        QTest::newRow("backlog") << true << QStringLiteral("--backlog x") << QStringLiteral("whole number");
        QTest::newRow("record") << true << QStringLiteral("--record f --no-record") << QStringLiteral("exclude");
        QTest::newRow("export") << true << QStringLiteral("--export f") << QStringLiteral("two files");
        QTest::newRow("name-sender") << true << QStringLiteral("--name-sender --answer echo") << QStringLiteral("relay");
        QTest::newRow("no port") << false << QStringLiteral("localhost") << QStringLiteral("names no port");
        QTest::newRow("bare v6") << false << QStringLiteral("::1") << QStringLiteral("[::1]:6666");
        QTest::newRow("bad port") << false << QStringLiteral("localhost:http") << QStringLiteral("no port");
        QTest::newRow("no host") << false << QStringLiteral(":80") << QStringLiteral("names no host");
        QTest::newRow("headless") << false << QStringLiteral("--headless") << QStringLiteral("HOST:PORT");
        QTest::newRow("local") << false << QStringLiteral("--local nowhere h:1") << QStringLiteral("--local");
        QTest::newRow("open headless") << true << QStringLiteral("--open x.pcapng --headless") << QStringLiteral("--headless");
        QTest::newRow("open and connect") << false << QStringLiteral("h:1 --open x.pcapng") << QStringLiteral("stands alone");
        QTest::newRow("open and record") << true << QStringLiteral("--open x --record y") << QStringLiteral("stands alone");
        QTest::newRow("open nothing") << true << QStringLiteral("--open=") << QStringLiteral("name of a file");
        QTest::newRow("ending") << false << QStringLiteral("--line-ending x h:1") << QStringLiteral("none, lf, cr, crlf, nul");
    }
    void wrongUsageSaysWhat()
    {
        QFETCH(bool, isServer);
        QFETCH(QString, line);
        QFETCH(QString, says);
        QString error;
        if (isServer) {
            const auto parsed = server(line);
            QVERIFY(!parsed);
            error = parsed.error();
        } else {
            const auto parsed = client(line);
            QVERIFY(!parsed);
            error = parsed.error();
        }
        QVERIFY2(error.contains(says), qPrintable(error));
    }

    void clientTargets()
    {
        const auto name = client(QStringLiteral("localhost:6666"));
        QCOMPARE(name->host, QStringLiteral("localhost"));
        QCOMPARE(name->port, quint16(6666));
        QCOMPARE(client(QStringLiteral("[::1]:7"))->host, QStringLiteral("::1"));
        QCOMPARE(client(QStringLiteral("::1 7"))->port, quint16(7));
        QCOMPARE(client(QStringLiteral("h 7 --line-ending crlf"))->lineEnding, LineEnding::CrLf);
        QCOMPARE(client(QStringLiteral("h 7 --local 127.0.0.1:4000"))->local.port(), quint16(4000));
        QVERIFY(client({})->host.isEmpty());
    }

    void openingAFile()
    {
        QCOMPARE(server(QStringLiteral("--open /x/y.pcapng"))->open, QStringLiteral("/x/y.pcapng"));
        QCOMPARE(server(QStringLiteral("--open y"))->wanted, Wanted::Window);
        QCOMPARE(client(QStringLiteral("--open y.pcap"))->open, QStringLiteral("y.pcap"));
        QVERIFY(client(QStringLiteral("h:1"))->open.isEmpty());
    }

    void helpNamesEveryOption()
    {
        for (const char *option : {"--answer", "--headless", "--record", "--no-record", "--backlog", "--max-peers", "--export",
                                   "--start", "--after-fin", "--name-sender", "--open", "--version"}) {
            QVERIFY2(serverHelp().contains(QLatin1String(option)), option);
        }
        for (const char *option : {"--local", "--headless", "--line-ending", "--record", "--no-record", "--open", "--timeout"}) {
            QVERIFY2(clientHelp().contains(QLatin1String(option)), option);
        }
        QCOMPARE(server(QStringLiteral("--help"))->wanted, Wanted::Help);
        QCOMPARE(client(QStringLiteral("-V"))->wanted, Wanted::Version);
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "commandline.moc"
