// SPDX-License-Identifier: MIT
#include "window.h"

#include <QApplication>

#include "serverwindow.h"
#include "ui/program.h"
#include "ui/settings.h"

namespace tincan {

namespace {

ServerWindowOptions windowOptions(const ServerCommandLine &options)
{
    ServerWindowOptions wanted;
    if (!options.listen.empty()) {
        wanted.address = options.listen.front().address;
        wanted.transport = options.listen.front().transport;
        wanted.more.assign(options.listen.begin() + 1, options.listen.end());
    } else {
        wanted.transport = options.transport;
    }
    wanted.serving = options.serving;
    wanted.loops = options.loops;
    wanted.pathMode = options.pathMode;
    wanted.groups = options.groups;
    wanted.start = options.start;
    if (options.answerGiven) {
        wanted.answer = options.answer;
    }
    if (options.afterFinGiven) {
        wanted.afterFin = options.answer.afterFin;
    }
    if (options.backlogGiven) {
        wanted.backlog = options.backlog;
    }
    if (options.maxPeersGiven) {
        wanted.maxPeers = options.maxPeers;
    }
    return wanted;
}

} // namespace

int runWindow(int &argc, char **argv, const ServerCommandLine &options)
{
    const QString program = QStringLiteral("tincan-server");
    if (!isDisplayThere(argc, argv)) {
        printError(program, QStringLiteral("there is no display to open a window on; with --headless none is needed"));
        return kNetworkSaidNo;
    }
    if (!options.open.isEmpty()) {
        return runSavedSession(argc, argv, program, options.open);
    }
    return runProgram<ServerSession>(argc, argv, program, options.place, [&](ServerSession &session, Settings &settings) {
        return std::make_unique<ServerWindow>(session, settings, windowOptions(options));
    });
}

} // namespace tincan
