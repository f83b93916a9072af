// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include <QElapsedTimer>
#include <QStatusBar>

#include "session/livesession.h"

class QLabel;
class QTimer;

namespace tincan {

class ElidedLabel;
struct PeerWords;

// The line at the bottom: what the session is doing, how many are connected, how fast it goes, where it is recorded.
// GUI thread. Told at most four times a second, and not at all while nothing happens.
class StatusLine final : public QStatusBar
{
    Q_OBJECT
public:
    // `session` outlives it.
    StatusLine(Session &session, const PeerWords &words, QWidget *parent = nullptr);

    void setState(const QColor &colour, const QString &text);
    void setRecordingFailed(const QString &why);
    // The session has only now begun, or has another file.
    void updateRecording();

private:
    struct Sample {
        qint64 at = 0; // milliseconds
        SessionTotals totals;
    };
    static constexpr int kTickMilliseconds = 250;
    static constexpr std::size_t kSamples = 5; // a second between the first and the last

    void wake();
    void tick();
    void showPeers();
    void showRates(const Sample &from, const Sample &to);
    void addPart(QWidget *part);

    Session &m_session;
    QString m_one;
    QString m_many;
    ElidedLabel *m_state;
    QLabel *m_dot;
    ElidedLabel *m_peers;
    ElidedLabel *m_rates;
    ElidedLabel *m_recording;
    QTimer *m_timer;
    QElapsedTimer m_clock;
    std::array<Sample, kSamples> m_samples{};
    std::size_t m_taken = 0;
};

} // namespace tincan
