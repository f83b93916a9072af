// SPDX-License-Identifier: MIT
// Unix seqpacket sockets: what is sent by one call is received by one call.
#include "support/seqpackets.h"

using namespace tincan;
using namespace tincan::test;

namespace {

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
        host.sendToAll(bytes);
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
                host.engine.send(1, bytesOf(text));
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
        const auto toAll = [&host](const QByteArray &text) { host.sendToAll(text); };
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
};
QTEST_GUILESS_MAIN(SeqpacketTest)
#include "seqpacket.moc"
