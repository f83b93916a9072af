// SPDX-License-Identifier: MIT
#include "net/credentials.h"

#include <array>
#include <fstream>
#include <map>

#include <pwd.h>
#include <sys/types.h>

#include "net/tracedcalls.h"

namespace tincan {

Credentials peerCredentials(TracedCalls &calls, int fd, PeerId peer)
{
    Credentials found;
    ucred told{};
    if (calls.peerCredentials(fd, told, peer) != 0 || told.pid <= 0) { // 0: of another pid namespace
        return found;
    }
    found.pid = told.pid;
    found.uid = told.uid;
    found.gid = told.gid;
    found.program = programName(told.pid);
    found.user = userName(told.uid);
    return found;
}

std::string programName(int pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(file, name);
    return name;
}

std::string userName(std::uint32_t uid)
{
    // It may be asked of a server (nsswitch.conf(5)), and it is the same few users again and again.
    thread_local std::map<std::uint32_t, std::string> known;
    if (const auto found = known.find(uid); found != known.end()) {
        return found->second;
    }
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd *result = nullptr;
    const bool isKnown = ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &result) == 0 && result;
    return known[uid] = isKnown ? entry.pw_name : std::string();
}

} // namespace tincan
