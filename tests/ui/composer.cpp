// SPDX-License-Identifier: MIT
#include "ui/composer.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "ui/messageedit.h"

using namespace tincan;

class ComposerTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        Composer composer;
        QSignalSpy asked{&composer, &Composer::sendAsked};

        Fixture()
        {
            composer.resize(700, 120);
            composer.setRecipients({1}, QStringLiteral("127.0.0.1:53422"), {});
            composer.setConversation(1);
            composer.setLineEnding(LineEnding::Lf);
            composer.show();
            composer.focusMessage();
        }
        MessageEdit *edit() const { return composer.edit(); }
        template<typename T>
        T *part(const char *name) const
        {
            return composer.findChild<T *>(QLatin1String(name));
        }
        QByteArray sent(int at) const { return asked.at(at).at(0).toByteArray(); }
        void type(const QString &text, Qt::Key end = Qt::Key_Return)
        {
            QTest::keyClicks(edit(), text);
            QTest::keyClick(edit(), end);
        }
        void paste(const QString &text)
        {
            QGuiApplication::clipboard()->setText(text);
            edit()->paste();
        }
    };

private slots:
    void enterSends()
    {
        Fixture f;
        f.type(QStringLiteral("hello"));
        QCOMPARE(f.asked.count(), 1);
        QCOMPARE(f.sent(0), QByteArray("hello\n"));
        QVERIFY(f.composer.isEmpty());
        f.type(QStringLiteral("keypad"), Qt::Key_Enter);
        QCOMPARE(f.sent(1), QByteArray("keypad\n"));
        QTest::keyClicks(f.edit(), QStringLiteral("button"));
        QTest::mouseClick(f.part<QPushButton>("send"), Qt::LeftButton);
        QCOMPARE(f.sent(2), QByteArray("button\n"));
    }

    void shiftEnterStartsALine()
    {
        Fixture f;
        QTest::keyClicks(f.edit(), QStringLiteral("one"));
        QTest::keyClick(f.edit(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(f.asked.count(), 0);
        f.type(QStringLiteral("two"));
        QCOMPARE(f.sent(0), QByteArray("one\ntwo\n"));
    }

    void lineEndings()
    {
        Fixture f;
        const QList<QByteArray> expected{"x", "x\n", "x\r", "x\r\n", QByteArray("x\0", 2)};
        auto *combo = f.part<QComboBox>("lineEnding");
        QCOMPARE(combo->count(), expected.size());
        for (int at = 0; at < combo->count(); ++at) {
            combo->setCurrentIndex(at);
            f.type(QStringLiteral("x"));
            QCOMPARE(f.sent(at), expected.at(at));
        }
    }

    void whatIsTypedIsSentExactly()
    {
        Fixture f;
        f.edit()->setText(QStringLiteral("a\u00a0b\tü温"));
        QTest::keyClick(f.edit(), Qt::Key_Return);
        QCOMPARE(f.sent(0),
                 QByteArray("a\xc2\xa0"
                            "b\t\xc3\xbc\xe6\xb8\xa9\n"));
    }

    void problemsAreShownWhereTheyAre()
    {
        Fixture f;
        f.composer.setComposeAs(ComposeAs::Hex);
        f.type(QStringLiteral("48 65 zz"));
        QCOMPARE(f.asked.count(), 0);
        auto *problem = f.part<QLabel>("messageProblem");
        QVERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("character 7")), qPrintable(problem->text()));
        QCOMPARE(f.edit()->text(), QStringLiteral("48 65 zz"));
        QVERIFY(f.edit()->textCursor().hasSelection());
        QCOMPARE(f.edit()->textCursor().selectionStart(), 6);
        f.edit()->setText(QStringLiteral("48 65"));
        QVERIFY(!problem->isVisible());
        QTest::keyClick(f.edit(), Qt::Key_Return);
        QCOMPARE(f.asked.count(), 1);
        QVERIFY(f.sent(0).startsWith("He"));
    }

    void nobodyToSendTo()
    {
        Fixture f;
        f.composer.setRecipients({1}, QStringLiteral("x"), QStringLiteral("This connection is over"));
        QVERIFY(!f.part<QPushButton>("send")->isEnabled());
        QCOMPARE(f.part<QPushButton>("send")->toolTip(), QStringLiteral("This connection is over"));
        f.type(QStringLiteral("kept"));
        QCOMPARE(f.asked.count(), 0);
        QCOMPARE(f.edit()->text(), QStringLiteral("kept"));
        QCOMPARE(f.part<QLabel>("messageProblem")->text(), QStringLiteral("This connection is over"));
    }

    void historyPerPeer()
    {
        Fixture f;
        f.type(QStringLiteral("first"));
        f.type(QStringLiteral("second"));
        QTest::keyClick(f.edit(), Qt::Key_Up);
        QCOMPARE(f.edit()->text(), QStringLiteral("second"));
        QTest::keyClick(f.edit(), Qt::Key_Up);
        QCOMPARE(f.edit()->text(), QStringLiteral("first"));
        QTest::keyClick(f.edit(), Qt::Key_Down);
        QTest::keyClick(f.edit(), Qt::Key_Down);
        QVERIFY(f.composer.isEmpty());
        f.composer.setConversation(2);
        QTest::keyClick(f.edit(), Qt::Key_Up);
        QVERIFY(f.composer.isEmpty());
    }

    void draftPerPeer()
    {
        Fixture f;
        QTest::keyClicks(f.edit(), QStringLiteral("begun"));
        f.composer.setConversation(2);
        QVERIFY(f.composer.isEmpty());
        QTest::keyClicks(f.edit(), QStringLiteral("other"));
        f.composer.setConversation(1);
        QCOMPARE(f.edit()->text(), QStringLiteral("begun"));
        f.composer.setConversation(2);
        QCOMPARE(f.edit()->text(), QStringLiteral("other"));
    }

    void manyLinesAskFirst()
    {
        Fixture f;
        const QString lines = QStringLiteral("a\nb\nc\nd\n");
        f.paste(lines);
        QVERIFY(f.composer.isEmpty());
        auto *guard = f.part<QWidget>("pasteGuard");
        QVERIFY(guard && guard->isVisible());
        QVERIFY(guard->findChild<QLabel *>()->text().contains(QStringLiteral("4 lines")));
        QTest::mouseClick(f.part<QPushButton>("pasteCancel"), Qt::LeftButton);
        QVERIFY(!guard->isVisible());
        QVERIFY(f.composer.isEmpty());
        f.paste(lines);
        QTest::mouseClick(f.part<QPushButton>("pasteInsert"), Qt::LeftButton);
        QCOMPARE(f.edit()->text(), lines);
        f.edit()->setText({});
        f.paste(lines);
        f.composer.setLineEnding(LineEnding::None);
        QTest::mouseClick(f.part<QPushButton>("pasteSend"), Qt::LeftButton);
        QCOMPARE(f.sent(0), QByteArray("a\nb\nc\nd\n"));
        QVERIFY(!guard->isVisible());
        f.paste(QStringLiteral("one\ntwo"));
        QVERIFY(!guard->isVisible());
        QCOMPARE(f.edit()->text(), QStringLiteral("one\ntwo"));
    }

    void tabLeaves()
    {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowActive(&f.composer));
        f.composer.focusMessage();
        QTest::keyClick(f.edit(), Qt::Key_Tab);
        QVERIFY(!f.edit()->hasFocus());
        QVERIFY(f.composer.isEmpty());
    }

    void emptyLineIsAMessageOnlyWithAnEnding()
    {
        Fixture f;
        QTest::keyClick(f.edit(), Qt::Key_Return);
        QCOMPARE(f.sent(0), QByteArray("\n"));
        f.composer.setLineEnding(LineEnding::None);
        QTest::keyClick(f.edit(), Qt::Key_Return);
        QCOMPARE(f.asked.count(), 1);
        QVERIFY(f.part<QLabel>("messageProblem")->isVisible());
    }

    void theProblemStandsApartFromWhatIsBelow()
    {
        Composer composer;
        composer.show();
        composer.setRecipients({1}, QStringLiteral("nobody"), QStringLiteral("This connection is over"));
        QTest::keyClick(composer.edit(), Qt::Key_Return);
        const auto *problem = composer.findChild<QLabel *>(QStringLiteral("messageProblem"));
        QTRY_VERIFY(problem->isVisible());
        QVERIFY(problem->contentsRect().bottom() + 4 <= problem->rect().bottom());
    }
};

QTEST_MAIN(ComposerTest)
#include "composer.moc"
