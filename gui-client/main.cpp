// SPDX-License-Identifier: MIT
#include <cstdio>

#include <QCoreApplication>

#include "session/headless.h"
#include "window.h"

using namespace tincan;

int main(int argc, char **argv)
{
    const QString program = QStringLiteral("tincan-client");
    const auto line = parseClientCommandLine(argumentsOf(argc, argv));
    if (!line) {
        printError(program, line.error() + QLatin1String("\nTry: tincan-client --help"));
        return kUsage;
    }
    switch (line->wanted) {
    case Wanted::Help:
        std::fputs(qUtf8Printable(clientHelp()), stdout);
        return kFine;
    case Wanted::Version:
        std::fputs(qUtf8Printable(versionText(program)), stdout);
        return kFine;
    case Wanted::Export: // the server's
    case Wanted::Headless: {
        QCoreApplication application(argc, argv);
        return runHeadlessClient(application, *line);
    }
    case Wanted::Window:
        break;
    }
    return runWindow(argc, argv, *line);
}
