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
    const bool isTcp = peer.transport == Transport::Tcp;
    m_diagram->setVisible(isTcp);
    if (!isTcp) {
        m_state->setText(noStatesText(peer.transport));
        return;
    }
    const std::vector<TcpState> way = stateWay(peer, history.seen);
    const TcpState state = way.back();
    const bool isKernels = view.presence == Presence::Here && view.state == state;
    m_diagram->setWay(way);
    // Two lines whatever the state: what is below does not jump.
    m_state->setMinimumHeight(m_state->fontMetrics().lineSpacing() * 2);
    m_state->setText(tcpStateWord(state) + QStringLiteral(": ") + tcpStateMeaning(state)
                     + (isKernels || peer.kernelGone ? QString() : QStringLiteral(" (by our own records)")));
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
