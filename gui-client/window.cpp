// SPDX-License-Identifier: MIT
#include "window.h"

#include <QApplication>

#include "clientwindow.h"
#include "ui/program.h"
#include "ui/settings.h"

namespace tincan {

int runWindow(int &argc, char **argv, const ClientCommandLine &options)
{
    const QString program = QStringLiteral("tincan-client");
    if (!isDisplayThere(argc, argv)) {
        printError(program, QStringLiteral("there is no display to open a window on; with --headless none is needed"));
        return kNetworkSaidNo;
    }
    if (!options.open.isEmpty()) {
        return runSavedSession(argc, argv, program, options.open);
    }
    return runProgram<ClientSession>(argc, argv, program, options.place, [&](ClientSession &session, Settings &settings) {
        ClientWindowOptions wanted;
        wanted.host = options.host;
        wanted.port = options.port;
        wanted.transport = options.transport;
        if (!options.connected) { // else as the window was left, or as --help has it where a host is given
            wanted.connected = false;
        }
        wanted.local = options.local;
        wanted.lineEnding = options.lineEnding;
        if (options.timeoutGiven) {
            wanted.timeoutMilliseconds = options.timeoutMilliseconds;
        }
        return std::make_unique<ClientWindow>(session, settings, wanted);
    });
}

} // namespace tincan
