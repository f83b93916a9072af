// SPDX-License-Identifier: MIT
#include "session/signalwatch.h"

#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

#include <QSocketNotifier>

namespace tincan {

SignalWatch::SignalWatch(QObject *parent)
    : QObject(parent)
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // write(2) then says EFBIG
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_fd.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (m_fd) {
        m_notifier = new QSocketNotifier(m_fd.get(), QSocketNotifier::Read, this);
        connect(m_notifier, &QSocketNotifier::activated, this, &SignalWatch::read);
    }
}

SignalWatch::~SignalWatch() = default;

void SignalWatch::read()
{
    signalfd_siginfo info{};
    while (::read(m_fd.get(), &info, sizeof info) == sizeof info) {
        emit asked(static_cast<int>(info.ssi_signo));
    }
}

} // namespace tincan
