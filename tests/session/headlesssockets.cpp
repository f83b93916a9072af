// SPDX-License-Identifier: MIT
// The programs without a window, over every kind of socket: each answer, several listeners, and the file that is left.
#include <array>
#include <memory>

#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include "support/programs.h"
#include "support/talkingprogram.h"

using namespace tincan::test;

namespace {

struct Kind {
    const char *name;
    const char *listen; // %1: a number that no other test uses
    bool isDatagram;
    bool keepsBorders;
};
constexpr std::array kKinds = {Kind{"TCP", "127.0.0.1:0", false, false},
                               Kind{"UDP", "udp:127.0.0.1:0", true, true},
                               Kind{"UDP, IPv6", "udp:[::1]:0", true, true},
                               Kind{"Unix stream", "unix:s", false, false},
                               Kind{"Unix stream, abstract", "unix:@tincan-%1", false, false},
                               Kind{"Unix datagram", "unix-dgram:d", true, true},
                               Kind{"Unix datagram, abstract", "unix-dgram:@tincan-%1", true, true},
                               Kind{"Unix seqpacket", "unix-seqpacket:q", false, true},
                               Kind{"Unix seqpacket, abstract", "unix-seqpacket:@tincan-%1", false, true}};

QString listenText(const Kind &kind)
{
    const QString text = QString::fromLatin1(kind.listen);
    return text.contains(QLatin1String("%1")) ? text.arg(::getpid()) : text;
}

QStringList answer(const char *mode)
{
    return {QStringLiteral("--answer"), QLatin1String(mode)};
}

// A client that stays until its input is closed.
struct Talker : TalkingProgram {
    explicit Talker(const ServerProgram &server)
        : TalkingProgram(QStringLiteral(TINCAN_CLIENT),
                         {server.target(), QStringLiteral("--headless"), QStringLiteral("--no-record")}, server.file({}))
    {
    }
};

// What --export makes of the file, read.
QByteArray exported(const ServerProgram &server, const QString &file, const QString &suffix)
{
    const QString out = server.file(QStringLiteral("out.") + suffix);
    const Outcome outcome = run(QStringLiteral(TINCAN_SERVER), {QStringLiteral("--export"), file, out});
    QFile written(out);
    return outcome.status == 0 && written.open(QIODevice::ReadOnly) ? written.readAll() : outcome.errors;
}

} // namespace

class HeadlessSocketsTest : public QObject
{
    Q_OBJECT

    static void addKinds()
    {
        QTest::addColumn<int>("kind");
        for (std::size_t i = 0; i < kKinds.size(); ++i) {
            QTest::newRow(kKinds[i].name) << static_cast<int>(i);
        }
    }
    static const Kind &kind()
    {
        QFETCH_GLOBAL(int, kind);
        return kKinds[static_cast<std::size_t>(kind)];
    }

private slots:
    void initTestCase_data() { addKinds(); }

    // What a peer sends comes back, each event is a line, and the file that is left tells it again.
    void echoIsRecordedAndReadBack()
    {
        ServerProgram server;
        const QString file = server.file(QStringLiteral("s.pcapng"));
        QVERIFY(server.start(
            {listenText(kind()), QStringLiteral("--record"), file, QStringLiteral("--answer"), QStringLiteral("echo")}));
        const Outcome peer = runClient(server.target(), "hello\n\x01\"", {}, server.file({}));
        QCOMPARE(peer.errors, QByteArray());
        QCOMPARE(peer.output, QByteArray("hello\n\x01\""));
        QCOMPARE(peer.status, 0);
        if (!kind().isDatagram) {
            QVERIFY(server.says("left "));
        }
        QCOMPARE(server.end(), 0); // which forgets the peers of datagrams
        for (const char *line : {"joined ", "received ", "sent ", "left "}) {
            QCOMPARE(server.output().count(QByteArray("\n") + line), 1);
        }
        QCOMPARE(server.output().count(" 8 \"hello\\n\\x01\\\"\"\n"), 2);
        QVERIFY2(server.output().contains(kind().isDatagram ? " forgotten\n" : " both-finished\n"), server.output().constData());

        int payloads = 0;
        const QByteArray lines = exported(server, file, QStringLiteral("jsonl"));
        for (const QByteArray &line : lines.split('\n')) {
            payloads += static_cast<int>(QJsonDocument::fromJson(line).object().value(QLatin1String("base64")).toString()
                                         == QLatin1String("aGVsbG8KASI="));
        }
        QVERIFY2(payloads == 2, lines.constData());
        QVERIFY(exported(server, file, QStringLiteral("txt")).contains("hello"));
        QVERIFY(exported(server, file, QStringLiteral("pcapng")).startsWith("\x0a\x0d\x0d\x0a"));
    }

