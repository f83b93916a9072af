// SPDX-License-Identifier: MIT
#include "net/processinfo.h"

#include <array>
#include <fstream>

#include <pwd.h>

namespace tincan {

Credentials processInfo(int pid, std::uint32_t uid, std::uint32_t gid)
{
    Credentials found;
    found.pid = pid;
    found.uid = uid;
    found.gid = gid;
    std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
    std::getline(comm, found.program);
    passwd entry{};
    passwd *user = nullptr;
    std::array<char, 4096> text; // NOLINT: filled by the call
    if (::getpwuid_r(uid, &entry, text.data(), text.size(), &user) == 0 && user) {
        found.user = user->pw_name;
    }
    return found;
}

} // namespace tincan
