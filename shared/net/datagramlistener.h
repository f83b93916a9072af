// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "net/datagramport.h"
#include "net/listensocket.h"

namespace tincan {

// A bound datagram socket, UDP or Unix: each address that something comes from is a peer. They leave when it is closed, for it is
// their only way. Loop thread only.
class DatagramListener final : public ListenSocket
{
public:
    DatagramListener(NetContext &context, DatagramReceiver &receiver, ListenerId id, DatagramPort::Owner owner);
    ~DatagramListener() override;

    // socket, options, bind, groups.
    bool open(const ListenOptions &options) override;
    void close() override;
    void resume() override { } // nobody waits: who comes next is looked at anew
    void setPaused(bool paused) override;
    // Nothing is received while it is so; what the kernel's buffer does not hold is lost, and counted.
    void setAcceptingPaused(bool paused) override;
    void setMember(const MulticastGroup &group, bool member) override;
    std::vector<OptionState> readOptions() const override;
    bool setOption(const OptionValue &value) override;
    int descriptor() const noexcept override { return m_port ? m_port->descriptor() : -1; }

private:
    bool configure(int fd, const ListenOptions &options, OptionStore &store);
    int applyOptions(int fd, const ListenOptions &options, OptionStore &store);
    bool failOpen(int fd, Error error, const ListenOptions &options, const Endpoint &about);

    NetContext &m_context;
    DatagramReceiver &m_receiver;
    DatagramPort::Owner m_owner;
    std::shared_ptr<DatagramPort> m_port;
    ListenerId m_id;
    bool m_isStopped = false;
};

} // namespace tincan
