// SPDX-License-Identifier: MIT
// What is said of every kind of record, and of every error that a person may meet.
#include "session/words.h"

#include <netdb.h>

#include <QRegularExpression>
#include <QTest>

#include "session/wordsdelivery.h"
#include "session/wordssockets.h"
#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

namespace {

FailureInfo failure(CallName call, int code)
{
    FailureInfo info;
    info.error = {code, call, {}};
    info.endpoint = Endpoint::ipv4(0x7f000001, 6666);
    info.host = "127.0.0.1";
    info.port = 6666;
    return info;
}

NoteInfo note(NoteCode code, std::int64_t a = 0, std::int64_t b = 0, std::string text = {})
{
    return {code, a, b, std::move(text)};
}

} // namespace

class WordsTest : public QObject
{
    Q_OBJECT

private:
    static QString said(RecordKind kind, Detail detail = {})
    {
        Index index;
        Rows rows;
        rows.add(kind, 1, {}, std::move(detail)).append(index);
        return noteText(index, index.row(0));
    }

private slots:
    void records()
    {
        PeerInfo in;
        in.local = Endpoint::ipv4(0x7f000001, 6666);
        in.remote = Endpoint::ipv4(0x7f000001, 53422);
        PeerInfo out = in;
        std::swap(out.local, out.remote);
        out.direction = Direction::Outgoing;
        QCOMPARE(said(RecordKind::Connecting, ConnectInfo{"localhost", 6666}),
                 QStringLiteral("connecting to localhost, port 6666"));
        QCOMPARE(said(RecordKind::Joined, in), QStringLiteral("connected from 127.0.0.1:53422"));
        QCOMPARE(said(RecordKind::Joined, out), QStringLiteral("connected to 127.0.0.1:6666 from local port 53422"));
        QCOMPARE(said(RecordKind::PeerFinished),
                 QStringLiteral("peer sent FIN: its sending side is closed, ours is open (CLOSE_WAIT)"));
        QVERIFY(said(RecordKind::Finished).startsWith(QStringLiteral("sent FIN: ")));
        QVERIFY(said(RecordKind::Finished).contains(QStringLiteral("FIN_WAIT")));
        ListenInfo listen;
        listen.local = Endpoint::ipv4(0, 6666);
        listen.backlog = 4096;
        QCOMPARE(said(RecordKind::Listening, listen), QStringLiteral("listening on 0.0.0.0:6666 (backlog 4096)"));
        QCOMPARE(said(RecordKind::Stopped), QStringLiteral("no longer listening"));
        QCOMPARE(said(RecordKind::ConnectFailed, failure(CallName::Connect, ECONNREFUSED)),
                 words(failure(CallName::Connect, ECONNREFUSED), RecordKind::ConnectFailed).headline);
        QCOMPARE(said(RecordKind::ListenFailed, failure(CallName::Bind, EADDRINUSE)),
                 words(failure(CallName::Bind, EADDRINUSE), RecordKind::ListenFailed).headline);
        QCOMPARE(said(RecordKind::Note, note(NoteCode::Other, 0, 0, "as it is")), QStringLiteral("as it is"));
        QCOMPARE(said(RecordKind::Note, note(NoteCode::BytesMissing, 5)),
                 QStringLiteral("5 bytes from the peer are missing here: the capture has not got them"));
        QCOMPARE(said(RecordKind::Note, note(NoteCode::BytesMissing, 1, 3)),
                 QStringLiteral("1 byte to the peer is missing here: the capture kept only the beginning of the packet"));
        QCOMPARE(said(RecordKind::Note, note(NoteCode::PassedOver, 2, static_cast<int>(PassedOverReason::UnknownLink), "105")),
                 QStringLiteral("2 packets passed over: captured on a kind of link that is not known here (link type 105)"));
        QCOMPARE(said(RecordKind::Note, note(NoteCode::CameAgain, 9, 2)),
                 QStringLiteral("9 bytes came more than once and are shown once; 2 bytes of them differed from what came first, "
                                "which is what is shown"));
    }

