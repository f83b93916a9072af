// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include "base/kernelview.h"
#include "base/record.h"

class QCheckBox;
class QFormLayout;
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
    // Whether it is the box of this one: an id stays when a listener is stopped and started again, maybe elsewhere.
    bool isOf(const ListenInfo &info) const { return info.id == m_id && info.local == m_local; }
    void setView(const KernelListener &view);
    // As the records tell; does not emit.
    void setPaused(bool paused);

signals:
    void pauseAcceptingAsked(bool paused);

private:
    QFormLayout *makeForm(Transport transport);
    void showQueue(const KernelListener &view);
    ListenerId m_id;
    Endpoint m_local;
    bool m_isDatagram;
    QProgressBar *m_queue;
    QLabel *m_synReceived = nullptr;
    QLabel *m_drops = nullptr;
    QLabel *m_overflows = nullptr;
    QLabel *m_dropsOfAll = nullptr;
    QCheckBox *m_pause;
};

} // namespace tincan
