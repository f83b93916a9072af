// SPDX-License-Identifier: MIT
// A server that is stopped with a thousand peers open lets all of them go in order, and keeps nothing.
#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

class StoppedFullTest : public QObject
{
    Q_OBJECT

private slots:
    void letsEverybodyGo_data()
    {
        QTest::addColumn<int>("way");
        QTest::addColumn<int>("peers");
        QTest::addColumn<bool>("quits");
        for (std::size_t i = 0; i < kWays.size(); ++i) {
            const int peers = kWays[i].serving == Serving::ProcessPerPeer ? 150 : 1000;
            QTest::addRow("%s, quit", kWays[i].name) << static_cast<int>(i) << peers << true;
            QTest::addRow("%s, stopped", kWays[i].name) << static_cast<int>(i) << peers << false;
        }
    }
    void letsEverybodyGo()
    {
        QFETCH(int, way);
        QFETCH(int, peers);
        QFETCH(bool, quits);
        QVERIFY(raiseDescriptorLimit());
        const Inventory before;
        {
            ServingHost host;
            const Way &chosen = kWays[static_cast<std::size_t>(way)];
            const std::uint16_t port = host.serve(chosen.serving, chosen.loops, AnswerMode::Echo);
            std::vector<RawPeer> all;
            for (int i = 0; i < peers; ++i) {
                QVERIFY(all.emplace_back(port).send("x"));
            }
            for (const RawPeer &peer : all) {
                QCOMPARE(peer.read(1), QByteArray("x"));
            }
            QCOMPARE(host.peerCount(), static_cast<std::size_t>(peers));
            if (quits) {
                host.stop(); // they never send a FIN, and are waited for only so long
            } else {
                host.run([&] { host.engine.stop(host.listener()); });
                QVERIFY(host.waitFor(RecordKind::Stopped));
            }
            for (const RawPeer &peer : all) {
                QVERIFY(peer.atEnd());
            }
            QCOMPARE(host.count(RecordKind::Left), peers);
            QCOMPARE(host.count(RecordKind::Received), peers);
            QCOMPARE(host.count(RecordKind::Sent), peers);
            QCOMPARE(host.count(RecordKind::Stopped), 1);
        }
        QTRY_COMPARE(Inventory(), before);
    }
};
QTEST_GUILESS_MAIN(StoppedFullTest)
#include "stoppedfull.moc"
