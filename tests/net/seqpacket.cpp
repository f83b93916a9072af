// SPDX-License-Identifier: MIT
// Unix seqpacket sockets: what is sent by one call is received by one call.
#include <QProcess>
#include <QStandardPaths>

#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

constexpr int kMore = 4; // room in which a message that was joined with another would show

bool sendMessage(const RawPeer &peer, const QByteArray &message)
{
    return ::send(peer.fd(), message.constData(), static_cast<std::size_t>(message.size()), MSG_NOSIGNAL) == message.size();
}

// One message; nullopt where the stream has ended (or an empty one came: who reads by recv(2) cannot tell).
QByteArray receiveMessage(const RawPeer &peer, qsizetype most = 300'000)
{
    QByteArray message(most + kMore, Qt::Uninitialized);
    const ssize_t count = ::recv(peer.fd(), message.data(), static_cast<std::size_t>(message.size()), 0);
    message.truncate(std::max<ssize_t>(count, 0));
    return message;
}

// What a peer received and sent, message by message.
template<typename Host>
QList<QByteArray> messages(const Host &host, RecordKind kind, PeerId peer)
{
    QList<QByteArray> found;
    for (const auto &event : host.sink.events()) {
        if (event.kind == kind && event.peer == peer) {
            found << event.payload;
        }
    }
    return found;
}

// Can take nothing for a while.
class Full : public RealSyscalls
{
public:
    std::atomic<bool> isFull = false;

    ssize_t send(int fd, const void *buffer, size_t size, int flags) override
    {
        if (isFull) {
            errno = EAGAIN;
            return -1;
        }
        return RealSyscalls::send(fd, buffer, size, flags);
    }
};

} // namespace

