// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>

#include <QFutureWatcher>
#include <QObject>

#include "session/callscript.h"

namespace tincan {

// Makes a script on a thread of the pool, while the session goes on. GUI thread. Index and payloads outlive the job; one that is
// destroyed before its end is cancelled, and waits for that.
class CallScriptJob final : public QObject
{
    Q_OBJECT
public:
    CallScriptJob(CallScriptRequest request, const PayloadSource &payloads, QObject *parent = nullptr);
    ~CallScriptJob() override;

    void start(); // once

signals:
    // Once, from the event loop.
    void made(const tincan::CallScript &script);

private:
    CallScriptRequest m_request;
    const PayloadSource &m_payloads;
    std::shared_ptr<std::atomic<bool>> m_isWanted = std::make_shared<std::atomic<bool>>(true);
    QFutureWatcher<CallScript> m_watcher;
};

} // namespace tincan
