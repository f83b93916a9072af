// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstring>

#include <pwd.h>

#include <QTemporaryDir>

#include "support/enginehost.h"

namespace tincan::test {

// A path or "@name".
inline Endpoint unixName(const std::string &text)
{
    return text.starts_with('@') ? Endpoint::unixAbstract(text.substr(1)) : Endpoint::unixPath(text);
}

// A Unix socket that is bound to `text`; -1 in it where that failed.
inline UniqueFd bindUnix(const std::string &text, int type = SOCK_STREAM)
{
    UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    sockaddr_storage storage{};
    const socklen_t size = unixName(text).toSockaddr(storage);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr *>(&storage), size) != 0) {
        fd.reset();
    }
    return fd;
}

inline UniqueFd listenUnix(const std::string &text, int type = SOCK_STREAM, int backlog = 8)
{
    UniqueFd fd = bindUnix(text, type);
    if (fd && ::listen(fd.get(), backlog) != 0) {
        fd.reset();
    }
    return fd;
}

// Connected to it, with blocking calls; empty where that failed, with errno.
inline UniqueFd connectUnix(const std::string &text, int type = SOCK_STREAM)
{
    UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    sockaddr_storage storage{};
    const socklen_t size = unixName(text).toSockaddr(storage);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr *>(&storage), size) != 0) {
        const int error = errno;
        fd.reset();
        errno = error;
    }
    return fd;
}

// A name that no other test uses.
inline std::string abstractName()
{
    static int count = 0;
    return "@tincan-test-" + std::to_string(::getpid()) + '-' + std::to_string(++count);
}

// Sends one byte and so many copies of its own descriptor along with it (SCM_RIGHTS, unix(7)); `to` only where the socket is not
// connected.
inline bool sendDescriptors(int fd, std::size_t count, const Endpoint &to = {})
{
    constexpr std::size_t kMost = 8;
    char byte = 'x';
    iovec vector{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMost * sizeof(int))> control{};
    sockaddr_storage storage{};
    msghdr message{};
    if (!to.isEmpty()) {
        message.msg_namelen = to.toSockaddr(storage);
        message.msg_name = &storage;
    }
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    count = std::min(count, kMost);
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    std::array<int, kMost> own{};
    own.fill(fd);
    std::memcpy(CMSG_DATA(header), own.data(), count * sizeof(int));
    return ::sendmsg(fd, &message, MSG_NOSIGNAL) == 1;
}

// What is told of a peer is what this process is.
inline void compareWithOurProcess(const Credentials &who)
{
    QCOMPARE(who.pid, static_cast<int>(::getpid()));
    QCOMPARE(who.uid, ::getuid());
    QCOMPARE(who.gid, ::getgid());
    QVERIFY(!who.program.empty());
    const passwd *entry = ::getpwuid(::getuid());
    QCOMPARE(who.user, std::string(entry ? entry->pw_name : ""));
}

// A folder of its own, and names in it. Short, for a path of a socket may have 108 bytes.
class UnixFolder
{
public:
    std::string path(const char *name = "s") const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }
    QStringList entries() const
    {
        return QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
    }

private:
    QTemporaryDir m_folder{QStringLiteral("/tmp/tincan-XXXXXX")};
};

template<typename Host>
bool listenAt(Host &host, const std::string &name, Transport transport = Transport::UnixStream,
              AnswerMode mode = AnswerMode::Manual, ListenOptions options = {})
{
    options.address = unixName(name);
    options.transport = transport;
    const int before = host.count(RecordKind::Listening);
    const int failed = host.count(RecordKind::ListenFailed);
    host.run([&] {
        host.engine.setAnswer({.mode = mode});
        host.engine.listen(options);
        host.engine.note(kNoPeer, {NoteCode::Other, 0, 0, "listened"});
    });
    return QTest::qWaitFor(
               [&] { return host.count(RecordKind::Listening) > before || host.count(RecordKind::ListenFailed) > failed; })
        && host.count(RecordKind::Listening) > before;
}

template<typename Host>
PeerId connectTo(Host &host, const std::string &name, Transport transport = Transport::UnixStream, const std::string &local = {},
                 std::chrono::milliseconds timeout = std::chrono::seconds(10))
{
    const PeerId peer = host.engine.reservePeer();
    ConnectOptions options{.host = name};
    options.transport = transport;
    options.timeout = timeout;
    if (!local.empty()) {
        options.local = unixName(local);
    }
    host.run([&] { host.engine.connectTo(peer, options); });
    return peer;
}

} // namespace tincan::test
