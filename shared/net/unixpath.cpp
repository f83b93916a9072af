// SPDX-License-Identifier: MIT
#include "net/unixpath.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/uniquefd.h"
#include "net/credentials.h"
#include "net/portowner.h"
#include "net/tracedcalls.h"

namespace tincan {

namespace {

constexpr int kBindAttempts = 4; // while others make and remove files at the path
constexpr mode_t kPermissions = 0777;

enum class Found : std::uint8_t { Nothing, NoSocket, Stale, Live };

struct Probe {
    Found found = Found::Live;
    PortOwner owner;
};

bool isSame(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_mtim.tv_sec == b.st_mtim.tv_sec
        && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

// By its name in /proc/net/unix (Num RefCount Protocol Flags Type St Inode Path), then by its inode.
PortOwner ownerOfName(const std::string &name)
{
    std::ifstream file("/proc/net/unix");
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string skipped;
        std::uint64_t inode = 0;
        std::string path;
        fields >> skipped >> skipped >> skipped >> skipped >> skipped >> skipped >> inode >> std::ws;
        std::getline(fields, path);
        if (path == name) {
            if (const PortOwner owner = findSocketOwner(inode); owner.pid != 0) {
                return owner;
            }
        }
    }
    return {};
}

// Whether somebody is there, by connecting.
Probe probe(TracedCalls &calls, const Endpoint &address, Transport transport, PeerId peer)
{
    const bool isPath = address.family() == Endpoint::Family::UnixPath;
    if (struct stat status{}; isPath && ::lstat(address.path().c_str(), &status) != 0) {
        return {errno == ENOENT ? Found::Nothing : Found::Live, {}};
    } else if (isPath && !S_ISSOCK(status.st_mode)) { // of which connect(2) would say ECONNREFUSED too
        return {Found::NoSocket, {}};
    }
    const int fd = calls.socket(AF_UNIX, transport, peer);
    if (fd < 0) {
        return {};
    }
    const int error = calls.connect(fd, address, peer) == 0 ? 0 : errno;
    Probe result;
    if (error == ENOENT) {
        result.found = Found::Nothing;
    } else if (error == ECONNREFUSED && isPath) {
        result.found = Found::Stale;
    } else {
        const Credentials holder = error == 0 ? peerCredentials(calls, fd, peer) : Credentials{};
        result.owner = holder.pid != 0 ? PortOwner{holder.pid, holder.program} : ownerOfName(address.toString());
    }
    calls.close(fd, peer);
    return result;
}

// Removes what stands at the path where that is a socket that nobody listens on. 0, or errno: EADDRINUSE where it is another one
// by now.
int removeStale(TracedCalls &calls, const Endpoint &address, Transport transport, PeerId peer)
{
    static std::atomic<unsigned> count = 0;
    const std::string &path = address.path();
    const std::string aside = path + ".stale-" + std::to_string(::getpid()) + '-' + std::to_string(++count);
    struct stat before {
    };
    struct stat after {
    };
    if (::lstat(path.c_str(), &before) != 0
        || ::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, aside.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno != EINVAL && errno != ENAMETOOLONG) { // a file system that cannot, a path that has no room
            return errno == ENOENT ? 0 : errno;
        }
        return calls.unlink(path, peer) == 0 ? 0 : errno;
    }
    const bool sameFile = ::lstat(aside.c_str(), &after) == 0 && isSame(before, after);
    const Endpoint moved = Endpoint::unixPath(aside);
    if (sameFile && (unixNameError(moved) != 0 || probe(calls, moved, transport, peer).found == Found::Stale)) {
        return calls.unlink(aside, peer) == 0 ? 0 : errno;
    }
    ::renameat2(AT_FDCWD, aside.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE);
    return EADDRINUSE;
}

UnixPath::Failure failure(int error, CallName call, const std::string &detail, PortOwner owner = {})
{
    return {{error, call, detail}, std::move(owner)};
}

} // namespace

std::optional<UnixPath::Failure> UnixPath::bind(TracedCalls &calls, int fd, const Endpoint &address, Transport transport,
                                                int mode, PeerId peer)
{
    const std::string name = address.toString();
    if (const int error = unixNameError(address); error != 0) {
        return failure(error, CallName::Bind, name);
    }
    const bool isPath = address.family() == Endpoint::Family::UnixPath;
    if (isPath && mode >= 0 && calls.changeMode(fd, static_cast<mode_t>(mode) & kPermissions, name, peer) != 0) {
        return failure(errno, CallName::ChMod, name);
    }
    Probe found;
    for (int i = 0; i < kBindAttempts; ++i) {
        if (calls.bind(fd, address, false, peer) == 0) {
            m_path = isPath ? address.path() : std::string();
            return bound(calls, mode, peer);
        }
        if (errno != EADDRINUSE) {
            return failure(errno, CallName::Bind, name);
        }
        found = probe(calls, address, transport, peer);
        if (found.found == Found::NoSocket) {
            return failure(EADDRINUSE, CallName::Bind, std::string(kNoSocket));
        }
        if (found.found == Found::Live) {
            break;
        }
        if (found.found == Found::Stale) {
            if (const int error = removeStale(calls, address, transport, peer); error == 0) {
                m_replacedStale = true;
            } else if (error != EADDRINUSE) {
                return failure(error, CallName::Unlink, name);
            }
        }
    }
    return failure(EADDRINUSE, CallName::Bind, name, std::move(found.owner));
}

// Which file it is, and what the umask took.
std::optional<UnixPath::Failure> UnixPath::bound(TracedCalls &calls, int mode, PeerId peer)
{
    if (m_path.empty()) {
        return {};
    }
    const UniqueFd file(::open(m_path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)); // NOLINT(cppcoreguidelines-pro-type-vararg)
    struct stat status {
    };
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISSOCK(status.st_mode) || status.st_uid != ::geteuid()) {
        m_path.clear(); // it is gone already, or another's
        return {};
    }
    m_device = status.st_dev;
    m_inode = status.st_ino;
    const mode_t wanted = static_cast<mode_t>(mode) & kPermissions;
    if (mode >= 0 && (status.st_mode & kPermissions) != wanted && calls.changeFileMode(file.get(), wanted, m_path, peer) != 0) {
        const int error = errno;
        std::string path = m_path;
        remove(calls, peer);
        return failure(error, CallName::ChMod, path);
    }
    return {};
}

void UnixPath::remove(TracedCalls &calls, PeerId peer)
{
    struct stat status {
    };
    const std::string path = std::exchange(m_path, {});
    if (!path.empty() && ::lstat(path.c_str(), &status) == 0 && status.st_dev == m_device && status.st_ino == m_inode) {
        calls.unlink(path, peer);
    }
}

Endpoint unixEndpoint(const std::string &text)
{
    return text.starts_with('@') ? Endpoint::unixAbstract(text.substr(1)) : Endpoint::unixPath(text);
}

int unixNameError(const Endpoint &address)
{
    sockaddr_storage storage{};
    if (address.addressFamily() != AF_UNIX || address.path().empty()) {
        return EINVAL;
    }
    return address.toSockaddr(storage) == 0 ? ENAMETOOLONG : 0;
}

} // namespace tincan
