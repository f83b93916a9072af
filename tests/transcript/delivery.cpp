// SPDX-License-Identifier: MIT
#include "transcript/delivery.h"

#include <map>

#include <QRandomGenerator>
#include <QTest>

#include "support/rows.h"
#include "transcript/packet.h"

using namespace tincan;
using tincan::test::Rows;
using Kind = DeliveryState::Kind;

namespace {

struct Fixture {
    Index index;
    Rows rows;
    Delivery delivery{index};

    void append() { delivery.rowsCame(rows.append(index)); }
    void acknowledge(PeerId peer, std::uint64_t bytes, std::int64_t time = 0, std::int64_t nanoseconds = -1)
    {
        delivery.apply({{time, peer, {bytes, nanoseconds}}});
    }
    Kind kind(RowNumber row, PeerId conversation = kNoPeer) const { return delivery.state(row, conversation).kind; }
};

} // namespace

class DeliveryTest : public QObject
{
    Q_OBJECT

private slots:
    void aRowIsAcknowledgedWithItsLastByte()
    {
        Fixture f;
        f.rows.joined(1).sent(1, "one").received(1, "x").sent(1, "two");
        f.append();
        QCOMPARE(f.kind(1, 1), Kind::Taken);
        f.acknowledge(1, 2);
        QCOMPARE(f.kind(1, 1), Kind::Taken);
        f.acknowledge(1, 3);
        QCOMPARE(f.kind(1, 1), Kind::Acknowledged);
        QCOMPARE(f.kind(1), Kind::Acknowledged); // among the rows of all too
        QCOMPARE(f.kind(3, 1), Kind::Taken);
        f.acknowledge(1, 6);
        QCOMPARE(f.kind(3, 1), Kind::Acknowledged);
        f.rows.sent(1, "three");
        f.append();
        QCOMPARE(f.kind(4, 1), Kind::Taken);
        QCOMPARE(f.kind(3, 1), Kind::Acknowledged);
    }

    // The kernel has a part of a message that is recorded when it has all of it.
    void itMayBeAheadOfTheRows()
    {
        Fixture f;
        f.rows.joined(1).sent(1, "one");
        f.append();
        f.acknowledge(1, 5);
        QCOMPARE(f.kind(1, 1), Kind::Acknowledged);
        f.rows.sent(1, "ab").sent(1, "c");
        f.append();
        QCOMPARE(f.kind(2, 1), Kind::Acknowledged);
        QCOMPARE(f.kind(3, 1), Kind::Taken);
    }

