// SPDX-License-Identifier: MIT
#include "session/callscriptjob.h"

#include <utility>

#include <QPromise>

#include "session/workpool.h"

namespace tincan {

CallScriptJob::CallScriptJob(CallScriptRequest request, const PayloadSource &payloads, QObject *parent)
    : QObject(parent)
    , m_request(std::move(request))
    , m_payloads(payloads)
{
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { emit made(m_watcher.result()); });
}

CallScriptJob::~CallScriptJob()
{
    *m_isWanted = false;
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

void CallScriptJob::start()
{
    auto promise = std::make_shared<QPromise<CallScript>>();
    m_watcher.setFuture(promise->future());
    promise->start();
    startWork([promise, request = std::move(m_request), &payloads = m_payloads, isWanted = m_isWanted] {
        const LongWork whileThisIsMade;
        promise->addResult(makeCallScript(request, payloads, [&isWanted] { return isWanted->load(); }));
        promise->finish();
    });
}

} // namespace tincan
