// SPDX-License-Identifier: MIT
#include "base/chunk.h"

#include <cstring>
#include <thread>
#include <vector>

#include <QTest>

#include "base/result.h"

using namespace tincan;

class ChunkTest : public QObject
{
    Q_OBJECT

private slots:
    void isRecycledWhenNobodyHoldsIt()
    {
        ChunkRef first = ChunkRef::make();
        const Chunk *where = first.get();
        ChunkRef second = first;
        first = {};
        QVERIFY(second);
        QVERIFY(ChunkRef::make().get() != where); // held by the second
        second = {};
        QCOMPARE(ChunkRef::make().get(), where);
    }

    void referencesAreSharedAmongThreads()
    {
        ChunkRef chunk = ChunkRef::make();
        std::memset(chunk->data(), 0x5a, Chunk::kSize);
        std::atomic<int> wrong = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&wrong, chunk] {
                for (int i = 0; i < 20'000; ++i) {
                    const ChunkRef copy = chunk;
                    wrong += static_cast<int>(copy->data()[static_cast<std::size_t>(i)] != std::byte{0x5a});
                }
            });
        }
        chunk = {};
        for (std::thread &thread : threads) {
            thread.join();
        }
        QCOMPARE(wrong, 0);
    }

    void errorsHaveNames()
    {
        QCOMPARE(errnoName(EADDRINUSE), std::string("EADDRINUSE"));
        QCOMPARE(errnoName(99999), std::string("errno 99999"));
        QCOMPARE(errnoMeaning(EADDRINUSE), std::string("Address already in use"));
        QCOMPARE(callName(CallName::Accept), std::string_view("accept4"));
        QCOMPARE(callName(CallName::Parse), std::string_view("parse"));
        errno = EPIPE;
        const Result<int> failed = failErrno(CallName::Send, "x");
        QCOMPARE(failed.error(), (Error{EPIPE, CallName::Send, "x"}));
    }
};

QTEST_APPLESS_MAIN(ChunkTest)
#include "chunk.moc"
