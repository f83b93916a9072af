// SPDX-License-Identifier: MIT
// Curves: where things are, what is read under the pointer, what is said to those who hear.
#include "ui/plot.h"

#include <QTest>

#include "session/kernelhistory.h"
#include "ui/peerinspector.h"

using namespace tincan;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'700'000'000 * kSecond;

QString plain(double value)
{
    return QString::number(value);
}

PlotSeries lineOf(int seconds)
{
    PlotSeries series{QStringLiteral("in"), Qt::green, {}};
    for (int second = 0; second <= seconds; ++second) {
        series.points.push_back({kNow + second * kSecond, static_cast<double>(second)});
    }
    return series;
}

} // namespace

class PlotTest : public QObject
{
    Q_OBJECT

private slots:
    void axesEndAtRoundNumbers()
    {
        QCOMPARE(niceCeiling(0), 1.0);
        QCOMPARE(niceCeiling(1), 1.0);
        QCOMPARE(niceCeiling(1.1), 2.0);
        QCOMPARE(niceCeiling(3), 5.0);
        QCOMPARE(niceCeiling(5100), 10'000.0);
        QCOMPARE(niceCeiling(0.03), 0.05);
    }

    void placesAndBack()
    {
        const PlotScale scale{QRectF(10, 20, 100, 50), kNow, kNow + 60 * kSecond, 10};
        QCOMPARE(scale.x(kNow), 10.0);
        QCOMPARE(scale.x(kNow + 60 * kSecond), 110.0);
        QCOMPARE(scale.y(0), 70.0);
        QCOMPARE(scale.y(10), 20.0);
        QCOMPARE(scale.y(1000), 20.0); // never outside
        QCOMPARE(scale.timeAt(60), kNow + 30 * kSecond);
    }

    void thePointerReads()
    {
        Plot plot(QStringLiteral("Speed"), plain);
        plot.resize(300, 100);
        QCOMPARE(plot.reading(), QStringLiteral("Speed: –"));
        QCOMPARE(plot.accessibleName(), QStringLiteral("Speed"));
        plot.setSeries({lineOf(60)});
        QCOMPARE(plot.reading(), QStringLiteral("Speed: in 60"));
        QCOMPARE(plot.accessibleDescription(), QStringLiteral("in 60 now, at most 60"));
        plot.show();
        QTest::mouseMove(&plot, QPoint(150, 60)); // the middle of a minute
        QTRY_VERIFY2(plot.reading().startsWith(QStringLiteral("Speed: in 30, 30 s")), qPrintable(plot.reading()));
        QTest::mouseMove(&plot, QPoint(1, 60));
        QTRY_VERIFY2(plot.reading().startsWith(QStringLiteral("Speed: in 0")), qPrintable(plot.reading()));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(&plot, &leave);
        QCOMPARE(plot.reading(), QStringLiteral("Speed: in 60"));
    }

    void somethingIsDrawn()
    {
        Plot plot(QStringLiteral("Speed"), plain);
        plot.resize(300, 100);
        const QImage empty = plot.grab().toImage();
        plot.setSeries({lineOf(60)});
        QVERIFY(plot.grab().toImage() != empty);
    }

    void throughputIsWhatCameBetween()
    {
        KernelHistory history;
        history.add({kNow, 0, 0, 1});
        history.add({kNow + kSecond / 2, 500, 0, 1});
        history.add({kNow + kSecond / 2, 700, 0, 1}); // the clock stood still
        history.add({kNow + kSecond, 700, 1000, 1});
        const std::vector<Throughput> rates = throughputOf(history);
        QCOMPARE(rates.size(), 2U);
        QCOMPARE(rates[0].in, 1000.0);
        QCOMPARE(rates[1].out, 2000.0);
        for (std::size_t i = 0; i < 2 * KernelHistory::kMost; ++i) {
            history.add({});
        }
        QCOMPARE(history.samples.size(), KernelHistory::kMost);
    }
};

QTEST_MAIN(PlotTest)
#include "plot.moc"
