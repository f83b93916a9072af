// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/endpoint.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/serving.h"
#include "base/transport.h"

namespace tincan {

// What happened. Everything a session shows or keeps is one of these, in the order in which it happened.
// In brackets: what `Record::detail` leads to, and whether there is a payload.
enum class RecordKind : std::uint8_t {
    Connecting,    // [ConnectInfo] a connection is being made; the peer's first record
    Joined,        // [PeerInfo] accepted, or connect succeeded
    Received,      // payload: what one recv(2) returned. Of a transport that keeps borders it may be empty
    Sent,          // payload: what the kernel took of one message (the whole of it but for a message cut by the end)
    FanOut,        // [FanOutInfo, or none = everybody but `peer`] payload: as Sent, but taken for many peers at once.
                   // `peer` is whose bytes were relayed, kNoPeer for the person's own message to many.
    Refused,       // [RefusedInfo] payload: a message that was not taken into the send queue, because it is full or closed
    PeerFinished,  // the peer's FIN has been read: it sends no more, we still may
    Finished,      // [none] our FIN is sent (SHUT_WR): we send no more, the peer still may
    Left,          // [LeftInfo] the connection is over; the last record of the peer
    ConnectFailed, // [FailureInfo] no address answered, or cancelled; the last record of the peer
    Listening,     // [ListenInfo]
    ListenFailed,  // [FailureInfo]
    Stopped,       // no longer listening [StoppedInfo; none = nowhere]
    Note,          // [NoteInfo]
    Call,          // [CallInfo] a socket call of interest
    Acknowledged,  // [AcknowledgedInfo] the peer's kernel has what we sent, so far; like Call no row of a transcript
};

// The way a connection came about.
enum class Direction : std::uint8_t { Incoming, Outgoing };

struct ConnectInfo {
    std::string host; // as the person gave it
    std::uint16_t port = 0;
};

// The process at the other end of a Unix socket, as the kernel noted it when it connected (SO_PEERCRED, unix(7)), or that a local
// peer's socket belongs to. pid 0: not known.
struct Credentials {
    int pid = 0;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string program; // its name, where /proc told it
    std::string user;    // the name of uid, where there is one

    friend bool operator==(const Credentials &, const Credentials &) = default;
};

struct PeerInfo {
    Endpoint local;
    Endpoint remote; // of Unix sockets mostly empty: who connects need not have a name
    int fd = -1;     // -1 where the peer has no socket of its own (a datagram peer of a listener)
    Direction direction = Direction::Incoming;
    Transport transport = Transport::Tcp;
    bool midway = false;               // of a capture (see transcript/capturereader.h): its beginning is not in it
    ListenerId listener = kNoListener; // it came to
    Credentials process;               // of a Unix socket
    int child = 0;                     // pid of the process that serves it, where that is one of its own
};

struct ListenInfo {
    Endpoint local; // with the port the kernel chose where 0 was asked
    int fd = -1;
    int backlog = 0;        // as asked for; 0 of datagrams
    bool dualStack = false; // IPv4 peers are welcome on an IPv6 socket
    ListenerId id = kNoListener;
    Transport transport = Transport::Tcp;
    Serving serving = Serving::EventLoop;
    bool replacedStale = false; // a socket file stood at the path that nobody listened on any more
};

struct StoppedInfo {
    ListenerId id = kNoListener;
};

// The peers that a FanOut reached. `only`: exactly `peers`. Otherwise: everybody who was in the room at that record (between
// the peer's Joined and its Finished, Left record), but for the record's own peer and for `peers`.
struct FanOutInfo {
    bool only = false;
    std::vector<PeerId> peers;

