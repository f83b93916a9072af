// SPDX-License-Identifier: MIT
// Of session/headless.h: the server.
#include "session/headless.h"

#include <atomic>

#include <unistd.h>

#include <QCoreApplication>

#include "session/connectoptions.h"
#include "session/eventprinter.h"
#include "session/headlesscore.h"
#include "session/signalwatch.h"

namespace tincan {

namespace {

void startServing(Engine &engine, const ServerCommandLine &options)
{
    AnswerOptions answer = options.answer;
    if (answer.afterFin == AfterFin::Automatic && answer.mode == AnswerMode::Manual) {
        answer.afterFin = AfterFin::Finish; // nobody is there to type, so the peer is not kept waiting for us
    }
    Limits limits;
    limits.maxPeers = static_cast<std::size_t>(options.maxPeers);
    engine.post([&engine, answer, limits, &options] {
        engine.setLimits(limits);
        engine.setAnswer(answer);
        for (const ListenRequest &request : options.listen) {
            engine.listen(listenOptions(request));
        }
    });
}

} // namespace

int runHeadlessServer(QCoreApplication &app, const ServerCommandLine &options)
{
    const QString program = QStringLiteral("tincan-server");
    SignalWatch signalWatch;
    std::atomic<int> status = kFine;
    OutputWriter output(STDOUT_FILENO);
    EventPrinter printer(output, options.listen.size() > 1);
    HeadlessCore core;
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
    if (const auto begun = core.begin(options.place, program, tap); !begun) {
        printFileProblem(program, begun.error());
        return kNetworkSaidNo;
    }
    QObject::connect(&signalWatch, &SignalWatch::asked, &app, [&] {
        output.endSoon();
        core.engine().quit();
    });
    QObject::connect(&core.thread(), &QThread::finished, &app, &QCoreApplication::quit);
    startServing(core.engine(), options);
    if (!core.thread().isFinished()) {
        app.exec();
    }
    return status;
}

} // namespace tincan
