// SPDX-License-Identifier: MIT
#include "session/workpool.h"

#include <atomic>

#include <QSemaphore>
#include <QTest>
#include <QThreadPool>

using namespace tincan;

class WorkPoolTest : public QObject
{
    Q_OBJECT

private slots:
    // As many as there are threads, and none of them ends for now.
    void longWorkLeavesRoomForWorkInSlices()
    {
        const int threads = workPool().maxThreadCount();
        QSemaphore begun;
        QSemaphore end;
        for (int i = 0; i < 2 * threads; ++i) {
            workPool().start([&] {
                const LongWork work;
                begun.release();
                end.acquire();
            });
        }
        QVERIFY(begun.tryAcquire(2 * threads, 20'000));
        std::atomic<bool> isDone = false;
        workPool().start([&] { isDone = true; });
        QTRY_VERIFY(isDone);
        end.release(2 * threads);
        QVERIFY(workPool().waitForDone(20'000));
        QCOMPARE(workPool().maxThreadCount(), threads);
        QCOMPARE(workPool().activeThreadCount(), 0);
    }
};

QTEST_GUILESS_MAIN(WorkPoolTest)
#include "workpool.moc"
