// SPDX-License-Identifier: MIT
#include "ui/transcriptaccessible.h"

#include <QAccessible>

#include "session/words.h"
#include "viewfixture.h"

using namespace tincan;
using tincan::test::ViewFixture;

class TranscriptAccessibleTest : public QObject
{
    Q_OBJECT

private:
    static QAccessibleInterface *list(ViewFixture &f) { return QAccessible::queryAccessibleInterface(&f.view); }
    static QString name(ViewFixture &f, int row)
    {
        const QAccessibleInterface *child = list(f)->child(row);
        return child ? child->text(QAccessible::Name) : QString();
    }
    static QString time(ViewFixture &f, int row) { return formatTime(f.model.row(row).time); }

private slots:
    void itIsAListWithOneItemARow()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        QCOMPARE(list(f)->role(), QAccessible::List);
        QCOMPARE(list(f)->text(QAccessible::Name), QStringLiteral("Transcript"));
        QCOMPARE(list(f)->childCount(), 0);
        QCOMPARE(list(f)->child(0), nullptr);
        f.lines(500);
        QCOMPARE(list(f)->childCount(), 501);
        for (const int row : {0, 250, 500}) {
            QAccessibleInterface *child = list(f)->child(row);
            QVERIFY(child);
            QCOMPARE(child->role(), QAccessible::ListItem);
            QCOMPARE(child->parent(), list(f));
            QCOMPARE(list(f)->indexOfChild(child), row);
            QCOMPARE(list(f)->child(row), child);
            QCOMPARE(child->childCount(), 0);
        }
        QCOMPARE(list(f)->child(501), nullptr);
        QCOMPARE(list(f)->child(-1), nullptr);
    }

    void rowsSpeak()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        RefusedInfo full;
        f.rows.joined(1, 53422).received(1, "hello\n").sent(1, "hi\r\n").add(RecordKind::FanOut, kNoPeer, "to all");
        f.rows.joined(2, 40112).add(RecordKind::FanOut, 2, "relayed").add(RecordKind::Refused, 1, "no", full);
        f.rows.received(1, QByteArray("xy").repeated(1024)).add(RecordKind::PeerFinished, 1);
        f.apply();
        QCOMPARE(name(f, 0), time(f, 0) + QStringLiteral(" connected from 127.0.0.1:53422"));
        QCOMPARE(name(f, 1), QStringLiteral("received ") + time(f, 1) + QStringLiteral(" from 127.0.0.1:53422: hello\\n"));
        QCOMPARE(name(f, 2), QStringLiteral("sent ") + time(f, 2) + QStringLiteral(" to 127.0.0.1:53422: hi\\r\\n"));
        QCOMPARE(name(f, 3), QStringLiteral("sent ") + time(f, 3) + QStringLiteral(" to 127.0.0.1:53422: to all"));
        QCOMPARE(name(f, 4),
                 QStringLiteral("sent ") + time(f, 4)
                     + QStringLiteral(" to 127.0.0.1:53422, relayed from 127.0.0.1:40112: relayed"));
        QCOMPARE(name(f, 5),
                 QStringLiteral("refused ") + time(f, 5)
                     + QStringLiteral(" to 127.0.0.1:53422 (not sent: the send queue is full (0 B wait, the peer does not "
                                      "read)): no"));
        QVERIFY(name(f, 6).endsWith(QStringLiteral("xyxy … 1.0 KB more")));
        QCOMPARE(name(f, 7),
                 time(f, 7) + QStringLiteral(" peer sent FIN: its sending side is closed, ours is open (CLOSE_WAIT)"));
    }

    void whereItIsAndWhetherItIsSeen()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(100));
        QAccessibleInterface *last = list(f)->child(100);
        QAccessibleInterface *first = list(f)->child(0);
        QVERIFY(!last->state().offscreen);
        QVERIFY(first->state().offscreen);
        QVERIFY(first->rect().isEmpty());
        const QRect there(f.view.viewport()->mapToGlobal(f.view.bubbleRect(100).topLeft()), f.view.bubbleRect(100).size());
        QCOMPARE(last->rect(), there);
        QCOMPARE(list(f)->childAt(there.center().x(), there.center().y()), last);
        QCOMPARE(list(f)->childAt(-5000, -5000), nullptr);
        QVERIFY(!last->state().selected);
        f.click(100);
        QVERIFY(last->state().selected);
        QTest::keyClick(&f.view, Qt::Key_Home);
        QVERIFY(last->state().offscreen);
        QVERIFY(!first->state().offscreen);
    }

    void aMillionAreMadeOnDemand()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        for (int i = 0; i < 10; ++i) {
            f.lines(100'000, i * 100'000);
        }
        QCOMPARE(list(f)->childCount(), 1'000'001);
        QVERIFY(name(f, 1'000'000).endsWith(QStringLiteral(": line 999999\\n")));
        QAccessibleInterface *early = list(f)->child(1);
        const QAccessible::Id id = QAccessible::uniqueId(early);
        for (int row = 2; row < 50'000; ++row) {
            QVERIFY(list(f)->child(row));
        }
        QCOMPARE(QAccessible::accessibleInterface(id), nullptr); // the oldest are let go
        QVERIFY(name(f, 1).endsWith(QStringLiteral(": line 0\\n")));
    }

    void anotherModelOtherItems()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.rows.joined(2, 40112).received(2, "of the other");
        f.lines(3);
        QAccessibleInterface *third = list(f)->child(3);
        TranscriptModel other(f.index, f.rows, 2);
        f.view.setModel(&other);
        QCOMPARE(list(f)->childCount(), 2);
        QVERIFY(name(f, 1).endsWith(QStringLiteral("from 127.0.0.1:40112: of the other")));
        QCOMPARE(list(f)->child(3), nullptr);
        Q_UNUSED(third)
        f.view.setModel(nullptr);
        QCOMPARE(list(f)->childCount(), 0);
    }
};

QTEST_MAIN(TranscriptAccessibleTest)
#include "transcriptaccessible.moc"
