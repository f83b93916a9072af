// SPDX-License-Identifier: MIT
#include "session/clientsession.h"

#include <algorithm>

#include "net/engine.h"

namespace tincan {

ClientSession::ClientSession(QObject *parent)
    : LiveSession(parent)
{
}

PeerId ClientSession::connectTo(const QString &host, quint16 port, int timeoutMilliseconds, const Endpoint &local)
{
    const PeerId peer = engine().reservePeer();
    ConnectOptions options;
    options.host = host.toStdString();
    options.port = port;
    options.local = local;
    options.timeout = std::chrono::milliseconds(timeoutMilliseconds);
    options.options = this->options();
    m_connecting.push_back(peer);
    post([peer, options](Engine &engine) { engine.connectTo(peer, options); });
    emit connectingChanged();
    return peer;
}

void ClientSession::cancel(PeerId peer)
{
    post([peer](Engine &engine) { engine.cancelConnect(peer); });
}

void ClientSession::rowSeen(const Row &row)
{
    if (row.kind != RecordKind::Joined && row.kind != RecordKind::ConnectFailed) {
        return;
    }
    if (std::erase(m_connecting, row.peer) > 0) {
        emit connectingChanged();
    }
    if (row.kind == RecordKind::Joined) {
        emit joined(row.peer);
    }
}

} // namespace tincan
