// SPDX-License-Identifier: MIT
// The programs without a window, as processes.
#include <array>
#include <csignal>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QFile>
#include <QFileInfo>

#include "support/capturetools.h"
#include "support/programs.h"
#include "support/tcpsockets.h"

using namespace tincan;
using namespace tincan::test;

class HeadlessTest : public QObject
{
    Q_OBJECT

private:
    struct Server : ServerProgram {
        bool start(const QStringList &arguments)
        {
            return ServerProgram::start(QStringList{QStringLiteral("127.0.0.1:0")} + arguments);
        }
    };
    static Outcome client(const QStringList &arguments, const QByteArray &input)
    {
        return run(QStringLiteral(TINCAN_CLIENT), arguments, input);
    }
    static QStringList to(const Server &server)
    {
        return {server.target(), QStringLiteral("--headless"), QStringLiteral("--no-record")};
    }

    // A server with plain blocking calls.
    struct Listener {
        UniqueFd fd = listening(1);
        UniqueFd peer;
        std::uint16_t port = nameOf(fd.get()).port();

        void accept() { peer.reset(::accept4(fd.get(), nullptr, nullptr, SOCK_CLOEXEC)); }
        QStringList target() const
        {
            return {QStringLiteral("127.0.0.1:%1").arg(port), QStringLiteral("--headless"), QStringLiteral("--no-record")};
        }
    };
    static bool canConnect(std::uint16_t port)
    {
        const UniqueFd fd = dial(Endpoint::ipv4(INADDR_LOOPBACK, port));
        pollfd connected{fd.get(), POLLOUT, 0};
        return ::poll(&connected, 1, 0) == 1 && (connected.revents & (POLLERR | POLLHUP)) == 0;
    }

private slots:
    void echoesAndSaysEachEvent()
    {
        Server server;
        QVERIFY(server.start({QStringLiteral("--answer"), QStringLiteral("echo")}));
        const Outcome outcome = client(to(server), "hello\n\x01\"");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(outcome.output, QByteArray("hello\n\x01\""));
        QVERIFY(server.says("left 127.0.0.1:"));
        QVERIFY2(server.output().contains("joined 127.0.0.1:"), server.output().constData());
        QVERIFY2(server.output().contains(" 8 \"hello\\n\\x01\\\"\"\n"), server.output().constData());
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
        connect(&server.process(), &QProcess::readyReadStandardOutput, &server.process(),
                [&] { server.process().readAllStandardOutput(); });
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
        QVERIFY(server.says("left 127.0.0.1:"));
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
        QVERIFY(server.says("left 127.0.0.1:"));
        QVERIFY(server.output().contains("peer-finished 127.0.0.1:"));
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
        const Outcome second = run(QStringLiteral(TINCAN_SERVER), to(server));
        QCOMPARE(second.status, 1);
        QVERIFY2(second.errors.contains("EADDRINUSE") && second.errors.contains("tincan-server"), second.errors.constData());
    }

    void wrongUsageIsTwo()
    {
        const Outcome outcome = run(QStringLiteral(TINCAN_SERVER), {QStringLiteral("--answer"), QStringLiteral("shout")});
        QCOMPARE(outcome.status, 2);
        QVERIFY(outcome.errors.contains("--help"));
    }

    // What the kernel has of the file is whole up to the last batch: tshark reads it, and it is the beginning of what was sent.
    void aServerKilledInAFloodLeavesAReadableFile()
    {
        QByteArray flood;
        for (int i = 0; flood.size() < 64'000'000; ++i) {
            flood += QByteArray::number(i) + '\n';
        }
        Server server;
        const QString path = server.file(QStringLiteral("killed.pcapng"));
        QVERIFY(server.start({QStringLiteral("--record"), path}));
        connect(&server.process(), &QProcess::readyReadStandardOutput, &server.process(),
                [&] { server.process().readAllStandardOutput(); });
        QProcess peer;
        peer.start(QStringLiteral(TINCAN_CLIENT), to(server));
        peer.write(flood);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(path).size() > 2'000'000, 60'000);
        QCOMPARE(server.end(SIGKILL), -1);
        peer.kill();
        peer.waitForFinished();

        const QByteArray recorded = follow(path, 0).first;
        QVERIFY(recorded.size() > 1'000'000);
        QVERIFY(recorded.size() < flood.size()); // or it was not killed in the middle
        QVERIFY(flood.startsWith(recorded));
    }