    // There is no FIN, no RST and no window where there is no TCP.
    void withoutTcp_data()
    {
        QTest::addColumn<int>("transport");
        for (const Transport transport : kTransports) {
            if (transport != Transport::Tcp) {
                QTest::newRow(qPrintable(transportName(transport))) << static_cast<int>(transport);
            }
        }
    }
    void withoutTcp()
    {
        QFETCH(int, transport);
        const auto kind = static_cast<Transport>(transport);
        Index index;
        Rows rows;
        rows.joined(1, kind).add(RecordKind::PeerFinished, 1).add(RecordKind::Finished, 1);
        for (int reason = 0; reason <= static_cast<int>(LeftReason::Forgotten); ++reason) {
            LeftInfo left;
            left.reason = static_cast<LeftReason>(reason);
            left.error = {ECONNRESET, CallName::Recv, {}};
            rows.add(RecordKind::Left, 1, {}, left);
        }
        rows.add(RecordKind::Refused, 1, "x", RefusedInfo{RefusedReason::SendingFinished});
        rows.add(RecordKind::Note, 1, {}, note(NoteCode::ReadingStopped))
            .add(RecordKind::Note, 1, {}, note(NoteCode::WaitingForEnd));
        rows.append(index);
        for (RowNumber row = 0; row < index.size(); ++row) {
            const QString text = noteText(index, index.row(row));
            QVERIFY2(!text.isEmpty(), qPrintable(QString::number(row)));
            if (isUnix(kind)) {
                QVERIFY2(!text.contains(QStringLiteral("FIN")) && !text.contains(QStringLiteral("RST ")), qPrintable(text));
                QVERIFY2(!text.contains(QStringLiteral("window")), qPrintable(text));
            }
        }
        if (!isDatagram(kind)) {
            QVERIFY(noteText(index, index.row(1)).startsWith(QStringLiteral("peer closed its sending side: end of stream")));
            QVERIFY(noteText(index, index.row(2)).contains(QStringLiteral("now both sides")));
        }
        QCOMPARE(deliveryMarks({.transport = kind, .silent = 1, .reached = 0}), QStringLiteral("✓"));
        const QString why = deliveryText({.transport = kind, .silent = 1, .reached = 0});
        QVERIFY2(why.contains(isUnix(kind) ? QStringLiteral("receive buffer") : QStringLiteral("UDP acknowledges nothing")),
                 qPrintable(why));
    }

    void joinings()
    {
        PeerInfo info;
        info.transport = Transport::UnixStream;
        info.fd = 14;
        QCOMPARE(joinedText(info), QStringLiteral("connected from unix#14"));
        info.process = {4242, 1000, 1000, "socat", "ann"};
        QCOMPARE(joinedText(info), QStringLiteral("connected from socat[4242]#14 (user ann)"));
        info.remote = Endpoint::unixAbstract("me");
        QCOMPARE(joinedText(info), QStringLiteral("connected from @me: socat (pid 4242, user ann)"));
        info.transport = Transport::UnixDatagram;
        info.direction = Direction::Outgoing;
        info.process = {};
        QCOMPARE(joinedText(info), QStringLiteral("datagrams to @me"));
        info.transport = Transport::Udp;
        info.remote = Endpoint::ipv4(0x7f000001, 53);
        info.local = Endpoint::ipv4(0x7f000001, 40'000);
        QVERIFY(joinedText(info).startsWith(QStringLiteral("UDP to 127.0.0.1:53 from local port 40000")));
        info.direction = Direction::Incoming;
        QCOMPARE(joinedText(info), QStringLiteral("UDP between 127.0.0.1:53 and 127.0.0.1:40000"));
    }

    void deliveryToManyOfSeveralKinds()
    {
        DeliveryState state{.transport = Transport::Udp, .silent = 3, .reached = 2, .acknowledged = 1};
        QCOMPARE(deliveryMarks(state), QStringLiteral("✓✓ 1 of 2"));
        state.acknowledged = 2;
        state.kind = DeliveryState::Kind::Acknowledged;
        QVERIFY(deliveryText(state).contains(QStringLiteral("3 more")));
    }

    void endings_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<QString>("word");
        const auto row = [](const char *name, LeftReason reason, const char *word) {
            QTest::newRow(name) << static_cast<int>(reason) << QString::fromUtf8(word);
        };
        row("orderly", LeftReason::BothFinished, "connection ended in an orderly way: FIN both ways");
        row("by us", LeftReason::DisconnectedByUs, "closed by us");
        row("reset by us", LeftReason::ResetByUs, "RST sent");
        row("reset", LeftReason::ResetByPeer, "RST received (ECONNRESET)");
        row("pipe", LeftReason::BrokenPipe, "EPIPE");
        row("other", LeftReason::Failed, "recv: ETIMEDOUT — Connection timed out");
    }
    void endings()
    {
        QFETCH(int, reason);
        QFETCH(QString, word);
        LeftInfo left;
        left.reason = static_cast<LeftReason>(reason);
        left.error = {ETIMEDOUT, CallName::Recv, {}};
        QVERIFY2(leftText(left).contains(word), qPrintable(leftText(left)));
        QVERIFY(!leftText(left).contains(QStringLiteral("could not be sent")));
        left.unsentMessages = 3;
        left.unsentBytes = 120;
        QVERIFY(said(RecordKind::Left, left).endsWith(QStringLiteral("; 3 messages (120 B) could not be sent")));
        left.unsentMessages = 1;
        QVERIFY(leftText(left).endsWith(QStringLiteral("; 1 message (120 B) could not be sent")));
    }

