// SPDX-License-Identifier: MIT
#include "session/search.h"
#include "session/workpool.h"

#include <mutex>
#include <thread>

#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>

#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

namespace {

// Payloads that are the same for all rows, so that there may be many.
class Endless final : public PayloadSource
{
public:
    std::size_t readInto(std::uint64_t /*offset*/, std::span<std::byte> into, int *error) const override
    {
        *error = 0;
        std::fill(into.begin(), into.end(), std::byte{'a'});
        reads.fetch_add(1, std::memory_order_relaxed);
        return into.size();
    }
    mutable std::atomic<int> reads = 0;
};

// Rows that may be added to while they are read.
class LockedRows final : public PayloadSource
{
public:
    Rows rows;
    mutable std::mutex mutex;

    std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const override
    {
        const std::scoped_lock lock(mutex);
        return rows.readInto(offset, into, error);
    }
};

Pattern text(const char *what)
{
    return *Pattern::make(FindAs::Text, QString::fromUtf8(what), true);
}

Pattern regex(const char *what)
{
    return *Pattern::make(FindAs::Regex, QString::fromUtf8(what), true);
}

void addMany(Index &index, std::size_t rows)
{
    RowBatch batch;
    for (std::size_t at = 0; at < rows; ++at) {
        Row row;
        row.offset = at * 1024;
        row.size = 1024;
        row.peer = 1;
        row.kind = RecordKind::Received;
        batch.rows.push_back(row);
    }
    index.append(batch);
}

} // namespace

class SearchTest : public QObject
{
    Q_OBJECT

private slots:
    void findsAndFinishes()
    {
        Index index;
        Rows rows;
        rows.joined(1).received(1, "a needle, a nee").received(1, "dle");
        rows.append(index);
        Search search(index, rows);
        QSignalSpy finished(&search, &Search::finished);
        search.setConversation(kNoPeer);
        QVERIFY(!search.isActive());
        search.find(text("needle"), SearchIn::Both);
        QVERIFY(search.isRunning());
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!search.isRunning());
        QCOMPARE(search.permille(), 1000);
        QCOMPARE(search.hits().size(), 2U);
        QCOMPARE(search.hits()[1].begin, (Place{1, 12}));
        search.clear();
        QCOMPARE(search.hits().size(), 0U);
    }

    void keepsUpWithWhatComes()
    {
        Index index;
        LockedRows source;
        Search search(index, source);
        search.setConversation(kNoPeer);
        search.find(text("needle"), SearchIn::Both);
        for (int i = 0; i < 200; ++i) {
            {
                const std::scoped_lock lock(source.mutex);
                source.rows.received(1, "x nee").received(2, "dle").received(1, "dle needle");
            }
            source.rows.append(index);
            search.goOn();
            if (i % 20 == 0) {
                QTRY_VERIFY(!search.isRunning());
            }
        }
        QTRY_COMPARE(search.hits().size(), 400U);
        for (std::size_t at = 1; at < search.hits().size(); ++at) {
            QVERIFY(search.hits()[at - 1].begin < search.hits()[at].begin);
        }
    }

    void aPeersConversationOnly()
    {
        Index index;
        Rows rows;
        rows.received(1, "needle").received(2, "needle").received(1, "nee");
        rows.append(index);
        Search search(index, rows);
        search.setConversation(1, 1);
        search.find(text("needle"), SearchIn::Both);
        QTRY_VERIFY(!search.isRunning());
        QCOMPARE(search.hits().size(), 0U);
        rows.received(2, "dle").received(1, "dle");
        rows.append(index);
        search.goOn();
        QTRY_COMPARE(search.hits().size(), 1U);
        QCOMPARE(search.hits()[0].begin, (Place{2, 0}));
        search.setConversation(2);
        QCOMPARE(search.hits().size(), 0U);
        search.find(text("needle"), SearchIn::Both);
        QTRY_COMPARE(search.hits().size(), 1U);
    }

    void aNewPatternTakesThePlaceOfTheOld()
    {
        Index index;
        Endless source;
        addMany(index, 200'000);
        Search search(index, source);
        search.setConversation(kNoPeer);
        for (int i = 0; i < 50; ++i) {
            search.find(regex("(a|aa)+b"), SearchIn::Both);
        }
        search.find(text("b"), SearchIn::Both);
        QSignalSpy finished(&search, &Search::finished);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60'000);
        QCOMPARE(search.hits().found(), 0U);
    }

    void cancelledItStaysSo()
    {
        Index index;
        Endless source;
        addMany(index, 1'000'000);
        Search search(index, source);
        search.setConversation(kNoPeer);
        search.find(regex("b"), SearchIn::Both);
        QSignalSpy progressed(&search, &Search::progressed);
        QVERIFY(progressed.wait());
        search.cancel();
        QVERIFY(!search.isRunning());
        QVERIFY(search.isCancelled());
        QVERIFY(search.permille() < 1000);
        addMany(index, 1);
        search.goOn();
        QVERIFY(!search.isRunning());
        search.find(text("b"), SearchIn::Received);
        QVERIFY(search.isRunning());
        QVERIFY(!search.isCancelled());
    }

    void destroyedWhileItRuns()
    {
        Endless source;
        for (int i = 0; i < 30; ++i) {
            Index index;
            addMany(index, 100'000);
            Search search(index, source);
            search.setConversation(kNoPeer);
            const int before = source.reads;
            search.find(i % 2 == 0 ? text("b") : regex("a?b"), SearchIn::Both);
            if (i % 3 == 0) {
                QTRY_VERIFY(source.reads > before); // it is at it
            }
        } // the index goes right after it
        workPool().waitForDone();
    }

    void waitsForNoOtherWorkOfThePool()
    {
        Index index;
        Rows rows;
        rows.received(1, "needle");
        rows.append(index);
        std::atomic<bool> leave = false;
        for (int i = 0; i < workPool().maxThreadCount(); ++i) {
            workPool().start([&leave] {
                while (!leave) {
                    std::this_thread::yield();
                }
            });
        }
        {
            Search search(index, rows);
            search.setConversation(kNoPeer);
            search.find(text("needle"), SearchIn::Both);
        } // would wait for ever
        leave = true;
        workPool().waitForDone();
    }
};

QTEST_GUILESS_MAIN(SearchTest)
#include "search.moc"
