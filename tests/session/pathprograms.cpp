// SPDX-License-Identifier: MIT
// The programs at paths of Unix sockets, as a person gives them: odd names, files in the way, files that vanish.
#include <QDir>
#include <QFile>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/programs.h"
#include "support/unixpeers.h"

using namespace tincan::test;
using tincan::UniqueFd;

namespace {

int typeOf(const QString &transport)
{
    return transport == QLatin1String("unix")      ? SOCK_STREAM
        : transport == QLatin1String("unix-dgram") ? SOCK_DGRAM
                                                   : SOCK_SEQPACKET;
}

bool isThere(const QString &path)
{
    struct stat status {
    };
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0;
}

// A program that is nobody's: what root may not be refused, it is.
Outcome runAsNobody(const char *program, const QStringList &arguments)
{
    return run(QStringLiteral("setpriv"),
               QStringList{QStringLiteral("--reuid=65534"), QStringLiteral("--regid=65534"), QStringLiteral("--clear-groups"),
                           QString::fromLocal8Bit(program)}
                   + arguments + QStringList{QStringLiteral("--headless"), QStringLiteral("--no-record")});
}

} // namespace

class PathProgramsTest : public QObject
{
    Q_OBJECT

    static QString transport()
    {
        QFETCH_GLOBAL(QString, transport);
        return transport;
    }
    static QString at(const QString &path) { return transport() + u':' + path; }

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("transport");
        for (const char *word : {"unix", "unix-dgram", "unix-seqpacket"}) {
            QTest::newRow(word) << QString::fromLatin1(word);
        }
    }

    void oddNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("said"); // in one line, without blanks
        QTest::newRow("blanks") << QStringLiteral("a b.sock") << QByteArray("a\\x20b.sock\n");
        QTest::newRow("UTF-8") << QStringLiteral("grüße.漢") << QByteArray("grüße.漢\n");
        QTest::newRow("a line end") << QStringLiteral("two\nlines") << QByteArray("two\\x0alines\n");
        QTest::newRow("a colon and a percent sign") << QStringLiteral("tcp:%1") << QByteArray("tcp:%1\n");
    }
    void oddNames()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, said);
        ServerProgram server;
        const QString path = server.file(name);
        const QString file = server.file(QStringLiteral("r.pcapng"));
        QVERIFY(server.start({at(path), QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--record"), file}));
        QVERIFY2(server.output().endsWith('/' + said), server.output().constData());
        QVERIFY(isThere(path));
        QCOMPARE(answerTo(at(path), "hi", 2), QByteArray("hi"));
        QCOMPARE(server.end(), 0);
        QVERIFY(!isThere(path));
        // The file has it too.
        const QString out = server.file(QStringLiteral("r.txt"));
        QCOMPARE(run(QStringLiteral(TINCAN_SERVER), {QStringLiteral("--export"), file, out}).status, 0);
    }

    void relativePaths()
    {
        for (const QString &path : {QStringLiteral("./s"), QStringLiteral("s"), QStringLiteral("below/s")}) {
            ServerProgram server;
            QVERIFY(QDir(server.file({})).mkdir(QStringLiteral("below")));
            QVERIFY(server.start({at(path), QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
            QVERIFY(isThere(server.file(path)));
            QCOMPARE(answerTo(at(path), "hi", 2, server.file({})), QByteArray("hi"));
            QCOMPARE(answerTo(at(server.file(path)), "hi", 2), QByteArray("hi"));
            QCOMPARE(server.end(), 0);
            QVERIFY(!isThere(server.file(path)));
        }
    }

    // It is no other file than the one that was meant.
    void bytesThatAreNoTextAreRefused()
    {
        ServerProgram server;
        const QByteArray path = QFile::encodeName(server.file(QStringLiteral("x"))) + "\xff\xfe";
        QProcess shell; // QProcess takes text
        shell.setWorkingDirectory(server.file({}));
        shell.start(QStringLiteral("sh"),
                    {QStringLiteral("-c"), QStringLiteral("exec \"$0\" \"$1$(printf 'x\\377\\376')\" --headless --no-record"),
                     QStringLiteral(TINCAN_SERVER), at(server.file({}))});
        QVERIFY(shell.waitForFinished(10'000));
        QCOMPARE(shell.exitCode(), 2);
        const QByteArray errors = shell.readAllStandardError();
        QVERIFY2(errors.contains("UTF-8"), errors.constData());
        QVERIFY(QDir(server.file({})).entryList(QDir::System | QDir::Files).isEmpty());
    }

    void whatIsInTheWay()
    {
        ServerProgram server;
        const QString path = server.file(QStringLiteral("s"));
        { // a stale path of any kind is replaced
            bindUnix(path.toStdString(), SOCK_DGRAM);
            QVERIFY(isThere(path));
        }
        QVERIFY(server.start({at(path), QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
        QCOMPARE(answerTo(at(path), "hi", 2), QByteArray("hi"));
        // A live one is refused, whoever wants it, and goes on.
        for (const char *other : {"unix", "unix-dgram", "unix-seqpacket"}) {
            const Outcome second
                = run(QStringLiteral(TINCAN_SERVER),
                      {QLatin1String(other) + u':' + path, QStringLiteral("--headless"), QStringLiteral("--no-record")});
            QCOMPARE(second.status, 1);
            QVERIFY2(second.errors.contains("EADDRINUSE")
                         && second.errors.contains("(pid " + QByteArray::number(server.process().processId()) + ')'),
                     second.errors.constData());
        }
        QCOMPARE(answerTo(at(path), "ho", 2), QByteArray("ho"));
        QCOMPARE(server.end(), 0);
        QVERIFY(!isThere(path));
    }

    void whatIsNoSocketStays()
    {
        ServerProgram server;
        QFile file(server.file(QStringLiteral("f")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("precious") == 8);
        file.close();
        server.run({at(file.fileName()), QStringLiteral("--no-record")});
        QVERIFY(QTest::qWaitFor([&] { return server.process().state() == QProcess::NotRunning; }, 20'000));
        QCOMPARE(server.wait(), 1);
        const QByteArray errors = server.errors();
        QVERIFY2(errors.contains("no socket") && errors.contains("left as it is"), errors.constData());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("precious"));
    }

    // Deleted under the running server: it serves on those who are there, and at its end what another put there stays.
    void theFileIsDeletedMeanwhile()
    {
        ServerProgram server;
        const QString path = server.file(QStringLiteral("s"));
        QVERIFY(server.start({at(path), QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
        const std::string mine = server.file(QStringLiteral("mine")).toStdString();
        const UniqueFd peer = bindUnix(mine, typeOf(transport()));
        sockaddr_storage storage{};
        const socklen_t size = unixName(path.toStdString()).toSockaddr(storage);
        QCOMPARE(::connect(peer.get(), reinterpret_cast<const sockaddr *>(&storage), size), 0);
        QVERIFY(QFile::remove(path));
        const UniqueFd other = bindUnix(path.toStdString(), typeOf(transport()));
        QVERIFY(other);
        const RawPeer speaker{UniqueFd(::dup(peer.get()))};
        QVERIFY(speaker.send("still here"));
        QCOMPARE(speaker.read(10), QByteArray("still here"));
        QCOMPARE(server.end(), 0);
        QVERIFY(isThere(path));
        QVERIFY(server.output().endsWith("stopped\n"));
    }

    void theDeletedPathIsTakenAgain()
    {
        ServerProgram first;
        const QString path = first.file(QStringLiteral("s"));
        QVERIFY(first.start({at(path), QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
        QVERIFY(QFile::remove(path));
        ServerProgram second;
        QVERIFY(second.start({at(path), QStringLiteral("--answer"), QStringLiteral("ok"), QStringLiteral("--no-record")}));
        QCOMPARE(first.end(), 0);
        QCOMPARE(answerTo(at(path), "hi", 5), QByteArray("OK!!!"));
        QCOMPARE(second.end(), 0);
        QVERIFY(!isThere(path));
    }

    void tooLong()
    {
        const QString path = QStringLiteral("/tmp/") + QString(103, u'x');
        for (const char *program : {TINCAN_SERVER, TINCAN_CLIENT}) {
            const Outcome outcome
                = run(QString::fromLocal8Bit(program), {at(path), QStringLiteral("--headless"), QStringLiteral("--no-record")});
            QCOMPARE(outcome.status, 2);
            QVERIFY2(outcome.errors.contains("has 108 bytes") && outcome.errors.contains("107"), outcome.errors.constData());
        }
        ServerProgram server; // the longest there is
        const QString longest = server.file(QString(107 - server.file(QStringLiteral("x")).size() + 1, u'x'));
        QCOMPARE(longest.size(), 107);
        QVERIFY(server.start({at(longest), QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
        QCOMPARE(answerTo(at(longest), "hi", 2), QByteArray("hi"));
        QCOMPARE(server.end(), 0);
        QVERIFY(!isThere(longest));
    }

    void permissions()
    {
        if (::geteuid() != 0) {
            QSKIP("only root may become another user");
        }
        ServerProgram server;
        const QString home = server.file({});
        QCOMPARE(::chmod(QFile::encodeName(home).constData(), 0755), 0);
        QVERIFY(server.start({at(server.file(QStringLiteral("s"))), QStringLiteral("--mode"), QStringLiteral("0600"),
                              QStringLiteral("--answer"), QStringLiteral("echo"), QStringLiteral("--no-record")}));
        const Outcome client = runAsNobody(TINCAN_CLIENT, {at(server.file(QStringLiteral("s")))});
        if (client.errors.contains("Permission denied") || client.errors.contains("execve")) {
            QSKIP("another user may not run the programs of this folder");
        }
        QCOMPARE(client.status, 1);
        QVERIFY2(client.errors.contains("EACCES") && client.errors.contains("permission"), client.errors.constData());
        const Outcome denied = runAsNobody(TINCAN_SERVER, {at(server.file(QStringLiteral("other")))});
        QCOMPARE(denied.status, 1);
        QVERIFY2(denied.errors.contains("bind: EACCES") && denied.errors.contains("you may not make a file in"),
                 denied.errors.constData());
        const Outcome nowhere
            = run(QStringLiteral(TINCAN_SERVER),
                  {at(server.file(QStringLiteral("no/s"))), QStringLiteral("--headless"), QStringLiteral("--no-record")});
        QCOMPARE(nowhere.status, 1);
        QVERIFY2(nowhere.errors.contains("ENOENT"), nowhere.errors.constData());
        QCOMPARE(server.end(), 0);
    }
};
QTEST_GUILESS_MAIN(PathProgramsTest)
#include "pathprograms.moc"
