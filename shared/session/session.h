// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include "base/record.h"
#include "transcript/delivery.h"
#include "transcript/recorder.h"

class QTimer;

namespace tincan {

class CallModel;
class Engine;
class NetThread;
class PeerModel;
class TranscriptModel;
struct ConversationOptions;

// Totals of a session; rates are made of two of them.
struct SessionTotals {
    std::uint64_t bytesIn = 0;
    std::uint64_t bytesOut = 0; // a message to many counts once for each
    std::uint64_t messagesIn = 0;
    std::uint64_t messagesOut = 0;
    std::uint64_t notRecorded = 0; // rows whose payload could not be written
};

// Bounds and waits that a person may set (see net/engine.h, of which these are the names that Qt code uses).
struct SessionSettings {
    quint64 sendQueueBytes = 16 * 1024 * 1024;
    int maxPeers = 0;
    int drainMilliseconds = 5'000;
    int afterFinMilliseconds = 2'000;
};

// What went wrong or is worth a line above the conversation, to be put into words by ui or the command line.
struct Notice {
    RecordKind kind = RecordKind::Note; // ListenFailed, ConnectFailed, Note
    PeerId peer = kNoPeer;
    std::int64_t time = 0;
    Detail detail;
};

// A running set of connections as the GUI thread sees it: sockets in a net thread, a recorder, the index, the models.
// All functions: GUI thread. ServerSession and ClientSession add how connections come about.
class Session : public QObject
{
    Q_OBJECT
public:
    ~Session() override;

    // Opens the recording and starts the threads. Once, before anything else. A tap (see Recorder::setTap) may be given first.
    // Error: of the file; nothing is started then.
    Result<void> begin(const RecordingPlace &place, const QString &application);
    void setTap(std::function<void(const Batch &)> tap);

    // Ends everything in an orderly way, then the last batch is written and the threads are gone. Blocks for at most the drain
    // and FIN waits; a session that is destroyed without it does the same.
    void end();

    PeerModel *peers() const { return m_peers; }
    CallModel *calls() const { return m_calls; }
    const Index &index() const { return m_index; }
    const PayloadSource &payloads() const;
    SessionTotals totals() const;
    QString recordingPath() const; // empty where nothing is kept

    // A model of one conversation (kNoPeer: all), kept up to date as long as it lives. The caller owns it.
    std::unique_ptr<TranscriptModel> openConversation(const ConversationOptions &options);

    // Bytes to these peers; kNoPeer among them means all that are connected.
    void send(const std::vector<PeerId> &to, const QByteArray &bytes);
    void finishSending(const std::vector<PeerId> &peers);
    void disconnectPeers(const std::vector<PeerId> &peers); // those still connecting are cancelled
    void resetPeers(const std::vector<PeerId> &peers);
    void setSettings(const SessionSettings &settings);

    // From now on it is asked how far the peers' kernels acknowledge what is sent (see Delivery, Engine::followDelivery()). Of
    // `peer` (kNoPeer: of none) the times that it takes are kept too.
    void followDelivery();
    void timeDelivery(PeerId peer);
    const Delivery &delivery() const { return m_delivery; }

    Engine &engine() const; // for headless standard input, which has its own flow control

signals:
    // The index has grown: rows [first, index().size()). At most once a frame.
    void rowsAdded(tincan::RowNumber first);
    void noticeRaised(const tincan::Notice &notice);
    void recordingFailed(int error);
    void recordingRecovered(); // after that; a notice says how much was not kept

protected:
    explicit Session(QObject *parent);
    // Called for each new row that is no message, before rowsAdded().
    virtual void rowSeen(const Row &row) = 0;
    void post(std::function<void(Engine &)> task);

private:
    void stopThreads();
    void rowsReady();
    void takeRows();
    void takeNewRows();
    void raiseNotice(const Row &row);

    Index m_index;
    Delivery m_delivery{m_index};
    std::unique_ptr<Recorder> m_recorder;
    std::unique_ptr<NetThread> m_net; // before the recorder in destruction: its engine publishes to it
    PeerModel *m_peers;
    CallModel *m_calls;
    QTimer *m_frame;
    QElapsedTimer m_sinceTaken;
    std::vector<TranscriptModel *> m_conversations;
    RowBatch m_incoming;
    std::uint64_t m_notRecorded = 0;
    bool m_begun = false;
};

} // namespace tincan

Q_DECLARE_METATYPE(tincan::Notice)
