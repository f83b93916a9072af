// SPDX-License-Identifier: MIT
// A process that serves a peer does not do what it is told: it is killed in the end, and each message it had been given is told.
#include <csignal>

#include <QTemporaryDir>

#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// A program that has the socket and the pair, and neither reads nor ends.
class DeafProgram
{
public:
    DeafProgram()
    {
        QFile file(m_folder.filePath(QStringLiteral("deaf")));
        if (file.open(QIODevice::WriteOnly)) {
            file.write("#!/bin/sh\nexec sleep 1000\n");
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        }
    }
    std::string path() const { return m_folder.filePath(QStringLiteral("deaf")).toStdString(); }

private:
    QTemporaryDir m_folder;
};

void hurry(ServingHost &host)
{
    Limits limits;
    limits.drain = limits.afterFin = std::chrono::milliseconds(50);
    host.setLimits(limits);
}

} // namespace

class ChildStuckTest : public QObject
{
    Q_OBJECT

    static void isKilled(ServingHost &host)
    {
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        const auto &info = std::get<LeftInfo>(left->detail);
        QCOMPARE(info.reason, LeftReason::ChildDied);
        QCOMPARE(info.error.code, 1000 + SIGKILL);
        QCOMPARE(info.error.call, CallName::Close);
    }

private slots:
    void aStoppedOneDoesNotKeepTheEnd()
    {
        const Inventory before;
        {
            ServingHost host;
            hurry(host);
            const RawPeer peer(host.serve(Serving::ProcessPerPeer));
            QVERIFY(host.waitFor(RecordKind::Joined, 1));
            QCOMPARE(::kill(host.childOf(1), SIGSTOP), 0);
            host.stop();
            isKilled(host);
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void norTheEndAtOnce()
    {
        ServingHost host;
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        QCOMPARE(::kill(host.childOf(1), SIGSTOP), 0);
        host.engine.quit();
        host.engine.quit();
        host.stop();
        isKilled(host);
    }

    void aStoppedOneDoesNotKeepItsListener()
    {
        ServingHost host;
        hurry(host);
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        QCOMPARE(::kill(host.childOf(1), SIGSTOP), 0);
        host.run([&] { host.engine.stop(host.listener()); });
        QVERIFY(host.waitFor(RecordKind::Stopped));
        isKilled(host);
        QVERIFY(peer.atEnd());
    }

    void oneThatNeverAnswersDoesNotEither()
    {
        const Inventory before;
        {
            const DeafProgram deaf;
            ServingHost host;
            hurry(host);
            host.run([&] { host.engine.setPeerProgram(deaf.path()); });
            const RawPeer peer(host.serve(Serving::ProcessPerPeer));
            QVERIFY(host.waitFor(RecordKind::Joined, 1));
            host.stop();
            isKilled(host);
        }
        QTRY_COMPARE(Inventory(), before);
    }

    void whatItWasGivenIsRefusedWhenItIsKilled_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("in the pair") << 100;
        QTest::newRow("more than the pair holds") << 300'000;
    }
    void whatItWasGivenIsRefusedWhenItIsKilled()
    {
        QFETCH(int, size);
        ServingHost host;
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.send(1, "first");
        QCOMPARE(peer.read(5), QByteArray("first"));
        QVERIFY(host.waitFor(RecordKind::Sent, 1));
        std::size_t queued = 1;
        QTRY_VERIFY((host.run([&] { queued = host.engine.queued(1); }), queued == 0));
        const pid_t child = host.childOf(1);
        QCOMPARE(::kill(child, SIGSTOP), 0);
        const QByteArray bytes = pattern(size);
        host.send(1, bytes);
        host.run([&] { host.engine.note(1, {NoteCode::Named, 0, 0, "Anna"}); });
        host.send(1, "last");
        host.run([&] { queued = host.engine.queued(1); });
        QCOMPARE(queued, static_cast<std::size_t>(size) + 4);
        QCOMPARE(::kill(child, SIGKILL), 0);
        const auto *left = host.waitFor(RecordKind::Left, 1);
        QVERIFY(left);
        QCOMPARE(std::get<LeftInfo>(left->detail).unsentBytes, static_cast<std::uint64_t>(size) + 4);
        const QList<QByteArray> told = messages(host, RecordKind::Refused, 1);
        QVERIFY(told.join() == bytes + "last");
        QCOMPARE(told.last(), QByteArray("last"));
        QVERIFY(host.waitForNote(NoteCode::Named));
        QCOMPARE(host.payloads(RecordKind::Sent, 1), QByteArray("first"));
    }

    // Each costs more than its byte.
    void manySmallOnesFindNoRoomEither()
    {
        constexpr int kMessages = 80'000;
        ServingHost host;
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        QCOMPARE(::kill(host.childOf(1), SIGSTOP), 0);
        host.run([&] {
            const std::byte one{'x'};
            for (int i = 0; i < kMessages; ++i) {
                host.engine.send(1, {&one, 1});
            }
        });
        const auto *refused = host.waitFor(RecordKind::Refused, 1);
        QVERIFY(refused);
        QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::QueueFull);
        QCOMPARE(::kill(host.childOf(1), SIGKILL), 0);
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QCOMPARE(host.count(RecordKind::Refused, 1), kMessages);
    }

