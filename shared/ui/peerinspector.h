// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include "session/kernelhistory.h"
#include "session/peermodel.h"

class QLabel;

namespace tincan {

class FactList;
class Plot;
class StateDiagram;

// The curves of throughput out of a history: bytes a second both ways.
struct Throughput {
    std::int64_t time = 0;
    double in = 0;
    double out = 0;
};
std::vector<Throughput> throughputOf(const KernelHistory &history);

// What the inspector shows of one peer: the way through the states, curves, numbers. GUI thread.
class PeerInspector final : public QWidget
{
    Q_OBJECT
public:
    explicit PeerInspector(QWidget *parent = nullptr);

    void show(const Peer &peer, const KernelView &view, const KernelHistory &history);
    // Of a session that is over, of which no kernel knows any more.
    void showRecorded(const Peer &peer);

private:
    void showState(const Peer &peer, const KernelView &view, const KernelHistory &history);
    void showWay(const std::vector<TcpState> &way, const QString &remark);
    void showCurves(const Peer &peer, const KernelHistory &history);

    QLabel *m_state;
    StateDiagram *m_diagram;
    Plot *m_throughput;
    Plot *m_roundTrip;
    FactList *m_facts;
};

} // namespace tincan
