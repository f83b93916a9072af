// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include "base/uniquefd.h"

class QSocketNotifier;

namespace tincan {

// SIGINT and SIGTERM as a Qt signal. Make it before any other thread is started: they are then blocked in all of them and
// read from a signalfd(2). Main thread, one a process. SIGPIPE and SIGXFSZ are ignored as well.
class SignalWatch final : public QObject
{
    Q_OBJECT
public:
    explicit SignalWatch(QObject *parent = nullptr);
    ~SignalWatch() override;

signals:
    void asked(int signal);

private:
    void read();
    UniqueFd m_fd;
    QSocketNotifier *m_notifier = nullptr;
};

} // namespace tincan
