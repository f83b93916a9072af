// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace tincan {

// The calls that Tincan makes and speaks of. Names are those of section 2 and 3 of the manual.
enum class CallName : unsigned char {
    None,
    Socket,
    Bind,
    Listen,
    Accept,
    Connect,
    Shutdown,
    Close,
    SetSockOpt,
    GetSockOpt,
    GetSockName,
    Recv,
    Send,
    Epoll,
    GetAddrInfo,
    Open,
    Read,
    Write,
    Parse,
    // These stand in files, so new ones come behind.
    RecvMsg,
    SendMsg,
    GetPeerName,
    Unlink,
    ChMod,
    SocketPair,
    Spawn,
    Ioctl,
    RecvMmsg,
    SendMmsg,
};

// The call as it is written in C: "bind", "accept4" … Any thread.
std::string_view callName(CallName call) noexcept;

// The symbol of an errno value: "EADDRINUSE"; "errno 9999" for one the C library does not know. Any thread.
std::string errnoName(int code);

// What the C library says about it, in English: "Address already in use". Any thread.
std::string errnoMeaning(int code);

// A failure, as a value. No text for people in here: that is made in ui and on the command line.
//   code    errno right after the call, or an EAI_ value for GetAddrInfo, or 0 where only `detail` speaks (Parse)
//   call    what was tried
//   detail  on what: an endpoint, a path, the offending text. May be empty.
struct Error {
    int code = 0;
    CallName call = CallName::None;
    std::string detail;

    friend bool operator==(const Error &, const Error &) = default;
};

template<typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(int code, CallName call, std::string detail = {})
{
    return tl::unexpected<Error>(Error{code, call, std::move(detail)});
}

// The failure of the call that has just returned: errno is read here, so nothing may come between.
inline tl::unexpected<Error> failErrno(CallName call, std::string detail = {})
{
    const int code = errno;
    return fail(code, call, std::move(detail));
}

} // namespace tincan
