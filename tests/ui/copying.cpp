// SPDX-License-Identifier: MIT
// Selecting and copying in the transcript.
#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>

#include "session/words.h"
#include "ui/carray.h"
#include "viewfixture.h"

using namespace tincan;
using tincan::test::ViewFixture;

class CopyingTest : public QObject
{
    Q_OBJECT

private:
    static QString clipboard() { return QGuiApplication::clipboard()->text(); }
    static void press(ViewFixture &f, QKeySequence::StandardKey key) { QTest::keySequence(&f.view, QKeySequence(key)); }

    static QMenu *menuAt(ViewFixture &f, int row)
    {
        const QPoint where = f.view.bubbleRect(row).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, where, f.view.viewport()->mapToGlobal(where));
        QCoreApplication::sendEvent(f.view.viewport(), &event);
        return f.view.findChild<QMenu *>(QStringLiteral("transcriptMenu"));
    }
    static void choose(QMenu *menu, const QString &begins)
    {
        for (QAction *action : menu->actions()) {
            if (action->text().remove(u'&').startsWith(begins)) {
                QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
                return;
            }
        }
        QFAIL("no such command");
    }

private slots:
    void init() { QGuiApplication::clipboard()->setText(QStringLiteral("before")); }

    void aClickSelectsTheMessage()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(5);
        QTRY_VERIFY(f.inSight(5));
        QSignalSpy changed(&f.view, &TranscriptView::selectionChanged);
        f.click(2);
        QCOMPARE(f.view.selection(), std::pair(2, 2));
        QCOMPARE(changed.count(), 1);
        press(f, QKeySequence::Copy);
        QCOMPARE(clipboard(), QStringLiteral("line 1\n"));
        QTest::keyClick(&f.view, Qt::Key_Escape);
        QCOMPARE(f.view.selection(), std::pair(-1, -1));
        f.click(3);
        QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {}, {580, 390}); // where there is none
        QCOMPARE(f.view.selection(), std::pair(-1, -1));
        press(f, QKeySequence::Copy); // nothing selected: nothing copied
        QCOMPARE(clipboard(), QStringLiteral("line 1\n"));
    }

    void shiftClickAndDragExtend()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.rows.joined(1).received(1, "one").sent(1, "two\n").received(1, "three");
        f.apply();
        QTRY_VERIFY(f.inSight(3));
        f.click(1);
        f.click(3, Qt::ShiftModifier);
        QCOMPARE(f.view.selection(), std::pair(1, 3));
        press(f, QKeySequence::Copy);
        QCOMPARE(clipboard(), QStringLiteral("one\ntwo\nthree"));

        QWidget *viewport = f.view.viewport();
        QTest::mousePress(viewport, Qt::LeftButton, {}, f.view.bubbleRect(3).center());
        QMouseEvent move(QEvent::MouseMove, f.view.bubbleRect(2).center(),
                         viewport->mapToGlobal(QPointF(f.view.bubbleRect(2).center())), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(viewport, &move);
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, f.view.bubbleRect(2).center());
        QCOMPARE(f.view.selection(), std::pair(2, 3));
    }

    void shiftArrowsExtend()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100);
        QTRY_VERIFY(f.inSight(100));
        QTest::keyClick(&f.view, Qt::Key_Up, Qt::ShiftModifier);
        QCOMPARE(f.view.selection(), std::pair(100, 100));
        for (int i = 0; i < 50; ++i) {
            QTest::keyClick(&f.view, Qt::Key_Up, Qt::ShiftModifier);
        }
        QCOMPARE(f.view.selection(), std::pair(50, 100));
        QVERIFY(f.inSight(50)); // the view goes along
        QTest::keyClick(&f.view, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(f.view.selection(), std::pair(51, 100));
    }

    void allIsARangeHoweverMany()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.lines(100'000);
        QTRY_VERIFY(f.inSight(100'000));
        const int before = f.view.layoutCount();
        press(f, QKeySequence::SelectAll);
        f.look();
        QCOMPARE(f.view.selection(), std::pair(0, 100'000));
        QCOMPARE(f.view.layoutCount(), before);
        press(f, QKeySequence::Copy);
        QVERIFY(clipboard().startsWith(QStringLiteral("line 0\nline 1\n")));
        QVERIFY(clipboard().endsWith(QStringLiteral("line 99999\n")));
        QCOMPARE(clipboard().count(u'\n'), 100'000);
    }

    void theBytesComeWhole()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        const QByteArray large(70'000 / 2, 'x');
        f.rows.joined(1).received(1, "a\tb\x1b[0m\a\r\nc\r").received(1, QByteArray("exit") + QByteArray(1020, '\0'));
        f.rows.received(1, "t=\xe6").received(1, "\xb8\xa9").received(1, "\xff\\x41").received(1, large + "end");
        f.rows.received(1,
                        "\xe2\x80\xae"
                        "evil");
        f.rows.received(1, QByteArray(20, '\xff')).received(1, QByteArray(30, '\n'));
        f.apply();
        QTRY_VERIFY(f.inSight(9));
        const auto copied = [&](int row) { return copyText(f.model, row, row, CopyAs::Text); };
        QCOMPARE(copied(1), QStringLiteral("a\tb\x1b[0m\a\r\nc\r"));
        QCOMPARE(copied(2), QStringLiteral("exit") + QString(1020, QChar(0)));
        QCOMPARE(copied(3), QStringLiteral("t=")); // its character ends in the next message, and shows there
        QCOMPARE(copied(4), QString::fromUtf8("\xe6\xb8\xa9"));
        QCOMPARE(copied(5), QStringLiteral("\\xff\\x41"));
        QCOMPARE(copied(6), QString::fromLatin1(large) + QStringLiteral("end")); // though only its beginning shows
        QCOMPARE(copied(7), QString(QChar(0x202e)) + QStringLiteral("evil"));
        QCOMPARE(copied(8), QStringLiteral("\\xff").repeated(20));
        QCOMPARE(copied(9), QString(30, u'\n'));
    }

    void theMenuCopiesInThreeWays()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.rows.joined(1, 53422).received(1, "hi\n").sent(1, QByteArray("\x00\xff", 2)).add(RecordKind::PeerFinished, 1);
        f.apply();
        QTRY_VERIFY(f.inSight(3));
        QMenu *menu = menuAt(f, 1); // selects what is under the mouse
        QVERIFY(menu);
        QCOMPARE(f.view.selection(), std::pair(1, 1));
        choose(menu, QStringLiteral("Copy as hex"));
        QCOMPARE(clipboard(), QStringLiteral("68 69 0a"));
        QTRY_VERIFY(!f.view.findChild<QMenu *>(QStringLiteral("transcriptMenu")));

        f.click(1);
        f.click(3, Qt::ShiftModifier);
        menu = menuAt(f, 2); // keeps the selection it is in
        QVERIFY(menu);
        QCOMPARE(f.view.selection(), std::pair(1, 3));
        choose(menu, QStringLiteral("Copy with times"));
        const auto time = [&](int row) { return formatTime(f.model.row(row).time); };
        QCOMPARE(clipboard(),
                 time(1) + QStringLiteral("  received from 127.0.0.1:53422: hi\n") + time(2)
                     + QStringLiteral("  sent to 127.0.0.1:53422: ") + QChar(0) + QStringLiteral("\\xff\n") + time(3)
                     + QStringLiteral("  peer sent FIN: its sending side is closed, ours is open (CLOSE_WAIT)"));
        QTRY_VERIFY(!f.view.findChild<QMenu *>(QStringLiteral("transcriptMenu")));
        menu = menuAt(f, 1);
        choose(menu, QStringLiteral("Select all"));
        QCOMPARE(f.view.selection(), std::pair(0, 3));
    }

    void asHexAndAsArraysWithTimes()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        f.rows.joined(1, 53422).received(1, "hello, array\r\n").sent(1, QByteArray("\x00\xff", 2));
        f.rows.received(1, QByteArray(17, 'x')).add(RecordKind::PeerFinished, 1);
        f.apply();
        const auto time = [&](int row) { return formatTime(f.model.row(row).time); };
        QCOMPARE(copyText(f.model, 1, 1, CopyAs::CArray),
                 QStringLiteral("static const unsigned char data[14] = { 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x2c, 0x20, 0x61, 0x72, "
                                "0x72, 0x61, 0x79, 0x0d, 0x0a };\n"));
        QCOMPARE(copyText(f.model, 3, 4, CopyAs::CArray),
                 QStringLiteral("static const unsigned char data[17] = {\n    ") + QStringLiteral("0x78, ").repeated(15)
                     + QStringLiteral("0x78,\n    0x78,\n};\n"));
        QCOMPARE(copyText(f.model, 1, 2, CopyAs::HexWithTimes),
                 time(1) + QStringLiteral("  received from 127.0.0.1:53422: 68 65 6c 6c 6f 2c 20 61 72 72 61 79 0d 0a\n")
                     + time(2) + QStringLiteral("  sent to 127.0.0.1:53422: 00 ff"));
        const QString several = copyText(f.model, 2, 4, CopyAs::CArrayWithTimes);
        QVERIFY2(
            several.startsWith(QStringLiteral("/* ") + time(2)
                               + QStringLiteral("  sent to 127.0.0.1:53422 */\nstatic const unsigned char data1[2] = { 0x00, "
                                                "0xff };\n/* ")),
            qPrintable(several));
        QVERIFY(several.contains(QStringLiteral("data2[17]")));
        QVERIFY(several.contains(QStringLiteral("(CLOSE_WAIT) */")));
    }

    void arraysAreC()
    {
        const QString compiler = QStandardPaths::findExecutable(QStringLiteral("cc"));
        if (compiler.isEmpty()) {
            QSKIP("no C compiler (cc) is installed");
        }
        ViewFixture f;
        QByteArray all;
        for (int byte = 0; byte < 256; ++byte) {
            all += static_cast<char>(byte);
        }
        f.rows.joined(1).received(1, all).sent(1, "/* */ \\").received(1, "x");
        NoteInfo note;
        note.text = "*/ int x = \"; /* \\";
        f.rows.add(RecordKind::Note, 1, {}, note);
        f.apply();
        QProcess process;
        process.start(compiler,
                      {QStringLiteral("-std=c99"), QStringLiteral("-pedantic-errors"), QStringLiteral("-Wall"),
                       QStringLiteral("-Wno-unused"), QStringLiteral("-Werror"), QStringLiteral("-fsyntax-only"),
                       QStringLiteral("-xc"), QStringLiteral("-")});
        process.write(copyText(f.model, 0, 4, CopyAs::CArrayWithTimes).toUtf8() + cArray({}, QStringLiteral("none")).toUtf8()
                      + "\nint main(void) { return sizeof data1 == 256 ? 0 : 1; }\n");
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    }

    void theWindowsOwnShortcutsDoNotTakeCopyAway()
    {
        ViewFixture f;
        QVERIFY(f.onScreen());
        QAction other;
        other.setShortcut(QKeySequence::Copy);
        f.view.addAction(&other);
        QSignalSpy taken(&other, &QAction::triggered);
        f.lines(1);
        QTRY_VERIFY(f.inSight(1));
        f.view.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&f.view));
        f.view.setFocus();
        f.click(1);
        QTest::keyClick(f.view.windowHandle(), Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(clipboard(), QStringLiteral("line 0\n"));
        QCOMPARE(taken.count(), 0);
    }
};

QTEST_MAIN(CopyingTest)
#include "copying.moc"
