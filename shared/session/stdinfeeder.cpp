// SPDX-License-Identifier: MIT
#include "session/stdinfeeder.h"

#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/engine.h"

namespace tincan {

StdinFeeder::StdinFeeder(Engine &engine, PeerId peer, int fd, LineEnding ending, QObject *parent)
    : WorkerThread(parent)
    , m_engine(engine)
    , m_peer(peer)
    , m_fd(fd)
    , m_ending(ending)
    , m_stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    setObjectName(QStringLiteral("stdin"));
}

StdinFeeder::~StdinFeeder()
{
    requestInterruption();
    const std::uint64_t one = 1;
    if (::write(m_stop.get(), &one, sizeof one) < 0) {
        // Already signalled: it is stopping.
    }
    m_room->release();
    join();
}

bool StdinFeeder::waitForInput()
{
    std::array<pollfd, 2> watched{{{m_fd, POLLIN, 0}, {m_stop.get(), POLLIN, 0}}};
    while (::poll(watched.data(), watched.size(), -1) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return watched[1].revents == 0 && !isInterruptionRequested();
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
    constexpr qsizetype kBlock = 65'536;
    while (waitForInput()) {
        QByteArray block(kBlock, Qt::Uninitialized);
        const ssize_t count = ::read(m_fd, block.data(), static_cast<std::size_t>(kBlock));
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (count <= 0) {
            // Behind the last block in the same queue, so nothing is cut off.
            m_engine.post([&engine = m_engine, peer = m_peer] { engine.finishSending(peer); });
            return;
        }
        block.truncate(count);
        hand(std::move(block));
    }
}

} // namespace tincan
