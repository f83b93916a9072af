// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <QString>

#include "base/record.h"

namespace tincan {

// The constants of socket calls by their names in C, joined and ordered as strace(1) writes them; numbers where a name is not
// known. Any thread.
QString domainName(int domain);                 // "AF_INET"
QString socketTypeName(int type);               // "SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK"
QString typeFlagNames(int flags);               // of accept4(2): "SOCK_CLOEXEC|SOCK_NONBLOCK"
QString protocolName(int domain, int protocol); // "IPPROTO_TCP"; of AF_UNIX, which has none, "0"
QString shutdownName(int how);                  // "SHUT_WR"
QString optionLevelName(int level);             // "SOL_TCP"
QString optionName(int level, int option);      // "TCP_NODELAY"
QString messageFlagNames(int flags);            // "MSG_DONTWAIT|MSG_NOSIGNAL"
QString requestName(int request);               // of ioctl(2): "SIOCOUTQ"
QString lookupErrorName(int code);              // "EAI_NONAME"

// The two numbers of SO_LINGER. Nothing else of the call's text, which may come from a file.
std::pair<int, int> lingerOf(const CallInfo &call);

} // namespace tincan
