// SPDX-License-Identifier: MIT
// What a command line cannot have meant is refused, with what to write instead, before a socket or a file is made.
#include <QTest>

#include "session/commandline.h"

using namespace tincan;

class CommandChecksTest : public QObject
{
    Q_OBJECT

    static QStringList words(const QString &line)
    {
        return QStringList{QStringLiteral("tincan")} + line.split(u' ', Qt::SkipEmptyParts);
    }
    template<typename Line>
    static QString errorOf(const Line &line)
    {
        return line ? QString() : line.error();
    }
    static auto server(const char *line) { return parseServerCommandLine(words(QString::fromUtf8(line))); }
    static auto client(const char *line) { return parseClientCommandLine(words(QString::fromUtf8(line))); }

private slots:
    void isRefused_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("ofServer");
        QTest::addColumn<QString>("said");
        const auto row = [](bool ofServer, const char *line, const char *said) {
            QTest::addRow("%s %s", ofServer ? "server" : "client", line)
                << QString::fromUtf8(line) << ofServer << QString::fromUtf8(said);
        };
        row(true, "--record --headless", "write ./--headless");
        row(true, "--open --start", "write ./--start");
        row(false, "h:1 --record -x", "not “-x”");
        row(true, "--transport unix 127.0.0.1:6666", "is an address and a port, and unix wants a path");
        row(true, "unix-dgram:6666", "is a port, and unix-dgram wants a path");
        row(true, "unix:[::1]:5", "write ./[::1]:5");
        row(false, "--transport unix-seqpacket 127.0.0.1:6666", "is an address and a port");
        row(false, "/x --local 127.0.0.1:0", "--local takes a path or @name here: “127.0.0.1:0” is an address");
        row(false, "tcp:/x", "“/x” is a path, and tcp wants HOST:PORT");
        row(false, "udp:@x", "“@x” is a path, and udp wants HOST:PORT");
        row(false, "localhost:0", "port 0");
        row(false, "localhost 0", "port 0");
        row(true, "udp:0.0.0.0:7000 --group ff02::1", "IPv6, as udp:[::]:7000");
        row(true, "udp:[::1]:7000 --group 239.1.2.3", "IPv4, as udp:0.0.0.0:7000");
    }
    void isRefused()
    {
        QFETCH(QString, line);
        QFETCH(bool, ofServer);
        QFETCH(QString, said);
        const QString error
            = ofServer ? errorOf(parseServerCommandLine(words(line))) : errorOf(parseClientCommandLine(words(line)));
        QVERIFY2(error.contains(said), qPrintable(error));
    }

    void isMeant()
    {
        QCOMPARE(server("unix:./127.0.0.1:6666")->listen.front().address.path(), std::string("./127.0.0.1:6666"));
        QCOMPARE(server("unix:s")->listen.front().address.path(), std::string("s"));
        QCOMPARE(client("unix:./6666")->host, QStringLiteral("./6666"));
        QCOMPARE(client("/x --local ./6666")->local.path(), std::string("./6666"));
        QCOMPARE(server("--record ./--headless --headless")->place.path, QStringLiteral("./--headless"));
        QCOMPARE(client("tcp:5")->host, QStringLiteral("tcp")); // a host's name
    }

    // Each group by the sockets that can join it.
    void groupsGoWhereTheyFit()
    {
        const auto line = server("udp:0.0.0.0:7000 udp:[::]:7001 udp:[::1]:7002 7003 --group 239.1.2.3 --group ff02::1");
        QVERIFY2(line.has_value(), qPrintable(errorOf(line)));
        const auto groups = [&](std::size_t at) { return groupsText(line->listen.at(at).groups); };
        QCOMPARE(groups(0), QStringLiteral("239.1.2.3"));
        QCOMPARE(groups(1), QStringLiteral("239.1.2.3, [ff02::1]"));
        QCOMPARE(groups(2), QStringLiteral("[ff02::1]"));
        QCOMPARE(groups(3), QString());
    }
};
QTEST_APPLESS_MAIN(CommandChecksTest)
#include "commandchecks.moc"
