// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

#include "session/kernelwatch.h"

class QLabel;
class QScrollArea;
class QStackedWidget;
class QVBoxLayout;

namespace tincan {

class ElidedLabel;
class ListenerBox;
class PeerInspector;
class Plot;
class Session;

// What the kernel knows of the peer that is chosen, or of the listeners where all are. Asks only while it is on screen. Of a
// session that is over no kernel knows: then what was recorded of the peer. GUI thread.
class Inspector final : public QWidget
{
    Q_OBJECT
public:
    // `session` outlives it. `everybody`: how all peers are called.
    Inspector(Session &session, const QString &everybody, QWidget *parent = nullptr);
    ~Inspector() override;

    void setPeer(PeerId peer); // kNoPeer: all
    PeerId peer() const noexcept { return m_peer; }
    KernelWatch &watch() noexcept { return m_watch; }

    QSize sizeHint() const override;

signals:
    void pauseAcceptingAsked(tincan::ListenerId listener, bool paused);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeAllPage();
    void look();
    void refresh();
    void showAll();
    void showListeners();
    void showError();

    Session &m_session;
    QString m_everybody;
    KernelWatch m_watch;
    PeerId m_peer = kNoPeer;
    ElidedLabel *m_title;
    QLabel *m_error;
    QStackedWidget *m_pages;
    PeerInspector *m_peerPage;
    QLabel *m_nobodyListens = nullptr;
    Plot *m_throughput = nullptr;
    QVBoxLayout *m_listenerLayout = nullptr;
    std::vector<ListenerBox *> m_boxes;
};

} // namespace tincan
