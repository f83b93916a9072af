// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QApplication>

#include "session/commandline.h"
#include "session/signalwatch.h"
#include "transcript/sessionfiles.h"
#include "ui/savedsessions.h"
#include "ui/sessionwindow.h"
#include "ui/settings.h"

namespace tincan {

// What both programs do around their window. Main thread.

// Whether a window can be opened: Qt would end the program where it cannot. Before the QApplication is made.
bool isDisplayThere(int argc, char **argv);

// SIGINT and SIGTERM wait for the SignalWatch, in every thread made from now on (Qt's own as well). Before the QApplication.
void holdEndingSignals();

// Name, icon and theme, once the QApplication is there.
void setUpProgram(const QString &program, const Settings &settings);

// Begins the session. Where a file in the state folder cannot be made, the session is recorded elsewhere, and `failed` says why;
// where that fails too, or the place was asked for, it says so on standard error and returns false.
bool beginSession(LiveSession &session, const RecordingPlace &place, const QString &program, std::optional<Error> *failed);

// The place, with what the settings say of the size of one session.
RecordingPlace placeWithin(RecordingPlace place, const Settings &settings);

// Makes application and the window of a kept session, and runs them to the end: --open.
int runSavedSession(int &argc, char **argv, const QString &program, const QString &path);

// Makes application, session and window, and runs them to the end. `makeWindow(session, settings)` returns a unique_ptr.
template<typename SessionType, typename MakeWindow>
int runProgram(int &argc, char **argv, const QString &program, const RecordingPlace &place, MakeWindow makeWindow)
{
    holdEndingSignals();
    QApplication application(argc, argv);
    const SignalWatch signalsAsked;
    Settings settings(Settings::fileOf(program));
    setUpProgram(program, settings);

    SessionType session;
    std::optional<Error> failed;
    if (!beginSession(session, placeWithin(place, settings), program, &failed)) {
        return kNetworkSaidNo;
    }
    const auto window = makeWindow(session, settings);
    if (failed) {
        window->sayNotRecorded(*failed);
    }
    QObject::connect(&signalsAsked, &SignalWatch::asked, window->savedSessions(), &SavedSessions::quit);
    window->show();
    window->startHistory(endedInOrder);
    return QApplication::exec();
}

} // namespace tincan
