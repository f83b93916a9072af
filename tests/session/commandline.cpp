// SPDX-License-Identifier: MIT
#include "session/commandline.h"

#include <tuple>

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
        QCOMPARE(line->listen.front().address.toString(), std::string("127.0.0.1:6666"));
        QCOMPARE(line->answer.mode, AnswerMode::Echo);
        QCOMPARE(line->wanted, Wanted::Window);
        QVERIFY(!server({})->start);
        QVERIFY(server(QStringLiteral("--start"))->start);
        QCOMPARE(server(QStringLiteral("[::]:0"))->listen.front().address.toString(), std::string("[::]:0"));
        QCOMPARE(server(QStringLiteral("7000"))->listen.front().address.toString(), std::string("127.0.0.1:7000"));
    }

    void severalAddresses()
    {
        const auto line = server(QStringLiteral("7000 udp:0.0.0.0:7001 unix:x.sock @abstract unix-dgram:/run/y --mode 0640 "
                                                "--serve thread --group 239.1.2.3 --group 239.1.2.4 --backlog 3"));
        QVERIFY2(line, line ? "" : qPrintable(line.error()));
        QCOMPARE(line->listen.size(), std::size_t{5});
        const auto &[tcp, udp, relative, abstract, datagrams]
            = std::tie(line->listen[0], line->listen[1], line->listen[2], line->listen[3], line->listen[4]);
        QCOMPARE(tcp.transport, Transport::Tcp);
        QCOMPARE(tcp.serving, Serving::ThreadPerPeer);
        QCOMPARE(tcp.backlog, 3);
        QCOMPARE(tcp.pathMode, -1);
        QVERIFY(tcp.groups.empty());
        QCOMPARE(udp.transport, Transport::Udp);
        QCOMPARE(udp.address.toString(), std::string("0.0.0.0:7001"));
        QCOMPARE(udp.serving, Serving::EventLoop);
        QCOMPARE(udp.groups.size(), std::size_t{2});
        QCOMPARE(relative.transport, Transport::UnixStream);
        QCOMPARE(relative.address.path(), std::string("x.sock"));
        QCOMPARE(relative.pathMode, 0640);
        QCOMPARE(abstract.address.family(), Endpoint::Family::UnixAbstract);
        QCOMPARE(datagrams.transport, Transport::UnixDatagram);
        const auto all = server(QStringLiteral("--transport unix-seqpacket a b"));
        QCOMPARE(all->listen.size(), std::size_t{2});
        QCOMPARE(all->listen[1].transport, Transport::UnixSeqpacket);
        QCOMPARE(server(QStringLiteral("--transport udp --headless"))->listen.front().address.port(), std::uint16_t{6666});
        QCOMPARE(server(QStringLiteral("--loops 4 6666"))->listen.front().loops, 4);
    }

    // What is kept in the settings comes back.
    void storedRequests()
    {
        const auto line
            = server(QStringLiteral("[::]:0 udp:0.0.0.0:7001 unix-seqpacket:/a\tb --mode 0640 --serve one --group 239.1.2.3%lo"));
        QVERIFY(line);
        for (ListenRequest request : line->listen) {
            QCOMPARE(requestOf(storedText(request)), request);
            QCOMPARE(parseListenTarget(listenTargetText(request), std::nullopt)->address, request.address);
        }
        QVERIFY(!requestOf(QStringLiteral("nonsense")));
        QVERIFY(!requestOf({}));
        QCOMPARE(groupsText(*parseGroups(QStringLiteral(" 239.1.2.3%lo ,[ff02::1]"))), QStringLiteral("239.1.2.3%lo, [ff02::1]"));
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
        const auto nowhere = parseServerCommandLine(
            {QStringLiteral("tincan-server"), QStringLiteral("--export"), QStringLiteral("a"), QString()});
        QVERIFY(!nowhere && nowhere.error().contains(QStringLiteral("two files")));
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
        QTest::newRow("transport") << true << QStringLiteral("--transport sctp") << QStringLiteral("unix-seqpacket");
        QTest::newRow("path of udp") << true << QStringLiteral("udp:/x") << QStringLiteral("is a path");
        QTest::newRow("path for tcp") << true << QStringLiteral("--transport tcp /x") << QStringLiteral("is a path");
        QTest::newRow("no path") << true << QStringLiteral("unix:") << QStringLiteral("path is missing");
        QTest::newRow("long path") << true << (QStringLiteral("/") + QString(107, u'x')) << QStringLiteral("room for 107");
        QTest::newRow("headless path") << true << QStringLiteral("--transport unix --headless") << QStringLiteral("needs a path");
        QTest::newRow("serve what") << true << QStringLiteral("--serve fork 1") << QStringLiteral("loop, one, thread, process");
        QTest::newRow("serve udp") << true << QStringLiteral("--serve one udp:1") << QStringLiteral("have connections");
        QTest::newRow("backlog udp") << true << QStringLiteral("--backlog 2 udp:1") << QStringLiteral("--backlog");
        QTest::newRow("loops") << true << QStringLiteral("--loops 0 1") << QStringLiteral("from 1");
        QTest::newRow("loops of one") << true << QStringLiteral("--loops 2 --serve one 1") << QStringLiteral("--serve loop");
        QTest::newRow("mode") << true << QStringLiteral("--mode 9 /x") << QStringLiteral("octal");
        QTest::newRow("mode tcp") << true << QStringLiteral("--mode 600 1") << QStringLiteral("Unix transports");
        QTest::newRow("mode of what") << true << QStringLiteral("--mode 600") << QStringLiteral("Unix transports");
        QTest::newRow("mode @") << true << QStringLiteral("--mode 600 @x udp:1") << QStringLiteral("has no permissions");
        QTest::newRow("fin udp") << true << QStringLiteral("--after-fin keep udp:1") << QStringLiteral("have no end");
        QTest::newRow("transport of none") << true << QStringLiteral("--transport udp tcp:1")
                                           << QStringLiteral("all of these do");
        QTest::newRow("two transports") << false << QStringLiteral("--transport udp tcp:h:1") << QStringLiteral("different");
        QTest::newRow("unix and udp") << false << QStringLiteral("--transport udp unix:/x") << QStringLiteral("different");
        QTest::newRow("unconnected what") << false << QStringLiteral("--unconnected") << QStringLiteral("--transport udp");
        QTest::newRow("local udp") << false << QStringLiteral("--local /x --transport udp") << QStringLiteral("ADDRESS:PORT");
        QTest::newRow("local @") << false << QStringLiteral("--local 127.0.0.1:1 /x") << QStringLiteral("127.0.0.1:1");
        QTest::newRow("export and") << true << QStringLiteral("--export a b --answer ok") << QStringLiteral("--answer does not");
        QTest::newRow("group") << true << QStringLiteral("--group 1.2.3.4 udp:1") << QStringLiteral("no multicast group");
        QTest::newRow("group tcp") << true << QStringLiteral("--group 239.1.2.3 1") << QStringLiteral("goes with udp");
        QTest::newRow("group if") << true << QStringLiteral("--group 239.1.2.3%nix0 udp:1") << QStringLiteral("nix0");
        QTest::newRow("client path") << false << QStringLiteral("--transport udp /x") << QStringLiteral("is a path");
        QTest::newRow("path and port") << false << QStringLiteral("/x 7") << QStringLiteral("too many");
        QTest::newRow("local path") << false << QStringLiteral("/x --local @") << QStringLiteral("path is missing");
        QTest::newRow("unconnected") << false << QStringLiteral("h:1 --unconnected") << QStringLiteral("datagrams");
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
        const auto udp = client(QStringLiteral("udp:localhost:53 --unconnected"));
        QCOMPARE(udp->transport, Transport::Udp);
        QCOMPARE(udp->host, QStringLiteral("localhost"));
        QVERIFY(!udp->connected);
        QVERIFY(client(QStringLiteral("h:1"))->connected);
        QCOMPARE(client(QStringLiteral("udp:53"))->host, QStringLiteral("udp")); // a host of that name
        QCOMPARE(client(QStringLiteral("udp 53"))->host, QStringLiteral("udp"));
        const auto apart = client(QStringLiteral("udp:127.0.0.1 7000"));
        QCOMPARE(apart->transport, Transport::Udp);
        QCOMPARE(apart->host, QStringLiteral("127.0.0.1"));
        QCOMPARE(apart->port, quint16(7000));
        QCOMPARE(client(QStringLiteral("tcp:::1 7"))->host, QStringLiteral("::1"));
        const auto path = client(QStringLiteral("/run/x.sock --local @me"));
        QCOMPARE(path->transport, Transport::UnixStream);
        QCOMPARE(path->host, QStringLiteral("/run/x.sock"));
        QCOMPARE(path->local.family(), Endpoint::Family::UnixAbstract);
        QCOMPARE(client(QStringLiteral("unix-seqpacket:x"))->host, QStringLiteral("x"));
        QCOMPARE(client(QStringLiteral("x --transport unix-dgram"))->transport, Transport::UnixDatagram);
    }

    // Without a host they are what stands in the window's fields.
    void clientOptionsAlone()
    {
        QCOMPARE(client(QStringLiteral("--local 127.0.0.1:4000"))->transport, Transport::Tcp);
        QCOMPARE(client(QStringLiteral("--local 127.0.0.1:4000 --transport udp"))->transport, Transport::Udp);
        QCOMPARE(client(QStringLiteral("--local /tmp/x.sock"))->transport, Transport::UnixStream);
        QVERIFY(!client(QStringLiteral("--unconnected --transport udp"))->connected);
        QVERIFY(!client({})->timeoutGiven);
        QVERIFY(client(QStringLiteral("--timeout 10"))->timeoutGiven);
        QVERIFY(server(QStringLiteral("--mode 600 --transport unix")));
        QVERIFY(server(QStringLiteral("--transport udp udp:1 tcp:2")));
        QVERIFY(server(QStringLiteral("--after-fin keep udp:1 tcp:2")));
        QVERIFY(server(QStringLiteral("--export a b --headless")));
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
        for (const char *option :
             {"--answer", "--headless", "--record", "--no-record", "--backlog", "--max-peers", "--export", "--start",
              "--after-fin", "--name-sender", "--open", "--version", "--transport", "--serve", "--loops", "--mode", "--group"}) {
            QVERIFY2(serverHelp().contains(QLatin1String(option)), option);
        }
        for (const char *option : {"--local", "--headless", "--line-ending", "--record", "--no-record", "--open", "--timeout",
                                   "--transport", "--unconnected"}) {
            QVERIFY2(clientHelp().contains(QLatin1String(option)), option);
        }
        for (const QString &line : (serverHelp() + clientHelp()).split(u'\n')) {
            QVERIFY2(line.size() <= 130, qPrintable(line));
        }
        QCOMPARE(server(QStringLiteral("--help"))->wanted, Wanted::Help);
        QCOMPARE(client(QStringLiteral("-V"))->wanted, Wanted::Version);
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "commandline.moc"
