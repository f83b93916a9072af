// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include <QString>

#include "session/session.h"
#include "transcript/rowsource.h"

namespace tincan {

// A kept session, or a capture, as it is read from its file: by threads of the pool, a batch at a time, while the window already
// shows what has come. What was read stays, also after cancel() and after an error. GUI thread; nothing here waits for the file,
// nor for the pool.
class OpenedSession final : public Session
{
    Q_OBJECT
public:
    // Makes the source, in a thread of the pool; it may be called, and run, when the session is gone already.
    using Opener = std::function<Result<std::unique_ptr<RowSource>>(const QString &path)>;
    enum class State : std::uint8_t { Reading, Done, Cancelled, Failed };

    // Starts to read at once.
    OpenedSession(const QString &path, const Opener &opener, QObject *parent = nullptr);
    ~OpenedSession() override;

    QString path() const { return m_path; }
    State state() const { return m_state; }
    const std::optional<Error> &error() const { return m_error; } // where it has failed
    const RowSource::Report &report() const { return m_report; }  // as far as it has been read
    int progress() const;                                         // thousandths

    // Stops reading. → stateChanged(Cancelled), unless it is over already
    void cancel();

    const PayloadSource &payloads() const override { return m_payloads; }
    // Those that were listened on, as far as it has been read.
    ListenerModel *listeners() const override { return m_listeners; }

signals:
    void progressChanged(int thousandths);
    void stateChanged(tincan::OpenedSession::State state);

protected:
    void eventSeen(const Row &row) override;

private:
    // The source once it is there: models are made before.
    class Payloads final : public PayloadSource
    {
    public:
        std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const override;
        std::atomic<const RowSource *> source = nullptr;
    };
    // What one turn of a pool thread brings.
    struct Turn {
        std::shared_ptr<RowSource> source; // of the first
        RowBatch rows;
        RowSource::Report report;
        std::optional<Error> error;
        bool isLast = false;
        qint64 microseconds = 0;
    };

    // What a turn under way reaches the session through; closed when that goes.
    struct Gate {
        std::mutex mutex;
        OpenedSession *session = nullptr; // guarded by mutex
    };

    void startTurn();
    static Turn read(const QString &path, const Opener &opener, RowSource *source, std::size_t most);
    void take(Turn &turn);
    void setState(State state);
    void adapt(qint64 readMicroseconds, qint64 takeMicroseconds, std::size_t rows);

    ListenerModel *m_listeners;
    QString m_path;
    Opener m_opener;
    std::shared_ptr<RowSource> m_source; // the turn under way holds it too
    Payloads m_payloads;
    RowSource::Report m_report;
    std::optional<Error> m_error;
    std::shared_ptr<Gate> m_gate;
    std::size_t m_most; // rows to ask for the next time
    State m_state = State::Reading;
};

} // namespace tincan
