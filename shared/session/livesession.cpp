// SPDX-License-Identifier: MIT
#include "session/livesession.h"

#include <algorithm>
#include <utility>

#include <QTimer>

#include "session/netthread.h"
#include "session/peermodel.h"
#include "transcript/keptsessions.h"
#include "transcript/peername.h"

namespace tincan {

namespace {

constexpr int kFrameMilliseconds = 16;

} // namespace

LiveSession::LiveSession(QObject *parent)
    : Session(parent)
    , m_recorder(std::make_unique<Recorder>())
    , m_net(std::make_unique<NetThread>(*m_recorder))
    , m_frame(new QTimer(this))
{
    qRegisterMetaType<Notice>();
    m_frame->setSingleShot(true);
    m_frame->setTimerType(Qt::PreciseTimer);
    connect(m_frame, &QTimer::timeout, this, &LiveSession::takeRows);
    connect(m_recorder.get(), &Recorder::rowsReady, this, &LiveSession::rowsReady, Qt::QueuedConnection);
    connect(m_recorder.get(), &Recorder::failed, this, &LiveSession::recordingFailed, Qt::QueuedConnection);
    peers()->setNameable();
    connect(peers(), &PeerModel::nameAsked, this, &LiveSession::name);
    connect(m_recorder.get(), &Recorder::recovered, this, &LiveSession::recordingRecovered, Qt::QueuedConnection);
}

LiveSession::~LiveSession()
{
    stopThreads();
}

Result<void> LiveSession::begin(const RecordingPlace &place, const QString &application)
{
    const Result<std::uint64_t> limit = raiseDescriptorLimit();
    if (Result<void> opened = m_recorder->open(place, application); !opened) {
        return opened;
    }
    m_inStateFolder = place.kind == RecordingPlace::Kind::StateFolder;
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

void LiveSession::setTap(std::function<void(const Batch &)> tap)
{
    m_recorder->setTap(std::move(tap));
}

void LiveSession::end()
{
    if (!m_begun) {
        return;
    }
    stopThreads();
    takeRows();
}

void LiveSession::stopThreads()
{
    if (!std::exchange(m_begun, false)) {
        return;
    }
    m_net->engine().quit();
    m_net->join();
    m_recorder->finish();
    if (!m_kept && canDiscard()) {
        removeSession(recordingPath());
    }
}

QString LiveSession::recordingPath() const
{
    return m_recorder->path();
}

bool LiveSession::canDiscard() const
{
    return m_inStateFolder && !recordingPath().isEmpty();
}

void LiveSession::setKept(bool kept)
{
    if (kept != m_kept) {
        m_kept = kept;
        emit keptChanged(kept);
    }
}

const PayloadSource &LiveSession::payloads() const
{
    return *m_recorder;
}

BatchSink &LiveSession::sink() const
{
    return *m_recorder;
}

Engine &LiveSession::engine() const
{
    return m_net->engine();
}

void LiveSession::post(std::function<void(Engine &)> task)
{
    if (m_begun) {
        Engine &engine = m_net->engine();
        engine.post([&engine, task = std::move(task)] { task(engine); });
    }
}

void LiveSession::send(const std::vector<PeerId> &to, const QByteArray &bytes)
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

void LiveSession::finishSending(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.finishSending(peer);
        }
    });
}

void LiveSession::disconnectPeers(const std::vector<PeerId> &peers)
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

void LiveSession::resetPeers(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.reset(peer);
        }
    });
}

void LiveSession::name(PeerId peer, const QString &name)
{
    if (peer == kNoPeer) {
        return;
    }
    post([peer, note = NoteInfo{NoteCode::Named, 0, 0, cleanPeerName(name).toStdString()}](Engine &engine) {
        engine.note(peer, note);
    });
}

void LiveSession::setSettings(const SessionSettings &settings)
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

void LiveSession::followDelivery()
{
    post([](Engine &engine) { engine.followDelivery(); });
}

void LiveSession::timeDelivery(PeerId peer)
{
    deliveryToChange().setTimed(peer);
    post([peer](Engine &engine) { engine.stampDelivery(peer); });
}

void LiveSession::traceData(PeerId peer)
{
    post([peer](Engine &engine) { engine.traceData(peer); });
}

void LiveSession::rowsReady()
{
    // The first at once, then at most one a frame.
    const qint64 elapsed = m_sinceTaken.isValid() ? m_sinceTaken.elapsed() : kFrameMilliseconds;
    if (elapsed >= kFrameMilliseconds) {
        takeRows();
    } else if (!m_frame->isActive()) {
        m_frame->start(static_cast<int>(kFrameMilliseconds - elapsed));
    }
}

void LiveSession::takeRows()
{
    m_sinceTaken.start();
    m_incoming.clear();
    if (m_recorder->takeRows(m_incoming)) {
        takeIn(m_incoming);
    }
}

void LiveSession::eventSeen(const Row &row)
{
    rowSeen(row);
    if (const auto *note = row.kind == RecordKind::Note ? index().detailOf<NoteInfo>(row) : nullptr;
        note && note->code == NoteCode::OptionSet) {
        emit optionNoted();
    }
    raiseNotice(row);
}

void LiveSession::raiseNotice(const Row &row)
{
    Notice notice{row.kind, row.peer, row.time, {}};
    switch (row.kind) {
    case RecordKind::ListenFailed:
    case RecordKind::ConnectFailed:
        if (const auto *failure = index().detailOf<FailureInfo>(row); failure && failure->cause != FailureCause::Cancelled) {
            notice.detail = *failure;
            emit noticeRaised(notice);
        }
        break;
    case RecordKind::Note:
        if (const auto *note = index().detailOf<NoteInfo>(row); note && row.peer == kNoPeer
            && note->code != NoteCode::AnswerChanged
            && (note->code != NoteCode::MessagesDiscarded || !std::exchange(m_toldOfLimit, true))) {
            notice.detail = *note;
            emit noticeRaised(notice);
        }
        break;
    default:
        break;
    }
}

} // namespace tincan