    friend bool operator==(const FanOutInfo &, const FanOutInfo &) = default;
};

enum class RefusedReason : std::uint8_t {
    QueueFull,
    SendingFinished,
    NotConnected,
    TooLong, // of a transport that keeps borders: no message may be that long (EMSGSIZE)
    Dropped, // on purpose (see Faults)
    Failed,  // of a datagram: `error` says why
};

struct RefusedInfo {
    RefusedReason reason = RefusedReason::QueueFull;
    std::uint64_t queued = 0; // bytes that were waiting already
    int error = 0;            // errno, of TooLong and Failed; QueueFull: ENOBUFS where the queues of all its socket's peers were
};

enum class LeftReason : std::uint8_t {
    BothFinished,     // FIN both ways, everything read: the orderly end
    DisconnectedByUs, // we closed before the peer's FIN came (the wait after our FIN ran out, or the session ended)
    ResetByUs,        // closed with SO_LINGER 0: RST sent
    ResetByPeer,      // ECONNRESET: RST received
    BrokenPipe,       // EPIPE: written after the peer had gone
    Failed,           // any other errno
    Unseen,           // of a capture: a new connection has the same addresses and ports, so this one had ended
    ChildDied,        // the process that served it ended; `error.code`: 1000 + the signal that ended it, or its exit status;
                      // `error.call`: what failed that we ended it for
    Forgotten,        // of datagrams: told so (there is no connection that could end), or to make room (`error`: ENOBUFS)
};

struct LeftInfo {
    LeftReason reason = LeftReason::BothFinished;
    Error error;                   // of Failed, ResetByPeer, BrokenPipe, Forgotten, ChildDied; of DisconnectedByUs: ENOBUFS where
                                   // the recorder had no room for what came at the end
    std::uint64_t unsentBytes = 0; // were queued and never taken by the kernel
    std::uint32_t unsentMessages = 0;
};

// The program that holds a port, as far as /proc lets us know. pid 0: not known.
struct PortOwner {
    int pid = 0;
    std::string program;
};

struct Attempt {
    Endpoint endpoint;
    Error error;
};

enum class FailureCause : std::uint8_t { Call, Resolve, TimedOut, Cancelled };

struct FailureInfo {
    FailureCause cause = FailureCause::Call;
    Error error;       // the last one; for Resolve the EAI_ code
    Endpoint endpoint; // what was to be listened on, or the last address that was tried
    std::string host;  // what was to be connected to, as the person gave it
    std::uint16_t port = 0;
    std::vector<Attempt> attempts; // of a connect, in the order in which they failed
    PortOwner owner;               // of a port that is taken
    int afterMilliseconds = 0;     // of TimedOut
    ListenerId listener = kNoListener;
    Transport transport = Transport::Tcp;
};

enum class NoteCode : std::uint8_t {
    DescriptorsExhausted, // a: connections turned away since the last note, b: errno (EMFILE, ENFILE …)
    PeerLimitReached,     // a: the limit; those who come now wait in the accept queue
    PeerNotReading,   // a: bytes queued and not moving, b: SO_SNDBUF where a datagram socket is full of what others did not read
    PeerReadingAgain, // b: 1 where it was the socket that was full
    FanOutRefused,    // a: messages, b: bytes that did not fit the peer's queue since the last note
    AnswerChanged,    // a: the AnswerMode
    DescriptorLimit,  // a: RLIMIT_NOFILE after raising, b: errno where it could not be raised
    RecordingFailed,  // a: errno; text: the file. What comes now is shown but not kept
    ReadingPaused,    // the recorder is behind: nothing is read or accepted for a while
    ReadingResumed,   // it has kept up for a while since
    WaitingForEnd,    // of a disconnect under way. a: bytes still queued (0: our FIN is sent, the peer's is awaited), b:
                      // milliseconds
    Other,            // text
    // These stand in files, so new ones come behind.
    MessagesDiscarded, // the oldest of the session. a: messages, b: the limit of its size in bytes; below 0: so many are left
                       // free
    RecordingResumed,  // a: messages that were not kept since it failed, b: errno it failed with
    RecordingDamaged,  // of a session that was opened. a: bytes that could not be read, b: where they begin; text: the file
    // Of a capture:
    BytesMissing,  // a: how many, b: 0 of the peer's, 1 of ours; + 2 the packet was there, but cut short by the capture
    PassedOver,    // a: packets, b: the PassedOverReason, text: of UnknownLink the link type's number
    CameAgain,     // a: bytes that came more than once and were shown once, b: how many of them differed from the first
    CaptureIsTorn, // a: bytes at the end of the file that are no whole packet
    Named,         // text: the name that the person gave the peer, as cleanPeerName() leaves it; empty: none any more
    // Of sockets:
    ReadingStopped,  // by the person: recv(2) is not called, so the window closes and the peer's send blocks
    ReadingGoesOn,   // … any more
    ReceivingEnded,  // SHUT_RD: what comes now is thrown away by the kernel; nothing goes over the wire
    AcceptingPaused, // a: the listener, b: 1 of datagrams (reading is paused). Those who come wait in the accept queue
    AcceptingGoesOn, // a and b: as above
    DatagramsLost,   // a: since the last such note, dropped by our kernel because nobody read them in time (SO_RXQ_OVFL)
    MessageCut,      // a: bytes that the message had, b: bytes of it that were read (MSG_TRUNC). Stands before its Received
    NetworkError,    // b: errno of an ICMP error (ECONNREFUSED: port unreachable …); text: who sent it, where known
    FaultsChanged,   // text: as faultsText() of session/faultwords writes them; empty: none any more
    FaultsDropped,   // a: datagrams thrown away on purpose since the last note, b: bytes of them
    FaultsStopped,   // a: bytes after which no more is sent, on purpose
    OptionSet,       // a: the SocketOption, b: the value, text: of one that is a text
    ServedByThread,  // a: its thread id (gettid(2))
    ServedByProcess, // a: its pid
    GroupJoined,     // a: the listener, or 0; text: the group, and the interface: "239.1.2.3%eth0"
    GroupLeft,       // likewise
};

// Why packets of a capture are in no conversation. In the order in which a packet is looked at.
enum class PassedOverReason : std::uint8_t {
    UnknownLink,   // a kind of link that is not known here
    NotIp,         // ARP and the like
    Damaged,       // lengths that cannot be, or cut short before the end of the headers
    Fragment,      // a piece of an IP packet
    OtherProtocol, // IP, but neither TCP nor UDP
    TooMany,       // of conversations above the limit
    AfterTheEnd,   // of a TCP connection that is over, or resets of none that is known
};

struct NoteInfo {
    NoteCode code = NoteCode::Other;
    std::int64_t a = 0;
    std::int64_t b = 0;
    std::string text;
};

// One socket call, ready to be written in strace's words.
struct CallInfo {
    CallName call = CallName::None;
    int fd = -1;
    long result = 0;  // what it returned
    int error = 0;    // errno where result is -1; getaddrinfo: the EAI_ value, as result
    Endpoint address; // of bind, connect, accept; recvmmsg, sendmmsg: where it came from, or goes
    int a = 0;        // socket: domain; listen: backlog; shutdown: how; setsockopt: level; recv, send: length
    int b = 0;        // socket: type; setsockopt: option name; recv, send: flags
    int c = 0;        // socket: protocol; setsockopt: integer value; recvmmsg, sendmmsg: messages it was called for
    std::string text; // getaddrinfo: the name; setsockopt: a value that is no integer, in words ("{1, 0}", "cubic"); unlink,
                      // chmod: the path; recv, send on demand: the beginning of the bytes
    std::int32_t nanoseconds = 0; // it took
    bool isMapped = false;        // address: IPv4, which the kernel has in its IPv6 form, ::ffff:192.0.2.1 (dual stack)
};

// What the peer's kernel has acknowledged of what ours took. Not what its program has read: nothing on a socket tells that.
struct AcknowledgedInfo {
    std::uint64_t bytes = 0;       // since the connection began
    std::int64_t nanoseconds = -1; // from send(2) to the acknowledgement of the last of them, by the kernel's stamp. -1: there is
                                   // none, it came at some time before the record's