    void whyAnAddressIsForgotten()
    {
        LeftInfo left;
        left.reason = LeftReason::Forgotten;
        QVERIFY(leftText(left, Transport::Udp).contains(QStringLiteral("no connection that could end")));
        left.error = {ENOBUFS, CallName::RecvMmsg, {}};
        QVERIFY(leftText(left, Transport::Udp).contains(QStringLiteral("to make room for another address")));
    }

    void refusals()
    {
        QCOMPARE(said(RecordKind::Refused, RefusedInfo{RefusedReason::QueueFull, 16'000'000}),
                 QStringLiteral("not sent: the send queue is full (16.0 MB wait, the peer does not read)"));
        QVERIFY(refusedText({RefusedReason::SendingFinished, 0}).contains(QStringLiteral("FIN sent")));
        QVERIFY(refusedText({RefusedReason::NotConnected, 0}).contains(QStringLiteral("not connected")));
    }

    void notes()
    {
        const QString exhausted = noteText(note(NoteCode::DescriptorsExhausted, 2, EMFILE));
        QVERIFY(exhausted.contains(QStringLiteral("EMFILE")));
        QVERIFY(exhausted.contains(QStringLiteral("2 connections turned away")));
        QVERIFY(noteText(note(NoteCode::PeerLimitReached, 100)).contains(QStringLiteral("100 peers")));
        QVERIFY(noteText(note(NoteCode::PeerNotReading, 5000)).contains(QStringLiteral("5.0 KB")));
        QVERIFY(!noteText(note(NoteCode::PeerReadingAgain)).isEmpty());
        QVERIFY(noteText(note(NoteCode::FanOutRefused, 1, 80)).contains(QStringLiteral("1 message (80 B)")));
        QCOMPARE(noteText(note(NoteCode::AnswerChanged, 2)), QStringLiteral("answer: OK!!!"));
        QVERIFY(noteText(note(NoteCode::DescriptorLimit, 1024, EPERM)).contains(QStringLiteral("EPERM")));
        QVERIFY(noteText(note(NoteCode::RecordingFailed, ENOSPC, 0, "/x/y")).contains(QStringLiteral("ENOSPC")));
        QCOMPARE(noteText(note(NoteCode::MessagesDiscarded, 12'034, std::int64_t{4} << 30)),
                 QStringLiteral("12\u202f034 older messages discarded: limit of 4 GiB"));
        QCOMPARE(noteText(note(NoteCode::MessagesDiscarded, 1, -(std::int64_t{512} << 20))),
                 QStringLiteral("1 older message discarded: 512 MiB of the disk are left free"));
        QCOMPARE(noteText(note(NoteCode::RecordingResumed, 7, ENOSPC)),
                 QStringLiteral("recording goes on; 7 messages were not kept (ENOSPC)"));
        QCOMPARE(noteText(note(NoteCode::RecordingDamaged, 3000, 42, "a.pcapng")),
                 QStringLiteral("a.pcapng is damaged: 3.0 KB from byte 42 on could not be read and are left out"));
        QVERIFY(noteText(note(NoteCode::ReadingPaused)).contains(QStringLiteral("recorder")));
        QCOMPARE(formatElapsed(-5), QStringLiteral("+0 µs"));
        QCOMPARE(formatElapsed(12'345), QStringLiteral("+12 µs"));
        QCOMPARE(formatElapsed(1'204'000), QStringLiteral("+1.204 ms"));
        QCOMPARE(formatElapsed(3'200'000'000), QStringLiteral("+3.200 s"));
        QCOMPARE(formatElapsed(125'000'000'000), QStringLiteral("+2:05 min"));
        QVERIFY(formatDateAndTime(1'700'000'000'000'042'000).endsWith(QStringLiteral(":20.000042")));
        QCOMPARE(noteText({NoteCode::WaitingForEnd, 0, 1700, {}}),
                 QStringLiteral("disconnecting: our FIN is sent, the peer has 1.7 s more to send its own"));
        QCOMPARE(noteText({NoteCode::WaitingForEnd, 812, 4700, {}}),
                 QStringLiteral("disconnecting: 812 B are still to be sent; they have 4.7 s more"));
    }

    void listeningErrors_data()
    {
        QTest::addColumn<int>("call");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("headline"); // a part of it
        QTest::addColumn<QString>("remedy");
        const auto row = [](const char *name, CallName call, int code, const char *headline, const char *remedy) {
            QTest::newRow(name) << static_cast<int>(call) << code << QString::fromUtf8(headline) << QString::fromUtf8(remedy);
        };
        row("taken", CallName::Bind, EADDRINUSE, "bind: EADDRINUSE — port 6666 is taken by nc (pid 4242).",
            "another port (0 takes a free one)");
        row("permission", CallName::Bind, EACCES, "bind: EACCES — an ordinary user may not listen on port 6666.",
            "CAP_NET_BIND_SERVICE");
        row("not ours", CallName::Bind, EADDRNOTAVAIL, "no interface of this computer has the address 127.0.0.1", "0.0.0.0");
        row("family", CallName::Socket, EAFNOSUPPORT, "socket: EAFNOSUPPORT", "IPv4");
        row("descriptors", CallName::Socket, EMFILE, "socket: EMFILE", "ulimit -n");
        row("system's files", CallName::Socket, ENFILE, "socket: ENFILE", "Close some");
        row("cannot listen", CallName::Listen, EOPNOTSUPP, "listen: EOPNOTSUPP", "Only stream and seqpacket sockets");
        row("another", CallName::Listen, EXDEV, "listen: EXDEV", "Check the address");
    }
    void listeningErrors()
    {
        QFETCH(int, call);
        QFETCH(int, code);
        QFETCH(QString, headline);
        QFETCH(QString, remedy);
        FailureInfo info = failure(static_cast<CallName>(call), code);
        info.owner = {4242, "nc"};
        const ErrorWords made = words(info, RecordKind::ListenFailed);
        QVERIFY2(made.headline.contains(headline), qPrintable(made.headline));
        QVERIFY2(made.remedy.contains(remedy), qPrintable(made.remedy));
    }

    void anUnknownOwnerIsNotInvented()
    {
        const ErrorWords made = words(failure(CallName::Bind, EADDRINUSE), RecordKind::ListenFailed);
        QVERIFY(made.headline.contains(QStringLiteral("by another program")));
        QVERIFY(!made.headline.contains(QStringLiteral("pid")));
    }

    void connectingErrors_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("headline");
        const auto row = [](const char *name, int code, const char *headline) {
            QTest::newRow(name) << code << QString::fromUtf8(headline);
        };
        row("refused", ECONNREFUSED, "connect: ECONNREFUSED — nobody listens on 127.0.0.1:6666");
        row("network", ENETUNREACH, "connect: ENETUNREACH — there is no route");
        row("host", EHOSTUNREACH, "connect: EHOSTUNREACH — 127.0.0.1:6666 cannot be reached");
        row("time", ETIMEDOUT, "connect: ETIMEDOUT — 127.0.0.1:6666 did not answer");
        row("permission", EACCES, "connect: EACCES");
        row("no port", EADDRNOTAVAIL, "connect: EADDRNOTAVAIL");
        row("descriptors", EMFILE, "connect: EMFILE");
        row("another", EPROTO, "connect: EPROTO");
    }
    void connectingErrors()
    {
        QFETCH(int, code);
        QFETCH(QString, headline);
        const ErrorWords made = words(failure(CallName::Connect, code), RecordKind::ConnectFailed);
        QVERIFY2(made.headline.startsWith(headline), qPrintable(made.headline));
        QVERIFY(made.headline.endsWith(u'.'));
        QVERIFY(!made.remedy.isEmpty());
    }

    void eachErrorHasItsOwnSentence()
    {
        QStringList headlines;
        QStringList remedies;
        for (const int code : {ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ETIMEDOUT, EACCES, EADDRNOTAVAIL, EMFILE}) {
            // without the name of the error: the sentences themselves differ
            const ErrorWords made = words(failure(CallName::Connect, code), RecordKind::ConnectFailed);
            headlines << made.headline.section(QStringLiteral(" — "), 1);
            remedies << made.remedy;
        }
        QCOMPARE(headlines.removeDuplicates(), 0);
        QCOMPARE(remedies.removeDuplicates(), 0);
    }

    void namesTimeAndCancelling()
    {
        FailureInfo info = failure(CallName::GetAddrInfo, EAI_NONAME);
        info.cause = FailureCause::Resolve;
        info.host = "no.such.host";
        QVERIFY(words(info, RecordKind::ConnectFailed)
                    .headline.contains(QStringLiteral("EAI_NONAME — no host is called “no.such.host”")));
        info.error.code = EAI_AGAIN;
        QVERIFY(words(info, RecordKind::ConnectFailed).headline.contains(QStringLiteral("EAI_AGAIN — no name server answered")));

        info = failure(CallName::Connect, 0);
        info.cause = FailureCause::TimedOut;
        info.afterMilliseconds = 2500;
        QVERIFY(words(info, RecordKind::ConnectFailed)
                    .headline.contains(QStringLiteral("no answer from 127.0.0.1:6666 within 2.5 s")));
        info.cause = FailureCause::Cancelled;
        QVERIFY(words(info, RecordKind::ConnectFailed).headline.contains(QStringLiteral("cancelled")));
    }

    void severalAttemptsAreListed()
    {
        FailureInfo info = failure(CallName::Connect, ECONNREFUSED);
        info.host = "localhost";
        info.attempts = {{Endpoint::parse("[::1]:6666").value(), {ENETUNREACH, CallName::Connect, {}}},
                         {info.endpoint, {ECONNREFUSED, CallName::Connect, {}}}};
        QVERIFY(words(info, RecordKind::ConnectFailed)
                    .headline.endsWith(QStringLiteral(" Tried: [::1]:6666 ENETUNREACH, 127.0.0.1:6666 ECONNREFUSED.")));
    }

    void states()
    {
        QCOMPARE(peerStateWord(PeerState::Connecting), QStringLiteral("SYN_SENT"));
        QCOMPARE(peerStateWord(PeerState::Established), QStringLiteral("ESTABLISHED"));
        QCOMPARE(peerStateWord(PeerState::CloseWait), QStringLiteral("CLOSE_WAIT"));
        QCOMPARE(peerStateWord(PeerState::FinWait), QStringLiteral("FIN_WAIT"));
        QCOMPARE(peerStateWord(PeerState::Closed), QStringLiteral("CLOSED"));
        QCOMPARE(peerStateWord(PeerState::Failed), QStringLiteral("not connected"));
    }

    void sizes()
    {
        QCOMPARE(formatBytes(0), QStringLiteral("0 B"));
        QCOMPARE(formatBytes(812), QStringLiteral("812 B"));
        QCOMPARE(formatBytes(999), QStringLiteral("999 B"));
        QCOMPARE(formatBytes(1000), QStringLiteral("1.0 KB"));
        QCOMPARE(formatBytes(3120), QStringLiteral("3.1 KB"));
        QCOMPARE(formatBytes(12'400), QStringLiteral("12.4 KB"));
        QCOMPARE(formatBytes(999'999), QStringLiteral("1.0 MB"));
        QCOMPARE(formatBytes(1'500'000'000), QStringLiteral("1.5 GB"));
    }

    void times()
    {
        const QRegularExpression pattern(QStringLiteral("^\\d\\d:\\d\\d:20\\.118$"));
        QVERIFY(pattern.match(formatTime(1'700'000'000'118'999'999)).hasMatch());
        constexpr std::int64_t kSecond = 1'000'000'000;
        QCOMPARE(formatDuration(0), QStringLiteral("0 s"));
        QCOMPARE(formatDuration(41 * kSecond), QStringLiteral("41 s"));
        QCOMPARE(formatDuration(150 * kSecond), QStringLiteral("2 min"));
        QCOMPARE(formatDuration(3 * 3600 * kSecond), QStringLiteral("3 h"));
        QCOMPARE(formatDuration(72 * 3600 * kSecond), QStringLiteral("3 d"));
        QCOMPARE(formatDuration(-5), QStringLiteral("0 s"));
    }
};

QTEST_GUILESS_MAIN(WordsTest)
#include "words.moc"
