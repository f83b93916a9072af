// SPDX-License-Identifier: MIT
#include "session/stdinfeeder.h"

#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/engine.h"

namespace tincan {

StdinFeeder::StdinFeeder(Engine &engine, PeerId peer, int fd, LineEnding ending, Transport transport, QObject *parent)
    : WorkerThread(parent)
    , m_engine(engine)
    , m_peer(peer)
    , m_fd(fd)
    , m_ending(ending)
    , m_transport(transport)
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    setObjectName(QStringLiteral("stdin"));
}

StdinFeeder::~StdinFeeder()
{
    requestInterruption();
    signal();
    m_room->release();
    join();
}

void StdinFeeder::peerFinished()
{
    m_peerFinished = true;
    signal();
}

void StdinFeeder::signal()
{
    const std::uint64_t one = 1;
    if (::write(m_wake.get(), &one, sizeof one) < 0) {
        // It is awake already.
    }
}

StdinFeeder::Input StdinFeeder::waitForInput()
{
    for (;;) {
        const bool isLast = m_peerFinished;
        std::array<pollfd, 2> watched{{{m_fd, POLLIN, 0}, {m_wake.get(), POLLIN, 0}}};
        const int count = ::poll(watched.data(), watched.size(), isLast ? kIdle : -1);
        if (isInterruptionRequested() || (count < 0 && errno != EINTR)) {
            return Input::Stopped;
        }
        if (count > 0 && watched[0].revents != 0) {
            return Input::There;
        }
        if (count == 0) {
            return Input::None;
        }
        std::uint64_t wakes = 0;
        if (count > 0 && ::read(m_wake.get(), &wakes, sizeof wakes) < 0) {
            return Input::Stopped;
        }
    }
}

void StdinFeeder::hand(QByteArray bytes)
{
    if (m_ending == LineEnding::Cr || m_ending == LineEnding::CrLf || m_ending == LineEnding::Nul) {
        const QByteArrayView ending = bytesOf(m_ending);
        bytes.replace(QByteArrayView("\n"), ending);
    }
    m_room->acquire();
    m_engine.post([&engine = m_engine, peer = m_peer, bytes = std::move(bytes), room = m_room] {
        engine.send(peer, {reinterpret_cast<const std::byte *>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
        engine.onDrained(peer, [room] { room->release(); });
    });
}

void StdinFeeder::work()
{
    const qsizetype most = keepsBorders(m_transport) ? 16'384 : 65'536;
    for (Input input = waitForInput(); input != Input::Stopped; input = waitForInput()) {
        QByteArray block(most, Qt::Uninitialized);
        const ssize_t count = input == Input::None ? 0 : ::read(m_fd, block.data(), static_cast<std::size_t>(most));
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (count <= 0) {
            // Behind the last block in the same queue, so nothing is cut off.
            if (!isDatagram(m_transport)) {
                m_engine.post([&engine = m_engine, peer = m_peer] { engine.finishSending(peer); });
            }
            return;
        }
        block.truncate(count);
        hand(std::move(block));
    }
}

} // namespace tincan
