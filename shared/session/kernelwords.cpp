// SPDX-License-Identifier: MIT
#include "session/kernelwords.h"

#include "session/words.h"

namespace tincan {

QString tcpStateWord(TcpState state)
{
    switch (state) {
    case TcpState::Unknown:
        break;
    case TcpState::Established:
        return QStringLiteral("ESTABLISHED");
    case TcpState::SynSent:
        return QStringLiteral("SYN_SENT");
    case TcpState::SynReceived:
        return QStringLiteral("SYN_RCVD");
    case TcpState::FinWait1:
        return QStringLiteral("FIN_WAIT1");
    case TcpState::FinWait2:
        return QStringLiteral("FIN_WAIT2");
    case TcpState::TimeWait:
        return QStringLiteral("TIME_WAIT");
    case TcpState::Closed:
        return QStringLiteral("CLOSED");
    case TcpState::CloseWait:
        return QStringLiteral("CLOSE_WAIT");
    case TcpState::LastAck:
        return QStringLiteral("LAST_ACK");
    case TcpState::Listen:
        return QStringLiteral("LISTEN");
    case TcpState::Closing:
        return QStringLiteral("CLOSING");
    }
    return {};
}

QString tcpStateMeaning(TcpState state)
{
    switch (state) {
    case TcpState::Unknown:
        break;
    case TcpState::Established:
        return QStringLiteral("both sides may send");
    case TcpState::SynSent:
        return QStringLiteral("our SYN is sent; nobody has answered it yet");
    case TcpState::SynReceived:
        return QStringLiteral("a SYN came and is answered; the last step of the handshake is missing");
    case TcpState::FinWait1:
        return QStringLiteral("we have finished sending; our FIN is not acknowledged yet");
    case TcpState::FinWait2:
        return QStringLiteral("our FIN is acknowledged; the other side may still send");
    case TcpState::TimeWait:
        return QStringLiteral("over; the kernel keeps the addresses for a minute");
    case TcpState::Closed:
        return QStringLiteral("there is no connection");
    case TcpState::CloseWait:
        return QStringLiteral("the other side has finished sending; we still may");
    case TcpState::LastAck:
        return QStringLiteral("both have finished; the acknowledgement of our FIN is missing");
    case TcpState::Listen:
        return QStringLiteral("waits for somebody to connect");
    case TcpState::Closing:
        return QStringLiteral("both have finished at the same time; the acknowledgement of our FIN is missing");
    }
    return {};
}

QString shownStateWord(const Peer &peer)
{
    const bool isKnown
        = peer.kernelState != TcpState::Unknown && (peer.state == PeerState::Connecting || peer.isOpen() || peer.isFading());
    return isKnown ? tcpStateWord(peer.kernelState) : peerStateWord(peer.state);
}

QString microsecondsText(std::int64_t microseconds)
{
    const auto number = static_cast<double>(microseconds);
    if (microseconds < 1000) {
        return QStringLiteral("%1 µs").arg(microseconds);
    }
    return microseconds < 1'000'000 ? QStringLiteral("%1 ms").arg(number / 1e3, 0, 'g', 3)
                                    : QStringLiteral("%1 s").arg(number / 1e6, 0, 'f', 1);
}

QString rateText(double bytesPerSecond)
{
    return formatBytes(bytesPerSecond > 0 ? static_cast<std::uint64_t>(bytesPerSecond) : 0) + QStringLiteral("/s");
}

QString ownerText(const PortOwner &owner)
{
    return owner.pid == 0 ? QString() : QStringLiteral("%1 (pid %2)").arg(QString::fromStdString(owner.program)).arg(owner.pid);
}

QString noStatesText(Transport transport)
{
    if (transport == Transport::Udp) {
        return QStringLiteral("UDP has no connections, so there are no states to draw: each datagram stands for itself.");
    }
    return isDatagram(transport)
        ? QStringLiteral("Unix datagrams know no connection, so there are no states to draw.")
        : QStringLiteral("A Unix socket is connected or it is not: both ends are in one kernel, which needs no handshake and no "
                         "states between.");
}

QString notToldText(const Error &error)
{
    return QStringLiteral("The kernel does not tell (%1: %2, %3). The states shown are those of our own calls.")
        .arg(QString::fromStdString(error.detail), QString::fromStdString(errnoName(error.code)),
             QString::fromStdString(errnoMeaning(error.code)));
}

} // namespace tincan