    void exportsAsTheSuffixSays()
    {
        Server server;
        const QString path = server.file(QStringLiteral("session.pcapng"));
        QVERIFY(server.start({QStringLiteral("--record"), path, QStringLiteral("--answer"), QStringLiteral("echo")}));
        QCOMPARE(client(to(server), "<hello>").output, QByteArray("<hello>"));
        QCOMPARE(server.end(), 0);
        const auto exported = [&](const QString &suffix) {
            const QString out = server.file(QStringLiteral("out.") + suffix);
            const Outcome outcome = run(QStringLiteral(TINCAN_SERVER), {QStringLiteral("--export"), path, out});
            QFile file(out);
            return outcome.status == 0 && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QVERIFY(exported(QStringLiteral("txt")).contains(": <hello>\n"));
        QVERIFY(exported(QStringLiteral("html")).contains("<pre>&lt;hello&gt;</pre>"));
        QVERIFY(exported(QStringLiteral("csv")).contains(",in,received,7,<hello>,3c68656c6c6f3e\r\n"));
        QVERIFY(exported(QStringLiteral("jsonl")).contains("\"text\":\"<hello>\""));
        QVERIFY(exported(QStringLiteral("hex")).contains("3c 68 65 6c 6c 6f 3e"));
        QVERIFY(exported(QStringLiteral("pcapng")).startsWith("\x0a\x0d\x0d\x0a"));
        QVERIFY(exported(QStringLiteral("bin")).startsWith("\x0a\x0d\x0d\x0a"));

        const Outcome outcome = run(QStringLiteral(TINCAN_SERVER),
                                    {QStringLiteral("--export"), path + u'x', server.file(QStringLiteral("no.txt"))});
        QCOMPARE(outcome.status, 1);
        QVERIFY(outcome.errors.contains("ENOENT"));
    }

    // Its sending side closed, a server may still read: everything is sent to it, as nc does.
    void aPeerThatFinishesFirstStillGetsAll()
    {
        Listener listener;
        QByteArray input(3'000'000, 'x');
        QProcess process;
        process.start(QStringLiteral(TINCAN_CLIENT), listener.target());
        listener.accept();
        ::shutdown(listener.peer.get(), SHUT_WR);
        process.write(input);
        process.closeWriteChannel();
        QVERIFY(process.waitForBytesWritten(20'000));
        QByteArray got(input.size() + 1, Qt::Uninitialized);
        qsizetype size = 0;
        while (size < got.size()) {
            QCoreApplication::processEvents(); // standard input is written by them
            const ssize_t part
                = ::recv(listener.peer.get(), got.data() + size, static_cast<size_t>(got.size() - size), MSG_DONTWAIT);
            if (part == 0 || (part < 0 && errno != EAGAIN)) {
                break;
            }
            size += std::max<ssize_t>(part, 0);
        }
        QCOMPARE(size, input.size());
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 0);
    }

    // … and with nothing more to say, the client ends by itself, although its input is open.
    void endsWhenThePeerHasFinished()
    {
        Listener listener;
        QProcess process;
        process.start(QStringLiteral(TINCAN_CLIENT), listener.target());
        listener.accept();
        QCOMPARE(::send(listener.peer.get(), "bye", 3, 0), ssize_t(3));
        ::shutdown(listener.peer.get(), SHUT_WR);
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(process.readAllStandardOutput(), QByteArray("bye"));
    }

    void endsAlthoughNobodyReadsItsOutput()
    {
        std::array<int, 2> pipe{};
        QCOMPARE(::pipe2(pipe.data(), O_NONBLOCK | O_CLOEXEC), 0);
        const UniqueFd unread(pipe[0]);
        const UniqueFd full(pipe[1]);
        const QByteArray filling(65'536, 'x');
        while (::write(full.get(), filling.constData(), static_cast<size_t>(filling.size())) > 0) { }
        while (::write(full.get(), "x", 1) > 0) { }
        std::uint16_t port = 0;
        {
            const Listener free; // a port that was free a moment ago
            port = free.port;
        }
        QProcess process;
        process.setStandardOutputFile(QStringLiteral("/proc/self/fd/%1").arg(full.get()));
        process.start(QStringLiteral(TINCAN_SERVER),
                      {QStringLiteral("127.0.0.1:%1").arg(port), QStringLiteral("--headless"), QStringLiteral("--no-record")});
        QVERIFY(process.waitForStarted(20'000));
        QVERIFY(QTest::qWaitFor([port] { return canConnect(port); }, 20'000));
        process.terminate();
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    }

    void endsCleanlyWithPeersOpen()
    {
        Server server;
        QVERIFY(server.start({QStringLiteral("--answer"), QStringLiteral("echo")}));
        QProcess peer;
        peer.start(QStringLiteral(TINCAN_CLIENT), to(server));
        QVERIFY(peer.waitForStarted());
        peer.write("hi");
        QVERIFY(server.says("\"hi\""));
        QCOMPARE(server.end(), 0);
        QVERIFY(peer.waitForFinished(20'000)); // by our FIN
        QCOMPARE(peer.exitCode(), 0);
        QCOMPARE(peer.readAllStandardOutput(), QByteArray("hi"));
    }
};

QTEST_GUILESS_MAIN(HeadlessTest)
#include "headless.moc"
