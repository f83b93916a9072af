// SPDX-License-Identifier: MIT
#include "session/openedsession.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <QElapsedTimer>

#include "session/listenermodel.h"
#include "session/peermodel.h"
#include "session/workpool.h"

namespace tincan {

namespace {

// The first rows are to be seen at once; then a batch may take this long to read, and this long to take in, whichever is fewer.
constexpr std::size_t kFirstRows = 2'000;
constexpr std::size_t kFewestRows = 200;
constexpr std::size_t kMostRows = 50'000;
constexpr qint64 kReadMicroseconds = 30'000;
constexpr qint64 kTakeMicroseconds = 6'000;
constexpr int kWhole = 1000;
// A file may tell of any number of listeners; more than these have no rows.
constexpr int kMostListeners = 256;

} // namespace

OpenedSession::OpenedSession(const QString &path, const Opener &opener, QObject *parent)
    : Session(parent)
    , m_listeners(new ListenerModel(this))
    , m_path(path)
    , m_opener(opener)
    , m_gate(std::make_shared<Gate>())
    , m_most(kFirstRows)
{
    m_gate->session = this;
    peers()->setOver();
    startTurn();
}

OpenedSession::~OpenedSession()
{
    const std::lock_guard lock(m_gate->mutex); // what was posted goes with this object
    m_gate->session = nullptr;
}

void OpenedSession::eventSeen(const Row &row)
{
    const auto *info = row.kind == RecordKind::Listening ? index().detailOf<ListenInfo>(row) : nullptr;
    if (!info || m_listeners->find(info->id) || m_listeners->rowCount() == kMostListeners) {
        return;
    }
    ListenerView listener;
    listener.id = info->id;
    listener.asked.transport = info->transport;
    listener.asked.address = info->local;
    listener.wasOpen = true;
    listener.past = true;
    m_listeners->add(std::move(listener));
}

int OpenedSession::progress() const
{
    if (m_state == State::Done) {
        return kWhole;
    }
    const double whole = static_cast<double>(std::max<std::uint64_t>(m_report.bytes, 1));
    return static_cast<int>(std::min(static_cast<double>(m_report.bytesRead) / whole, 1.0) * kWhole);
}

void OpenedSession::cancel()
{
    if (m_state == State::Reading) {
        setState(State::Cancelled);
    }
}

// One turn at a time: the next one reads while the GUI thread takes in what this one has brought.
void OpenedSession::startTurn()
{
    startWork([gate = m_gate, source = m_source, most = m_most, path = m_path, opener = m_opener] {
        auto turn = std::make_shared<Turn>(read(path, opener, source.get(), most));
        const std::lock_guard lock(gate->mutex);
        if (OpenedSession *session = gate->session) {
            postTo(session, [session, turn] { session->take(*turn); });
        }
    });
}

OpenedSession::Turn OpenedSession::read(const QString &path, const Opener &opener, RowSource *source, std::size_t most)
{
    QElapsedTimer clock;
    clock.start();
    Turn turn;
    if (!source) {
        Result<std::unique_ptr<RowSource>> opened = opener(path);
        if (!opened) {
            turn.error = opened.error();
            return turn;
        }
        turn.source = std::move(*opened);
        source = turn.source.get();
    }
    const Result<bool> isMore = source->readRows(turn.rows, most);
    turn.report = source->report();
    turn.isLast = !isMore.value_or(false);
    if (!isMore) {
        turn.error = isMore.error();
    }
    turn.microseconds = clock.nsecsElapsed() / 1000;
    return turn;
}

void OpenedSession::take(Turn &turn)
{
    if (turn.source) {
        m_source = std::move(turn.source);
        m_payloads.source.store(m_source.get());
    }
    if (m_state != State::Reading) {
        return; // cancelled meanwhile
    }
    const int before = progress();
    m_report = std::move(turn.report);
    const bool isOver = turn.isLast || turn.error.has_value();
    if (!isOver) {
        startTurn();
    }
    QElapsedTimer clock;
    clock.start();
    const std::size_t rows = std::max(turn.rows.rows.size(), turn.rows.calls.size());
    takeIn(turn.rows);
    adapt(turn.microseconds, clock.nsecsElapsed() / 1000, rows);
    if (isOver) {
        m_error = turn.error;
        setState(m_error ? State::Failed : State::Done);
    } else if (progress() != before) {
        emit progressChanged(progress());
    }
}

// So many rows the next time as both threads can do in the time they have.
void OpenedSession::adapt(qint64 readMicroseconds, qint64 takeMicroseconds, std::size_t rows)
{
    const auto fits = [rows](qint64 took, qint64 most) {
        return static_cast<double>(rows) * static_cast<double>(most) / static_cast<double>(std::max<qint64>(took, 1));
    };
    if (rows < kFewestRows) {
        return; // says little
    }
    const double wanted = std::min(
        {fits(readMicroseconds, kReadMicroseconds), fits(takeMicroseconds, kTakeMicroseconds), static_cast<double>(m_most) * 4});
    m_most = std::clamp(static_cast<std::size_t>(wanted), kFewestRows, kMostRows);
}

void OpenedSession::setState(State state)
{
    if (m_state != state) {
        m_state = state;
        emit progressChanged(progress());
        emit stateChanged(state);
    }
}

std::size_t OpenedSession::Payloads::readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const
{
    if (const RowSource *there = source.load()) {
        return there->readInto(offset, into, error);
    }
    *error = ENODATA;
    return 0;
}

} // namespace tincan
