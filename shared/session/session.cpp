// SPDX-License-Identifier: MIT
#include "session/session.h"

#include <algorithm>
#include <utility>

#include <QTimer>

#include "session/callmodel.h"
#include "session/netthread.h"
#include "session/peermodel.h"
#include "session/transcriptmodel.h"

namespace tincan {

namespace {

constexpr int kFrameMilliseconds = 16;

} // namespace

Session::Session(QObject *parent)
    : QObject(parent)
    , m_recorder(std::make_unique<Recorder>())
    , m_net(std::make_unique<NetThread>(*m_recorder))
    , m_peers(new PeerModel(this))
    , m_calls(new CallModel(this))
    , m_frame(new QTimer(this))
{
    qRegisterMetaType<Notice>();
    m_frame->setSingleShot(true);
    m_frame->setTimerType(Qt::PreciseTimer);
    connect(m_frame, &QTimer::timeout, this, &Session::takeRows);
    connect(m_recorder.get(), &Recorder::rowsReady, this, &Session::rowsReady, Qt::QueuedConnection);
    connect(m_recorder.get(), &Recorder::failed, this, &Session::recordingFailed, Qt::QueuedConnection);
    connect(m_recorder.get(), &Recorder::recovered, this, &Session::recordingRecovered, Qt::QueuedConnection);
}

Session::~Session()
{
    stopThreads();
}

Result<void> Session::begin(const RecordingPlace &place, const QString &application)
{
    const Result<std::uint64_t> limit = raiseDescriptorLimit();
    if (Result<void> opened = m_recorder->open(place, application); !opened) {
        return opened;
    }
    m_recorder->start();
    m_net->start();
    m_begun = true;
    if (!limit) {
        Notice notice;
        notice.detail = NoteInfo{NoteCode::DescriptorLimit, 0, limit.error().code, {}};
        QTimer::singleShot(0, this, [this, notice] { emit noticeRaised(notice); });
    }
    return {};
}

void Session::setTap(std::function<void(const Batch &)> tap)
{
    m_recorder->setTap(std::move(tap));
}

void Session::end()
{
    if (!m_begun) {
        return;
    }
    stopThreads();
    takeRows();
}

void Session::stopThreads()
{
    if (!std::exchange(m_begun, false)) {
        return;
    }
    m_net->engine().quit();
    m_net->join();
    m_recorder->finish();
}

QString Session::recordingPath() const
{
    return m_recorder->path();
}

const PayloadSource &Session::payloads() const
{
    return *m_recorder;
}

Engine &Session::engine() const
{
    return m_net->engine();
}

SessionTotals Session::totals() const
{
    const Peer &all = m_peers->peer(0);
    return {all.bytesIn, all.bytesOut, all.messagesIn, all.messagesOut, m_notRecorded};
}

std::unique_ptr<TranscriptModel> Session::openConversation(const ConversationOptions &options)
{
    auto model = std::make_unique<TranscriptModel>(m_index, *m_recorder, options);
    model->setDelivery(&m_delivery);
    m_conversations.push_back(model.get());
    connect(model.get(), &QObject::destroyed, this,
            [this](QObject *gone) { std::erase_if(m_conversations, [gone](const QObject *open) { return open == gone; }); });
    return model;
}

void Session::post(std::function<void(Engine &)> task)
{
    if (m_begun) {
        Engine &engine = m_net->engine();
        engine.post([&engine, task = std::move(task)] { task(engine); });
    }
}

void Session::send(const std::vector<PeerId> &to, const QByteArray &bytes)
{
    post([to, bytes](Engine &engine) {
        const std::span payload(reinterpret_cast<const std::byte *>(bytes.constData()), static_cast<std::size_t>(bytes.size()));
        if (std::find(to.begin(), to.end(), kNoPeer) != to.end()) {
            engine.sendToAll(payload);
        } else if (to.size() == 1) {
            engine.send(to.front(), payload);
        } else {
            engine.sendToMany(to, payload);
        }
    });
}

void Session::finishSending(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.finishSending(peer);
        }
    });
}

void Session::disconnectPeers(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        if (std::find(peers.begin(), peers.end(), kNoPeer) != peers.end()) {
            engine.disconnectAll();
            return;
        }
        for (const PeerId peer : peers) {
            engine.cancelConnect(peer);
            engine.disconnect(peer);
        }
    });
}

void Session::resetPeers(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.reset(peer);
        }
    });
}

void Session::setSettings(const SessionSettings &settings)
{
    post([settings](Engine &engine) {
        Limits limits;
        limits.sendQueue = settings.sendQueueBytes;
        limits.maxPeers = static_cast<std::size_t>(settings.maxPeers);
        limits.drain = std::chrono::milliseconds(settings.drainMilliseconds);
        limits.afterFin = std::chrono::milliseconds(settings.afterFinMilliseconds);
        engine.setLimits(limits);
    });
}

void Session::followDelivery()
{
    post([](Engine &engine) { engine.followDelivery(); });
}

void Session::timeDelivery(PeerId peer)
{
    m_delivery.setTimed(peer);
    post([peer](Engine &engine) { engine.stampDelivery(peer); });
}

void Session::rowsReady()
{
    // The first at once, then at most one a frame.
    const qint64 elapsed = m_sinceTaken.isValid() ? m_sinceTaken.elapsed() : kFrameMilliseconds;
    if (elapsed >= kFrameMilliseconds) {
        takeRows();
    } else if (!m_frame->isActive()) {
        m_frame->start(static_cast<int>(kFrameMilliseconds - elapsed));
    }
}

void Session::takeRows()
{
    m_sinceTaken.start();
    m_incoming.clear();
    if (!m_recorder->takeRows(m_incoming)) {
        return;
    }
    m_calls->append(m_incoming.calls);
    if (!m_incoming.rows.empty()) {
        takeNewRows();
    }
    m_delivery.apply(m_incoming.acks);
    for (TranscriptModel *model : m_conversations) {
        model->refreshDelivery();
    }
}

void Session::takeNewRows()
{
    const RowNumber first = m_index.append(m_incoming);
    m_delivery.rowsCame(first);
    m_peers->applyRows(m_index, first);
    for (RowNumber number = first; number < m_index.size(); ++number) {
        const Row &row = m_index.row(number);
        m_notRecorded += static_cast<std::uint64_t>(row.offset == kNotRecorded && hasPayload(row.kind));
        if (!isMessage(row.kind)) {
            rowSeen(row);
            raiseNotice(row);
        }
    }
    for (TranscriptModel *model : m_conversations) {
        model->refresh();
    }
    emit rowsAdded(first);
}

void Session::raiseNotice(const Row &row)
{
    Notice notice{row.kind, row.peer, row.time, {}};
    switch (row.kind) {
    case RecordKind::ListenFailed:
    case RecordKind::ConnectFailed:
        if (const auto *failure = m_index.detailOf<FailureInfo>(row); failure && failure->cause != FailureCause::Cancelled) {
            notice.detail = *failure;
            emit noticeRaised(notice);
        }
        break;
    case RecordKind::Note:
        if (const auto *note = m_index.detailOf<NoteInfo>(row);
            note && row.peer == kNoPeer && note->code != NoteCode::AnswerChanged && note->code != NoteCode::MessagesDiscarded) {
            notice.detail = *note;
            emit noticeRaised(notice);
        }
        break;
    default:
        break;
    }
}

} // namespace tincan
