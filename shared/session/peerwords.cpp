// SPDX-License-Identifier: MIT
#include "session/peerwords.h"

#include "session/kernelwords.h"
#include "session/listenerwords.h"

namespace tincan {

QString peerStateText(const Peer &peer)
{
    QString text = peer.transport == Transport::Tcp ? shownStateWord(peer) : socketStateWord(peer);
    if (!peer.isOpen()) {
        return text;
    }
    if (peer.receivingEnded) {
        text += QStringLiteral(", receiving ended");
    } else if (peer.readingStopped) {
        text += QStringLiteral(", not reading");
    }
    return text;
}

QString endingText(WayToEnd way)
{
    switch (way) {
    case WayToEnd::FinishSending:
        return QStringLiteral("shutdown(SHUT_WR): sends FIN, still receives");
    case WayToEnd::EndReceiving:
        return QStringLiteral(
            "shutdown(SHUT_RD): nothing goes over the wire. What has come is read to its end; what comes later is "
            "acknowledged by our kernel, but never read");
    case WayToEnd::Both:
        return QStringLiteral("Sends what is queued, then shutdown(SHUT_RDWR) and close: FIN goes out, and whatever the peer "
                              "still sends is answered by RST");
    case WayToEnd::Disconnect:
        return QStringLiteral("Sends what is queued, then FIN, reads to the end, closes");
    case WayToEnd::Reset:
        return QStringLiteral("SO_LINGER 0 and close: sends RST at once; what is queued is lost");
    case WayToEnd::StopReading:
        return QStringLiteral(
            "recv is not called for a while: our buffer fills, our kernel announces a window of 0, and the peer's "
            "send blocks");
    case WayToEnd::ReadOn:
        return QStringLiteral("recv is called again: our kernel announces an open window, and the peer's send goes on");
    }
    return {};
}

QString forgettingText()
{
    return QStringLiteral(
        "Nothing goes over the wire: datagrams have no connection that could end. What comes from there later is "
        "of a new peer");
}

} // namespace tincan