class SeqpacketTest : public QObject
{
    Q_OBJECT

private:
    template<typename Host>
    static RawPeer peerOf(Host &host, const UnixFolder &folder, AnswerMode mode = AnswerMode::Manual)
    {
        if (!listenAt(host, folder.path(), Transport::UnixSeqpacket, mode)) {
            return {};
        }
        RawPeer peer(connectUnix(folder.path(), SOCK_SEQPACKET));
        host.waitFor(RecordKind::Joined, 1);
        return peer;
    }

private slots:
    void eachMessageIsOneRecordAlsoAnEmptyOne()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        const QList<QByteArray> sent{"one", "", "", "two", pattern(65'527), ""};
        host.run([&] { host.engine.stopReading(1, true); }); // so that all of them are there at once
        for (const QByteArray &message : sent) {
            QVERIFY(sendMessage(peer, message));
        }
        host.run([&] { host.engine.stopReading(1, false); });
        QTRY_COMPARE(host.count(RecordKind::Received, 1), static_cast<int>(sent.size()));
        QVERIFY(messages(host, RecordKind::Received, 1) == sent);
        QCOMPARE(host.count(RecordKind::PeerFinished), 0);
        QCOMPARE(host.count(RecordKind::Left), 0);
    }

    void anEmptyMessageBeforeTheEndIsStillOne()
    {
        const UnixFolder folder;
        EngineHost host;
        RawPeer peer = peerOf(host, folder);
        QVERIFY(sendMessage(peer, "last"));
        QVERIFY(sendMessage(peer, ""));
        peer.close();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        QCOMPARE(messages(host, RecordKind::Received, 1), (QList<QByteArray>{"last", ""}));
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }

    // Longer than a payload, so it is cut for others; none of that is this peer's.
    void aMessageToAllThatCannotWaitIsRefused()
    {
        const UnixFolder folder;
        EngineHost<Full> host;
        const RawPeer peer = peerOf(host, folder);
        Limits limits;
        limits.sendQueue = 1000;
        host.setLimits(limits);
        host.sys.isFull = true;
        const QByteArray bytes = pattern(kMaxPayload + 1);
        std::size_t queued = 1;
        host.run(
            [&] { host.engine.sendToAll(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())))); });
        host.run([&] { queued = host.engine.queued(1); });
        QCOMPARE(queued, 0U);
        QVERIFY(host.waitForNote(NoteCode::FanOutRefused));
    }

    // They were sent before it was accepted, when nobody had asked for the time of their arrival yet.
    void messagesThatWereThereBeforeItWasAccepted()
    {
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixSeqpacket));
        host.run([&] { host.engine.pauseAccepting(1, true); });
        RawPeer peer(connectUnix(folder.path(), SOCK_SEQPACKET));
        QVERIFY(sendMessage(peer, ""));
        QVERIFY(sendMessage(peer, "early"));
        host.run([&] { host.engine.pauseAccepting(1, false); });
        QTRY_COMPARE(host.count(RecordKind::Received, 1), 2);
        QCOMPARE(messages(host, RecordKind::Received, 1), (QList<QByteArray>{"", "early"}));
    }

    void echoKeepsTheBorders()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder, AnswerMode::Echo);
        const QList<QByteArray> sent{"a", "", "bc", pattern(65'527)};
        for (const QByteArray &message : sent) {
            QVERIFY(sendMessage(peer, message));
            QVERIFY(receiveMessage(peer) == message);
        }
        QTRY_COMPARE(host.count(RecordKind::Sent, 1), 4);
        QVERIFY(messages(host, RecordKind::Sent, 1) == sent);
    }

    // Wherever it begins in a chunk of ours.
    void theLongestMessagesFitAnywhere()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder, AnswerMode::Echo);
        for (const int size : {65'527, 65'527, 65'527, 113, 65'527, 65'450, 65'527, 65'527, 65'500, 30, 65'527}) {
            const QByteArray message = pattern(size);
            QVERIFY(sendMessage(peer, message));
            QVERIFY(receiveMessage(peer) == message);
        }
        QVERIFY(!host.count(RecordKind::Left));
        for (const auto &event : host.sink.events()) {
            const auto *note = std::get_if<NoteInfo>(&event.detail);
            QVERIFY(!note || note->code != NoteCode::MessageCut);
        }
    }

    void aMessageThatIsTooLongIsCutAndThatIsSaid()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        const QByteArray message = pattern(100'000);
        QVERIFY(sendMessage(peer, message));
        QVERIFY(sendMessage(peer, "next"));
        const auto *note = host.waitForNote(NoteCode::MessageCut);
        QVERIFY(note);
        QCOMPARE(note->peer, 1U);
        QCOMPARE(std::get<NoteInfo>(note->detail).a, 100'000);
        QCOMPARE(std::get<NoteInfo>(note->detail).b, static_cast<std::int64_t>(kMaxMessage));
        QTRY_COMPARE(host.count(RecordKind::Received, 1), 2);
        QVERIFY(messages(host, RecordKind::Received, 1).first() == message.left(kMaxMessage));
        QCOMPARE(messages(host, RecordKind::Received, 1).last(), QByteArray("next"));
    }

    void oursAreOneEach()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        host.run([&] {
            for (const QByteArray &text : {QByteArray("a"), QByteArray("bc"), QByteArray(), QByteArray("def")}) {
                host.engine.send(1, std::as_bytes(std::span(text.constData(), static_cast<std::size_t>(text.size()))));
            }
        });
        for (const QByteArray &text : {QByteArray("a"), QByteArray("bc"), QByteArray(), QByteArray("def")}) {
            QCOMPARE(receiveMessage(peer), text);
        }
        QTRY_COMPARE(host.count(RecordKind::Sent, 1), 4);
    }

    void whatWaitsInTheQueueIsNotJoined()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        QList<QByteArray> sent;
        for (int i = 0; i < 300; ++i) {
            sent << (i % 7 == 0 ? QByteArray() : pattern(1 + (i * 131) % 6000));
        }
        for (const QByteArray &message : sent) {
            host.send(1, message);
        }
        host.run([&] { QVERIFY(host.engine.queued(1) > 0); }); // more than the kernel takes
        for (const QByteArray &message : sent) {
            QVERIFY(receiveMessage(peer) == message);
        }
        QTRY_COMPARE(host.count(RecordKind::Sent, 1), 300);
        QVERIFY(messages(host, RecordKind::Sent, 1) == sent);
    }

    void tooLongForUsIsRefused()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        host.send(1, pattern(65'528));
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::TooLong);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).error, EMSGSIZE);
        QVERIFY(peer.isSilent());
        host.send(1, pattern(65'527));
        QVERIFY(receiveMessage(peer) == pattern(65'527));
    }

    void tooLongForTheSendBufferIsRefusedAndTheRestGoesOn()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        host.run([&] { host.engine.setOption(1, {SocketOption::SendBuffer, 4'000, {}}); });
        host.send(1, pattern(20'000));
        host.send(1, "short");
        QCOMPARE(receiveMessage(peer), QByteArray("short"));
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::TooLong);
        QVERIFY(refused->payload == pattern(20'000));
        QCOMPARE(host.count(RecordKind::Left), 0);
    }

    void aMessageToAllIsOneEach()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer first = peerOf(host, folder);
        const RawPeer second(connectUnix(folder.path(), SOCK_SEQPACKET));
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const auto toAll = [&host](const QByteArray &text) {
            host.run([&] {
                host.engine.sendToAll(std::as_bytes(std::span(text.constData(), static_cast<std::size_t>(text.size()))));
            });
        };
        toAll("hello");
        toAll("");
        toAll(pattern(65'500)); // more than one record of a stream holds
        for (const RawPeer *peer : {&first, &second}) {
            QCOMPARE(receiveMessage(*peer), QByteArray("hello"));
            QCOMPARE(receiveMessage(*peer), QByteArray());
            QVERIFY(receiveMessage(*peer) == pattern(65'500));
        }
        QTRY_COMPARE(host.count(RecordKind::FanOut), 3);
        QVERIFY(messages(host, RecordKind::FanOut, kNoPeer) == (QList<QByteArray>{"hello", "", pattern(65'500)}));
        toAll(pattern(65'528));
        QVERIFY(host.waitFor(RecordKind::Refused, 1));
        QVERIFY(host.waitFor(RecordKind::Refused, 2));
        QVERIFY(first.isSilent());
    }

    // On purpose each waits for a moment: also then none is joined with another, and the order stays.
    void delayedMessagesKeepTheirBorders()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        host.run([&] { host.engine.setFaults(1, {.delayMilliseconds = 5, .jitterMilliseconds = 5}); });
        const QList<QByteArray> sent{"a", "", "bc", pattern(60'000), "", "d"};
        for (const QByteArray &message : sent) {
            host.send(1, message);
        }
        for (const QByteArray &message : sent) {
            QVERIFY(receiveMessage(peer) == message);
        }
        QTRY_COMPARE(host.count(RecordKind::Sent, 1), static_cast<int>(sent.size()));
        QVERIFY(messages(host, RecordKind::Sent, 1) == sent);
    }

    void relayedMessagesKeepTheirBorders()
    {
        const UnixFolder folder;
        EngineHost<Full> host;
        const RawPeer speaker = peerOf(host, folder, AnswerMode::Relay);
        const RawPeer listener(connectUnix(folder.path(), SOCK_SEQPACKET));
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const QList<QByteArray> sent{"", "a", "", "", "bc", ""};
        for (const bool full : {false, true}) { // and by way of the queue
            host.sys.isFull = full;
            const int before = host.count(RecordKind::Received, 1);
            for (const QByteArray &message : sent) {
                QVERIFY(sendMessage(speaker, message));
            }
            QTRY_COMPARE(host.count(RecordKind::Received, 1), before + static_cast<int>(sent.size()));
            host.run([] {});
            host.sys.isFull = false;
            for (const QByteArray &message : sent) {
                QCOMPARE(receiveMessage(listener), message);
            }
        }
        const auto all = [&] { return host.count(RecordKind::Sent, 2); };
        QTRY_COMPARE(all(), 2 * static_cast<int>(sent.size())); // each once
        QVERIFY(listener.isSilent());
    }

    void halfCloseEachWay()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        host.send(1, "I still may");
        QCOMPARE(receiveMessage(peer), QByteArray("I still may"));
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }

    void whatHasArrivedIsReadBeforeTheEnd()
    {
        EngineHost host;
        const UnixFolder folder;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixSeqpacket));
        const RawPeer peer(connectUnix(folder.path(), SOCK_SEQPACKET));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true); // nothing is read until the end
        host.run([] {});
        host.run([] {});
        const int large = 1'000'000;
        ::setsockopt(peer.fd(), SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
        int count = 0;
        while (::send(peer.fd(), "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) {
            ++count;
        }
        QVERIFY2(count > 256, qPrintable(QString::number(count)));
        host.run([&] { host.engine.disconnect(1); });
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QCOMPARE(host.count(RecordKind::Received, 1), count);
    }

    void aClientOfOurs()
    {
        const UnixFolder folder;
        const UniqueFd listener = listenUnix(folder.path(), SOCK_SEQPACKET);
        EngineHost host;
        const PeerId peer = connectTo(host, folder.path(), Transport::UnixSeqpacket);
        const RawPeer server(UniqueFd(::accept(listener.get(), nullptr, nullptr)));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        QVERIFY(sendMessage(server, ""));
        QVERIFY(sendMessage(server, "x"));
        QTRY_COMPARE(host.count(RecordKind::Received, peer), 2);
        host.send(peer, "y");
        QCOMPARE(receiveMessage(server), QByteArray("y"));
        QCOMPARE(std::get<PeerInfo>(host.waitFor(RecordKind::Joined, peer)->detail).process.pid, static_cast<int>(::getpid()));
        QVERIFY(std::get<PeerInfo>(host.waitFor(RecordKind::Joined, peer)->detail).local.isEmpty()); // no name was made up
    }

    // A message may bring descriptors along (SCM_RIGHTS). Nobody wants them here, and none may be left open.
    void descriptorsThatAreSentAlongAreNotKept()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        const qsizetype before = openDescriptors();
        for (int i = 0; i < 20; ++i) {
            char byte = 'x';
            iovec vector{&byte, 1};
            alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
            msghdr message{};
            message.msg_iov = &vector;
            message.msg_iovlen = 1;
            message.msg_control = control.data();
            message.msg_controllen = control.size();
            cmsghdr *header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(sizeof(int));
            const int own = peer.fd();
            std::memcpy(CMSG_DATA(header), &own, sizeof own);
            QCOMPARE(::sendmsg(peer.fd(), &message, 0), 1);
        }
        QTRY_COMPARE(host.count(RecordKind::Received, 1), 20);
        QCOMPARE(openDescriptors(), before);
    }

    void withSocat()
    {
        const QString socat = QStandardPaths::findExecutable(QStringLiteral("socat"));
        if (socat.isEmpty()) {
            QSKIP("socat is not installed");
        }
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixSeqpacket, AnswerMode::Echo));
        QProcess process;
        process.start(socat,
                      {QStringLiteral("-t5"), QStringLiteral("STDIO"),
                       QStringLiteral("UNIX-CONNECT:%1,type=5").arg(QString::fromStdString(folder.path()))});
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        process.write("hello\n");
        QTRY_COMPARE(process.bytesAvailable(), 6);
        QCOMPARE(process.readAll(), QByteArray("hello\n"));
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
        QCOMPARE(std::get<PeerInfo>(host.waitFor(RecordKind::Joined, 1)->detail).process.program, std::string("socat"));
    }
};
QTEST_GUILESS_MAIN(SeqpacketTest)
#include "seqpacket.moc"
