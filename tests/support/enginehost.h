// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QByteArray>
#include <QDir>
#include <QTest>

#include "base/uniquefd.h"
#include "net/engine.h"
#include "net/syscalls.h"

namespace tincan::test {

// Keeps what an engine publishes, with copies of the payloads. Its congestion is set by hand.
class CollectingSink final : public BatchSink
{
public:
    struct Event {
        RecordKind kind;
        PeerId peer;
        QByteArray payload;
        Detail detail;
        std::int64_t time;
    };

    void publish(Batch &batch) override
    {
        const std::lock_guard lock(m_mutex);
        for (const Record &record : batch.records) {
            m_events.push_back({record.kind, record.peer, QByteArray(reinterpret_cast<const char *>(record.data), record.size),
                                record.detail < batch.details.size() ? batch.details[record.detail] : Detail(), record.time});
        }
        batch.clear();
    }
    bool isCongested() const noexcept override { return m_congested; }
    void setRelieved(std::function<void()> relieved) override { m_relieved = std::move(relieved); }

    void setCongested(bool congested)
    {
        m_congested = congested;
        if (!congested) {
            m_relieved();
        }
    }
    std::vector<Event> events() const
    {
        const std::lock_guard lock(m_mutex);
        return m_events;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<Event> m_events;
    std::function<void()> m_relieved;
    std::atomic<bool> m_congested = false;
};

// A peer with plain blocking calls, as a student would write it. Every call gives up after some seconds.
class RawPeer
{
public:
    RawPeer() = default;
    explicit RawPeer(std::uint16_t port, const char *address = "127.0.0.1", int receiveBuffer = 0)
    {
        const auto endpoint = Endpoint::fromAddress(address, port);
        sockaddr_storage storage{};
        const socklen_t size = endpoint->toSockaddr(storage);
        m_fd.reset(::socket(endpoint->addressFamily(), SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (receiveBuffer > 0) {
            ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
        }
        const timeval limit{10, 0};
        ::setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        m_connected = ::connect(fd(), reinterpret_cast<const sockaddr *>(&storage), size) == 0;
    }
    explicit RawPeer(UniqueFd fd)
        : m_fd(std::move(fd))
        , m_connected(true)
    {
        const timeval limit{10, 0};
        ::setsockopt(this->fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }

    int fd() const { return m_fd.get(); }
    bool isConnected() const { return m_connected; }
    bool send(const QByteArray &bytes) const
    {
        qsizetype at = 0;
        while (at < bytes.size()) {
            const ssize_t count = ::send(fd(), bytes.constData() + at, static_cast<std::size_t>(bytes.size() - at), MSG_NOSIGNAL);
            if (count < 0 && errno == EINTR) { // a child has ended (SIGCHLD)
                continue;
            }
            if (count <= 0) {
                return false;
            }
            at += count;
        }
        return true;
    }
    // Until `count` bytes are there, or the end of the stream, or nothing comes for ten seconds.
    QByteArray read(qsizetype count) const
    {
        QByteArray bytes(count, Qt::Uninitialized);
        qsizetype got = 0;
        while (got < count) {
            const ssize_t part = ::recv(fd(), bytes.data() + got, static_cast<std::size_t>(count - got), 0);
            if (part < 0 && errno == EINTR) {
                continue;
            }
            if (part <= 0) {
                break;
            }
            got += part;
        }
        bytes.truncate(got);
        return bytes;
    }
    // True where the stream ends in an orderly way, with nothing before.
    bool atEnd() const
    {
        char byte = 0;
        ssize_t count = 0;
        do {
            count = ::recv(fd(), &byte, 1, 0);
        } while (count < 0 && errno == EINTR);
        return count == 0;
    }
    bool isSilent() const
    {
        pollfd watched{fd(), POLLIN, 0};
        return ::poll(&watched, 1, 0) == 0;
    }
    void finish() const { ::shutdown(fd(), SHUT_WR); }
    void close() { m_fd.reset(); }
    void reset()
    {
        const linger zero{1, 0};
        ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &zero, sizeof zero);
        close();
    }

private:
    UniqueFd m_fd;
    bool m_connected = false;
};

// They must live as long as they are looked at.
inline std::span<const std::byte> bytesOf(const QByteArray &bytes)
{
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

// An engine whose loop runs in a thread.
template<typename Sys = RealSyscalls>
class EngineHost
{
public:
    EngineHost()
        : engine(sys, sink)
        , m_thread([this] { engine.run(); })
    {
        Limits limits;
        limits.afterFin = std::chrono::milliseconds(300);
        limits.drain = std::chrono::milliseconds(2000);
        setLimits(limits);
    }
    ~EngineHost() { stop(); }
    EngineHost(const EngineHost &) = delete;
    EngineHost &operator=(const EngineHost &) = delete;

    void stop()
    {
        if (m_thread.joinable()) {
            engine.quit();
            m_thread.join();
        }
    }
    // Runs it in the loop thread and waits for it.
    void run(const std::function<void()> &task)
    {
        std::mutex mutex;
        std::condition_variable done;
        bool isDone = false;
        engine.post([&] {
            task();
            const std::lock_guard lock(mutex);
            isDone = true;
            done.notify_one();
        });
        std::unique_lock lock(mutex);
        done.wait(lock, [&] { return isDone; });
    }
    void setLimits(const Limits &limits)
    {
        run([&] { engine.setLimits(limits); });
    }
    // Port 0 of this address. Returns the real one; 0 where it failed.
    std::uint16_t listen(AnswerMode mode = AnswerMode::Manual, const char *address = "127.0.0.1")
    {
        run([&] {
            engine.setAnswer({.mode = mode});
            engine.listen({.address = *Endpoint::fromAddress(address, 0)});
        });
        const auto *event = waitFor(RecordKind::Listening);
        return event ? std::get<ListenInfo>(event->detail).local.port() : 0;
    }

    // Begins to connect a peer, and gives its number. What comes of it is a record.
    PeerId connectTo(const ConnectOptions &options)
    {
        const PeerId peer = engine.reservePeer();
        run([&] { engine.connectTo(peer, options); });
        return peer;
    }

    // The `nth` record of the kind (of the peer, where one is given), once it is there; nullptr after some seconds.
    const CollectingSink::Event *waitFor(RecordKind kind, PeerId peer = kNoPeer, int nth = 1)
    {
        const CollectingSink::Event *found = nullptr;
        static_cast<void>(QTest::qWaitFor(
            [&] {
                m_snapshot = sink.events();
                int seen = 0;
                for (const auto &event : m_snapshot) {
                    if (event.kind == kind && (peer == kNoPeer || event.peer == peer) && ++seen == nth) {
                        found = &event;
                        return true;
                    }
                }
                return false;
            },
            20'000));
        return found;
    }
    const CollectingSink::Event *waitForNote(NoteCode code)
    {
        const CollectingSink::Event *found = nullptr;
        static_cast<void>(QTest::qWaitFor(
            [&] {
                m_snapshot = sink.events();
                for (const auto &event : m_snapshot) {
                    const auto *note = std::get_if<NoteInfo>(&event.detail);
                    if (note && note->code == code) {
                        found = &event;
                    }
                }
                return found != nullptr;
            },
            20'000));
        return found;
    }
    int count(RecordKind kind, PeerId peer = kNoPeer) const
    {
        int seen = 0;
        for (const auto &event : sink.events()) {
            seen += static_cast<int>(event.kind == kind && (peer == kNoPeer || event.peer == peer));
        }
        return seen;
    }
    // All payloads of the kind, joined.
    QByteArray payloads(RecordKind kind, PeerId peer) const
    {
        QByteArray bytes;
        for (const auto &event : sink.events()) {
            if (event.kind == kind && event.peer == peer) {
                bytes += event.payload;
            }
        }
        return bytes;
    }
    LeftReason leftReason(PeerId peer)
    {
        const auto *event = waitFor(RecordKind::Left, peer);
        return event ? std::get<LeftInfo>(event->detail).reason : LeftReason::Failed;
    }
    void send(PeerId peer, const QByteArray &bytes)
    {
        run([&] { engine.send(peer, bytesOf(bytes)); });
    }
    void sendToAll(const QByteArray &bytes)
    {
        run([&] { engine.sendToAll(bytesOf(bytes)); });
    }

    Sys sys;
    CollectingSink sink;
    Engine engine;

private:
    std::vector<CollectingSink::Event> m_snapshot;
    std::thread m_thread;
};

// What is told of the peer once it has joined; nothing where it does not.
template<typename Host>
PeerInfo joined(Host &host, PeerId peer)
{
    const auto *event = host.waitFor(RecordKind::Joined, peer);
    return event ? std::get<PeerInfo>(event->detail) : PeerInfo{};
}

// Why the peer could not be connected; nothing where it did not fail.
template<typename Host>
FailureInfo failureOf(Host &host, PeerId peer)
{
    const auto *event = host.waitFor(RecordKind::ConnectFailed, peer);
    return event ? std::get<FailureInfo>(event->detail) : FailureInfo{};
}

// Why the first address that could not be listened on could not.
template<typename Host>
FailureInfo failureToListen(Host &host)
{
    const auto *event = host.waitFor(RecordKind::ListenFailed);
    return event ? std::get<FailureInfo>(event->detail) : FailureInfo{};
}

// The payloads of a kind of record of the peer's, each for itself.
template<typename Host>
QList<QByteArray> messages(const Host &host, RecordKind kind, PeerId peer)
{
    QList<QByteArray> found;
    for (const auto &event : host.sink.events()) {
        if (event.kind == kind && event.peer == peer) {
            found << event.payload;
        }
    }
    return found;
}

// The first note of this kind; of a NetworkError, b is the errno.
template<typename Host>
NoteInfo noteOf(Host &host, NoteCode code)
{
    const auto *event = host.waitForNote(code);
    return event ? std::get<NoteInfo>(event->detail) : NoteInfo{};
}

// How many calls of this name stand in the call log; of an option, where one is given.
template<typename Host>
int calls(const Host &host, CallName name, int option = -1)
{
    int seen = 0;
    for (const auto &event : host.sink.events()) {
        const auto *call = std::get_if<CallInfo>(&event.detail);
        seen += static_cast<int>(call && call->call == name && (option < 0 || call->b == option));
    }
    return seen;
}

inline qsizetype openDescriptors()
{
    return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size();
}

// Bytes that differ from place to place, so that a lost or doubled piece shows.
inline QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = 12345;
    for (char &byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24U);
    }
    return bytes;
}

} // namespace tincan::test
