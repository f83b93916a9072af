// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>

#include <QSemaphore>

#include "base/ids.h"
#include "base/transport.h"
#include "base/uniquefd.h"
#include "transcript/payload.h"
#include "transcript/workerthread.h"

namespace tincan {

class Engine;

// Reads a descriptor (standard input) and hands what it reads to one connection, no faster than that takes it: at most one
// block is on its way. At the end of input the connection's sending side is finished; once the peer has finished its own, as soon
// as no input comes for kIdle.
//
// Where the transport keeps borders, what one read(2) returns is one message, and blocks are smaller. Of datagrams no side is
// ever finished: the thread just ends.
class StdinFeeder final : public WorkerThread
{
    Q_OBJECT
public:
    // `engine` outlives the thread. `ending` replaces each LF, unless it is None or Lf.
    StdinFeeder(Engine &engine, PeerId peer, int fd, LineEnding ending, Transport transport, QObject *parent = nullptr);
    ~StdinFeeder() override; // stops reading and waits

    // Any thread. The peer sends no more: what is still to be read is sent to it, but nothing new is waited for.
    void peerFinished();

    static constexpr int kIdle = 200; // milliseconds

protected:
    void work() override;

private:
    enum class Input { There, None, Stopped };
    Input waitForInput();
    void signal();
    void hand(QByteArray bytes);

    Engine &m_engine;
    PeerId m_peer;
    int m_fd;
    LineEnding m_ending;
    Transport m_transport;
    UniqueFd m_wake; // eventfd
    std::atomic<bool> m_peerFinished = false;
    std::shared_ptr<QSemaphore> m_room = std::make_shared<QSemaphore>(1); // shared with tasks that may outlive this
};

} // namespace tincan
