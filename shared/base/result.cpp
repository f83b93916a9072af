// SPDX-License-Identifier: MIT
#include "base/result.h"

#include <array>
#include <cstring>

namespace tincan {

std::string_view callName(CallName call) noexcept
{
    constexpr std::array<std::string_view, 29> names
        = {"",           "socket",      "bind",        "listen",   "accept4", "connect",     "shutdown",    "close",
           "setsockopt", "getsockopt",  "getsockname", "recv",     "send",    "epoll_ctl",   "getaddrinfo", "open",
           "read",       "write",       "parse",       "recvmsg",  "sendmsg", "getpeername", "unlink",      "chmod",
           "socketpair", "posix_spawn", "ioctl",       "recvmmsg", "sendmmsg"};
    const auto index = static_cast<std::size_t>(call);
    return index < names.size() ? names[index] : std::string_view{};
}

std::string errnoName(int code)
{
    if (const char *name = strerrorname_np(code)) {
        return name;
    }
    return "errno " + std::to_string(code);
}

std::string errnoMeaning(int code)
{
    if (const char *text = strerrordesc_np(code)) {
        return text;
    }
    return "unknown error " + std::to_string(code);
}

} // namespace tincan