    void theEndTellsTheRest_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<int>("kind");
        QTest::newRow("both finished") << static_cast<int>(LeftReason::BothFinished) << static_cast<int>(Kind::Unknown);
        QTest::newRow("by us") << static_cast<int>(LeftReason::DisconnectedByUs) << static_cast<int>(Kind::Unknown);
        QTest::newRow("reset by us") << static_cast<int>(LeftReason::ResetByUs) << static_cast<int>(Kind::Lost);
        QTest::newRow("reset by the peer") << static_cast<int>(LeftReason::ResetByPeer) << static_cast<int>(Kind::Lost);
        QTest::newRow("broken pipe") << static_cast<int>(LeftReason::BrokenPipe) << static_cast<int>(Kind::Lost);
        QTest::newRow("failed") << static_cast<int>(LeftReason::Failed) << static_cast<int>(Kind::Lost);
    }
    void theEndTellsTheRest()
    {
        QFETCH(int, reason);
        QFETCH(int, kind);
        Fixture f;
        f.rows.joined(1).sent(1, "one").sent(1, "two");
        f.append();
        f.acknowledge(1, 3);
        const std::uint64_t before = f.delivery.version();
        f.rows.left(1, static_cast<LeftReason>(reason));
        f.append();
        QVERIFY(f.delivery.version() > before); // who looks at it is told
        QCOMPARE(f.kind(1, 1), Kind::Acknowledged);
        const DeliveryState state = f.delivery.state(2, 1);
        QCOMPARE(static_cast<int>(state.kind), kind);
        QVERIFY(state.left);
        QCOMPARE(static_cast<int>(state.left->reason), reason);
    }

    void nothingIsSaidOfWhatNobodyAsked()
    {
        Fixture f;
        f.rows.joined(1).sent(1, "one").left(1, LeftReason::ResetByPeer);
        f.append();
        QCOMPARE(f.kind(1, 1), Kind::Taken);
        QCOMPARE(f.kind(1), Kind::Taken);
    }

    // Only TCP acknowledges: of all others nothing more will ever be known.
    void whatHasNoTcpIsOnlyTaken_data()
    {
        QTest::addColumn<int>("transport");
        for (const Transport transport : kTransports) {
            if (transport != Transport::Tcp) {
                QTest::newRow(std::string(transportWord(transport)).c_str()) << static_cast<int>(transport);
            }
        }
    }
    void whatHasNoTcpIsOnlyTaken()
    {
        QFETCH(int, transport);
        Fixture f;
        f.rows.joined(1, static_cast<Transport>(transport)).sent(1, "one").sent(1, {});
        f.append();
        const auto check = [&](RowNumber row, PeerId conversation) {
            const DeliveryState state = f.delivery.state(row, conversation);
            QCOMPARE(state.kind, Kind::Taken);
            QCOMPARE(static_cast<int>(state.transport), transport);
            QCOMPARE(state.silent, 1U);
            QCOMPARE(state.reached, 0U);
        };
        check(1, 1);
        check(2, kNoPeer);
        f.rows.left(1, LeftReason::ResetByPeer); // nor that it was lost
        f.append();
        check(1, 1);
    }

    void ofManyOnlyThoseWithTcpAcknowledge()
    {
        Fixture f;
        f.rows.joined(1).joined(2, Transport::Udp).joined(3).joined(4, Transport::UnixStream);
        f.rows.add(RecordKind::FanOut, kNoPeer, "all").add(RecordKind::FanOut, kNoPeer, "two", FanOutInfo{true, {2, 4}});
        f.append();
        f.acknowledge(1, 3);
        DeliveryState all = f.delivery.state(4, kNoPeer);
        QCOMPARE(all.kind, Kind::Taken);
        QCOMPARE(all.acknowledged, 1U);
        QCOMPARE(all.reached, 2U);
        QCOMPARE(all.silent, 2U);
        QCOMPARE(all.transport, Transport::Udp);
        f.acknowledge(3, 3);
        all = f.delivery.state(4, kNoPeer);
        QCOMPARE(all.kind, Kind::Acknowledged);
        QCOMPARE(f.kind(4, 2), Kind::Taken);
        all = f.delivery.state(5, kNoPeer);
        QCOMPARE(all.kind, Kind::Taken);
        QCOMPARE(all.reached, 0U);
        QCOMPARE(all.silent, 2U);
    }

    void toManyIsAcknowledgedByEach()
    {
        Fixture f;
        f.rows.joined(1).joined(2).joined(3);
        f.rows.add(RecordKind::FanOut, kNoPeer, "all").add(RecordKind::FanOut, 1, "relayed").sent(2, "own");
        f.rows.add(RecordKind::FanOut, kNoPeer, "two of them", FanOutInfo{true, {1, 2}});
        f.append();
        f.acknowledge(1, 3);
        f.acknowledge(2, 10);
        QCOMPARE(f.kind(3, 1), Kind::Acknowledged);
        QCOMPARE(f.kind(4, 2), Kind::Acknowledged);
        QCOMPARE(f.kind(5, 2), Kind::Taken);
        DeliveryState all = f.delivery.state(3, kNoPeer);
        QCOMPARE(all.kind, Kind::Taken);
        QCOMPARE(all.acknowledged, 2U);
        QCOMPARE(all.reached, 3U);
        QCOMPARE(f.delivery.state(4, kNoPeer).reached, 2U);
        QCOMPARE(f.delivery.state(6, kNoPeer).acknowledged, 0U);
        f.acknowledge(3, 10);
        QCOMPARE(f.kind(3), Kind::Acknowledged);
        QCOMPARE(f.kind(4), Kind::Acknowledged);
        f.acknowledge(1, 3);
        f.rows.left(1, LeftReason::ResetByPeer);
        f.append();
        f.acknowledge(2, 24);
        all = f.delivery.state(6, kNoPeer);
        QCOMPARE(all.kind, Kind::Taken);
        QCOMPARE(all.acknowledged, 1U);
        QCOMPARE(all.lost, 1U);
        QCOMPARE(all.reached, 2U);
    }

    void theTimesOfOneAreKept()
    {
        Fixture f;
        f.delivery.setTimed(1);
        f.rows.joined(1).joined(2).sent(1, "one").sent(1, "two").sent(2, "other");
        f.append();
        const std::int64_t sent = f.index.row(2).time;
        f.acknowledge(1, 6, sent + 5'000'000, 70'000);
        f.acknowledge(2, 5, sent + 5'000'000);
        const DeliveryState first = f.delivery.state(2, 1);
        QCOMPARE(first.nanoseconds, 5'000'000); // no more than that
        QVERIFY(!first.isExact);
        const DeliveryState second = f.delivery.state(3, 1);
        QCOMPARE(second.nanoseconds, 70'000);
        QVERIFY(second.isExact);
        QCOMPARE(f.delivery.state(4, 2).nanoseconds, -1);
        f.delivery.setTimed(2);
        QCOMPARE(f.delivery.state(4, 2).nanoseconds, -1); // it was acknowledged before
        QCOMPARE(f.delivery.state(3, 1).nanoseconds, 70'000);
        for (std::size_t i = 0; i <= Delivery::kMostTimes; ++i) {
            f.rows.sent(2, "x");
        }
        f.append();
        f.acknowledge(2, 5 + Delivery::kMostTimes + 1, sent + 900'000'000'000);
        QCOMPARE(f.delivery.state(5, 2).nanoseconds, -1); // only so many
        QVERIFY(f.delivery.state(6, 2).nanoseconds > 0);
        QCOMPARE(f.kind(5, 2), Kind::Acknowledged);
    }

    // Looked at now and then, from near and from far, it says what going through everything would.
    void againstANaiveModel()
    {
        constexpr PeerId kPeers = 4;
        QRandomGenerator random(7);
        Fixture f;
        std::map<PeerId, std::uint64_t> total;
        std::map<PeerId, std::uint64_t> known;
        std::vector<std::map<PeerId, std::uint64_t>> ends; // by row: of each that it reached, the bytes up to its end
        for (PeerId peer = 1; peer <= kPeers; ++peer) {
            f.rows.joined(peer);
            ends.emplace_back();
        }
        for (int step = 0; step < 2000; ++step) {
            const auto peer = static_cast<PeerId>(random.bounded(1, static_cast<int>(kPeers) + 1));
            const QByteArray bytes(random.bounded(1, 50), 'x');
            const int what = random.bounded(10);
            auto &row = ends.emplace_back();
            if (what < 5) {
                f.rows.sent(peer, bytes);
                row[peer] = total[peer] += static_cast<std::uint64_t>(bytes.size());
            } else if (what < 7) {
                f.rows.add(RecordKind::FanOut, peer, bytes);
                for (PeerId other = 1; other <= kPeers; ++other) {
                    if (other != peer) {
                        row[other] = total[other] += static_cast<std::uint64_t>(bytes.size());
                    }
                }
            } else {
                f.rows.received(peer, bytes);
            }
            f.append();
            if (random.bounded(4) == 0) {
                known[peer] += random.bounded(static_cast<quint32>(total[peer] - known[peer]) + 1);
                f.acknowledge(peer, known[peer]);
            }
            if (random.bounded(50) == 0) {
                for (std::size_t at = 0; at < ends.size(); ++at) {
                    for (const auto &[reached, end] : ends[at]) {
                        const bool expected = known[reached] > 0 && end <= known[reached];
                        QCOMPARE(f.kind(static_cast<RowNumber>(at), reached) == Kind::Acknowledged, expected);
                    }
                }
            }
        }
    }

    void numbersOfTheFileAreCounts()
    {
        QCOMPARE(acknowledgedBytes(1, 0), std::uint64_t{0});
        QCOMPARE(acknowledgedBytes(6, 0), std::uint64_t{5});
        QCOMPARE(acknowledgedBytes(6, 5), std::uint64_t{5});
        QCOMPARE(acknowledgedBytes(5, 0xffff'fff0), std::uint64_t{0x1'0000'0004});
        QCOMPARE(acknowledgedBytes(0xffff'fff1, 0x1'0000'0004), std::uint64_t{0xffff'fff0});
    }
};

QTEST_GUILESS_MAIN(DeliveryTest)
#include "delivery.moc"
