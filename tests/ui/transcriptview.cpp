// SPDX-License-Identifier: MIT
#include "ui/transcriptview.h"

#include <QAbstractButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QWheelEvent>

#include "viewfixture.h"

using namespace tincan;
using tincan::test::ViewFixture;

class TranscriptViewTest : public QObject
{
    Q_OBJECT

private:
    static QAbstractButton *button(ViewFixture &f) { return f.view.findChild<QAbstractButton *>(QStringLiteral("newBelow")); }

    static void wheel(ViewFixture &f, QPoint pixels, QPoint angle)
    {
        const QPointF where = f.view.viewport()->rect().center();
        QWheelEvent event(where, f.view.viewport()->mapToGlobal(where), pixels, angle, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(f.view.viewport(), &event);
    }
    // Where the first row that is in sight begins, counted so that lower on the screen is more.
    static int offset(ViewFixture &f, int row) { return f.view.rowRect(row).top(); }

private slots:
    void followsTheEndWhileItIsThere()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(100));
        QVERIFY(f.view.isAtEnd());
        QVERIFY(f.view.rowRect(100).bottom() < f.view.viewport()->height());
        f.lines(100, 100);
        QTRY_VERIFY(f.inSight(200));
        QVERIFY(!f.inSight(100));
        QVERIFY(!button(f)->isVisible());
    }

    void fewRowsStandAtTheTop()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(2);
        QTRY_VERIFY(f.inSight(2));
        QCOMPARE(f.view.rowRect(0).top(), 0);
        QVERIFY(f.view.isAtEnd());
        QCOMPARE(f.view.verticalScrollBar()->maximum(), 0);
    }

    void scrolledUpItHoldsStillAndSaysWhatIsNew()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(100));
        f.view.setFocus();
        QTest::keyClick(&f.view, Qt::Key_PageUp);
        QVERIFY(!f.view.isAtEnd());
        QVERIFY(!button(f)->isVisible()); // nothing is new yet
        const int row = f.view.topRow() + 1;
        const int before = offset(f, row);
        f.lines(12, 100);
        QTRY_VERIFY(button(f)->isVisible());
        QCOMPARE(button(f)->text(), QStringLiteral("▼ 12 new"));
        QCOMPARE(button(f)->accessibleName(), QStringLiteral("New messages below"));
        QCOMPARE(f.view.topRow() + 1, row);
        QCOMPARE(offset(f, row), before);

        QTest::mouseClick(button(f), Qt::LeftButton);
        QTRY_VERIFY(f.inSight(112));
        QVERIFY(f.view.isAtEnd());
        QVERIFY(!button(f)->isVisible());
        f.lines(1, 112);
        QTRY_VERIFY(f.inSight(113)); // it follows again
    }

    void zoomKeepsTheEndInSight()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(99));
        const int height = f.view.rowRect(99).height();
        QSignalSpy changed(&f.view, &TranscriptView::zoomChanged);
        f.view.zoomBy(5);
        QCOMPARE(f.view.zoom(), 150);
        QVERIFY(f.view.rowRect(99).height() > height);
        QVERIFY(f.view.isAtEnd());
        QWheelEvent notch(QPointF(5, 5), f.view.viewport()->mapToGlobal(QPointF(5, 5)), {}, QPoint(0, -120), Qt::NoButton,
                          Qt::ControlModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(f.view.viewport(), &notch);
        QCOMPARE(f.view.zoom(), 140);
        f.view.setZoom(100'000);
        QCOMPARE(f.view.zoom(), TranscriptView::kLargestZoom);
        f.view.setZoom(100);
        QCOMPARE(f.view.rowRect(99).height(), height);
        QCOMPARE(changed.count(), 4);
    }

    void whatCameWhileItFollowedIsNotNew()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100); // and before the view has had time to do anything …
        QTest::keyClick(&f.view, Qt::Key_PageUp);
        f.lines(5, 100);
        QTRY_VERIFY(button(f)->isVisible());
        QCOMPARE(button(f)->text(), QStringLiteral("▼ 5 new"));
    }

    void withASelectionItHoldsStill()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(100));
        f.click(99);
        const int top = f.view.topRow();
        f.lines(5, 100);
        QTRY_COMPARE(button(f)->text(), QStringLiteral("▼ 5 new"));
        QVERIFY(button(f)->isVisible());
        QCOMPARE(f.view.topRow(), top);
        QCOMPARE(f.view.selection(), std::pair(99, 99));
        QTest::mouseClick(button(f), Qt::LeftButton);
        QTRY_VERIFY(f.inSight(105));
        QCOMPARE(f.view.selection(), std::pair(-1, -1));
    }

    void escapeSelectsNothingAndFollows()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(100));
        f.click(99);
        f.lines(5, 100);
        QTest::keyClick(&f.view, Qt::Key_Escape);
        QCOMPARE(f.view.selection(), std::pair(-1, -1));
        QTRY_VERIFY(f.inSight(105));
    }

    void manyNewRowsAreCountedInGroups()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(100));
        QTest::keyClick(&f.view, Qt::Key_Home);
        f.lines(12'345);
        f.look();
        QLocale::setDefault(before);
        QCOMPARE(button(f)->text(), QStringLiteral("▼ 12,345 new"));
    }

    void theRestOfALongMessageShowsInPlace()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(2);
        const QByteArray large = QByteArray("twelve bytes").repeated(4000);
        f.rows.received(1, large).received(1, "small").received(1, large).received(1, large);
        f.apply();
        f.look();
        const auto grows = [&](int row, auto act) {
            QTest::keyClick(&f.view, Qt::Key_Home);
            for (int steps = 0; f.view.moreRect(row).isEmpty() && steps < 1000; ++steps) {
                QTest::keyClick(&f.view, Qt::Key_Down);
            }
            const int top = f.view.rowRect(row).top();
            const int height = f.view.rowRect(row).height();
            act();
            f.look();
            return f.view.moreRect(row).isEmpty() && f.view.rowRect(row).top() == top && f.view.rowRect(row).height() > 5 * height
                && !f.view.isAtEnd();
        };
        QVERIFY(grows(3, [&] {
            QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {}, f.view.moreRect(3).center());
            QCOMPARE(f.view.selection(), std::pair(-1, -1));
        }));
        QVERIFY(grows(5, [&] { QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {}, f.view.moreRect(5).center()); }));
    }

    void keysGoEverywhere()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(300);
        QTRY_VERIFY(f.inSight(300));
        QTest::keyClick(&f.view, Qt::Key_Home);
        QCOMPARE(f.view.topRow(), 0);
        QCOMPARE(f.view.rowRect(0).top(), 0);
        QTest::keyClick(&f.view, Qt::Key_PageDown);
        const int page = f.view.topRow();
        QVERIFY(page >= 5);
        QVERIFY(page < 40);
        QTest::keyClick(&f.view, Qt::Key_PageUp);
        QCOMPARE(f.view.rowRect(0).top(), 0);
        QTest::keyClick(&f.view, Qt::Key_Down);
        QVERIFY(f.view.topRow() < 3);
        QVERIFY(offset(f, f.view.topRow() + 1) < offset(f, f.view.topRow() + 2));
        QTest::keyClick(&f.view, Qt::Key_Up);
        QCOMPARE(f.view.rowRect(0).top(), 0);
        QTest::keyClick(&f.view, Qt::Key_End);
        QVERIFY(f.view.isAtEnd());
        QVERIFY(f.inSight(300));
    }

    void theWheelMovesByPixels()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(100));
        const int before = offset(f, 98);
        wheel(f, {0, 7}, {0, 56}); // a touch pad tells pixels
        QCOMPARE(offset(f, 98), before + 7);
        wheel(f, {0, -7}, {0, -56});
        QCOMPARE(offset(f, 98), before);
        QVERIFY(f.view.isAtEnd());
        wheel(f, {}, {0, 120}); // a notch
        QVERIFY(!f.view.isAtEnd());
        QVERIFY(offset(f, f.view.topRow() + 1) > 0);
        for (int i = 0; i < 8; ++i) { // a fine wheel adds up to the same
            wheel(f, {}, {0, -15});
        }
        QVERIFY(f.view.isAtEnd());
        QCOMPARE(offset(f, 98), before);
    }

    void theScrollBarLeadsAnywhere()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(1000);
        QTRY_VERIFY(f.inSight(1000));
        QScrollBar *bar = f.view.verticalScrollBar();
        QTRY_VERIFY(bar->isVisible());
        QCOMPARE(bar->value(), bar->maximum());
        bar->setValue(0);
        QCOMPARE(f.view.topRow(), 0);
        bar->setValue(bar->maximum() / 2);
        QVERIFY(f.view.topRow() > 400);
        QVERIFY(f.view.topRow() < 600);
        const int middle = f.view.topRow();
        bar->triggerAction(QAbstractSlider::SliderPageStepAdd);
        QVERIFY(f.view.topRow() > middle + 3);
        QVERIFY(f.view.topRow() < middle + 40);
        bar->triggerAction(QAbstractSlider::SliderPageStepSub);
        QCOMPARE(f.view.topRow(), middle);
        bar->triggerAction(QAbstractSlider::SliderToMaximum);
        QVERIFY(f.view.isAtEnd());
        QVERIFY(f.inSight(1000));
    }

    void aMillionRowsCostWhatThoseInSightCost()
    {
        ViewFixture f(kNoPeer);
        QVERIFY(f.onScreen());
        constexpr int kBatch = 10'000;
        constexpr int kBatches = 100;
        for (int i = 0; i < kBatches; ++i) {
            f.lines(kBatch, i * kBatch);
        }
        QTRY_VERIFY(f.inSight(kBatch * kBatches));
        QVERIFY2(f.view.layoutCount() < 200, qPrintable(QString::number(f.view.layoutCount())));

        const int before = f.view.layoutCount();
        QTest::keyClick(&f.view, Qt::Key_Home);
        f.look();
        const int atHome = f.view.layoutCount();
        QVERIFY2(atHome - before < 100, qPrintable(QString::number(atHome - before)));
        for (int i = 0; i < 10; ++i) {
            f.lines(kBatch, 0);
            f.look();
        }
        QCOMPARE(button(f)->text(), QStringLiteral("▼ %L1 new").arg(10 * kBatch));
        QCOMPARE(f.view.layoutCount(), atHome); // the end is out of sight
        f.view.verticalScrollBar()->setValue(f.view.verticalScrollBar()->maximum() / 2);
        f.look();
        QVERIFY(f.view.layoutCount() - atHome < 100);
        QTest::keyClick(&f.view, Qt::Key_End);
        QVERIFY(f.inSight(f.model.count() - 1));
        QVERIFY(f.view.layoutCount() - atHome < 200);
    }

    void whatIsOutOfSightIsNotLaidOutWhileHidden()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.view.hide();
        const int before = f.view.layoutCount();
        f.lines(1000);
        f.look();
        QCOMPARE(f.view.layoutCount(), before);
        f.view.show();
        QTRY_VERIFY(f.inSight(1000));
    }

    void aNarrowerViewKeepsItsPlace()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(300);
        QTRY_VERIFY(f.inSight(300));
        f.view.resize(420, 300);
        QTRY_VERIFY(f.inSight(300));
        QVERIFY(f.view.isAtEnd());
        f.view.verticalScrollBar()->setValue(f.view.verticalScrollBar()->maximum() / 2);
        const int top = f.view.topRow();
        f.view.resize(700, 500);
        f.look();
        QCOMPARE(f.view.topRow(), top);
    }

    void anotherModelIsShownAtItsEnd()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.rows.joined(2);
        for (int i = 0; i < 50; ++i) {
            f.rows.received(2, "of the other");
        }
        f.lines(300);
        QTRY_VERIFY(f.inSight(300));
        QTest::keyClick(&f.view, Qt::Key_Home);
        TranscriptModel other(f.index, f.rows, 2);
        f.view.setModel(&other);
        QTRY_VERIFY(f.inSight(50));
        QVERIFY(f.view.isAtEnd());
        f.lines(10, 300); // of the one that is not looked at
        f.look();
        QVERIFY(!button(f)->isVisible());
        f.view.setModel(nullptr);
        f.look();
        QCOMPARE(f.view.rowRect(0), QRect());
        QCOMPARE(f.view.rowAt({10, 10}), -1);
    }

    void aModelThatGoesLeavesNothingBehind()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(10);
        auto passing = std::make_unique<TranscriptModel>(f.index, f.rows, 1);
        f.view.setModel(passing.get());
        QTRY_VERIFY(f.inSight(10));
        passing.reset();
        f.look();
        QCOMPARE(f.view.model(), nullptr);
        QVERIFY(!f.inSight(0));
    }

    void theMarkerTakesRoomAboveItsRow()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(5);
        QTRY_VERIFY(f.inSight(5));
        const int height = f.view.rowRect(3).height();
        f.view.setMarker(3);
        f.look();
        QVERIFY(f.view.rowRect(3).height() > height);
        QCOMPARE(f.view.rowRect(2).height(), height);
        f.view.setMarker(-1);
        f.look();
        QCOMPARE(f.view.rowRect(3).height(), height);
    }

    void tabLeavesIt()
    {
        QWidget window;
        auto *view = new TranscriptView(&window);
        auto *after = new QWidget(&window);
        after->setFocusPolicy(Qt::StrongFocus);
        QWidget::setTabOrder(view, after);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        view->setFocus();
        QVERIFY(view->hasFocus());
        QTest::keyClick(view, Qt::Key_Tab);
        QVERIFY(after->hasFocus());
    }

    void coloursAndSizesFollow()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(3);
        QTRY_VERIFY(f.inSight(3));
        const QColor light = f.view.grab().toImage().pixelColor(f.view.viewport()->rect().bottomLeft() + QPoint(20, -20));
        const int height = f.view.rowRect(1).height();
        QPalette dark = f.view.palette();
        dark.setColor(QPalette::Base, Qt::black);
        dark.setColor(QPalette::Text, Qt::white);
        f.view.setPalette(dark);
        QFont large = f.view.font();
        large.setPointSizeF(large.pointSizeF() * 2);
        f.view.setFont(large);
        f.look();
        QVERIFY(f.view.rowRect(1).height() > height);
        const QImage image = f.view.grab().toImage();
        QCOMPARE(image.pixelColor(f.view.viewport()->rect().bottomLeft() + QPoint(20, -20)), QColor(Qt::black));
        QVERIFY(light != QColor(Qt::black));
        QVERIFY(image.pixelColor(f.view.bubbleRect(1).topLeft() + QPoint(14, 3)).lightness() > 0); // the bubble
    }
};

QTEST_MAIN(TranscriptViewTest)
#include "transcriptview.moc"
