// SPDX-License-Identifier: MIT
#include "ui/noticebar.h"

#include <QAccessible>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace tincan;

class NoticeBarTest : public QObject
{
    Q_OBJECT

private:
    static NoticeText notice(const QString &key, const QString &headline)
    {
        return {.key = key, .headline = headline, .remedy = QStringLiteral("Do this.")};
    }
    static QStringList texts(const NoticeBar &bar)
    {
        QStringList found;
        for (const QLabel *label : bar.findChildren<QLabel *>()) {
            if (label->isVisible() && !label->text().isEmpty()) {
                found << label->text();
            }
        }
        return found;
    }

private slots:
    void takesRoomOnlyWhenItSpeaks()
    {
        QWidget window;
        NoticeBar bar(&window);
        window.show();
        QVERIFY(!bar.isVisible());
        bar.post(notice(QStringLiteral("a"), QStringLiteral("It failed")));
        QVERIFY(bar.isVisible());
        QCOMPARE(texts(bar), (QStringList{QStringLiteral("It failed"), QStringLiteral("Do this.")}));
        QTest::mouseClick(bar.findChild<QToolButton *>(QStringLiteral("noticeDismiss")), Qt::LeftButton);
        QVERIFY(!bar.isVisible());
        QCOMPARE(bar.count(), 0);
    }

    void progressMovesInPlace()
    {
        NoticeBar bar;
        NoticeText text = notice(QStringLiteral("a"), QStringLiteral("under way"));
        text.actionText = QStringLiteral("Cancel");
        text.action = [] {};
        text.progress = 0;
        bar.post(text);
        const auto *button = bar.findChild<QPushButton *>(QStringLiteral("noticeAction"));
        auto *progress = bar.findChild<QProgressBar *>(QStringLiteral("noticeProgress"));
        QVERIFY(progress);
        bar.setProgress(QStringLiteral("a"), 430);
        bar.setProgress(QStringLiteral("b"), 1); // none of that name
        QCOMPARE(progress->value(), 430);
        QCOMPARE(bar.findChild<QPushButton *>(QStringLiteral("noticeAction")), button);
    }

    void aLaterOneTakesThePlace()
    {
        NoticeBar bar;
        bar.post(notice(QStringLiteral("a"), QStringLiteral("first")));
        bar.post(notice(QStringLiteral("a"), QStringLiteral("second")));
        QCOMPARE(bar.count(), 1);
        QVERIFY(texts(bar).contains(QStringLiteral("second")));
        QVERIFY(!texts(bar).contains(QStringLiteral("first")));
        for (int i = 0; i < 10; ++i) {
            bar.post(notice(QString::number(i), QString::number(i)));
        }
        QCOMPARE(bar.count(), NoticeBar::kMost);
        QVERIFY(texts(bar).contains(QStringLiteral("9")));
    }

    void itsButtonActs()
    {
        NoticeBar bar;
        bool acted = false;
        NoticeText text = notice(QStringLiteral("a"), QStringLiteral("taken"));
        text.actionText = QStringLiteral("Use a free port");
        text.action = [&] {
            acted = true;
            bar.dismiss(QStringLiteral("a"));
        };
        bar.post(text);
        auto *button = bar.findChild<QPushButton *>(QStringLiteral("noticeAction"));
        QCOMPARE(button->text(), QStringLiteral("Use a free port"));
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(acted);
        QCOMPARE(bar.count(), 0);
    }

    void isAnAlertToThoseWhoListen()
    {
        NoticeBar bar;
        bar.post(notice(QStringLiteral("a"), QStringLiteral("bind: EADDRINUSE")));
        auto *strip = bar.findChild<QWidget *>(QStringLiteral("notice"));
        const QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(strip);
        QCOMPARE(spoken->role(), QAccessible::AlertMessage);
        QCOMPARE(spoken->text(QAccessible::Name), QStringLiteral("bind: EADDRINUSE. Do this."));
    }

    void markupIsText()
    {
        NoticeBar bar;
        bar.post(notice(QStringLiteral("a"), QStringLiteral("<b>bold</b>")));
        for (const QLabel *label : bar.findChildren<QLabel *>()) {
            QVERIFY(label->text().isEmpty() || label->textFormat() == Qt::PlainText);
        }
    }
};

QTEST_MAIN(NoticeBarTest)
#include "noticebar.moc"
