// SPDX-License-Identifier: MIT
#include "ui/peerinspector.h"

#include <QLabel>
#include <QVBoxLayout>

#include "session/kernelfacts.h"
#include "session/kernelwords.h"
#include "session/stateway.h"
#include "session/words.h"
#include "ui/factlist.h"
#include "ui/plot.h"
#include "ui/recordedfacts.h"
#include "ui/statediagram.h"
#include "ui/theme.h"

namespace tincan {

std::vector<Throughput> throughputOf(const KernelHistory &history)
{
    constexpr double kSecond = 1e9;
    std::vector<Throughput> rates;
    for (std::size_t at = 1; at < history.samples.size(); ++at) {
        const KernelSample &before = history.samples[at - 1];
        const KernelSample &now = history.samples[at];
        const double seconds = static_cast<double>(now.time - before.time) / kSecond;
        if (seconds > 0) { // the clock may have been set
            const auto rate = [seconds](std::uint64_t from, std::uint64_t to) {
                return to > from ? static_cast<double>(to - from) / seconds : 0;
            };
            rates.push_back({now.time, rate(before.bytesIn, now.bytesIn), rate(before.bytesOut, now.bytesOut)});
        }
    }
    return rates;
}

PeerInspector::PeerInspector(QWidget *parent)
    : QWidget(parent)
    , m_state(new QLabel(this))
    , m_diagram(new StateDiagram(this))
    , m_throughput(new Plot(QStringLiteral("Throughput"), rateText, this))
    , m_roundTrip(new Plot(
          QStringLiteral("Round trip"), [](double value) { return microsecondsText(static_cast<std::int64_t>(value)); }, this))
    , m_facts(new FactList(this))
{
    m_state->setObjectName(QStringLiteral("inspectorState"));
    m_state->setAccessibleName(QStringLiteral("State"));
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::PlainText);
    m_diagram->setObjectName(QStringLiteral("stateDiagram"));
    m_throughput->setObjectName(QStringLiteral("throughput"));
    m_roundTrip->setObjectName(QStringLiteral("roundTrip"));
    m_facts->setObjectName(QStringLiteral("inspectorNumbers"));
    m_facts->setAccessibleName(QStringLiteral("Numbers of the connection"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(6);
    layout->addWidget(m_state);
    layout->addWidget(m_diagram, 3);
    layout->addWidget(m_throughput);
    layout->addWidget(m_roundTrip);
    layout->addWidget(m_facts, 4);
    m_facts->setMinimumHeight(fontMetrics().height() * 8);
}

void PeerInspector::show(const Peer &peer, const KernelView &view, const KernelHistory &history)
{
    showState(peer, view, history);
    showCurves(peer, history);
    m_facts->setFacts(kernelFacts(peer, view));
}

void PeerInspector::showState(const Peer &peer, const KernelView &view, const KernelHistory &history)
{
    const std::vector<TcpState> way = stateWay(peer, history.seen);
    const bool isKernels = view.presence == Presence::Here && !way.empty() && view.state == way.back();
    showWay(way, isKernels || peer.kernelGone ? QString() : QStringLiteral(" (by our own records)"));
    if (way.empty()) {
        m_state->setText(noStatesText(peer.transport));
    }
}

void PeerInspector::showRecorded(const Peer &peer)
{
    m_throughput->hide();
    m_roundTrip->hide();
    const std::vector<TcpState> way = stateWay(peer, {});
    const bool wentOn = peer.state == PeerState::Closed && !way.empty() && way.back() != TcpState::Closed;
    showWay(way,
            wentOn            ? QStringLiteral(" (as recorded: what the kernel did afterwards was not)")
                : peer.midway ? QStringLiteral(" (as recorded: its beginning was not)")
                              : QStringLiteral(" (as recorded)"));
    if (way.empty()) {
        m_state->setText(noStatesText(peer.transport));
    }
    m_facts->setFacts(recordedFacts(peer));
}

// Of a peer that is no TCP connection there is none.
void PeerInspector::showWay(const std::vector<TcpState> &way, const QString &remark)
{
    m_diagram->setVisible(!way.empty());
    if (way.empty()) {
        return;
    }
    m_diagram->setWay(way);
    // Two lines whatever the state: what is below does not jump.
    m_state->setMinimumHeight(m_state->fontMetrics().lineSpacing() * 2);
    m_state->setText(tcpStateWord(way.back()) + QStringLiteral(": ") + tcpStateMeaning(way.back()) + remark);
}

void PeerInspector::showCurves(const Peer &peer, const KernelHistory &history)
{
    PlotSeries in{QStringLiteral("in"), goodColour(), {}};
    PlotSeries out{QStringLiteral("out"), waitingColour(), {}, true};
    for (const Throughput &rate : throughputOf(history)) {
        in.points.push_back({rate.time, rate.in});
        out.points.push_back({rate.time, rate.out});
    }
    m_throughput->setSeries({std::move(in), std::move(out)});
    PlotSeries rtt{QString(), palette().color(QPalette::Link), {}};
    for (const KernelSample &sample : history.samples) {
        if (sample.rtt > 0) {
            rtt.points.push_back({sample.time, static_cast<double>(sample.rtt)});
        }
    }
    m_roundTrip->setVisible(peer.transport == Transport::Tcp);
    m_roundTrip->setSeries({std::move(rtt)});
}

} // namespace tincan
