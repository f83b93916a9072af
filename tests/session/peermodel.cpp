// SPDX-License-Identifier: MIT
#include "session/peermodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "support/rows.h"
#include "transcript/peername.h"

using namespace tincan;
using tincan::test::Rows;

class PeerModelTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        Index index;
        Rows rows;
        PeerModel model;
        QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
        void apply() { model.applyRows(index, rows.append(index)); }
        const Peer &peer(PeerId id) const { return *model.find(id); }
    };

private slots:
    void firstRowIsAll()
    {
        Fixture f;
        QCOMPARE(f.model.rowCount(), 1);
        QCOMPARE(f.model.data(f.model.index(0), PeerModel::IdRole).toUInt(), kNoPeer);
    }

    void oneInsertABatch()
    {
        Fixture f;
        QSignalSpy inserted(&f.model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&f.model, &QAbstractItemModel::modelReset);
        for (PeerId id = 1; id <= 500; ++id) {
            f.rows.joined(id);
        }
        f.apply();
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(inserted.at(0).at(1).toInt(), 1);
        QCOMPARE(inserted.at(0).at(2).toInt(), 500);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(f.model.openCount(), 500);
        QCOMPARE(f.model.data(f.model.index(7), PeerModel::AddressRole).toString(), QStringLiteral("127.0.0.1:50007"));
    }

    void whoHasNoAddressIsCalledByItsProgram()
    {
        Fixture f;
        f.rows.joined(1, Transport::UnixStream).joined(2, Transport::Udp);
        f.apply();
        QCOMPARE(PeerModel::addressText(f.peer(1)), QStringLiteral("socat[4242]#9"));
        QCOMPARE(f.model.data(f.model.index(1), PeerModel::AddressRole).toString(), QStringLiteral("socat[4242]#9"));
        QCOMPARE(PeerModel::addressText(f.peer(2)), QStringLiteral("192.0.2.7:50002"));
    }

    void statesFollowTheRecords()
    {
        Fixture f;
        f.rows.add(RecordKind::Connecting, 1, {}, ConnectInfo{"localhost", 6666});
        f.apply();
        QCOMPARE(f.peer(1).state, PeerState::Connecting);
        QCOMPARE(PeerModel::addressText(f.peer(1)), QStringLiteral("localhost:6666"));
        QVERIFY(!f.peer(1).canSend());
        f.rows.joined(1);
        f.apply();
        QCOMPARE(f.peer(1).state, PeerState::Established);
        QVERIFY(f.peer(1).canSend());
        f.rows.add(RecordKind::PeerFinished, 1);
        f.apply();
        QCOMPARE(f.peer(1).state, PeerState::CloseWait);
        QVERIFY(f.peer(1).canSend());
        f.rows.add(RecordKind::Finished, 1);
        f.apply();
        QCOMPARE(f.peer(1).state, PeerState::FinWait);
        QVERIFY(!f.peer(1).canSend());
        QCOMPARE(f.model.openCount(), 1);
        f.rows.left(1, LeftReason::ResetByPeer);
        f.apply();
        QCOMPARE(f.peer(1).state, PeerState::Closed);
        QCOMPARE(f.peer(1).left, LeftReason::ResetByPeer);
        QCOMPARE(f.model.openCount(), 0);
    }

    void aFailedAttemptIsNotOpen()
    {
        Fixture f;
        f.rows.add(RecordKind::Connecting, 1, {}, ConnectInfo{"::1", 9}).add(RecordKind::ConnectFailed, 1, {}, FailureInfo{});
        f.apply();
        QCOMPARE(f.peer(1).state, PeerState::Failed);
        QCOMPARE(f.model.openCount(), 0);
        QCOMPARE(PeerModel::addressText(f.peer(1)), QStringLiteral("[::1]:9"));
    }

    void countsBytesAndUnread()
    {
        Fixture f;
        f.rows.joined(1).joined(2).received(1, "12345").received(1, "6").sent(2, "abc");
        f.apply();
        QCOMPARE(f.peer(1).bytesIn, 6U);
        QCOMPARE(f.peer(1).messagesIn, 2U);
        QCOMPARE(f.peer(1).unread, 2U);
        QCOMPARE(f.peer(2).bytesOut, 3U);
        QCOMPARE(f.peer(kNoPeer).bytesIn, 6U);
        QCOMPARE(f.peer(kNoPeer).unread, 2U);
        f.model.setCurrent(PeerId{1});
        QCOMPARE(f.peer(1).unread, 0U);
        QCOMPARE(f.peer(kNoPeer).unread, 0U);
        f.rows.received(1, "7").received(2, "8");
        f.apply();
        QCOMPARE(f.peer(1).unread, 0U);
        QCOMPARE(f.peer(2).unread, 1U);
    }

    void aRelayedMessageCountsForThoseItReached()
    {
        Fixture f;
        f.rows.joined(1).joined(2).joined(3).received(1, "hello").add(RecordKind::FanOut, 1, "hello");
        f.apply();
        QCOMPARE(f.peer(1).bytesOut, 0U);
        QCOMPARE(f.peer(2).bytesOut, 5U);
        QCOMPARE(f.peer(3).bytesOut, 5U);
        QCOMPARE(f.peer(kNoPeer).bytesOut, 10U);
        // 3 was slow, 4 comes later, 2 has finished.
        f.rows.add(RecordKind::FanOut, 1, "xx", FanOutInfo{false, {3}}).joined(4).add(RecordKind::Finished, 2);
        f.rows.add(RecordKind::FanOut, kNoPeer, "yyy").add(RecordKind::FanOut, kNoPeer, "z", FanOutInfo{true, {1, 4}});
        f.apply();
        QCOMPARE(f.peer(1).bytesOut, 4U);
        QCOMPARE(f.peer(2).bytesOut, 7U);
        QCOMPARE(f.peer(3).bytesOut, 8U);
        QCOMPARE(f.peer(4).bytesOut, 4U);
        QCOMPARE(f.peer(kNoPeer).bytesOut, 10U + 2U + 9U + 2U);
    }

    void changesAreToldTogether()
    {
        Fixture f;
        f.rows.joined(1).joined(2).joined(3);
        f.apply();
        QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
        QTRY_VERIFY(!changed.isEmpty()); // what the insert touched
        QTest::qWait(0);
        changed.clear();
        for (int i = 0; i < 100; ++i) {
            f.rows.received(2, "x");
            f.apply();
        }
        QCOMPARE(changed.count(), 0);
        QTRY_VERIFY(!changed.isEmpty());
        QVERIFY(changed.count() <= 2); // row 0 and row 2
    }

    void namesComeFromTheNotes()
    {
        Fixture f;
        const auto named = [](const char *name) { return NoteInfo{NoteCode::Named, 0, 0, name}; };
        f.rows.joined(1).joined(2).add(RecordKind::Note, 1, {}, named("first"));
        f.rows.add(RecordKind::Note, 2, {}, NoteInfo{NoteCode::Other, 0, 0, "no name"});
        f.apply();
        QCOMPARE(f.peer(1).name, QStringLiteral("first"));
        QCOMPARE(f.peer(2).name, QString());
        f.rows.add(RecordKind::Note, 1, {}, named("Türsensor")).add(RecordKind::Note, 9, {}, named("nobody"));
        f.apply();
        QCOMPARE(f.model.index(1).data().toString(), QStringLiteral("Türsensor  127.0.0.1:50001"));
        QCOMPARE(f.model.index(1).data(PeerModel::AddressRole).toString(), QStringLiteral("127.0.0.1:50001"));
        QCOMPARE(f.model.index(1).data(Qt::EditRole).toString(), QStringLiteral("Türsensor"));
        QCOMPARE(f.model.index(2).data().toString(), QStringLiteral("127.0.0.1:50002"));
        f.rows.left(1).add(RecordKind::Note, 1, {}, named("after the end"));
        f.apply();
        QCOMPARE(f.peer(1).name, QStringLiteral("after the end"));
        f.rows.add(RecordKind::Note, 1, {}, named(""));
        f.apply();
        QCOMPARE(f.model.index(1).data().toString(), QStringLiteral("127.0.0.1:50001"));
        QCOMPARE(f.index.named(), std::vector<PeerId>{9});
    }

    void whatFilesCallANameIsMadeOne()
    {
        Fixture f;
        f.rows.joined(1).add(RecordKind::Note, 1, {},
                             NoteInfo{NoteCode::Named, 0, 0,
                                      "  a\tb\n\x1b[31m\xe2\x80\xae"
                                      "c\xff  "
                                          + std::string(500, 'x')});
        f.apply();
        const QString name = f.peer(1).name;
        QVERIFY2(name.startsWith(QStringLiteral("a b [31mc")), qPrintable(name));
        QCOMPARE(name.size(), kLongestPeerName);
        QCOMPARE(cleanPeerName(QStringLiteral("\u200b\u2067 \u200d")), QString());
        const QString cats = QStringLiteral("🐈").repeated(100);
        QCOMPARE(cleanPeerName(cats), QStringLiteral("🐈").repeated(kLongestPeerName));
    }

    void aNameIsAskedFor()
    {
        Fixture f;
        f.rows.joined(1);
        f.apply();
        QSignalSpy asked(&f.model, &PeerModel::nameAsked);
        QVERIFY(!f.model.index(1).flags().testFlag(Qt::ItemIsEditable));
        QVERIFY(!f.model.setData(f.model.index(1), QStringLiteral("x"), Qt::EditRole));
        f.model.setNameable();
        QVERIFY(!f.model.index(0).flags().testFlag(Qt::ItemIsEditable));
        QVERIFY(!f.model.setData(f.model.index(0), QStringLiteral("x"), Qt::EditRole));
        QVERIFY(f.model.setData(f.model.index(1), QStringLiteral(" x\ty "), Qt::EditRole));
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.at(0).at(1).toString(), QStringLiteral("x y"));
        QVERIFY(f.model.setData(f.model.index(1), QStringLiteral("  "), Qt::EditRole)); // as it is: nothing to ask for
        QCOMPARE(asked.count(), 1);
    }

    void clearFailedKeepsWhatIsLookedAt()
    {
        Fixture f;
        for (PeerId id = 1; id <= 4; ++id) {
            f.rows.add(RecordKind::Connecting, id, {}, ConnectInfo{id == 3 ? "::1" : "localhost", 80});
            f.rows.add(RecordKind::ConnectFailed, id, {}, FailureInfo{});
        }
        f.rows.joined(5);
        f.apply();
        f.model.setCurrent(2);
        f.model.clearFailed(QStringLiteral("localhost:80"));
        QCOMPARE(f.model.rowCount(), 4);
        QCOMPARE(f.model.rowOf(2), 1);
        QCOMPARE(f.model.rowOf(3), 2);
        QCOMPARE(PeerModel::addressText(f.peer(3)), QStringLiteral("[::1]:80"));
        QCOMPARE(f.model.rowOf(5), 3);
    }

    void clearClosedKeepsTheOthers()
    {
        Fixture f;
        for (PeerId id = 1; id <= 6; ++id) {
            f.rows.joined(id);
        }
        f.rows.left(1).left(3).left(4).received(4, "late").received(5, "x");
        f.apply();
        f.model.clearClosed();
        QCOMPARE(f.model.rowCount(), 4);
        QCOMPARE(f.model.rowOf(1), -1);
        QCOMPARE(f.model.rowOf(2), 1);
        QCOMPARE(f.model.rowOf(5), 2);
        QCOMPARE(f.model.rowOf(6), 3);
        QCOMPARE(f.peer(kNoPeer).unread, 1U);
        f.rows.received(3, "of one that was cleared").received(6, "ok");
        f.apply();
        QCOMPARE(f.peer(6).bytesIn, 2U);
        QCOMPARE(f.model.rowCount(), 4);
    }
};

QTEST_GUILESS_MAIN(PeerModelTest)
#include "peermodel.moc"
