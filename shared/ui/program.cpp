// SPDX-License-Identifier: MIT
#include "ui/program.h"

#include <csignal>
#include <cstring>

#include <QDateTime>
#include <QDir>

#include "session/words.h"
#include "ui/icons.h"
#include "ui/savedsessionwindow.h"

namespace tincan {

bool isDisplayThere(int argc, char **argv)
{
    for (int at = 1; at < argc; ++at) {
        if (std::strcmp(argv[at], "-platform") == 0) {
            return true;
        }
    }
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        || !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
}

void holdEndingSignals()
{
    sigset_t ending{};
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
}

void setUpProgram(const QString &program, const Settings &settings)
{
    QApplication::setApplicationName(program);
    QApplication::setApplicationVersion(QStringLiteral(TINCAN_VERSION));
    QApplication::setDesktopFileName(program);
    applyTheme(themeFromEnvironment(settings.theme()));
    QApplication::setWindowIcon(programIcon(program));
}

bool beginSession(LiveSession &session, const RecordingPlace &place, const QString &program, std::optional<Error> *failed)
{
    const QString application = program + QLatin1String(" " TINCAN_VERSION);
    const Result<void> begun = session.begin(place, application);
    if (begun) {
        return true;
    }
    if (place.kind == RecordingPlace::Kind::StateFolder) {
        RecordingPlace other = place;
        other.kind = RecordingPlace::Kind::File;
        const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss"));
        other.path
            = QDir::temp().filePath(QStringLiteral("tincan-%1-%2.pcapng").arg(time).arg(QCoreApplication::applicationPid()));
        if (session.begin(other, application)) {
            *failed = begun.error();
            return true;
        }
    }
    printError(program, fileErrorText(begun.error()));
    return false;
}

RecordingPlace placeWithin(RecordingPlace place, const Settings &settings)
{
    place.limits.totalBytes = static_cast<std::uint64_t>(settings.sessionGiB()) * kGibibyte;
    return place;
}

int runSavedSession(int &argc, char **argv, const QString &program, const QString &path)
{
    holdEndingSignals();
    const QApplication application(argc, argv);
    const SignalWatch signalsAsked;
    Settings settings(Settings::fileOf(program));
    setUpProgram(program, settings);
    SavedSessions saved(settings);
    QObject::connect(&signalsAsked, &SignalWatch::asked, &saved, &SavedSessions::quit);
    saved.open(path);
    return QApplication::exec();
}

} // namespace tincan
