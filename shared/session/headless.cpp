// SPDX-License-Identifier: MIT
#include "session/headless.h"

#include <atomic>

#include <unistd.h>

#include <QCoreApplication>
#include <QTimer>

#include "session/connectoptions.h"
#include "session/eventprinter.h"
#include "session/netthread.h"
#include "session/signalwatch.h"
#include "session/stdinfeeder.h"
#include "session/words.h"

namespace tincan {

namespace {

constexpr int kQuietMilliseconds = 1000; // without a datagram, after the end of the input

// A net thread and a recorder without anything that looks at rows.
class Core
{
public:
    Result<void> begin(RecordingPlace place, const QString &application, std::function<void(const Batch &)> tap)
    {
        raiseDescriptorLimit(); // where that fails, the engine will say when descriptors run out
        place.rows = false;
        m_recorder.setTap(std::move(tap));
        if (Result<void> opened = m_recorder.open(place, application); !opened) {
            return opened;
        }
        m_recorder.start();
        m_net.start();
        return {};
    }
    ~Core()
    {
        m_net.engine().quit();
        m_net.join();
        m_recorder.finish();
    }

    Engine &engine() { return m_net.engine(); }
    NetThread &thread() { return m_net; }
    Recorder &recorder() { return m_recorder; }

private:
    Recorder m_recorder;
    NetThread m_net{m_recorder};
};

QString application(const char *program)
{
    return QLatin1String(program) + QLatin1String(" " TINCAN_VERSION);
}

void printFailure(const QString &program, const FailureInfo &failure, RecordKind kind)
{
    const ErrorWords said = words(failure, kind);
    printError(program, said.remedy.isEmpty() ? said.headline : said.headline + u' ' + said.remedy);
}

void printFileProblem(const QString &program, const Error &error)
{
    printError(program, fileErrorText(error));
}

} // namespace

int runHeadlessServer(QCoreApplication &app, const ServerCommandLine &options)
{
    const QString program = QStringLiteral("tincan-server");
    SignalWatch signalWatch;
    std::atomic<int> status = kFine;
    OutputWriter output(STDOUT_FILENO);
    EventPrinter printer(output, options.listen.size() > 1);
    Core core;
    const auto tap = [&](const Batch &batch) {
        printer.print(batch);
        for (const Record &record : batch.records) {
            if (record.kind != RecordKind::ListenFailed) {
                continue;
            }
            if (const auto *failure = batch.detailOf<FailureInfo>(record)) {
                printFailure(program, *failure, record.kind);
            }
            status = kNetworkSaidNo;
            core.engine().quit();
        }
    };
    if (const auto begun = core.begin(options.place, application("tincan-server"), tap); !begun) {
        printFileProblem(program, begun.error());
        return kNetworkSaidNo;
    }
    QObject::connect(&core.recorder(), &Recorder::failed, &app,
                     [&](int error) { printError(program, recordingFailedText(error, core.recorder().path())); });
    QObject::connect(&signalWatch, &SignalWatch::asked, &app, [&] {
        output.endSoon();
        core.engine().quit();
    });
    QObject::connect(&core.thread(), &QThread::finished, &app, &QCoreApplication::quit);

    AnswerOptions answer = options.answer;
    if (answer.afterFin == AfterFin::Automatic && answer.mode == AnswerMode::Manual) {
        answer.afterFin = AfterFin::Finish; // nobody is there to type, so the peer is not kept waiting for us
    }
    Limits limits;
    limits.maxPeers = static_cast<std::size_t>(options.maxPeers);
    core.engine().post([&engine = core.engine(), answer, limits, &options] {
        engine.setLimits(limits);
        engine.setAnswer(answer);
        for (const ListenRequest &request : options.listen) {
            engine.listen(listenOptions(request));
        }
    });
    if (!core.thread().isFinished()) {
        app.exec();
    }
    return status;
}

int runHeadlessClient(QCoreApplication &app, const ClientCommandLine &options)
{
    const QString program = QStringLiteral("tincan-client");
    SignalWatch signalWatch;
    std::atomic<int> status = kFine;
    OutputWriter output(STDOUT_FILENO);
    std::uint64_t refusedBytes = 0;
    Transport transport = options.transport.value_or(Transport::Tcp);
    std::function<void()> joined; // → main thread
    std::function<void()> peerFinished;
    std::function<void()> heard;
    Core core; // whose recorder's thread calls the tap until it is destroyed
    const PeerId peer = core.engine().reservePeer();
    const auto disconnect = [&core, peer] { core.engine().post([&engine = core.engine(), peer] { engine.disconnect(peer); }); };
    const auto tap = [&](const Batch &batch) {
        for (const Record &record : batch.records) {
            if (record.peer != peer && record.kind != RecordKind::Received) {
                continue; // another one that answered a socket that is not connected
            }
            const std::string_view bytes(reinterpret_cast<const char *>(record.data), record.size);
            switch (record.kind) {
            case RecordKind::Joined:
                if (const auto *info = batch.detailOf<PeerInfo>(record)) {
                    transport = info->transport;
                }
                QMetaObject::invokeMethod(&app, joined, Qt::QueuedConnection);
                break;
            case RecordKind::Received:
                if (!output.write(bytes)) {
                    disconnect(); // whoever read our output has gone
                }
                if (isDatagram(transport)) {
                    QMetaObject::invokeMethod(&app, heard, Qt::QueuedConnection);
                }
                break;
            case RecordKind::Note:
                if (const auto *note = batch.detailOf<NoteInfo>(record); note && note->code == NoteCode::NetworkError) {
                    printError(program, noteText(*note)); // it goes on: datagrams that follow may arrive
                    status = kNetworkSaidNo;
                }
                break;
            case RecordKind::PeerFinished:
                QMetaObject::invokeMethod(&app, peerFinished, Qt::QueuedConnection);
                break;
            case RecordKind::Refused:
                refusedBytes += record.size;
                break;
            case RecordKind::ConnectFailed:
                if (const auto *failure = batch.detailOf<FailureInfo>(record)) {
                    printFailure(program, *failure, record.kind);
                }
                status = kNetworkSaidNo;
                core.engine().quit();
                break;
            case RecordKind::Left:
                if (const auto *left = batch.detailOf<LeftInfo>(record)) {
                    const bool isOrderly = left->reason == LeftReason::BothFinished
                        || left->reason == LeftReason::DisconnectedByUs || left->reason == LeftReason::Forgotten;
                    if (!isOrderly || left->unsentBytes > 0) {
                        printError(program, leftText(*left, transport));
                        status = kNetworkSaidNo;
                    } else if (refusedBytes > 0) {
                        printError(program, QStringLiteral("%1 were not sent").arg(formatBytes(refusedBytes)));
                        status = kNetworkSaidNo;
                    }
                }
                core.engine().quit();
                break;
            default:
                break;
            }
        }
    };
    std::unique_ptr<StdinFeeder> feeder;
    QTimer quiet; // of datagrams: runs from the end of the input, or from what was heard since
    quiet.setSingleShot(true);
    quiet.setInterval(kQuietMilliseconds);
    QObject::connect(&quiet, &QTimer::timeout, &app, disconnect);
    joined = [&] {
        feeder = std::make_unique<StdinFeeder>(core.engine(), peer, STDIN_FILENO, options.lineEnding.value_or(LineEnding::None),
                                               transport);
        if (isDatagram(transport)) {
            QObject::connect(feeder.get(), &QThread::finished, &quiet, qOverload<>(&QTimer::start));
        }
        feeder->start();
    };
    heard = [&] {
        if (quiet.isActive()) {
            quiet.start();
        }
    };
    peerFinished = [&] { feeder->peerFinished(); }; // after joined()
    if (const auto begun = core.begin(options.place, application("tincan-client"), tap); !begun) {
        printFileProblem(program, begun.error());
        return kNetworkSaidNo;
    }
    QObject::connect(&signalWatch, &SignalWatch::asked, &app, [&] {
        output.endSoon();
        core.engine().quit();
    });
    QObject::connect(&core.thread(), &QThread::finished, &app, &QCoreApplication::quit);
    const ConnectOptions wanted = connectOptions({.host = options.host,
                                                  .port = options.port,
                                                  .transport = transport,
                                                  .local = options.local,
                                                  .timeoutMilliseconds = options.timeoutMilliseconds,
                                                  .options = {},
                                                  .connected = options.connected});
    core.engine().post([&engine = core.engine(), peer, wanted] { engine.connectTo(peer, wanted); });
    if (!core.thread().isFinished()) {
        app.exec();
    }
    return status;
}

} // namespace tincan
