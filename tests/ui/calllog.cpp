// SPDX-License-Identifier: MIT
#include "ui/calllog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QTest>

#include "session/callmodel.h"

using namespace tincan;

class CallLogTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        CallModel model;
        CallLog log{&model};

        Fixture()
        {
            log.resize(600, 100);
            log.show();
        }
        void add(int count)
        {
            std::vector<RowBatch::Call> calls(static_cast<std::size_t>(count));
            for (RowBatch::Call &call : calls) {
                call.info.call = CallName::Listen;
                call.info.fd = 9;
                call.info.a = 128;
            }
            model.append(calls);
        }
    };
    static bool isAtEnd(const CallLog &log)
    {
        const QScrollBar *bar = log.verticalScrollBar();
        return bar->maximum() > 0 && bar->value() == bar->maximum();
    }

private slots:
    void followsTheEndWhileThere()
    {
        Fixture f;
        CallLog witness(&f.model); // beside it, and always at the end: tells when there was time to follow
        witness.resize(600, 100);
        witness.show();
        f.add(100);
        QTRY_VERIFY(isAtEnd(f.log) && isAtEnd(witness));
        f.log.verticalScrollBar()->triggerAction(QAbstractSlider::SliderToMinimum);
        const int before = witness.verticalScrollBar()->maximum();
        f.add(100);
        QTRY_VERIFY(isAtEnd(witness) && witness.verticalScrollBar()->maximum() > before);
        QCOMPARE(f.log.verticalScrollBar()->value(), 0);
        f.log.verticalScrollBar()->triggerAction(QAbstractSlider::SliderToMaximum);
        f.add(100);
        QTRY_VERIFY(isAtEnd(f.log));
    }

    void copiesWhatIsSelected()
    {
        Fixture f;
        f.add(3);
        f.log.selectAll();
        f.log.copy();
        const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY2(lines.first().contains(QStringLiteral("listen(9, 128) = 0")), qPrintable(lines.first()));
    }
};

QTEST_MAIN(CallLogTest)
#include "calllog.moc"
