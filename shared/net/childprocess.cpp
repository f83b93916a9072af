// SPDX-License-Identifier: MIT
#include "net/childprocess.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/wire.h"

namespace tincan {

namespace {

// Above those that the child finds its own at: dup2(2) must not overwrite what is still to be handed over.
constexpr int kAbove = 10;

struct Actions {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;

    Actions()
    {
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&attributes);
    }
    Actions(const Actions &) = delete;
    Actions &operator=(const Actions &) = delete;
    ~Actions()
    {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
};

// What we do with signals is ours: the child begins as a program does from a shell. Ctrl-C is for us, who end it in order.
void setSignals(posix_spawnattr_t &attributes)
{
    sigset_t set;
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes, &set);
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

// A message of a seqpacket socket is EMSGSIZE where the buffer is smaller than that and 32 bytes (unix_dgram_sendmsg() of Linux),
// which net.core.wmem_default may make it. The buffers are left as they are where they are large enough.
Result<void> makeRoom(int fd)
{
    constexpr int kNeeded = 2 * static_cast<int>(kMaxFrame);
    const auto size = [fd] {
        int bytes = 0;
        socklen_t length = sizeof bytes;
        return ::getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, &length) == 0 ? bytes : 0;
    };
    if (size() < kNeeded) { // the kernel doubles what it is told, for what it needs itself (socket(7))
        const int asked = kNeeded / 2;
        if (::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &asked, sizeof asked) != 0
            && ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &asked, sizeof asked) != 0) {
            return failErrno(CallName::SetSockOpt);
        }
    }
    constexpr int kOverhead = 32;
    if (size() < static_cast<int>(kMaxFrame) + kOverhead) {
        return fail(EMSGSIZE, CallName::SetSockOpt, "SO_SNDBUF: net.core.wmem_max");
    }
    return {};
}

} // namespace

Result<Child> spawnChild(const std::string &program, int socket)
{
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
        return failErrno(CallName::SocketPair);
    }
    Child child;
    child.pair.reset(ends[0]);
    const UniqueFd low(ends[1]);
    for (const int fd : ends) {
        if (const auto made = makeRoom(fd); !made) {
            return tl::unexpected(made.error());
        }
    }
    const UniqueFd given(::fcntl(socket, F_DUPFD_CLOEXEC, kAbove));
    const UniqueFd end(given ? ::fcntl(low.get(), F_DUPFD_CLOEXEC, kAbove) : -1);
    if (!end) {
        return failErrno(CallName::Spawn);
    }
    Actions actions;
    setSignals(actions.attributes);
    posix_spawn_file_actions_addopen(&actions.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions.files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions.files, given.get(), kChildSocket);
    posix_spawn_file_actions_adddup2(&actions.files, end.get(), kChildPair);
    posix_spawn_file_actions_addclosefrom_np(&actions.files, kChildPair + 1);
    std::string name = program;
    std::string argument = "--serve-peer";
    std::array<char *, 3> arguments{name.data(), argument.data(), nullptr};
    const int error
        = ::posix_spawn(&child.number, program.c_str(), &actions.files, &actions.attributes, arguments.data(), environ);
    if (error != 0) {
        return fail(error, CallName::Spawn, program);
    }
    child.pid.reset(static_cast<int>(::syscall(SYS_pidfd_open, child.number, 0)));
    if (!child.pid) {
        const int code = errno;
        ::kill(child.number, SIGKILL);
        while (::waitpid(child.number, nullptr, 0) < 0 && errno == EINTR) { } // or it stays a zombie
        return fail(code, CallName::Spawn, "pidfd_open");
    }
    return child;
}

int waitChild(const Child &child)
{
    siginfo_t info{};
    int result = 0;
    do {
        result = ::waitid(P_PIDFD, static_cast<id_t>(child.pid.get()), &info, WEXITED | WNOHANG);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        return 0; // somebody else has waited for it: it is over, and how is not known
    }
    if (info.si_pid == 0) {
        return -1;
    }
    return info.si_code == CLD_EXITED ? info.si_status : 1000 + info.si_status;
}

void killChild(const Child &child)
{
    ::syscall(SYS_pidfd_send_signal, child.pid.get(), SIGKILL, nullptr, 0);
}

void endChild(Child &child)
{
    killChild(child);
    siginfo_t info{};
    while (::waitid(P_PIDFD, static_cast<id_t>(child.pid.get()), &info, WEXITED) < 0 && errno == EINTR) { }
    child.pair.reset();
    child.pid.reset();
}

std::string findPeerProgram()
{
    std::error_code none;
    const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", none);
    const std::filesystem::path folder = own.parent_path();
    for (const auto &place : {folder / "tincan-peer", folder / "../libexec/tincan/tincan-peer"}) {
        if (::access(place.c_str(), X_OK) == 0) {
            return place.string();
        }
    }
    return "/proc/self/exe";
}

} // namespace tincan
