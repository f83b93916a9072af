// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>

#include "support/inventory.h"

namespace tincan::test {

// The ways to serve, as rows of a test: [mode, loops].
struct Way {
    const char *name;
    Serving serving;
    int loops;
};
inline constexpr std::array kWays
    = {Way{"event loop", Serving::EventLoop, 1}, Way{"three loops", Serving::EventLoop, 3},
       Way{"thread per peer", Serving::ThreadPerPeer, 1}, Way{"process per peer", Serving::ProcessPerPeer, 1}};

// An engine that listens in one of the ways.
template<typename Sys = RealSyscalls>
class ServingHostOf : public EngineHost<Sys>
{
public:
    using EngineHost<Sys>::engine;
    using EngineHost<Sys>::run;
    using EngineHost<Sys>::sink;
    using EngineHost<Sys>::waitFor;

    ServingHostOf()
    {
        run([this] { engine.setPeerProgram(TINCAN_PEER); });
    }

    std::uint16_t serve(Serving serving, int loops = 1, AnswerMode mode = AnswerMode::Manual)
    {
        run([&] {
            engine.setAnswer({.mode = mode});
            ListenOptions options{.address = *Endpoint::fromAddress("127.0.0.1", 0)};
            options.serving = serving;
            options.loops = loops;
            m_listener = engine.listen(options);
        });
        const auto *event = waitFor(RecordKind::Listening, kNoPeer, ++m_listening);
        return event ? std::get<ListenInfo>(event->detail).local.port() : 0;
    }
    ListenerId listener() const { return m_listener; }
    std::size_t peerCount()
    {
        std::size_t count = 0;
        run([&] { count = engine.peerCount(); });
        return count;
    }
    pid_t childOf(PeerId peer) const { return static_cast<pid_t>(servedBy(peer, NoteCode::ServedByProcess)); }
    // The number in the note of that code about the peer: its thread or its process. 0 where there is none.
    std::int64_t servedBy(PeerId peer, NoteCode code) const
    {
        for (const auto &event : sink.events()) {
            const auto *note = std::get_if<NoteInfo>(&event.detail);
            if (note && note->code == code && event.peer == peer) {
                return note->a;
            }
        }
        return 0;
    }

private:
    ListenerId m_listener = kNoListener;
    int m_listening = 0;
};
using ServingHost = ServingHostOf<>;

// A peer that a process of its own serves, number 1, and that process stopped (SIGSTOP) in the middle of it.
struct StoppedChild {
    ServingHost host;
    RawPeer peer;
    pid_t child = 0;

    bool begin()
    {
        peer = RawPeer(host.serve(Serving::ProcessPerPeer));
        child = host.waitFor(RecordKind::Joined, 1) ? host.childOf(1) : 0;
        return child > 0 && ::kill(child, SIGSTOP) == 0;
    }
    bool goOn() const { return ::kill(child, SIGCONT) == 0; }
    bool kill() const { return ::kill(child, SIGKILL) == 0; }
};

// What is read comes back whole and is recorded so, in this way to serve.
inline void compareFlood(Serving serving)
{
    ServingHost host;
    const RawPeer peer(host.serve(serving, 1, AnswerMode::Echo));
    const QByteArray bytes = pattern(8 * 1024 * 1024);
    std::thread writer([&] { peer.send(bytes); });
    const QByteArray back = peer.read(bytes.size());
    writer.join();
    QVERIFY(back == bytes);
    QTRY_COMPARE(host.payloads(RecordKind::Sent, 1).size(), bytes.size());
    QVERIFY(host.payloads(RecordKind::Received, 1) == bytes);
    QVERIFY(host.payloads(RecordKind::Sent, 1) == bytes);
}

} // namespace tincan::test
