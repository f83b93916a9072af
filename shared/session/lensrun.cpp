// SPDX-License-Identifier: MIT
#include "session/lensrun.h"

#include <atomic>
#include <mutex>

#include <QElapsedTimer>

#include "session/workpool.h"
#include "transcript/payloadcursor.h"

namespace tincan {

namespace {

constexpr std::size_t kAtOnce = 64;    // rows: no more than come in a live moment
constexpr int kSliceMilliseconds = 15; // then what has been cut is shown
constexpr std::size_t kMostCuts = 50'000;

} // namespace

struct LensRun::Work {
    Work(const Lens &lens, const PayloadSource &source)
        : cutter(lens)
        , cursor(source)
    {
    }

    // Returns the first row not cut.
    std::size_t slice(const ConversationView &conversation, std::size_t at, std::size_t end)
    {
        QElapsedTimer since;
        since.start();
        cuts.clear();
        for (; at < end && cuts.begun.size() < kMostCuts; ++at) {
            constexpr std::size_t kLookAtClock = 64;
            if (at % kLookAtClock == 0 && (cancelled.load(std::memory_order_relaxed) || since.elapsed() > kSliceMilliseconds)) {
                break;
            }
            const Row &row = conversation.row(at);
            cutter.cut(conversation, conversation.number(at),
                       isMessage(row.kind) ? cursor.bytes(row) : std::span<const std::byte>(), cuts);
        }
        cutter.taken(cuts);
        return at;
    }

    std::mutex running; // held while a slice is cut in the pool
    std::atomic<bool> cancelled = false;
    LensCutter cutter;
    PayloadCursor cursor;
    LensCutter::Cuts cuts;
};

LensRun::LensRun(const Lens &lens, const PayloadSource &source, RowNumber firstRow, QObject *parent)
    : QObject(parent)
    , m_work(std::make_shared<Work>(lens, source))
    , m_next(firstRow)
{
}

LensRun::~LensRun()
{
    m_work->cancelled = true;
    const std::lock_guard wait(m_work->running);
}

int LensRun::progress() const noexcept
{
    return m_conversation.size() == 0 ? 1000 : static_cast<int>(m_next * 1000 / m_conversation.size());
}

void LensRun::goOn(const ConversationView &conversation)
{
    m_conversation = conversation;
    if (m_underWay) {
        return;
    }
    if (m_next < m_conversation.size() && m_conversation.size() - m_next <= kAtOnce) {
        m_next = m_work->slice(m_conversation, m_next, m_conversation.size());
        emit cutsMade(m_work->cuts);
    }
    startSlice();
}

void LensRun::startSlice()
{
    m_underWay = m_next < m_conversation.size();
    if (!m_underWay) {
        emit caughtUp();
        return;
    }
    startWork([this, work = m_work, conversation = m_conversation, from = m_next] {
        const std::lock_guard running(work->running);
        if (!work->cancelled) { // else `this` and what the conversation is of may be gone
            const std::size_t next = work->slice(conversation, from, conversation.size());
            postTo(this, [this, next] { sliceDone(next); });
        }
    });
}

void LensRun::sliceDone(std::size_t next)
{
    m_next = next;
    emit cutsMade(m_work->cuts);
    startSlice();
}

} // namespace tincan
