// SPDX-License-Identifier: MIT
#include "session/savejob.h"

#include <set>
#include <utility>

#include <QPromise>

#include "session/session.h"
#include "session/words.h"
#include "session/workpool.h"

namespace tincan {

namespace {

// Those that were given to this peer, or to all. A name-resolution block knows no ports: peers with the same address give it each
// of their names, but none of them twice.
std::vector<NamedAddress> namesOf(const Session &session, PeerId peer)
{
    std::vector<NamedAddress> names;
    std::set<std::pair<std::string, std::string>> known;
    const auto take = [&](PeerId id) {
        const PeerInfo *info = session.index().peerInfo(id);
        std::string name = session.index().nameOf(id).toStdString();
        if (info && !name.empty() && known.emplace(info->remote.addressText(), name).second) {
            names.push_back({info->remote, std::move(name)});
        }
    };
    if (peer != kNoPeer) {
        take(peer);
        return names;
    }
    for (const PeerId id : session.index().named()) {
        take(id);
    }
    return names;
}

} // namespace

SaveRequest saveRequest(const Index &index)
{
    SaveRequest request;
    request.rows = index.rows();
    request.details = index.details();
    request.conversation = ConversationView(request.rows);
    request.words
        = [](const Row &row, const Detail &detail, const RowContext &context) { return noteText(row, detail, context); };
    return request;
}

SaveJob::SaveJob(const Session &session, PeerId peer, QObject *parent)
    : QObject(parent)
    , m_payloads(session.payloads())
{
    const Index &index = session.index();
    m_request = saveRequest(index);
    if (peer != kNoPeer) {
        index.conversation(peer, 0, m_numbers);
        m_request.conversation = ConversationView(m_request.rows, m_numbers.view(), peer);
    }
    m_request.names = namesOf(session, peer);
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
    startWork([promise, request = m_request, &payloads = m_payloads, isCancelled = m_isCancelled] {
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
