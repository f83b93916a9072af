// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <QProcess>
#include <QStandardPaths>
#include <QStringList>

#include "base/uniquefd.h"

namespace tincan::test {

// A network namespace of its own (network_namespaces(7)): another host, as far as sockets can tell. It has no name and is held by
// a descriptor alone, so nothing is left of it however the test ends. Empty where it may not be made.
class Namespace
{
public:
    Namespace()
    {
        std::thread([this] {
            if (::unshare(CLONE_NEWNET) == 0) {
                m_fd.reset(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
            }
        }).join();
    }
    explicit operator bool() const { return static_cast<bool>(m_fd); }
    int fd() const { return m_fd.get(); }
    QString path() const { return QStringLiteral("/proc/%1/fd/%2").arg(::getpid()).arg(fd()); }

private:
    UniqueFd m_fd;
};

// While one lives, this thread is in the namespace, and so are the threads and processes that it starts.
class Inside
{
public:
    explicit Inside(const Namespace &there)
        : m_back(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC))
    {
        m_isIn = ::setns(there.fd(), CLONE_NEWNET) == 0;
    }
    Inside(const Inside &) = delete;
    Inside &operator=(const Inside &) = delete;
    ~Inside()
    {
        if (m_isIn) {
            ::setns(m_back.get(), CLONE_NEWNET);
        }
    }
    bool isIn() const { return m_isIn; }

private:
    UniqueFd m_back;
    bool m_isIn = false;
};

// Runs ip(8) there.
inline bool runIp(const Namespace &there, const QString &arguments)
{
    const Inside inside(there);
    QProcess ip;
    ip.start(QStringLiteral("ip"), arguments.split(u' '));
    return inside.isIn() && ip.waitForFinished() && ip.exitStatus() == QProcess::NormalExit && ip.exitCode() == 0;
}

// Two hosts and a cable between them.
struct TwoHosts {
    static constexpr const char *kOne = "10.203.7.1";
    static constexpr const char *kOther = "10.203.7.2";
    static constexpr const char *kNobody = "10.203.7.77";

    Namespace one;
    Namespace other;
    QString problem; // why it could not be made

    TwoHosts()
    {
        if (::geteuid() != 0) {
            problem = QStringLiteral("only root may make network namespaces");
        } else if (!one || !other) {
            problem = QStringLiteral("the kernel makes no network namespaces here");
        } else if (QStandardPaths::findExecutable(QStringLiteral("ip")).isEmpty()) {
            problem = QStringLiteral("ip(8) of iproute2 is not here");
        } else if (!wire()) {
            problem = QStringLiteral("no virtual cable (veth) can be made here");
        }
    }
    // The cable is pulled out at the other host, or put back.
    bool setLink(bool up) const
    {
        return runIp(other, QStringLiteral("link set tin1 ") + (up ? QStringLiteral("up") : QStringLiteral("down")));
    }

private:
    bool wire() const
    {
        return runIp(one, QStringLiteral("link add tin0 type veth peer name tin1 netns ") + other.path())
            && runIp(one, QStringLiteral("addr add %1/24 brd + dev tin0").arg(QLatin1String(kOne)))
            && runIp(other, QStringLiteral("addr add %1/24 brd + dev tin1").arg(QLatin1String(kOther)))
            && runIp(one, QStringLiteral("link set tin0 up")) && runIp(one, QStringLiteral("link set lo up")) && setLink(true)
            && runIp(other, QStringLiteral("link set lo up"));
    }
};

} // namespace tincan::test
