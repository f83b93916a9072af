// SPDX-License-Identifier: MIT
#include "ui/peerlist.h"

#include <algorithm>

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

#include "session/listenermodel.h"
#include "support/rows.h"
#include "ui/peerfilter.h"

using namespace tincan;
using tincan::test::Rows;

namespace {

PeerWords peerWords()
{
    return {QStringLiteral("Peers"), QStringLiteral("All peers"), QStringLiteral("peer"), QStringLiteral("peers")};
}

// Counts how often a row is asked whether it passes.
class CountingFilter final : public PeerFilter
{
public:
    using PeerFilter::PeerFilter;
    mutable qint64 asked = 0;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        ++asked;
        return PeerFilter::filterAcceptsRow(row, parent);
    }
};

void addListener(ListenerModel &listeners, ListenerId id)
{
    ListenerView listener;
    listener.id = id;
    listener.wasOpen = true;
    listeners.add(listener);
}

PeerInfo cameTo(ListenerId listener, PeerId id)
{
    PeerInfo info;
    info.remote = Endpoint::ipv4(0x7f000001, static_cast<std::uint16_t>(id));
    info.listener = listener;
    return info;
}

} // namespace

class PeerListTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        Index index;
        Rows rows;
        PeerModel model;
        PeerList list{&model, peerWords()};
        QAbstractItemModelTester tester{list.view()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest};

        Fixture()
        {
            list.resize(240, 400);
            list.show();
        }
        void apply() { model.applyRows(index, rows.append(index)); }
        QModelIndex row(int at) const { return list.view()->model()->index(at, 0); }
        QString spoken(int at) const { return row(at).data(Qt::AccessibleTextRole).toString(); }
        void click(int at, Qt::KeyboardModifiers keys = {})
        {
            QTest::mouseClick(list.view()->viewport(), Qt::LeftButton, keys, list.view()->visualRect(row(at)).center());
        }
    };

    static std::vector<PeerId> sorted(std::vector<PeerId> ids)
    {
        std::sort(ids.begin(), ids.end());
        return ids;
    }

