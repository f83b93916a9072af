// SPDX-License-Identifier: MIT
// The encoding of a conversation and the detail of a message, by mouse and keys, in the real windows.
#include "windows.h"

#include <QActionGroup>
#include <QMenu>

#include "ui/detailpane.h"
#include "ui/detailtext.h"
#include "ui/hexview.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// Two windows that talk to each other; the client's peer is looked at on both sides.
struct Pair {
    Server server;
    Client client;
    PeerId peer = kNoPeer;

    bool connect()
    {
        if (!server.start() || client.connectAndWait(server.port()) == kNoPeer
            || !QTest::qWaitFor([&] { return server.session.peers()->openCount() == 1; })) {
            return false;
        }
        peer = nth(server.session, 1);
        pick(*server.window, peer);
        pick(*client.window, nth(client.session, 1));
        part<QComboBox>(*client.window, "lineEnding")->setCurrentText(QStringLiteral("None"));
        part<QComboBox>(*server.window, "lineEnding")->setCurrentText(QStringLiteral("None"));
        return activate(*server.window);
    }
    TranscriptView &view() const { return *server.window->pane()->view(); }
    DetailPane &detail() const { return *server.window->pane()->detail(); }
    QComboBox &encoding() const { return *part<QComboBox>(*server.window, "encoding"); }
    int last() const { return view().model()->count() - 1; }
    QString lastSpoken() const { return spokenText(*view().model(), last()); }
    bool says(const QString &text) const
    {
        return QTest::qWaitFor([&] { return lastSpoken().endsWith(text); });
    }
    void sendFromClient(const QByteArray &bytes) { client.session.send({nth(client.session, 1)}, bytes); }
    void clickLast(Qt::KeyboardModifiers keys = {}) const
    {
        QTest::mouseClick(view().viewport(), Qt::LeftButton, keys, view().bubbleRect(last()).center());
    }
};

} // namespace

class DetailTest : public QObject
{
    Q_OBJECT

private slots:
    void theEncodingIsChosenForAConversation()
    {
        Pair p;
        QVERIFY(p.connect());
        p.sendFromClient("\xce\xc2\xb6");
        QVERIFY(p.says(QStringLiteral(": \\xce\\xc2\\xb6")) || p.lastSpoken().contains(QStringLiteral("\\xce")));
        p.encoding().setFocus();
        QTest::keyClicks(&p.encoding(), QStringLiteral("GB"));
        QCOMPARE(p.encoding().currentText(), QStringLiteral("GB18030"));
        QVERIFY(p.says(QStringLiteral(": 温\\xb6")));
        p.sendFromClient("\xc8!");
        QVERIFY(p.says(QStringLiteral(": 度!"))); // the character that the two reads have cut
        QVERIFY(p.server.window->actions().encoding->actions().at(1)->isChecked());
        // All peers' timeline has its own.
        pick(*p.server.window, kNoPeer);
        QCOMPARE(p.encoding().currentText(), QStringLiteral("UTF-8"));
        pick(*p.server.window, p.peer);
        QCOMPARE(p.encoding().currentText(), QStringLiteral("GB18030"));
        QCOMPARE(p.encoding().accessibleName(), QStringLiteral("Encoding"));
    }

