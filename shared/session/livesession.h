// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QElapsedTimer>

#include "base/faults.h"
#include "base/record.h"
#include "base/socketoptions.h"
#include "session/session.h"
#include "transcript/recorder.h"

class QTimer;

namespace tincan {

class Engine;
class NetThread;

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

// Whose socket options are meant: a peer's, or a listener's.
struct OptionHolder {
    PeerId peer = kNoPeer;
    ListenerId listener = kNoListener;

    friend bool operator==(const OptionHolder &, const OptionHolder &) = default;
};

// A running set of connections as the GUI thread sees it: sockets in a net thread, a recorder, and what they bring.
// All functions: GUI thread. ServerSession and ClientSession add how connections come about.
class LiveSession : public Session
{
    Q_OBJECT
public:
    ~LiveSession() override;

    // Opens the recording and starts the threads. Once, before anything else. A tap (see Recorder::setTap) may be given first.
    // Error: of the file; nothing is started then.
    Result<void> begin(const RecordingPlace &place, const QString &application);
    void setTap(std::function<void(const Batch &)> tap);

    // Ends everything in an orderly way, then the last batch is written and the threads are gone. Blocks for at most the drain
    // and FIN waits; a session that is destroyed without it does the same.
    void end();

    LiveSession *live() override { return this; }
    const PayloadSource &payloads() const override;
    QString recordingPath() const; // empty where nothing is kept

    // Whether the session's files stay when it ends (they do). Only files in the state folder can be chosen to go: what was
    // named by somebody, or has no name, is as it was asked for. After a crash they stay.
    bool canDiscard() const;
    bool isKept() const { return m_kept; }
    void setKept(bool kept);

    // Bytes to these peers; kNoPeer among them means all that are connected.
    void send(const std::vector<PeerId> &to, const QByteArray &bytes);
    void finishSending(const std::vector<PeerId> &peers);
    void disconnectPeers(const std::vector<PeerId> &peers); // those still connecting are cancelled
    void resetPeers(const std::vector<PeerId> &peers);
    void endReceiving(const std::vector<PeerId> &peers);                    // SHUT_RD
    void shutdownBoth(const std::vector<PeerId> &peers);                    // SHUT_RDWR, once what is queued is sent
    void stopReading(const std::vector<PeerId> &peers, bool stopped);       // recv(2) is not called while it is so
    void setFaults(const std::vector<PeerId> &peers, const Faults &faults); // of those that are open → Note{FaultsChanged}
    void name(PeerId peer, const QString &name);                            // empty: it has none any more → Note
    void setSettings(const SessionSettings &settings);

    // What the kernel makes of the options of a socket. `told` is called in this thread, once, with nothing where there is no
    // such socket; not any more when `context` has gone.
    void readOptions(OptionHolder of, QObject *context, const std::function<void(std::vector<OptionState>)> &told);
    void setOption(OptionHolder of, const OptionValue &value); // → Note{OptionSet}, or a call that failed
    // What the next sockets ask for, before they are bound.
    void setOptions(const OptionValues &options) { m_options = options; }
    const OptionValues &options() const { return m_options; }

    // From now on it is asked how far the peers' kernels acknowledge what is sent (see Delivery, Engine::followDelivery()). Of
    // `peer` (kNoPeer: of none) the times that it takes are kept too.
    void followDelivery();
    void timeDelivery(PeerId peer);

    // Each recv and send of this peer is among the socket calls from now on (kNoPeer: of none), see Engine::traceData().
    void traceData(PeerId peer);

    BatchSink &sink() const; // where the net thread hands its batches: the benchmarks make some of their own
    Engine &engine() const;  // for headless standard input, which has its own flow control

signals:
    void noticeRaised(const tincan::Notice &notice);
    void recordingFailed(int error);
    void recordingRecovered(); // after that; a notice says how much was not kept
    void keptChanged(bool kept);
    void optionNoted(); // an option of some socket has been set

protected:
    explicit LiveSession(QObject *parent);
    void eventSeen(const Row &row) final;
    virtual void rowSeen(const Row &row) = 0; // likewise, before its notice is raised
    void post(std::function<void(Engine &)> task);

private:
    void stopThreads();
    void rowsReady();
    void takeRows();
    void raiseNotice(const Row &row);

    std::unique_ptr<Recorder> m_recorder;
    std::unique_ptr<NetThread> m_net; // before the recorder in destruction: its engine publishes to it
    QTimer *m_frame;
    QElapsedTimer m_sinceTaken;
    RowBatch m_incoming;
    OptionValues m_options;
    bool m_begun = false;
    bool m_inStateFolder = false;
    bool m_kept = true;
    bool m_toldOfLimit = false; // that messages were discarded: the first time is news, then it is in the transcript
};

} // namespace tincan

Q_DECLARE_METATYPE(tincan::Notice)
