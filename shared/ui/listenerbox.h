// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include "base/kernelview.h"
#include "base/record.h"

class QCheckBox;
class QLabel;
class QProgressBar;

namespace tincan {

// One listening socket in the inspector: its accept queue against the backlog, who is half way in, what was lost, and the switch
// that lets the queue fill. GUI thread.
class ListenerBox final : public QWidget
{
    Q_OBJECT
public:
    explicit ListenerBox(const ListenInfo &info, QWidget *parent = nullptr);

    ListenerId id() const noexcept { return m_id; }
    void setView(const ListenerView &view);
    // As the records tell; does not emit.
    void setPaused(bool paused);

signals:
    void pauseAcceptingAsked(bool paused);

private:
    void showQueue(const ListenerView &view);
    ListenerId m_id;
    int m_backlog;
    bool m_isDatagram;
    QProgressBar *m_queue;
    QLabel *m_synReceived;
    QLabel *m_drops;
    QLabel *m_overflows;
    QCheckBox *m_pause;
};

} // namespace tincan
