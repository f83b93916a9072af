// SPDX-License-Identifier: MIT
#include "session/clientsession.h"

#include <algorithm>

#include "net/engine.h"
#include "net/optionstore.h"
#include "session/connectoptions.h"

namespace tincan {

ClientSession::ClientSession(QObject *parent)
    : LiveSession(parent)
{
}

PeerId ClientSession::connectTo(const QString &host, quint16 port, int timeoutMilliseconds, const Endpoint &local)
{
    ConnectRequest request;
    request.host = host;
    request.port = port;
    request.local = local;
    request.timeoutMilliseconds = timeoutMilliseconds;
    return connectTo(request);
}

PeerId ClientSession::connectTo(const ConnectRequest &request)
{
    const PeerId peer = engine().reservePeer();
    ConnectOptions options = connectOptions(request);
    options.options = withDefaults(options.options, this->options());
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