    void okEndsAtExit()
    {
        ServerProgram server;
        QVERIFY(server.start(QStringList{listenText(kind()), QStringLiteral("--no-record")} + answer("ok")));
        QCOMPARE(answerTo(server.target(), "hi", 5, server.file({})), QByteArray("OK!!!"));
        QCOMPARE(answerTo(server.target(), "exit\n", 5, server.file({})), QByteArray("OK!!!"));
        // Who said it has left; of datagrams, the other one is still known.
        QVERIFY(server.says("left ", kind().isDatagram ? 1 : 2));
        if (kind().isDatagram) {
            QCOMPARE(server.output().count("left "), 1);
        }
        QCOMPARE(server.end(SIGINT), 0);
    }

    void relayAmongThree()
    {
        ServerProgram server;
        QVERIFY(server.start(QStringList{listenText(kind()), QStringLiteral("--no-record"), QStringLiteral("--name-sender")}
                             + answer("relay")));
        std::array<std::unique_ptr<Talker>, 3> peers;
        for (std::size_t i = 0; i < peers.size(); ++i) {
            peers[i] = std::make_unique<Talker>(server);
            QVERIFY(!kind().isDatagram || peers[i]->says("here\n")); // before that nobody knows of it
            QVERIFY(server.says("joined ", static_cast<int>(i) + 1));
        }
        QVERIFY(peers[1]->says("one to all\n"));
        QVERIFY(peers[0]->hears(": one to all\n"));
        QVERIFY(peers[2]->hears(": one to all\n"));
        QVERIFY(peers[2]->says("and back\n"));
        QVERIFY(peers[0]->hears(": and back\n"));
        QVERIFY(peers[1]->hears(": and back\n"));
        QVERIFY(!peers[1]->heard().contains("one to all"));
        QCOMPARE(server.end(), 0);
    }

    // Nobody is there to type: what comes is said, and a peer that finishes is not kept waiting.
    void manualSaysWhatComes()
    {
        ServerProgram server;
        QVERIFY(server.start({listenText(kind()), QStringLiteral("--no-record")}));
        Talker peer(server);
        QVERIFY(peer.says("hi"));
        QVERIFY(server.says(" 2 \"hi\"\n"));
        if (!kind().isDatagram) {
            QCOMPARE(peer.end(), 0);
            QVERIFY(server.says("left "));
        }
        QVERIFY(!server.output().contains("sent "));
        QCOMPARE(server.end(), 0);
        QCOMPARE(peer.heard(), QByteArray());
    }

    // The path is gone with it, and a peer that is still there sees an end.
    void endsWithPeersOpen()
    {
        ServerProgram server;
        QVERIFY(server.start(QStringList{listenText(kind()), QStringLiteral("--no-record")} + answer("echo")));
        Talker peer(server);
        QVERIFY(peer.says("hi"));
        QVERIFY(peer.hears("hi"));
        QCOMPARE(server.end(), 0);
        QVERIFY(server.output().endsWith("stopped\n"));
        if (!kind().isDatagram) {
            QCOMPARE(peer.wait(), 0); // by our FIN
        }
        const QDir home(server.file({}));
        QVERIFY(home.entryList({QStringLiteral("s"), QStringLiteral("d"), QStringLiteral("q")}, QDir::System).isEmpty());
    }

    // One write of the input is one message where borders are kept.
    void bordersAreKept()
    {
        if (!kind().keepsBorders) {
            QSKIP("a stream has none");
        }
        ServerProgram server;
        QVERIFY(server.start(QStringList{listenText(kind()), QStringLiteral("--no-record")} + answer("ok")));
        Talker peer(server);
        for (int i = 1; i <= 3; ++i) {
            QVERIFY(peer.says(QByteArray(i, 'x')));
            QVERIFY(server.says(" \"" + QByteArray(i, 'x') + "\"\n"));
        }
        QVERIFY(peer.hears("OK!!!OK!!!OK!!!"));
        QCOMPARE(server.end(), 0);
    }
};
QTEST_GUILESS_MAIN(HeadlessSocketsTest)
#include "headlesssockets.moc"
