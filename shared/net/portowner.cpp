// SPDX-License-Identifier: MIT
#include "net/portowner.h"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unordered_set>

namespace tincan {

namespace {

namespace fs = std::filesystem;

// Inodes of the listening sockets with this port. Lines: sl local rem st queues timers retransmits uid timeout inode …
void listeners(const char *table, std::uint16_t port, std::unordered_set<std::string> &inodes)
{
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string slot;
        std::string local;
        std::string remote;
        std::string state;
        std::string skipped;
        std::string inode;
        fields >> slot >> local >> remote >> state >> skipped >> skipped >> skipped >> skipped >> skipped >> inode;
        const auto colon = local.rfind(':');
        constexpr int kHex = 16;
        if (state == "0A" && colon != std::string::npos && std::strtoul(local.c_str() + colon + 1, nullptr, kHex) == port) {
            inodes.insert("socket:[" + inode + "]");
        }
    }
}

bool holdsOne(const fs::path &process, const std::unordered_set<std::string> &sockets)
{
    std::error_code error;
    for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end; entry.increment(error)) {
        std::error_code unreadable;
        const fs::path target = fs::read_symlink(entry->path(), unreadable);
        if (!unreadable && sockets.contains(target.string())) {
            return true;
        }
    }
    return false;
}

// Who has one of these open.
PortOwner holderOf(const std::unordered_set<std::string> &sockets)
{
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        int pid = 0;
        const auto [last, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad != std::errc{} || last != name.data() + name.size() || !holdsOne(entry->path(), sockets)) {
            continue;
        }
        PortOwner owner;
        owner.pid = pid;
        std::ifstream comm(entry->path() / "comm");
        std::getline(comm, owner.program);
        return owner;
    }
    return {};
}

} // namespace

PortOwner findPortOwner(const Endpoint &endpoint)
{
    std::unordered_set<std::string> sockets;
    listeners("/proc/net/tcp", endpoint.port(), sockets);
    listeners("/proc/net/tcp6", endpoint.port(), sockets);
    return sockets.empty() ? PortOwner{} : holderOf(sockets);
}

PortOwner findSocketOwner(std::uint64_t inode)
{
    return inode == 0 ? PortOwner{} : holderOf({"socket:[" + std::to_string(inode) + "]"});
}

} // namespace tincan
