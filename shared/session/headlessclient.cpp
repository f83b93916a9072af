// SPDX-License-Identifier: MIT
// Of session/headless.h: the client.
#include "session/headless.h"

#include <atomic>
#include <memory>

#include <unistd.h>

#include <QCoreApplication>
#include <QTimer>

#include "session/connectoptions.h"
#include "session/headlesscore.h"
#include "session/outputwriter.h"
#include "session/signalwatch.h"
#include "session/stdinfeeder.h"
#include "session/words.h"
#include "session/workpool.h"

namespace tincan {

namespace {

constexpr int kQuietMilliseconds = 1000; // without a datagram, after the end of the input

// Main thread, but for what is said to be the recorder's.
class HeadlessClient
{
public:
    HeadlessClient(QCoreApplication &app, const ClientCommandLine &options)
        : m_app(app)
        , m_options(options)
        , m_transport(options.transport.value_or(Transport::Tcp))
        , m_output(STDOUT_FILENO)
        , m_peer(m_core.engine().reservePeer())
    {
        m_quiet.setSingleShot(true);
        m_quiet.setInterval(kQuietMilliseconds);
        QObject::connect(&m_quiet, &QTimer::timeout, &app, [this] { disconnect(); });
        QObject::connect(&m_signalWatch, &SignalWatch::asked, &app, [this] {
            m_output.endSoon();
            m_core.engine().quit();
        });
        QObject::connect(&m_core.thread(), &QThread::finished, &app, &QCoreApplication::quit);
    }

    int run()
    {
        if (const auto begun = m_core.begin(m_options.place, m_program, [this](const Batch &batch) { take(batch); }); !begun) {
            printFileProblem(m_program, begun.error());
            return kNetworkSaidNo;
        }
        const ConnectOptions wanted = connectOptions({.host = m_options.host,
                                                      .port = m_options.port,
                                                      .transport = m_transport,
                                                      .local = m_options.local,
                                                      .timeoutMilliseconds = m_options.timeoutMilliseconds,
                                                      .options = {},
                                                      .connected = m_options.connected});
        m_core.engine().post([&engine = m_core.engine(), peer = m_peer, wanted] { engine.connectTo(peer, wanted); });
        if (!m_core.thread().isFinished()) {
            m_app.exec();
        }
        return m_status;
    }

private:
    // Any thread.
    void disconnect()
    {
        m_core.engine().post([&engine = m_core.engine(), peer = m_peer] { engine.disconnect(peer); });
    }

    // From here on in the recorder's thread.
    void take(const Batch &batch)
    {
        for (const Record &record : batch.records) {
            if (record.peer == m_peer || record.kind == RecordKind::Received) { // else another one, that answered a socket
                take(batch, record);                                            // that is not connected
            }
        }
    }

    void take(const Batch &batch, const Record &record)
    {
        switch (record.kind) {
        case RecordKind::Joined:
            postTo(&m_app, [this] { joined(); });
            break;
        case RecordKind::Received:
            received(record);
            break;
        case RecordKind::Note:
            if (const auto *note = batch.detailOf<NoteInfo>(record); note && note->code == NoteCode::NetworkError) {
                printError(m_program, noteText(*note, m_transport)); // it goes on: datagrams that follow may arrive
                m_status = kNetworkSaidNo;
            }
            break;
        case RecordKind::PeerFinished:
            postTo(&m_app, [this] { m_feeder->peerFinished(); }); // after joined()
            break;
        case RecordKind::Refused:
            m_refusedBytes += record.size;
            break;
        case RecordKind::ConnectFailed:
            if (const auto *failure = batch.detailOf<FailureInfo>(record)) {
                printFailure(m_program, *failure, record.kind);
            }
            m_status = kNetworkSaidNo;
            m_core.engine().quit();
            break;
        case RecordKind::Left:
            if (const auto *info = batch.detailOf<LeftInfo>(record)) {
                left(*info);
            }
            m_core.engine().quit();
            break;
        default:
            break;
        }
    }

    void received(const Record &record)
    {
        if (!m_isOutputLost && !m_output.write({reinterpret_cast<const char *>(record.data), record.size})) {
            outputLost();
        }
        if (isDatagram(m_transport) && !m_isTold.exchange(true)) { // once, however many come
            postTo(&m_app, [this] { heard(); });
        }
    }

    // Whoever read our output has gone; or, which is no way to end, it cannot be written.
    void outputLost()
    {
        m_isOutputLost = true;
        if (m_output.error() != 0 && m_output.error() != EPIPE) {
            printError(m_program, fileErrorText({m_output.error(), CallName::Write, "standard output"}));
            m_status = kNetworkSaidNo;
        }
        disconnect();
    }

    void left(const LeftInfo &info)
    {
        const bool isOrderly = info.reason == LeftReason::BothFinished || info.reason == LeftReason::DisconnectedByUs
            || info.reason == LeftReason::Forgotten;
        if (!isOrderly || info.unsentBytes > 0) {
            printError(m_program, leftText(info, m_transport));
            m_status = kNetworkSaidNo;
        } else if (m_refusedBytes > 0) {
            printError(m_program, QStringLiteral("%1 were not sent").arg(formatBytes(m_refusedBytes)));
            m_status = kNetworkSaidNo;
        }
    }

    // In the main thread again.
    void joined()
    {
        m_feeder = std::make_unique<StdinFeeder>(m_core.engine(), m_peer, STDIN_FILENO,
                                                 m_options.lineEnding.value_or(LineEnding::None), m_transport);
        if (isDatagram(m_transport)) {
            QObject::connect(m_feeder.get(), &QThread::finished, &m_quiet, qOverload<>(&QTimer::start));
        }
        m_feeder->start();
    }

    void heard()
    {
        m_isTold = false;
        if (m_quiet.isActive()) {
            m_quiet.start();
        }
    }

    const QString m_program = QStringLiteral("tincan-client");
    QCoreApplication &m_app;
    const ClientCommandLine &m_options;
    Transport m_transport;
    SignalWatch m_signalWatch;
    std::atomic<int> m_status = kFine;
    std::atomic<bool> m_isTold = false; // that something was heard
    OutputWriter m_output;
    std::uint64_t m_refusedBytes = 0;
    bool m_isOutputLost = false;
    HeadlessCore m_core; // whose recorder's thread calls take() until it is destroyed
    PeerId m_peer;
    std::unique_ptr<StdinFeeder> m_feeder;
    QTimer m_quiet; // of datagrams: runs from the end of the input, or from what was heard since
};

} // namespace

int runHeadlessClient(QCoreApplication &app, const ClientCommandLine &options)
{
    return HeadlessClient(app, options).run();
}

} // namespace tincan
