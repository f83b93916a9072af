// SPDX-License-Identifier: MIT
// What the kernel may answer, and seldom does: short counts, EINTR, EPIPE, ENOBUFS, descriptors that run out.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class Scripted : public RealSyscalls
{
public:
    std::atomic<bool> shortWrites = false;
    std::atomic<int> interruptions = 0;
    std::atomic<int> brokenPipes = 0;
    std::atomic<int> resets = 0; // seen by send(2) first
    std::atomic<int> acceptsToFail = 0;
    std::atomic<int> acceptError = EMFILE;
    std::atomic<int> bindError = 0;

    ssize_t send(int fd, const void *buffer, size_t size, int flags) override
    {
        if (const int error = nextError()) {
            errno = error;
            return -1;
        }
        return RealSyscalls::send(fd, buffer, shortWrites ? std::min<size_t>(size, 7) : size, flags);
    }
    ssize_t sendmsg(int fd, const msghdr *message, int flags) override
    {
        if (const int error = nextError()) {
            errno = error;
            return -1;
        }
        if (!shortWrites) {
            return RealSyscalls::sendmsg(fd, message, flags);
        }
        return RealSyscalls::send(fd, message->msg_iov->iov_base, std::min<size_t>(message->msg_iov->iov_len, 7), flags);
    }
    ssize_t recv(int fd, void *buffer, size_t size, int flags) override
    {
        if (interruptions.fetch_sub(1) > 0) {
            errno = EINTR;
            return -1;
        }
        return RealSyscalls::recv(fd, buffer, size, flags);
    }
    int accept4(int fd, sockaddr *address, socklen_t *size, int flags) override
    {
        if (address && acceptsToFail.fetch_sub(1) > 0) {
            errno = acceptError;
            return -1;
        }
        return RealSyscalls::accept4(fd, address, size, flags);
    }
    int bind(int fd, const sockaddr *address, socklen_t size) override
    {
        if (bindError != 0) {
            errno = bindError;
            return -1;
        }
        return RealSyscalls::bind(fd, address, size);
    }

private:
    int nextError()
    {
        if (interruptions.fetch_sub(1) > 0) {
            return EINTR;
        }
        if (resets.fetch_sub(1) > 0) {
            return ECONNRESET;
        }
        return brokenPipes.fetch_sub(1) > 0 ? EPIPE : 0;
    }
};

class ScriptedCallsTest : public QObject
{
    Q_OBJECT

private slots:
    void shortWritesLoseNothing()
    {
        EngineHost<Scripted> host;
        host.sys.shortWrites = true;
        const RawPeer peer(host.listen(AnswerMode::Echo));
        const QByteArray bytes = pattern(5000);
        QVERIFY(peer.send(bytes));
        QCOMPARE(peer.read(bytes.size()), bytes);
        QVERIFY(QTest::qWaitFor([&] { return host.payloads(RecordKind::Sent, 1) == bytes; }));
    }

    // Linux keeps what came before a reset, also when send(2) is the first to see it.
    void whatCameBeforeAResetIsRead()
    {
        EngineHost<Scripted> host;
        const RawPeer peer(host.listen(AnswerMode::Echo));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true); // so that all of it is there before the first recv(2)
        host.run([] {});
        host.run([] {});
        const QByteArray bytes = pattern(200'000);
        QVERIFY(peer.send(bytes));
        host.sys.resets = 1;
        host.sink.setCongested(false);
        QCOMPARE(host.leftReason(1), LeftReason::ResetByPeer);
        QVERIFY(host.payloads(RecordKind::Received, 1) == bytes);
        QCOMPARE(host.count(RecordKind::PeerFinished), 0); // the end of the stream after a reset is no FIN
    }

    void aMessageThatFailsIsRefusedNotForgotten()
    {
        EngineHost<Scripted> host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sys.resets = 1;
        const QByteArray bytes = pattern(100'000); // two payloads
        host.send(1, bytes);
        QCOMPARE(host.leftReason(1), LeftReason::ResetByPeer);
        QVERIFY(host.waitFor(RecordKind::Refused, 1, 2));
        QVERIFY(host.payloads(RecordKind::Refused, 1) == bytes);
    }

    void interruptionsAreNoErrors()
    {
        EngineHost<Scripted> host;
        const RawPeer peer(host.listen(AnswerMode::Echo));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sys.interruptions = 5;
        QVERIFY(peer.send("hello"));
        QCOMPARE(peer.read(5), QByteArray("hello"));
        QCOMPARE(host.count(RecordKind::Left), 0);
    }

    void aBrokenPipeIsReadToItsEndFirst()
    {
        EngineHost<Scripted> host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true); // so that what it sends waits to be read
        host.run([] {});
        QVERIFY(peer.send("last words"));
        pollfd pushed{peer.fd(), POLLOUT, 0};
        QCOMPARE(::poll(&pushed, 1, 1000), 1);
        host.sys.brokenPipes = 1;
        host.send(1, "too late");
        QCOMPARE(host.leftReason(1), LeftReason::BrokenPipe);
        QCOMPARE(host.payloads(RecordKind::Received, 1), QByteArray("last words"));
        host.sink.setCongested(false);
    }

    void whenDescriptorsRunOutOneIsTurnedAwayAndItIsSaid_data()
    {
        QTest::addColumn<int>("error");
        QTest::newRow("EMFILE") << EMFILE;
        QTest::newRow("ENFILE") << ENFILE;
        QTest::newRow("ENOBUFS") << ENOBUFS;
    }
    void whenDescriptorsRunOutOneIsTurnedAwayAndItIsSaid()
    {
        QFETCH(int, error);
        EngineHost<Scripted> host;
        const std::uint16_t port = host.listen(AnswerMode::Echo);
        host.sys.acceptError = error;
        host.sys.acceptsToFail = 1;
        const RawPeer first(port);
        QVERIFY(first.atEnd()); // turned away, by way of the spare descriptor
        const auto *note = host.waitForNote(NoteCode::DescriptorsExhausted);
        QVERIFY(note);
        QCOMPARE(std::get<NoteInfo>(note->detail).a, 1);
        QCOMPARE(std::get<NoteInfo>(note->detail).b, error);
        const RawPeer second(port); // after the back-off
        QVERIFY(second.send("hi"));
        QCOMPARE(second.read(2), QByteArray("hi"));
    }

    void aConnectionThatDiedInTheQueueIsPassedOver()
    {
        EngineHost<Scripted> host;
        const std::uint16_t port = host.listen(AnswerMode::Echo);
        host.sys.acceptError = ECONNABORTED;
        host.sys.acceptsToFail = 3;
        const RawPeer peer(port);
        QVERIFY(peer.send("hi"));
        QCOMPARE(peer.read(2), QByteArray("hi"));
        QCOMPARE(host.count(RecordKind::Note), 1); // the answer's
    }

    void aPortWithoutPermission()
    {
        EngineHost<Scripted> host;
        host.sys.bindError = EACCES;
        host.run([&] { host.engine.listen({.address = Endpoint::ipv4(0x7f000001, 80)}); });
        const auto *failed = host.waitFor(RecordKind::ListenFailed);
        QVERIFY(failed);
        const auto &info = std::get<FailureInfo>(failed->detail);
        QCOMPARE(info.error.code, EACCES);
        QCOMPARE(info.error.call, CallName::Bind);
        QCOMPARE(info.endpoint.port(), 80);
    }
};
QTEST_GUILESS_MAIN(ScriptedCallsTest)
#include "scriptedcalls.moc"
