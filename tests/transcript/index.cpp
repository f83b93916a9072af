// SPDX-License-Identifier: MIT
#include "transcript/index.h"

#include <set>

#include <QRandomGenerator>
#include <QTest>

#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

class IndexTest : public QObject
{
    Q_OBJECT

private:
    static std::vector<RowNumber> conversation(const Index &index, PeerId peer, RowNumber from = 0)
    {
        BlockList<RowNumber> list;
        index.conversation(peer, from, list);
        std::vector<RowNumber> numbers;
        for (std::size_t i = 0; i < list.size(); ++i) {
            numbers.push_back(list[i]);
        }
        return numbers;
    }

private slots:
    void aBlockListKeepsItsPlaces()
    {
        BlockList<int> list;
        list.append(0);
        const int *first = &list[0];
        for (int i = 1; i < 100'000; ++i) {
            list.append(i);
        }
        QCOMPARE(&list[0], first);
        QCOMPARE(list.size(), 100'000U);
        for (int i = 0; i < 100'000; i += 7) {
            QCOMPARE(list[static_cast<std::size_t>(i)], i);
        }
        BlockList<std::string> texts;
        texts.append("a text that is longer than what a string keeps in itself");
        texts.clear();
        QVERIFY(texts.isEmpty());
    }

    void againstANaiveModel()
    {
        QRandomGenerator random(42);
        Index index;
        Rows rows;
        struct Event {
            RecordKind kind;
            PeerId peer;
            std::set<PeerId> reached;
        };
        std::vector<Event> events;
        std::set<PeerId> room;
        PeerId last = 0;
        for (int step = 0; step < 3000; ++step) {
            const auto pick = [&] { return room.empty() ? kNoPeer : *std::next(room.begin(), random.bounded(int(room.size()))); };
            const PeerId peer = pick();
            switch (random.bounded(6)) {
            case 0:
                rows.joined(++last);
                room.insert(last);
                events.push_back({RecordKind::Joined, last, {}});
                break;
            case 1:
                if (peer != kNoPeer && random.bounded(3) == 0) {
                    rows.add(RecordKind::Finished, peer);
                    events.push_back({RecordKind::Finished, peer, {}});
                    room.erase(peer);
                    rows.left(peer);
                    events.push_back({RecordKind::Left, peer, {}});
                }
                break;
            case 2:
                if (peer != kNoPeer) {
                    rows.received(peer, "x");
                    events.push_back({RecordKind::Received, peer, {}});
                }
                break;
            case 3: {
                std::set<PeerId> reached = room;
                reached.erase(peer);
                rows.add(RecordKind::FanOut, peer, "y");
                events.push_back({RecordKind::FanOut, peer, reached});
                break;
            }
            case 4: {
                std::set<PeerId> reached = room;
                const PeerId missed = pick();
                reached.erase(missed);
                rows.add(RecordKind::FanOut, kNoPeer, "z", FanOutInfo{false, {missed}});
                events.push_back({RecordKind::FanOut, kNoPeer, reached});
                break;
            }
            default:
                rows.add(RecordKind::FanOut, kNoPeer, "w", FanOutInfo{true, {peer}});
                events.push_back({RecordKind::FanOut, kNoPeer, {peer}});
                if (peer == kNoPeer) {
                    events.back().reached.clear();
                }
            }
            if (random.bounded(10) == 0) {
                rows.append(index);
            }
        }
        rows.append(index);
        QCOMPARE(index.size(), events.size());
        for (PeerId peer = 1; peer <= last; ++peer) {
            std::vector<RowNumber> expected;
            for (RowNumber number = 0; number < events.size(); ++number) {
                const Event &event = events[number];
                if (event.kind == RecordKind::FanOut ? event.reached.contains(peer) : event.peer == peer) {
                    expected.push_back(number);
                }
                QCOMPARE(index.belongsTo(number, peer),
                         event.kind == RecordKind::FanOut ? event.reached.contains(peer) : event.peer == peer);
            }
            QCOMPARE(conversation(index, peer), expected);
            const RowNumber from = index.size() / 2;
            std::erase_if(expected, [from](RowNumber number) { return number < from; });
            QCOMPARE(conversation(index, peer, from), expected);
        }
    }

    void detailsFollowTheirRows()
    {
        Index index;
        Rows rows;
        rows.joined(1, 1111);
        rows.append(index);
        rows.joined(2, 2222).left(1, LeftReason::ResetByPeer);
        QCOMPARE(rows.append(index), 1U);
        QCOMPARE(index.detailOf<PeerInfo>(index.row(1))->remote.port(), 2222);
        QCOMPARE(index.detailOf<LeftInfo>(index.row(2))->reason, LeftReason::ResetByPeer);
        QCOMPARE(index.detailOf<PeerInfo>(index.row(2)), nullptr);
        QCOMPARE(index.peerInfo(1)->remote.port(), 1111);
        QCOMPARE(index.peerInfo(3), nullptr);
    }

    void amessageTakesLittleMemory()
    {
        Index index;
        Rows rows;
        rows.joined(1);
        constexpr int kMessages = 200'000;
        for (int i = 0; i < kMessages; ++i) {
            rows.received(1, "x");
        }
        rows.append(index);
        QVERIFY2(index.memoryUse() / kMessages <= 48, qPrintable(QString::number(index.memoryUse())));
    }
};

QTEST_GUILESS_MAIN(IndexTest)
#include "index.moc"