    friend bool operator==(const AcknowledgedInfo &, const AcknowledgedInfo &) = default;
};

using Detail = std::variant<std::monostate, ConnectInfo, PeerInfo, ListenInfo, FanOutInfo, RefusedInfo, LeftInfo, FailureInfo,
                            NoteInfo, CallInfo, AcknowledgedInfo, StoppedInfo>;

inline constexpr std::uint32_t kNoDetail = UINT32_MAX;

struct Record {
    std::int64_t time = 0;           // wall clock, nanoseconds since 1970
    const std::byte *data = nullptr; // into a chunk of the batch
    std::uint32_t size = 0;          // bytes of payload, at most kMaxPayload
    PeerId peer = kNoPeer;
    std::uint32_t detail = kNoDetail; // index into Batch::details
    RecordKind kind = RecordKind::Note;
};

// One record is one IP packet in the session file, and this fits one with room for headers (65 535 less 80).
inline constexpr std::uint32_t kMaxPayload = 65'400;
// The longest message of a transport that keeps borders: what a UDP datagram over IPv6 may hold (65 535 less 8).
inline constexpr std::uint32_t kMaxMessage = 65'527;

// A message: bytes that went over the connection.
constexpr bool isMessage(RecordKind kind) noexcept
{
    return kind == RecordKind::Received || kind == RecordKind::Sent || kind == RecordKind::FanOut;
}

constexpr bool hasPayload(RecordKind kind) noexcept
{
    return isMessage(kind) || kind == RecordKind::Refused;
}

} // namespace tincan
