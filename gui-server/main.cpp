// SPDX-License-Identifier: MIT
#include <cstdio>

#include <QCoreApplication>
#include <QFile>

#include "net/peerprocess.h"
#include "session/exporting.h"
#include "session/headless.h"
#include "session/sessionwords.h"
#include "session/words.h"
#include "window.h"

using namespace tincan;

namespace {

int exportTo(const QString &in, const QString &out)
{
    const Result<QString> done = exportSession(in, out);
    if (!done) {
        // What is read may be any file of the session.
        const bool isWritten
            = done.error().call == CallName::Write || done.error().detail == QFile::encodeName(out).toStdString();
        printError(QStringLiteral("tincan-server"), isWritten ? fileErrorText(done.error()) : readErrorText(done.error()));
        return kNetworkSaidNo;
    }
    std::printf("%s\n", qUtf8Printable(*done));
    return kFine;
}

} // namespace

int main(int argc, char **argv)
{
    if (isPeerProcess(argc, argv)) {
        return runPeerProcess();
    }
    const QString program = QStringLiteral("tincan-server");
    const auto line = parseServerCommandLine(argumentsOf(argc, argv));
    if (!line) {
        printError(program, line.error() + QLatin1String("\nTry: tincan-server --help"));
        return kUsage;
    }
    switch (line->wanted) {
    case Wanted::Help:
        std::fputs(qUtf8Printable(serverHelp()), stdout);
        return kFine;
    case Wanted::Version:
        std::fputs(qUtf8Printable(versionText(program)), stdout);
        return kFine;
    case Wanted::Export:
        return exportTo(line->exportIn, line->exportOut);
    case Wanted::Headless: {
        QCoreApplication application(argc, argv);
        return runHeadlessServer(application, *line);
    }
    case Wanted::Window:
        break;
    }
    return runWindow(argc, argv, *line);
}
