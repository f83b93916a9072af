// SPDX-License-Identifier: MIT
#pragma once

namespace tincan {

// Functions of the programs in C that session/cprogram.cpp writes, as they stand there.

inline constexpr const char *kCheck = R"(
static int check(int result, const char *call)
{
    if (result < 0) {
        perror(call); /* the call, and what its errno means */
        exit(EXIT_FAILURE);
    }
    return result;
}
)";

inline constexpr const char *kUnlinkSocket = R"(
/* What a program that is gone has left behind; any other file stays, and is in the way. */
static void unlink_socket(const char *path)
{
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode)) {
        unlink(path);
    }
}
)";

inline constexpr const char *kSendAll = R"(
/* send(2) may take less than it was given: the rest is sent again. MSG_NOSIGNAL: no SIGPIPE where the peer is gone. */
static void send_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t taken = send(fd, bytes, size, MSG_NOSIGNAL);
        check((int)taken, "send");
        bytes += taken;
        size -= (size_t)taken;
    }
}
)";

inline constexpr const char *kSendMessage = R"(
/* One call, one message; an empty one is a message too. */
static void send_message(int fd, const char *bytes, size_t size)
{
    check((int)send(fd, bytes, size, MSG_NOSIGNAL), "send");
}
)";

inline constexpr const char *kReceive = R"(
/* TCP is a stream: recv(2) gives what has come, not what was sent at once. So until so many bytes are there, or the end. */
static void receive(int fd, size_t size)
{
    char buffer[4096];
    while (size > 0) {
        ssize_t got = recv(fd, buffer, size < sizeof buffer ? size : sizeof buffer, 0);
        if (got <= 0) { /* 0: the peer has sent FIN */
            check((int)got, "recv");
            return;
        }
        fwrite(buffer, 1, (size_t)got, stdout);
        fflush(stdout);
        size -= (size_t)got;
    }
}
)";

inline constexpr const char *kReceiveMessages = R"(
/* One call, one message. */
static void receive_messages(int fd, int count)
{
    static char buffer[65536];
    while (count-- > 0) {
        ssize_t got = recv(fd, buffer, sizeof buffer, 0);
        check((int)got, "recv");
        fwrite(buffer, 1, (size_t)got, stdout);
        fflush(stdout);
    }
}
)";

inline constexpr const char *kReceiveRest = R"(
/* Until recv(2) gives 0 (the peer's FIN) or fails (its RST). */
static void receive_rest(int fd)
{
    char buffer[4096];
    ssize_t got;
    while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0) {
        fwrite(buffer, 1, (size_t)got, stdout);
        fflush(stdout);
    }
    if (got < 0) {
        perror("recv");
    }
}
)";

inline constexpr const char *kAnswer = R"(
/* Whether all of it was taken: where the peer is gone, the others are served on. */
static int answer(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t taken = send(fd, bytes, size, MSG_NOSIGNAL);
        if (taken < 0) {
            perror("send");
            return 0;
        }
        bytes += taken;
        size -= (size_t)taken;
    }
    return 1;
}
)";

inline constexpr const char *kIsExit = R"(
/* "exit", with nothing but line ends and NULs behind it. */
static int is_exit(const char *bytes, size_t size)
{
    if (size < 4 || memcmp(bytes, "exit", 4) != 0) {
        return 0;
    }
    for (size_t at = 4; at < size; ++at) {
        if (bytes[at] != '\r' && bytes[at] != '\n' && bytes[at] != '\0') {
            return 0;
        }
    }
    return 1;
}
)";

} // namespace tincan
