// SPDX-License-Identifier: MIT
#include "ui/detailpane.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "session/transcriptmodel.h"
#include "support/rows.h"
#include "ui/bytewords.h"
#include "ui/detailtext.h"
#include "ui/elidedlabel.h"
#include "ui/hexview.h"

using namespace tincan;
using tincan::test::Rows;

namespace {

struct Fixture {
    Index index;
    Rows rows;
    TranscriptModel model{index, rows, 1};
    DetailPane pane;

    Fixture()
    {
        pane.resize(1000, 300);
        rows.joined(1, 53422);
    }
    void show(const QByteArray &payload)
    {
        rows.received(1, payload);
        rows.append(index);
        model.refresh();
        pane.showRow(model, model.count() - 1);
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
    }
    HexView &hex() const { return *pane.hex(); }
    DetailText &text() const { return *pane.text(); }
    QString label(const char *name) const { return pane.findChild<ElidedLabel *>(QLatin1String(name))->text(); }
    QString menuCopies(int which) const
    {
        QContextMenuEvent ask(QContextMenuEvent::Keyboard, {}, {});
        QApplication::sendEvent(pane.hex(), &ask);
        auto *menu = pane.findChild<QMenu *>(QStringLiteral("hexMenu"));
        menu->actions().at(which)->trigger();
        menu->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        return QApplication::clipboard()->text();
    }
    void click(qsizetype byte, Qt::KeyboardModifiers keys = {}) const
    {
        QTest::mouseClick(hex().viewport(), Qt::LeftButton, keys, hex().byteRect(byte).center());
    }
};

QByteArray everyByte()
{
    QByteArray bytes(256, Qt::Uninitialized);
    for (int byte = 0; byte < 256; ++byte) {
        bytes[byte] = static_cast<char>(byte);
    }
    return bytes;
}

} // namespace