private slots:
    void rowsSpeak()
    {
        Fixture f;
        f.rows.joined(1, 53422).joined(2, 40112).received(1, QByteArray(812, 'x')).received(1, "").received(1, "");
        f.apply();
        QCOMPARE(f.spoken(0), QStringLiteral("All peers, 2 connected"));
        QCOMPARE(f.spoken(1), QStringLiteral("127.0.0.1:53422, ESTABLISHED, 3 unread, 812 B"));
        QCOMPARE(f.spoken(2), QStringLiteral("127.0.0.1:40112, ESTABLISHED, 0 B"));
        QCOMPARE(f.row(0).data().toString(), QStringLiteral("All peers"));
    }

    void allIsChosenAtFirst()
    {
        Fixture f;
        QVERIFY(f.list.isAllChosen());
        QCOMPARE(f.list.current(), kNoPeer);
        f.rows.joined(1);
        f.apply();
        QVERIFY(f.list.isAllChosen());
        QVERIFY(f.list.view()->selectionModel()->isRowSelected(0));
    }

    void filterNarrowsAndKeepsAll()
    {
        Fixture f;
        for (PeerId id = 1; id <= 30; ++id) {
            f.rows.joined(id, static_cast<std::uint16_t>(40'000 + id));
        }
        f.apply();
        QTest::keyClicks(f.list.filterEdit(), QStringLiteral("4000"));
        QCOMPARE(f.list.view()->model()->rowCount(), 1 + 9);
        QCOMPARE(f.row(0).data().toString(), QStringLiteral("All peers"));
        QTest::keyClicks(f.list.filterEdit(), QStringLiteral("7"));
        QCOMPARE(f.list.view()->model()->rowCount(), 2);
        QCOMPARE(f.row(1).data().toString(), QStringLiteral("127.0.0.1:40007"));
        f.rows.joined(31, 40'999).joined(32, 50'007);
        f.apply();
        QCOMPARE(f.list.view()->model()->rowCount(), 2);
        f.list.filterEdit()->clear();
        QCOMPARE(f.list.view()->model()->rowCount(), 33);
    }

    void filterByState()
    {
        Fixture f;
        f.rows.joined(1).joined(2).add(RecordKind::PeerFinished, 2);
        f.apply();
        f.list.filterEdit()->setText(QStringLiteral("close_wait"));
        QCOMPARE(f.list.view()->model()->rowCount(), 2);
        f.rows.add(RecordKind::PeerFinished, 1);
        f.apply();
        QTRY_COMPARE(f.list.view()->model()->rowCount(), 3);
    }

    void whatIsChosenSurvivesTheFilter()
    {
        Fixture f;
        f.rows.joined(1, 1111).joined(2, 2222).joined(3, 3333);
        f.apply();
        f.click(2);
        QCOMPARE(f.list.current(), PeerId{2});
        QSignalSpy changed(&f.list, &PeerList::choiceChanged);
        f.list.filterEdit()->setText(QStringLiteral("3333"));
        QCOMPARE(f.list.chosen(), std::vector<PeerId>{2});
        f.list.filterEdit()->clear();
        QCOMPARE(f.list.chosen(), std::vector<PeerId>{2});
        QVERIFY(f.list.view()->selectionModel()->isRowSelected(2));
        QCOMPARE(changed.count(), 0);
    }

    void severalAndAll()
    {
        Fixture f;
        f.rows.joined(1).joined(2).joined(3);
        f.apply();
        f.click(1, Qt::ControlModifier); // added to "all": this one is meant
        QCOMPARE(f.list.chosen(), std::vector<PeerId>{1});
        f.click(3, Qt::ControlModifier);
        QCOMPARE(f.list.chosen().size(), 2U);
        QCOMPARE(f.list.current(), PeerId{3});
        f.click(3, Qt::ControlModifier);
        f.click(1, Qt::ControlModifier); // the last one stays: nobody is no choice
        QCOMPARE(f.list.chosen(), std::vector<PeerId>{1});
        QVERIFY(f.list.view()->selectionModel()->isRowSelected(1));
        f.list.view()->selectAll();
        QVERIFY(f.list.isAllChosen());
        f.click(2);
        QCOMPARE(f.list.chosen(), std::vector<PeerId>{2});
        f.click(0);
        QVERIFY(f.list.isAllChosen());
    }

    void stepsAndNews()
    {
        Fixture f;
        f.rows.joined(1).joined(2).joined(3).received(3, "news");
        f.apply();
        f.list.step(1);
        QCOMPARE(f.list.current(), PeerId{1});
        f.list.step(-5);
        QCOMPARE(f.list.current(), kNoPeer);
        QVERIFY(f.list.chooseNextWithNews());
        QCOMPARE(f.list.current(), PeerId{3});
        f.model.setCurrent(PeerId{3});
        QVERIFY(!f.list.chooseNextWithNews());
        f.list.chooseNth(2);
        QCOMPARE(f.list.current(), PeerId{2});
        f.list.chooseNth(9); // there is none
        QCOMPARE(f.list.current(), PeerId{2});
    }

    void clearingGoesBackToAll()
    {
        Fixture f;
        f.rows.joined(1).joined(2).left(1);
        f.apply();
        f.list.choose(1);
        f.list.clearClosed();
        QVERIFY(f.list.isAllChosen());
        QCOMPARE(f.list.view()->model()->rowCount(), 2);
        f.list.choose(2);
        f.list.clearClosed();
        QCOMPARE(f.list.current(), PeerId{2});
    }

    // Every other of 40 000 goes: as many runs of neighbours as peers.
    void clearingManyOfSeveralListenersGoesThroughThemOnce()
    {
        constexpr PeerId kPeers = 40'000;
        Index index;
        Rows rows;
        PeerModel model;
        ListenerModel listeners;
        CountingFilter filter(&model, QStringLiteral("All peers"), &listeners);
        for (ListenerId id = 1; id <= 3; ++id) {
            addListener(listeners, id);
        }
        for (PeerId id = 1; id <= kPeers; ++id) {
            rows.add(RecordKind::Joined, id, {}, cameTo(static_cast<ListenerId>(1 + id % 3), id));
        }
        for (PeerId id = 1; id <= kPeers; id += 2) {
            rows.left(id);
        }
        model.applyRows(index, rows.append(index));
        QCOMPARE(filter.rowCount(), static_cast<int>(kPeers) + 1 + 3);
        listeners.retire(2);
        const QPersistentModelIndex stays = filter.indexOf(kPeers / 2);
        const QPersistentModelIndex goes = filter.indexOf(kPeers / 2 + 1);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        filter.asked = 0;
        model.clearClosed();
        QTRY_COMPARE(filter.rowCount(), static_cast<int>(kPeers / 2) + 1 + 3);
        QCoreApplication::processEvents();
        QVERIFY2(filter.asked < 4 * kPeers, QByteArray::number(filter.asked).constData());
        QVERIFY2(removed.size() < 100, QByteArray::number(removed.size()).constData());
        QVERIFY(stays.isValid() && !goes.isValid());
        QCOMPARE(filter.idOf(stays), kPeers / 2);
        QCOMPARE(stays, filter.indexOf(kPeers / 2));
        // The retired one goes with its last peer.
        for (PeerId id = 2; id <= kPeers; id += 2) {
            if (1 + id % 3 == 2) {
                rows.left(id);
            }
        }
        model.applyRows(index, rows.append(index));
        model.clearClosed();
        QTRY_COMPARE(filter.rowCount(), model.rowCount() + 2);
    }

    // As a file that is read tells of them.
    void manyListenersGoThroughThePeersOnce()
    {
        constexpr PeerId kPeers = 2'000;
        constexpr ListenerId kListeners = 200;
        Index index;
        Rows rows;
        PeerModel model;
        ListenerModel listeners;
        CountingFilter filter(&model, QStringLiteral("All peers"), &listeners);
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (PeerId id = 1; id <= kPeers; ++id) {
            rows.add(RecordKind::Joined, id, {}, cameTo(static_cast<ListenerId>(1 + id % kListeners), id));
        }
        model.applyRows(index, rows.append(index));
        QCOMPARE(filter.rowCount(), static_cast<int>(kPeers) + 1);
        filter.asked = 0;
        for (ListenerId id = 1; id <= kListeners; ++id) {
            addListener(listeners, id);
            QCOMPARE(filter.rowCount(), static_cast<int>(kPeers + (id > 1 ? id : 0)) + 1);
        }
        QTRY_COMPARE(filter.idOf(filter.index(2, 0)), PeerId{kListeners});
        QVERIFY2(filter.asked < 10 * kPeers, QByteArray::number(filter.asked).constData());
        for (ListenerId id = 1; id <= kListeners; ++id) {
            const int group = 1 + static_cast<int>((id - 1) * (1 + kPeers / kListeners));
            QVERIFY(filter.listener(filter.index(group, 0)));
            QCOMPARE(filter.listener(filter.index(group, 0))->id, id);
            QCOMPARE(filter.peer(filter.index(group + 1, 0)).listener, id);
        }
    }

    // Below the last listener they would look like its own.
    void peersOfNoListenerComeFirst()
    {
        Index index;
        Rows rows;
        PeerModel model;
        ListenerModel listeners;
        PeerFilter filter(&model, QStringLiteral("All peers"), &listeners);
        addListener(listeners, 1);
        addListener(listeners, 2);
        rows.add(RecordKind::Joined, 1, {}, cameTo(2, 1)).add(RecordKind::Joined, 2, {}, cameTo(kNoListener, 2));
        rows.add(RecordKind::Joined, 3, {}, cameTo(1, 3)).add(RecordKind::Joined, 4, {}, cameTo(77, 4)); // has no row
        model.applyRows(index, rows.append(index));
        const auto idAt = [&](int row) { return filter.idOf(filter.index(row, 0)); };
        QTRY_COMPARE(filter.rowCount(), 1 + 4 + 2);
        QCOMPARE(filter.data(filter.index(0, 0), Qt::DisplayRole).toString(), QStringLiteral("All peers"));
        QCOMPARE(idAt(1), PeerId{2});
        QCOMPARE(idAt(2), PeerId{4});
        QCOMPARE(filter.listener(filter.index(3, 0))->id, ListenerId{1});
        QCOMPARE(idAt(4), PeerId{3});
        QCOMPARE(filter.listener(filter.index(5, 0))->id, ListenerId{2});
        QCOMPARE(idAt(6), PeerId{1});
    }

    void whatGoesInManyPiecesLeavesTheOthersInOrder()
    {
        Fixture f;
        for (PeerId id = 1; id <= 200; ++id) {
            f.rows.joined(id);
            if (id % 3 == 0) {
                f.rows.left(id);
            }
        }
        f.apply();
        f.list.choose(100);
        f.model.clearClosed();
        QCOMPARE(f.list.current(), PeerId{100});
        int at = 0;
        for (PeerId id = 1; id <= 200; ++id) {
            if (id % 3 == 0) {
                QVERIFY(!f.model.find(id));
            } else {
                QCOMPARE(f.model.rowOf(id), ++at);
                QCOMPARE(f.model.peer(at).id, id);
                QCOMPARE(f.row(at).data(PeerModel::IdRole).toUInt(), uint{id});
            }
        }
        QCOMPARE(f.model.rowCount(), at + 1);
    }

    void selectingAllOfAFilteredListMeansWhatIsSeen()
    {
        Fixture f;
        f.rows.joined(1, 53422).joined(2, 40112).joined(3, 40113);
        f.apply();
        f.list.filterEdit()->setText(QStringLiteral("4011"));
        QCOMPARE(f.list.view()->model()->rowCount(), 3);
        QVERIFY(f.list.isAllChosen());
        QCOMPARE(f.list.hiddenCount(), 1);
        QTest::keyClick(f.list.view(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(sorted(f.list.chosen()), (std::vector<PeerId>{2, 3}));
        QCOMPARE(f.list.hiddenCount(), 0);
        f.list.filterEdit()->setText(QStringLiteral("40112"));
        QCOMPARE(sorted(f.list.chosen()), (std::vector<PeerId>{2, 3}));
        QCOMPARE(f.list.hiddenCount(), 1);
        f.list.filterEdit()->setText(QStringLiteral("nobody"));
        QTest::keyClick(f.list.view(), Qt::Key_A, Qt::ControlModifier);
        QVERIFY(!f.list.isAllChosen());
        f.list.filterEdit()->clear();
        QTest::keyClick(f.list.view(), Qt::Key_A, Qt::ControlModifier);
        QVERIFY(f.list.isAllChosen());
    }

    void tenThousandPaint()
    {
        Fixture f;
        for (PeerId id = 1; id <= 10'000; ++id) {
            f.rows.joined(id, static_cast<std::uint16_t>(10'000 + id));
        }
        f.apply();
        QCOMPARE(f.list.view()->model()->rowCount(), 10'001);
        f.list.choose(10'000);
        QVERIFY(f.list.view()->visualRect(f.row(10'000)).intersects(f.list.view()->viewport()->rect()));
        QVERIFY(!f.list.grab().isNull());
    }
};

QTEST_MAIN(PeerListTest)
#include "peerlist.moc"
