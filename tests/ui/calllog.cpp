// SPDX-License-Identifier: MIT
#include "ui/calllog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QTest>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "session/callmodel.h"
#include "ui/callfilter.h"

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

    // Of two peers in turn; the oldest are dropped on the way.
    void filtersByPeer()
    {
        CallModel model;
        CallFilter filter(&model);
        const QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto add = [&model, made = 0](int count) mutable {
            std::vector<RowBatch::Call> calls(static_cast<std::size_t>(count));
            for (RowBatch::Call &call : calls) {
                call.peer = static_cast<PeerId>(made % 2 + 1);
                call.info.call = CallName::Close;
                call.info.fd = made++;
            }
            model.append(calls);
        };
        add(11);
        QCOMPARE(filter.rowCount(), 11);
        filter.setPeer(2);
        QCOMPARE(filter.rowCount(), 5);
        QCOMPARE(filter.index(0).data(CallModel::PeerRole).toUInt(), 2U);
        QSignalSpy inserted(&filter, &QAbstractItemModel::rowsInserted);
        add(CallModel::kMost - 11);
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(filter.rowCount(), CallModel::kMost / 2);
        add(4); // 0 to 3 go
        QCOMPARE(filter.rowCount(), CallModel::kMost / 2);
        QCOMPARE(model.call(filter.sourceRow(0)).info.fd, 5);
        QCOMPARE(model.call(filter.sourceRow(filter.rowCount() - 1)).info.fd, CallModel::kMost + 3);
        filter.setPeer(std::nullopt);
        QCOMPARE(filter.rowCount(), CallModel::kMost);
        add(3);
        QCOMPARE(filter.rowCount(), CallModel::kMost);
        filter.setAsleep(true);
        inserted.clear();
        add(100);
        QCOMPARE(filter.rowCount(), 0);
        QCOMPARE(inserted.count(), 0);
        filter.setPeer(1);
        filter.setAsleep(false);
        QCOMPARE(filter.rowCount(), CallModel::kMost / 2);
        QCOMPARE(model.call(filter.sourceRow(0)).peer, PeerId{1});
        model.clear();
        QCOMPARE(filter.rowCount(), 0);
        add(2);
        QCOMPARE(filter.rowCount(), 1);
        filter.setPeer(9);
        add(2);
        QCOMPARE(filter.rowCount(), 0);
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
