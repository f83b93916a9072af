// SPDX-License-Identifier: MIT
#pragma once

#include "session/listenrequest.h"
#include "session/livesession.h"

namespace tincan {

// A client: any number of connections, each made by one connectTo(). GUI thread.
class ClientSession final : public LiveSession
{
    Q_OBJECT
public:
    explicit ClientSession(QObject *parent = nullptr);

    // Never blocks. UDP to a broadcast address asks for SO_BROADCAST by itself.
    // → a peer in state Connecting, then Established, or noticeRaised(ConnectFailed). Returns its id.
    PeerId connectTo(const ConnectRequest &request);
    // Of TCP. `local` is bound before connecting; empty: the kernel chooses.
    PeerId connectTo(const QString &host, quint16 port, int timeoutMilliseconds = 10'000, const Endpoint &local = {});
    void cancel(PeerId peer);

    // Those being made, oldest first.
    const std::vector<PeerId> &connecting() const { return m_connecting; }

signals:
    void connectingChanged();
    void joined(tincan::PeerId peer);

protected:
    void rowSeen(const Row &row) override;

private:
    std::vector<PeerId> m_connecting;
};

} // namespace tincan
