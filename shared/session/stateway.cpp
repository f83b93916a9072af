// SPDX-License-Identifier: MIT
#include "session/stateway.h"

#include <algorithm>
#include <array>

namespace tincan {

namespace {

using enum TcpState;

constexpr std::array kArrows = {
    StateArrow{Closed, Listen, "passive open", "create TCB"},
    StateArrow{Closed, SynSent, "active open", "snd SYN"},
    StateArrow{Listen, Closed, "close", "delete TCB"},
    StateArrow{Listen, SynReceived, "rcv SYN", "snd SYN,ACK"},
    StateArrow{Listen, SynSent, "send", "snd SYN"},
    StateArrow{SynSent, Closed, "close", "delete TCB"},
    StateArrow{SynSent, SynReceived, "rcv SYN", "snd SYN,ACK"},
    StateArrow{SynSent, Established, "rcv SYN,ACK", "snd ACK"},
    StateArrow{SynReceived, Established, "rcv ACK of SYN", ""},
    StateArrow{SynReceived, FinWait1, "close", "snd FIN"},
    StateArrow{Established, FinWait1, "close", "snd FIN"},
    StateArrow{Established, CloseWait, "rcv FIN", "snd ACK"},
    StateArrow{FinWait1, FinWait2, "rcv ACK of FIN", ""},
    StateArrow{FinWait1, Closing, "rcv FIN", "snd ACK"},
    StateArrow{FinWait2, TimeWait, "rcv FIN", "snd ACK"},
    StateArrow{Closing, TimeWait, "rcv ACK of FIN", ""},
    StateArrow{CloseWait, LastAck, "close", "snd FIN"},
    StateArrow{LastAck, Closed, "rcv ACK of FIN", ""},
    StateArrow{TimeWait, Closed, "2 MSL", "delete TCB"},
};

class Way
{
public:
    explicit Way(TcpState first)
        : m_states{first}
    {
    }

    TcpState at() const { return m_states.back(); }
    std::vector<TcpState> take() { return std::move(m_states); }
    void step(TcpState to) { m_states.push_back(to); }

    // Along the arrows; what lies behind is passed over.
    void goTo(TcpState to)
    {
        std::array<TcpState, kTcpStates> before{};
        if (at() == to || !find(to, before)) {
            return;
        }
        std::vector<TcpState> back;
        for (TcpState state = to; state != at(); state = before[static_cast<std::size_t>(state)]) {
            back.push_back(state);
        }
        m_states.insert(m_states.end(), back.rbegin(), back.rend());
    }

private:
    // Breadth first; never through CLOSED, which begins another connection.
    bool find(TcpState to, std::array<TcpState, kTcpStates> &before) const
    {
        std::vector<TcpState> reached{at()};
        for (std::size_t next = 0; next < reached.size(); ++next) {
            for (const StateArrow &arrow : kArrows) {
                const bool isNew = std::find(reached.begin(), reached.end(), arrow.to) == reached.end();
                if (arrow.from != reached[next] || !isNew || (arrow.to == Closed && to != Closed)) {
                    continue;
                }
                before[static_cast<std::size_t>(arrow.to)] = arrow.from;
                if (arrow.to == to) {
                    return true;
                }
                reached.push_back(arrow.to);
            }
        }
        return false;
    }

    std::vector<TcpState> m_states;
};

void addFins(Way &way, const Peer &peer, std::span<const TcpState> seen)
{
    if (peer.peerFinishedFirst) {
        way.goTo(CloseWait);
        if (peer.finished) {
            way.goTo(LastAck);
        }
        return;
    }
    if (!peer.finished) {
        return;
    }
    way.goTo(FinWait1);
    if (peer.peerFinished) {
        // Whether their FIN came before the acknowledgement of ours only the kernel could tell; mostly it did not.
        way.goTo(std::find(seen.begin(), seen.end(), Closing) != seen.end() ? Closing : FinWait2);
        way.goTo(TimeWait);
    }
}

bool isAbrupt(LeftReason reason)
{
    return reason != LeftReason::BothFinished && reason != LeftReason::DisconnectedByUs;
}

void addEnd(Way &way, const Peer &peer)
{
    if (isAbrupt(peer.left)) {
        way.step(Closed);
    } else if (peer.kernelGone && way.at() != Closed) {
        way.step(Closed);
    }
}

} // namespace

std::span<const StateArrow> stateArrows() noexcept
{
    return kArrows;
}

std::vector<TcpState> stateWay(const Peer &peer, std::span<const TcpState> seen)
{
    if (peer.transport != Transport::Tcp || peer.id == kNoPeer) {
        return {};
    }
    Way way(Closed);
    way.goTo(peer.direction == Direction::Outgoing ? SynSent : Listen);
    if (peer.state == PeerState::Failed) {
        way.step(Closed);
        return way.take();
    }
    if (peer.state == PeerState::Connecting) {
        return way.take();
    }
    way.goTo(Established);
    addFins(way, peer, seen);
    const bool isOver = peer.state == PeerState::Closed;
    if (isOver && peer.left == LeftReason::DisconnectedByUs) {
        way.goTo(way.at() == CloseWait ? LastAck : FinWait1); // close(2) has sent our FIN
    }
    for (const TcpState state : seen) {
        if (state != Closed) {
            way.goTo(state);
        }
    }
    if (isOver) {
        addEnd(way, peer);
    }
    return way.take();
}

} // namespace tincan
