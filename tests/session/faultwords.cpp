// SPDX-License-Identifier: MIT
// Faults on purpose in words, and back.
#include <QTest>

#include "session/faultwords.h"

using namespace tincan;

class FaultWordsTest : public QObject
{
    Q_OBJECT

private slots:
    void thereAndBack_data()
    {
        QTest::addColumn<Faults>("faults");
        QTest::addColumn<QString>("text");
        const auto row = [](const Faults &faults, const char *text) { QTest::newRow(text) << faults << QString::fromUtf8(text); };
        row({}, "");
        row({.bytesPerSecond = 4200}, "pace 4200 bytes/s");
        row({.bytesPerSecond = 1}, "pace 1 byte/s");
        row({.delayMilliseconds = 200}, "delay 200 ms");
        row({.delayMilliseconds = 200, .jitterMilliseconds = 50, .pieceBytes = 3}, "delay 200 to 250 ms, pieces of 3 bytes");
        row({.jitterMilliseconds = 50}, "delay 0 to 50 ms");
        row({.stopAfterBytes = 1024}, "stop after 1024 bytes");
        row({.stopAfterBytes = 1, .resetAtStop = true}, "reset after 1 byte");
        row({.dropPerMille = 5}, "drop 0.5 %");
        row({.dropPerMille = 50}, "drop 5 %");
        row({.bytesPerSecond = UINT64_MAX,
             .delayMilliseconds = 1,
             .jitterMilliseconds = 2,
             .pieceBytes = UINT32_MAX,
             .stopAfterBytes = UINT64_MAX,
             .resetAtStop = true,
             .dropPerMille = 1000},
            "pace 18446744073709551615 bytes/s, delay 1 to 3 ms, pieces of 4294967295 bytes, "
            "reset after 18446744073709551615 bytes, drop 100 %");
    }
    void thereAndBack()
    {
        QFETCH(Faults, faults);
        QFETCH(QString, text);
        QCOMPARE(faultsText(faults), text);
        const auto read = faultsOf(text);
        QVERIFY(read);
        QVERIFY(*read == faults);
    }

    void whatIsNoneIsNotRead_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"nonsense", "delay", "delay 5", "delay 50 to 20 ms", "delay 4294967296 ms", "drop 101 %",
                                 "pace 99999999999999999999 bytes/s", "delay 5 ms,", "delay 5 ms; drop 1 %", " "}) {
            QTest::newRow(text) << QString::fromUtf8(text);
        }
    }
    void whatIsNoneIsNotRead()
    {
        QFETCH(QString, text);
        QVERIFY(!faultsOf(text));
    }

    void everyPresetIsSomething()
    {
        QVERIFY(faultPresets().size() >= 4);
        for (const FaultPreset &preset : faultPresets()) {
            QVERIFY(!preset.name.isEmpty());
            QVERIFY(!preset.faults.isNothing());
            QVERIFY(faultsOf(faultsText(preset.faults)) == preset.faults);
        }
    }
};
QTEST_GUILESS_MAIN(FaultWordsTest)
#include "faultwords.moc"
