// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractEventDispatcher>

namespace tincan {

// For a QThread in which no QObject lives and no Qt loop ever runs. The dispatcher that Qt makes otherwise (GLib's) takes 16 KiB
// and a descriptor, which is more than all the rest of a thread that serves one peer.
class NullDispatcher final : public QAbstractEventDispatcher
{
    Q_OBJECT
public:
    using QAbstractEventDispatcher::QAbstractEventDispatcher;

    bool processEvents(QEventLoop::ProcessEventsFlags /*flags*/) override { return false; }
    void registerSocketNotifier(QSocketNotifier * /*notifier*/) override { }
    void unregisterSocketNotifier(QSocketNotifier * /*notifier*/) override { }
    void registerTimer(int /*id*/, qint64 /*interval*/, Qt::TimerType /*type*/, QObject * /*object*/) override { }
    bool unregisterTimer(int /*id*/) override { return false; }
    bool unregisterTimers(QObject * /*object*/) override { return false; }
    QList<TimerInfo> registeredTimers(QObject * /*object*/) const override { return {}; }
    int remainingTime(int /*id*/) override { return -1; }
    void wakeUp() override { }
    void interrupt() override { }
};

} // namespace tincan