    void whatIsTypedIsWrittenInIt()
    {
        Pair p;
        QVERIFY(p.connect());
        p.server.window->actions().encoding->actions().at(indexOf(encodingOf(u"iso-8859-1")))->trigger();
        QCOMPARE(p.encoding().currentText(), QStringLiteral("Latin-1"));
        part<MessageEdit>(*p.server.window, "message")->setText(QStringLiteral("20 €"));
        click(*p.server.window, "send");
        const auto *problem = part<QLabel>(*p.server.window, "messageProblem");
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("Latin-1 has no character “€” (character 4)")),
                 qPrintable(problem->text()));
        QCOMPARE(part<MessageEdit>(*p.server.window, "message")->text(), QStringLiteral("20 €")); // nothing is lost
        p.server.window->actions().encoding->actions().at(indexOf(encodingOf(u"iso-8859-15")))->trigger();
        QVERIFY(!problem->isVisible());
        click(*p.server.window, "send");
        QTRY_COMPARE(received(*p.client.window), QByteArray("20 \xa4"));
        QVERIFY(p.says(QStringLiteral(": 20 €")));
    }

    void theDefaultIsRemembered()
    {
        Pair p;
        QVERIFY(p.connect());
        const SessionActions &actions = p.server.window->actions();
        QVERIFY(!actions.encodingForNew->isEnabled());
        p.encoding().setCurrentText(QStringLiteral("Shift_JIS"));
        QVERIFY(actions.encodingForNew->isEnabled());
        actions.encodingForNew->trigger();
        QVERIFY(!actions.encodingForNew->isEnabled());
        QCOMPARE(p.server.settings.encoding(), QStringLiteral("shift_jis"));
        pick(*p.server.window, kNoPeer);
        QCOMPARE(p.encoding().currentText(), QStringLiteral("Shift_JIS"));
    }

    void itsTextAndBytesFollowTheZoom()
    {
        Pair p;
        QVERIFY(p.connect());
        p.server.window->actions().showDetail->trigger();
        QTRY_VERIFY(p.detail().isVisible());
        const int bytes = p.detail().hex()->viewport()->fontMetrics().height();
        const int text = QFontMetrics(p.detail().text()->document()->defaultFont()).height();
        for (int step = 0; step < 10; ++step) {
            p.server.window->actions().largerText->trigger();
        }
        QVERIFY(p.detail().hex()->viewport()->fontMetrics().height() >= 2 * bytes - 2);
        QVERIFY(QFontMetrics(p.detail().text()->document()->defaultFont()).height() >= 2 * text - 2);
        p.server.window->actions().normalText->trigger();
        QCOMPARE(p.detail().hex()->viewport()->fontMetrics().height(), bytes);
    }

    void enterOpensTheDetailAndEscapeClosesIt()
    {
        Pair p;
        QVERIFY(p.connect());
        p.sendFromClient("first message");
        QVERIFY(p.says(QStringLiteral("first message")));
        p.sendFromClient("the second");
        QVERIFY(p.says(QStringLiteral("the second")));
        QCoreApplication::processEvents();
        QVERIFY(!p.detail().isVisible());
        p.clickLast();
        QTest::keyClick(&p.view(), Qt::Key_Return);
        QTRY_VERIFY(p.detail().isVisible());
        QVERIFY(p.server.window->actions().showDetail->isChecked());
        QCOMPARE(p.detail().hex()->bytes(), QByteArray("the second"));
        QTRY_VERIFY(p.detail().hex()->hasFocus());
        p.view().setFocus();
        QTest::keyClick(&p.view(), Qt::Key_Up, Qt::ShiftModifier);
        QCOMPARE(p.detail().hex()->bytes(), QByteArray("first message"));
        p.detail().text()->setFocus();
        QTest::keyClick(p.detail().text(), Qt::Key_Escape);
        QVERIFY(!p.detail().isVisible());
        QVERIFY(!p.server.window->actions().showDetail->isChecked());
        QTRY_VERIFY(p.view().hasFocus());
    }

    void doubleClickAndF6()
    {
        Pair p;
        QVERIFY(p.connect());
        p.sendFromClient(QByteArray("\xc8\xe9") + QByteArray(60'000, 'x'));
        QTRY_VERIFY(received(*p.server.window).size() == 60'002);
        QCoreApplication::processEvents();
        QTest::keyClick(p.server.window.get(), Qt::Key_F6);
        QTRY_VERIFY(p.detail().isVisible());
        QTest::keyClick(p.server.window.get(), Qt::Key_F6);
        QVERIFY(!p.detail().isVisible());
        const QRect bubble = p.view().bubbleRect(p.last());
        QTest::mouseDClick(p.view().viewport(), Qt::LeftButton, {}, bubble.center());
        QTRY_VERIFY(p.detail().isVisible());
        QVERIFY(p.detail().hex()->bytes().size() > 1000);
        QVERIFY(p.detail().text()->toPlainText().endsWith(u'x'));
        // Another encoding shows there too.
        p.view().setFocus();
        p.encoding().setCurrentText(QStringLiteral("Latin-1"));
        const bool isFirst = p.detail().hex()->bytes().startsWith('\xc8');
        QVERIFY(!isFirst || p.detail().text()->toPlainText().startsWith(QStringLiteral("Èéx")));
        click(*p.server.window, "detailClose");
        QVERIFY(!p.detail().isVisible());
    }

    void theWindowStaysUsableWhenItIsSmall()
    {
        Pair p;
        QVERIFY(p.connect());
        p.server.window->resize(800, 560);
        p.sendFromClient("hello");
        QVERIFY(p.says(QStringLiteral("hello")));
        p.server.window->pane()->showDetail(true);
        QCoreApplication::processEvents();
        QVERIFY(p.server.window->width() <= 800);
        QVERIFY(p.server.window->height() <= 560);
        QVERIFY(p.view().height() >= 50);
        QVERIFY(p.detail().hex()->viewport()->height() >= 2 * p.detail().fontMetrics().height());
    }
};

QTEST_MAIN(DetailTest)
#include "detail.moc"
