// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "base/answeroptions.h"
#include "base/batch.h"
#include "base/endpoint.h"
#include "base/faults.h"
#include "base/ids.h"
#include "base/serving.h"
#include "base/socketoptions.h"
#include "net/peerthread.h"

namespace tincan {

class Syscalls;

// What was asked of a socket, and what the kernel made of it; empty where there is no such socket.
using OptionsTold = std::function<void(std::vector<OptionState>)>;

// A multicast group, and the interface by which it is joined (or sent to); index 0: the kernel chooses by its routes.
struct MulticastGroup {
    Endpoint group;         // port 0
    unsigned interface = 0; // as if_nametoindex(3)
};

struct ListenOptions {
    Endpoint address; // IP, Unix path or abstract name, as the transport wants
    int backlog = SOMAXCONN;
    // "::" welcomes IPv4 peers too (IPV6_V6ONLY 0); any other IPv6 address does not. Always set by us, never left to the system,
    // unless `options` say otherwise.
    bool dualStack = true;
    Transport transport = Transport::Tcp;
    Serving serving = Serving::EventLoop; // of transports with connections
    int loops = 1;                        // of Serving::EventLoop
    OptionValues options;                 // set before bind(2); what is accepted inherits most of them
    int pathMode = -1;                    // permissions of a Unix path (0600 …); -1: as the umask has it
    std::vector<MulticastGroup> groups;   // of UDP
};

struct ConnectOptions {
    std::string host; // a name, an IPv4 or IPv6 address (with %scope); a path or "@name" of Unix sockets
    std::uint16_t port = 0;
    Endpoint local;                            // bound before connect; empty: the kernel chooses
    std::chrono::milliseconds timeout{10'000}; // for the name and all its addresses together
    Transport transport = Transport::Tcp;
    OptionValues options; // set before bind(2)
    // Of datagrams: connect(2) the socket, so that only this peer is heard, and ICMP errors are told. Otherwise sendto(2), and
    // whoever answers is heard; each other address is a peer of its own.
    bool connected = true;
    unsigned multicastInterface = 0; // of a group that is sent to; 0: the kernel chooses
};

// The bounds of one engine. Every one of them is a setting.
struct Limits {
    std::size_t sendQueue = 16 * 1024 * 1024; // bytes a peer may have waiting; more is refused, and said
    std::size_t echoPause = 256 * 1024;       // bytes waiting at which an answered peer is not read until they are half gone
    std::size_t maxPeers = 0;                 // 0: as many as there are descriptors
    // Anybody can make up addresses that datagrams come from. Where maxPeers is 0, one socket remembers so many; for the next one
    // that is forgotten which was not heard of for the longest time, if for as long as this and nothing is queued for it
    // → Left{Forgotten, ENOBUFS}. Otherwise the new one is turned away, and counted. No settings.
    std::size_t datagramPeers = 10'000;
    std::chrono::milliseconds datagramQuiet{30'000};
    std::chrono::milliseconds drain{5'000};    // for what is queued, once a disconnect was asked for
    std::chrono::milliseconds afterFin{2'000}; // for the peer's FIN, once ours is sent in a disconnect
};

// The sockets of one session, driven by one epoll loop in the thread that calls run(). Everything that happens comes out of
// `sink` as records; nothing is returned by the functions. Peers that are not to be served in that loop (ListenOptions::serving)
// are in others, or in processes: see net/placement.h. `sink` hears from all of those threads. No Qt, no text for people.
class Engine
{
public:
    // Any thread; `syscalls` and `sink` outlive the engine.
    Engine(Syscalls &syscalls, BatchSink &sink);
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;
    ~Engine(); // after run() has returned

    // ---- before run()
    // What makes the threads of Serving::ThreadPerPeer and of further loops; pthread_create(3) where it is not said.
    void setThreadFactory(ThreadFactory factory);
    // What serves a peer of Serving::ProcessPerPeer: a program whose main() calls runPeerProcess() (net/peerprocess.h). Where it
    // is not said, findPeerProgram().
    void setPeerProgram(const std::string &path);

    // ---- any thread
    // Queues `task` for the loop thread, in order; wakes it once however many are queued. Tasks posted after run() has
    // returned are destroyed with the engine, unrun.
    void post(std::function<void()> task);
    // A fresh id for connectTo(), and for listen().
    PeerId reservePeer();
    ListenerId reserveListener();
    // Ends run() in an orderly way: stops listening, disconnects everybody (limits().drain and .afterFin at most), writes the
    // last batch. A second call ends it at once.
    void quit();

    // ---- the loop thread
    // Runs until quit().
    void run();

    // ---- the loop thread: only from a posted task
    // Several may be open at once. → Listening | ListenFailed, with the id
    void listen(ListenerId listener, const ListenOptions &options);
    ListenerId listen(const ListenOptions &options); // with a fresh id
    // Closes it; its peers stay. → Stopped{id}
    void stopListening(ListenerId listener);
    // Closes it and disconnects its peers; Left for each, then Stopped{id}.
    void stop(ListenerId listener);
    // Closes all and disconnects everybody; Left for each, then Stopped for each listener.
    void stopAll();
    // Those who come wait in the accept queue. → Note{AcceptingPaused | AcceptingGoesOn}
    void pauseAccepting(ListenerId listener, bool paused);
    // Of a UDP listener. → Note{GroupJoined | GroupLeft}, or Note{NetworkError} with the listener in a and the group in its text
    void joinGroup(ListenerId listener, const MulticastGroup &group);
    void leaveGroup(ListenerId listener, const MulticastGroup &group);
    void connectTo(PeerId peer, const ConnectOptions &options); // → Connecting, then Joined | ConnectFailed
    void cancelConnect(PeerId peer);                            // → ConnectFailed{Cancelled}
    void setAnswer(const AnswerOptions &answer);                // → Note{AnswerChanged} where the mode differs
    void setLimits(const Limits &limits);

    // What the peers' kernels have acknowledged is asked for and recorded from now on, some milliseconds after it was sent and
    // once more when a connection ends → Acknowledged. Not asked for unless this is called. Of `stamped` (kNoPeer: of none; one
    // at a time) the kernel also says, for single messages, how long it took.
    void followDelivery();
    void stampDelivery(PeerId stamped);

    // Each recv(2) and send(2) of this peer leaves a Call record with the beginning of its bytes, from now on and of no other
    // (kNoPeer: of none).
    void traceData(PeerId peer);

    // Bytes to one, some, or all peers. Cut into payloads of at most kMaxPayload. → Sent, FanOut or Refused
    void send(PeerId peer, std::span<const std::byte> bytes);
    void sendToMany(std::span<const PeerId> peers, std::span<const std::byte> bytes);
    void sendToAll(std::span<const std::byte> bytes);

    void finishSending(PeerId peer);                   // FIN once the queue is empty → Finished
    void disconnect(PeerId peer);                      // drains, FIN, reads to the end, closes → … Left
    void note(PeerId peer, const NoteInfo &note);      // what is said of a peer, in order with all else → Note
    void reset(PeerId peer);                           // SO_LINGER 0 and close: RST at once → Left{ResetByUs}
    void endReceiving(PeerId peer);                    // SHUT_RD: sends nothing → Note{ReceivingEnded}
    void shutdownBoth(PeerId peer);                    // drains, SHUT_RDWR: FIN; closes → Finished, Left
    void stopReading(PeerId peer, bool stopped);       // recv(2) is not called → Note{ReadingStopped | ReadingGoesOn}
    void setFaults(PeerId peer, const Faults &faults); // the note is the caller's, who has the words: note(FaultsChanged)

    // What options a socket has. `told` is called in the loop thread, once, with nothing where there is no such socket.
    void readOptions(PeerId peer, OptionsTold told);
    void readListenerOptions(ListenerId listener, const OptionsTold &told);
    // → Note{OptionSet}; where the kernel refuses it, only the call, and OptionState::setError from then on.
    void setOption(PeerId peer, const OptionValue &value);
    void setListenerOption(ListenerId listener, const OptionValue &value);

    void disconnectAll();

    // Bytes waiting in a peer's send queue; 0 for one that is not there. For those who feed it (standard input): with
    // `onDrained` they hear, once, when it has fallen below half of Limits::echoPause: at once where it already is, or where the
    // peer is not there. One listener a peer. Of a peer that another thread or process serves, queued() counts what is on the
    // way there, and what that one has told last.
    std::size_t queued(PeerId peer) const;
    void onDrained(PeerId peer, std::function<void()> drained);

    // How many connections are open now.
    std::size_t peerCount() const;

private:
    class Impl;
    std::unique_ptr<Impl> m;
};

// Raises RLIMIT_NOFILE to its hard limit. Any thread, once, at start. The limit now in force, or the error of setrlimit.
Result<std::uint64_t> raiseDescriptorLimit();

} // namespace tincan