    // It has them already, and the peer does not read.
    void whatWaitsInItIsRefusedWhenItIsKilled()
    {
        ServingHost host;
        const RawPeer peer(host.serve(Serving::ProcessPerPeer), "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(1024 * 1024);
        constexpr int kMessages = 12;
        for (int i = 0; i < kMessages; ++i) {
            host.send(1, bytes);
        }
        QVERIFY(host.waitForNote(NoteCode::PeerNotReading)); // all that is to be told until then is
        QCOMPARE(::kill(host.childOf(1), SIGKILL), 0);
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        const QByteArray sent = host.payloads(RecordKind::Sent, 1);
        const QByteArray notSent = messages(host, RecordKind::Refused, 1).join();
        QVERIFY(!sent.isEmpty() && !notSent.isEmpty());
        QCOMPARE(sent.size() + notSent.size(), kMessages * bytes.size());
        QVERIFY(sent + notSent == bytes.repeated(kMessages)); // of one that went out in part, the rest
    }

    // The peer has gone, and its process, while orders were on the way.
    void whatComesTooLateIsRefusedOnce()
    {
        StoppedChild stopped;
        QVERIFY(stopped.begin());
        ServingHost &host = stopped.host;
        stopped.peer.reset();
        for (int i = 0; i < 50; ++i) {
            host.send(1, QByteArray::number(i) + '\n');
        }
        QVERIFY(stopped.goOn());
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QTRY_COMPARE(host.count(RecordKind::Refused, 1) + host.count(RecordKind::Sent, 1), 50);
        host.stop();
        QCOMPARE(host.count(RecordKind::Refused, 1) + host.count(RecordKind::Sent, 1), 50);
        QByteArray all;
        for (int i = 0; i < 50; ++i) {
            all += QByteArray::number(i) + '\n';
        }
        QCOMPARE(host.payloads(RecordKind::Sent, 1) + host.payloads(RecordKind::Refused, 1), all);
    }

    // The order to end waits behind more than the pair holds, and is heard when the process goes on.
    void anOrderThatWaitsIsWrittenInTheLastWait()
    {
        StoppedChild stopped;
        QVERIFY(stopped.begin());
        ServingHost &host = stopped.host;
        host.send(1, pattern(4 * 1024 * 1024));
        host.engine.quit();
        host.engine.quit();
        QVERIFY(stopped.goOn());
        std::thread reader([&stopped] { stopped.peer.read(4 * 1024 * 1024); });
        host.stop();
        reader.join();
        QCOMPARE(host.leftReason(1), LeftReason::DisconnectedByUs);
    }
};
QTEST_GUILESS_MAIN(ChildStuckTest)
#include "childstuck.moc"