class DetailPaneTest : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatItShows()
    {
        Fixture f;
        f.rows.received(1, QByteArray(0x20, 'x'));
        f.show("hello\n");
        const QString title = f.label("detailTitle");
        QVERIFY2(title.startsWith(QStringLiteral("received from 127.0.0.1:53422")), qPrintable(title));
        QVERIFY2(title.contains(QStringLiteral("6 B")) && title.contains(QStringLiteral("at 0x20 (32) in the stream")),
                 qPrintable(title));
        QVERIFY(title.contains(QStringLiteral(".002000"))); // µs
        QCOMPARE(f.text().toPlainText(), QStringLiteral("hello\\n\n"));
        QCOMPARE(f.hex().bytes(), QByteArray("hello\n"));
        QCOMPARE(f.pane.accessibleName(), QStringLiteral("Detail"));
        QCOMPARE(f.text().accessibleName(), QStringLiteral("Detail text"));
        QCOMPARE(f.hex().accessibleName(), QStringLiteral("Detail hex"));
        f.pane.showRow(f.model, 0);
        QVERIFY(f.label("detailTitle").contains(QStringLiteral("connected from 127.0.0.1:53422")));
        QVERIFY(f.hex().bytes().isEmpty());
    }

    void aCharacterCutByTheReadShowsWhole()
    {
        Fixture f;
        f.rows.received(1, "\xe6");
        f.show("\xb8\xa9!");
        QCOMPARE(f.text().toPlainText(), QStringLiteral("温!"));
        f.pane.setEncoding(encodingOf(u"iso-8859-1"));
        QVERIFY(f.text().toPlainText().endsWith(QStringLiteral("©!")));
    }

    void bytesAreSelectedByKeysAndMarkedInTheText()
    {
        Fixture f;
        f.show("a\xe6\xb8\xa9z" + QByteArray(100, '.'));
        f.hex().setFocus();
        QTest::keyClick(&f.hex(), Qt::Key_Right);
        QCOMPARE(f.hex().cursor(), 1);
        QCOMPARE(f.hex().selection().size, 0);
        QCOMPARE(f.text().textCursor().position(), 1);
        QTest::keyClick(&f.hex(), Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&f.hex(), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(f.hex().selection().at, 1);
        QCOMPARE(f.hex().selection().size, 3);
        const auto marks = f.text().extraSelections();
        QVERIFY(!marks.isEmpty());
        QCOMPARE(marks.last().cursor.selectedText(), QStringLiteral("温"));
        QTest::keyClick(&f.hex(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("e6 b8 a9"));
        QTest::keyClick(&f.hex(), Qt::Key_Down);
        QCOMPARE(f.hex().cursor(), 3 + f.hex().bytesPerLine());
        QTest::keyClick(&f.hex(), Qt::Key_Up);
        QTest::keyClick(&f.hex(), Qt::Key_Up); // there is none above
        QCOMPARE(f.hex().cursor(), 3);
        QTest::keyClick(&f.hex(), Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(f.hex().cursor(), 104);
        QTest::keyClick(&f.hex(), Qt::Key_Home, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(f.hex().selection().size, 105);
        QTest::keyClick(&f.hex(), Qt::Key_Right);
        QTest::keyClick(&f.hex(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(f.hex().selection().size, 105);
    }

    void bytesAreSelectedByMouse()
    {
        Fixture f;
        f.show(everyByte());
        QTest::mousePress(f.hex().viewport(), Qt::LeftButton, {}, f.hex().byteRect(0x11).center());
        QTest::mouseMove(f.hex().viewport(), f.hex().byteRect(0x15).center());
        QMouseEvent move(QEvent::MouseMove, f.hex().byteRect(0x23).center(), f.hex().byteRect(0x23).center(), Qt::NoButton,
                         Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(f.hex().viewport(), &move);
        QTest::mouseRelease(f.hex().viewport(), Qt::LeftButton, {}, f.hex().byteRect(0x23).center());
        QCOMPARE(f.hex().selection().at, 0x11);
        QCOMPARE(f.hex().selection().size, 0x13);
        f.click(0x31);
        QCOMPARE(f.hex().selection().size, 0);
        f.click(0x2f, Qt::ShiftModifier);
        QCOMPARE(f.hex().selection().at, 0x2f);
        QCOMPARE(f.hex().selection().size, 3);
        QCOMPARE(f.menuCopies(0), QStringLiteral("2f 30 31"));
        QCOMPARE(f.menuCopies(1), QStringLiteral("/01"));
        QVERIFY(f.menuCopies(2).contains(QStringLiteral("bytes[3] = {\n    0x2f, 0x30, 0x31\n};")));
    }

    void textIsSelectedAndMarkedInTheBytes()
    {
        Fixture f;
        f.show("a\r\n\xe6\xb8\xa9\xff.");
        QCOMPARE(f.text().toPlainText(), QStringLiteral("a\\r\\n\n温\\xff."));
        f.text().setFocus();
        QTest::keyClick(&f.text(), Qt::Key_Home, Qt::ControlModifier);
        QTest::keyClick(&f.text(), Qt::Key_Down);
        QCOMPARE(f.hex().cursor(), 3);
        QTest::keyClick(&f.text(), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(f.hex().selection().at, 3);
        QCOMPARE(f.hex().selection().size, 3);
        QTest::keyClick(&f.text(), Qt::Key_Right, Qt::ShiftModifier); // into the escape: it is one byte
        QCOMPARE(f.hex().selection().size, 4);
        QTest::keyClick(&f.text(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(f.hex().selection().size, 8);
        f.text().copy();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("a\r\n温\\xff."));
    }

    void theByteAtTheCursorIsReadAsNumbers()
    {
        Fixture f;
        f.show(QByteArray("\x01\x02\xff\xff\xff\xff", 6));
        QVERIFY(
            f.label("detailInspector").startsWith(QStringLiteral("byte 0x0 (0) = 0x01 · u8 1 · u16 LE 513 BE 258 · u32 LE ")));
        f.click(2);
        QCOMPARE(f.label("detailInspector"),
                 QStringLiteral("byte 0x2 (2) = 0xff · u8 255 (−1) · u16 LE 65535 (−1) BE 65535 (−1) · u32 LE 4294967295 (−1) BE "
                                "4294967295 (−1)"));
        f.click(5);
        QCOMPARE(f.label("detailInspector"), QStringLiteral("byte 0x5 (5) = 0xff · u8 255 (−1)"));
        f.click(4, Qt::ShiftModifier);
        QVERIFY(f.label("detailInspector").startsWith(QStringLiteral("bytes 0x4–0x5 (2 bytes)")));
        QVERIFY(inspectorText("abc", 3).isEmpty());
    }

    void ofAManyMebibytesOnlyWhatIsInSightIsMade()
    {
        Fixture f;
        f.show(QByteArray(8 * 1024 * 1024, 'x'));
        QCoreApplication::processEvents();
        QVERIFY(f.hex().linesPainted() < 500);
        QTest::keyClick(&f.hex(), Qt::Key_End, Qt::ControlModifier);
        QCoreApplication::processEvents();
        QVERIFY(f.hex().linesPainted() < 1000);
        QVERIFY(f.hex().viewport()->rect().contains(f.hex().byteRect(8 * 1024 * 1024 - 1)));
        const auto *limit = f.pane.findChild<QLabel *>(QStringLiteral("detailLimit"));
        QVERIFY(limit->isVisible());
        QVERIFY2(limit->text().contains(QLocale().toString(DetailPane::kMostText)), qPrintable(limit->text()));
        f.show("short");
        QVERIFY(!limit->isVisible());
    }

    void nothingButEscapesIsNoTrouble()
    {
        Fixture f;
        f.show(QByteArray(65'400, '\n'));
        QVERIFY(f.text().blockCount() <= 16'385);
        f.show(QByteArray(65'400, '\x01'));
        QCOMPARE(f.text().decoded().size(), 65'400U);
        f.show({});
        QVERIFY(f.text().toPlainText().isEmpty());
        QTest::keyClick(&f.hex(), Qt::Key_Down);
        QTest::keyClick(&f.hex(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(f.hex().cursor(), -1);
    }

    void whereThereIsLittleRoomTheLinesAreShorter()
    {
        Fixture f;
        f.show(everyByte());
        f.pane.resize(1600, 300);
        QTRY_COMPARE(f.hex().bytesPerLine(), 16);
        f.pane.resize(500, 300);
        QTRY_VERIFY(f.hex().bytesPerLine() < 16);
    }

    void whatComesIntoSightIsColoured()
    {
        Fixture f;
        f.show(QByteArray(3000, 'x') + "\xff" + QByteArray(3000, 'y') + "\x01");
        QTRY_COMPARE(f.text().extraSelections().size(), 0); // they are farther down
        f.pane.resize(1200, 1600);
        QTRY_COMPARE(f.text().extraSelections().size(), 2);
    }

    void itIsClosedByEscapeAndByItsButton()
    {
        Fixture f;
        f.show("x");
        const QSignalSpy closed(&f.pane, &DetailPane::closed);
        QTest::keyClick(&f.hex(), Qt::Key_Escape);
        QCOMPARE(closed.count(), 1);
        QTest::keyClick(&f.text(), Qt::Key_Escape);
        QCOMPARE(closed.count(), 2);
        QTest::mouseClick(f.pane.findChild<QToolButton *>(QStringLiteral("detailClose")), Qt::LeftButton);
        QCOMPARE(closed.count(), 3);
    }
};

QTEST_MAIN(DetailPaneTest)
#include "detailpane.moc"
