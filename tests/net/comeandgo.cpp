// SPDX-License-Identifier: MIT
// A thousand peers come and go: in each way to serve, nothing of them is left.
#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

class ComeAndGoTest : public QObject
{
    Q_OBJECT

private slots:
    void leavesNothing_data()
    {
        QTest::addColumn<int>("way");
        QTest::addColumn<int>("peers");
        for (std::size_t i = 0; i < kWays.size(); ++i) {
            QTest::newRow(kWays[i].name) << static_cast<int>(i) << (kWays[i].serving == Serving::ProcessPerPeer ? 200 : 1000);
        }
    }
    void leavesNothing()
    {
        QFETCH(int, way);
        QFETCH(int, peers);
        const Inventory before;
        {
            constexpr int kAtOnce = 50;
            ServingHost host;
            const Way &chosen = kWays[static_cast<std::size_t>(way)];
            const std::uint16_t port = host.serve(chosen.serving, chosen.loops, AnswerMode::Echo);
            for (int round = 0; round < peers / kAtOnce; ++round) {
                std::vector<RawPeer> all;
                for (int i = 0; i < kAtOnce; ++i) {
                    QVERIFY(all.emplace_back(port).send("x"));
                }
                for (int i = 0; i < kAtOnce; ++i) {
                    RawPeer &peer = all[static_cast<std::size_t>(i)];
                    QCOMPARE(peer.read(1), QByteArray("x"));
                    if (i % 3 == 0) {
                        peer.reset();
                    } else if (i % 3 == 1) {
                        peer.finish();
                        QVERIFY(peer.atEnd());
                    }
                }
            }
            QVERIFY(host.waitFor(RecordKind::Left, kNoPeer, peers));
            QTRY_COMPARE(host.peerCount(), 0U);
            QTRY_COMPARE(Inventory().children, before.children);
            QTRY_COMPARE(Inventory().threads, before.threads + chosen.loops);
            QCOMPARE(host.count(RecordKind::Joined), peers);
            QCOMPARE(host.count(RecordKind::Received), peers);
            QCOMPARE(host.count(RecordKind::Sent), peers);
        }
        QTRY_COMPARE(Inventory(), before);
    }

    // They come and go while others talk to all: who is no longer there is in nobody's way.
    void whileARoomTalks_data()
    {
        QTest::addColumn<int>("way");
        for (std::size_t i = 0; i < kWays.size(); ++i) {
            QTest::newRow(kWays[i].name) << static_cast<int>(i);
        }
    }
    void whileARoomTalks()
    {
        QFETCH(int, way);
        const Inventory before;
        {
            ServingHost host;
            const Way &chosen = kWays[static_cast<std::size_t>(way)];
            const std::uint16_t port = host.serve(chosen.serving, chosen.loops, AnswerMode::Relay);
            const RawPeer talker(port);
            QVERIFY(host.waitFor(RecordKind::Joined, 1));
            const RawPeer hearer(port);
            QVERIFY(host.waitFor(RecordKind::Joined, 2));
            QByteArray said;
            for (int i = 0; i < 60; ++i) {
                RawPeer guest(port);
                const QByteArray line = QByteArray::number(i) + '\n';
                QVERIFY(talker.send(line));
                said += line;
                i % 2 == 0 ? guest.reset() : guest.close();
            }
            QCOMPARE(hearer.read(said.size()), said);
            QVERIFY(host.waitFor(RecordKind::Left, kNoPeer, 60));
            QVERIFY(talker.isSilent());
        }
        QTRY_COMPARE(Inventory(), before);
    }
};
QTEST_GUILESS_MAIN(ComeAndGoTest)
#include "comeandgo.moc"
