// SPDX-License-Identifier: MIT
#include "ui/sentmemory.h"

#include <QTest>

using namespace tincan;

class SentMemoryTest : public QObject
{
    Q_OBJECT

private slots:
    void walksBackAndForth()
    {
        SentMemory memory;
        memory.addSent(1, QStringLiteral("one"));
        memory.addSent(1, QStringLiteral("two"));
        memory.startWalk(1);
        QCOMPARE(memory.walk(-1, {}), std::optional(QStringLiteral("two")));
        QCOMPARE(memory.walk(-1, QStringLiteral("two")), std::optional(QStringLiteral("one")));
        QCOMPARE(memory.walk(-1, QStringLiteral("one")), std::nullopt); // the oldest
        QCOMPARE(memory.walk(1, QStringLiteral("one")), std::optional(QStringLiteral("two")));
        QCOMPARE(memory.walk(1, QStringLiteral("two")), std::optional(QString()));
        QCOMPARE(memory.walk(1, {}), std::nullopt);
    }

    void aChangedTextStays()
    {
        SentMemory memory;
        memory.addSent(1, QStringLiteral("one"));
        memory.startWalk(1);
        QCOMPARE(memory.walk(-1, QStringLiteral("begun")), std::nullopt);
        QCOMPARE(memory.walk(-1, {}), std::optional(QStringLiteral("one")));
        QCOMPARE(memory.walk(-1, QStringLiteral("one more")), std::nullopt);
    }

    void eachPeerHasItsOwn()
    {
        SentMemory memory;
        memory.addSent(1, QStringLiteral("to one"));
        memory.addSent(2, QStringLiteral("to two"));
        memory.startWalk(2);
        QCOMPARE(memory.walk(-1, {}), std::optional(QStringLiteral("to two")));
        QCOMPARE(memory.walk(-1, QStringLiteral("to two")), std::nullopt);
        memory.startWalk(3);
        QCOMPARE(memory.walk(-1, {}), std::nullopt);
        memory.keepDraft(1, QStringLiteral("begun"));
        QCOMPARE(memory.draft(1), QStringLiteral("begun"));
        QCOMPARE(memory.draft(2), QString());
    }

    void keepsTheLatest()
    {
        SentMemory memory;
        for (int i = 0; i < SentMemory::kMostSent + 5; ++i) {
            memory.addSent(1, QString::number(i));
        }
        memory.addSent(1, QString::number(SentMemory::kMostSent + 4)); // the same again is not kept twice
        memory.startWalk(1);
        QString text;
        int steps = 0;
        while (const auto earlier = memory.walk(-1, text)) {
            text = *earlier;
            ++steps;
        }
        QCOMPARE(steps, SentMemory::kMostSent);
        QCOMPARE(text, QStringLiteral("5"));
    }
};

QTEST_GUILESS_MAIN(SentMemoryTest)
#include "sentmemory.moc"
