// SPDX-License-Identifier: MIT
#include "session/savejob.h"

#include <QPromise>
#include <QThreadPool>

#include "session/session.h"
#include "session/words.h"
#include "session/workpool.h"

namespace tincan {

SaveJob::SaveJob(const Session &session, PeerId peer, QObject *parent)
    : QObject(parent)
    , m_payloads(session.payloads())
{
    const Index &index = session.index();
    m_request.rows = index.rows();
    m_request.details = index.details();
    m_request.conversation = ConversationView(m_request.rows);
    if (peer != kNoPeer) {
        index.conversation(peer, 0, m_numbers);
        m_request.conversation = ConversationView(m_request.rows, m_numbers.view(), peer);
    }
    m_request.words
        = [](const Row &row, const Detail &detail, bool otherSideFinished) { return noteText(row, detail, otherSideFinished); };
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this, &SaveJob::progressed);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { emit ended(m_watcher.result()); });
}

SaveJob::~SaveJob()
{
    cancel();
    m_watcher.disconnect(this);
    waitForEnd();
}

void SaveJob::start()
{
    auto promise = std::make_shared<QPromise<Result<SaveResult>>>();
    promise->setProgressRange(0, 1000);
    m_watcher.setFuture(promise->future());
    promise->start();
    workPool().start([promise, request = m_request, &payloads = m_payloads, isCancelled = m_isCancelled] {
        const LongWork whileThisIsWritten;
        promise->addResult(save(request, payloads, [&](int perMille) {
            promise->setProgressValue(perMille);
            return !*isCancelled;
        }));
        promise->finish();
    });
}

void SaveJob::waitForEnd()
{
    m_watcher.waitForFinished();
}

} // namespace tincan
