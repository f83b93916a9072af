// SPDX-License-Identifier: MIT
// A process that serves a peer is killed: it takes its peer along, and nobody else.
#include "support/servinghost.h"

#include <csignal>

using namespace tincan;
using namespace tincan::test;

class ChildKilledTest : public QObject
{
    Q_OBJECT

private slots:
    void takesOnlyItsPeerAlong_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGKILL") << SIGKILL;
        QTest::newRow("SIGABRT") << SIGABRT; // not SIGSEGV, which AddressSanitizer makes an exit status of
        QTest::newRow("SIGTERM") << SIGTERM;
    }
    void takesOnlyItsPeerAlong()
    {
        QFETCH(int, signal);
        const Inventory before;
        {
            ServingHost host;
            const std::uint16_t port = host.serve(Serving::ProcessPerPeer, 1, AnswerMode::Echo);
            std::vector<RawPeer> peers;
            for (PeerId i = 1; i <= 3; ++i) {
                QVERIFY(peers.emplace_back(port).send("x"));
                QCOMPARE(peers.back().read(1), QByteArray("x"));
            }
            QVERIFY(host.waitFor(RecordKind::Joined, 3));
            QVERIFY(host.waitFor(RecordKind::Sent, 2));
            const auto child = static_cast<pid_t>(host.servedBy(2, NoteCode::ServedByProcess));
            QVERIFY(child > 0);
            QCOMPARE(::kill(child, signal), 0);
            const auto *left = host.waitFor(RecordKind::Left, 2);
            QVERIFY(left);
            QCOMPARE(std::get<LeftInfo>(left->detail).reason, LeftReason::ChildDied);
            QCOMPARE(std::get<LeftInfo>(left->detail).error.code, 1000 + signal);
            QVERIFY(peers[1].atEnd()); // its kernel closed the socket
            QTRY_COMPARE(Inventory().children, before.children + 2);
            QCOMPARE(host.payloads(RecordKind::Sent, 2), QByteArray("x"));
            for (const std::size_t i : {0U, 2U}) {
                QVERIFY(peers[i].send("y"));
                QCOMPARE(peers[i].read(1), QByteArray("y"));
            }
            QCOMPARE(host.count(RecordKind::Left), 1);
            QVERIFY(RawPeer(port).isConnected()); // and the next is welcome
            QVERIFY(host.waitFor(RecordKind::Joined, 4));
        }
        QTRY_COMPARE(Inventory(), before);
    }

    // Whoever waits for it to be drained hears of its end, and is told that it is too late.
    void whatIsSentOnItsEndIsRefused()
    {
        StoppedChild stopped;
        QVERIFY(stopped.begin());
        ServingHost &host = stopped.host;
        const QByteArray late = "late";
        host.run([&] { host.engine.onDrained(1, [&] { host.engine.send(1, std::as_bytes(std::span(late.constData(), 4))); }); });
        QVERIFY(stopped.kill());
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QVERIFY(host.waitFor(RecordKind::Refused, 1));
        QCOMPARE(host.payloads(RecordKind::Refused, 1), late);
    }

    void aMessageToAllReachesTheOthers()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::ProcessPerPeer, 1, AnswerMode::Relay);
        std::vector<RawPeer> peers;
        for (PeerId i = 1; i <= 3; ++i) {
            peers.emplace_back(port);
            QVERIFY(host.waitFor(RecordKind::Joined, i));
        }
        QCOMPARE(::kill(static_cast<pid_t>(host.servedBy(1, NoteCode::ServedByProcess)), SIGKILL), 0);
        QVERIFY(peers[1].send("hello"));
        QCOMPARE(peers[2].read(5), QByteArray("hello"));
        QCOMPARE(host.leftReason(1), LeftReason::ChildDied);
    }
};
QTEST_GUILESS_MAIN(ChildKilledTest)
#include "childkilled.moc"
