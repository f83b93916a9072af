// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

#include "base/answeroptions.h"
#include "base/endpoint.h"
#include "session/listenrequest.h"
#include "transcript/payload.h"
#include "transcript/recorder.h"

namespace tincan {

// The command lines of both programs. Any thread; no Qt application is needed. What is wrong comes back as a sentence for
// standard error, and the exit status is then kUsage.
inline constexpr int kFine = 0;
inline constexpr int kNetworkSaidNo = 1;
inline constexpr int kUsage = 2;

enum class Wanted : std::uint8_t { Window, Headless, Help, Version, Export };

struct ServerCommandLine {
    Wanted wanted = Wanted::Window;
    std::vector<ListenRequest> listen; // given: start at once
    bool start = false;                // --start, or an address
    // As they were given; `listen` has them already, where they fit.
    std::optional<Transport> transport;
    std::optional<Serving> serving;
    std::optional<int> loops;
    std::optional<int> pathMode;
    std::vector<GroupRequest> groups;
    AnswerOptions answer;
    bool answerGiven = false;   // else the window restores the last one
    bool afterFinGiven = false; // likewise
    RecordingPlace place;
    QString open; // a kept session to be looked at; nothing else is done then
    int backlog = SOMAXCONN;
    bool backlogGiven = false;
    int maxPeers = 0;
    bool maxPeersGiven = false;
    QString exportIn;
    QString exportOut;
};

struct ClientCommandLine {
    Wanted wanted = Wanted::Window;
    QString host; // empty: none was given. A path or "@name" of Unix transports
    quint16 port = 0;
    std::optional<Transport> transport; // given, or said by the target
    Endpoint local;
    bool connected = true; // of datagrams: false by --unconnected
    QString open;          // as the server's
    std::optional<LineEnding> lineEnding;
    int timeoutMilliseconds = 10'000;
    bool timeoutGiven = false; // else the window has the one that is set
    RecordingPlace place;
};

// What main() was given, the program itself first.
QStringList argumentsOf(int argc, char **argv);

tl::expected<ServerCommandLine, QString> parseServerCommandLine(const QStringList &arguments);
tl::expected<ClientCommandLine, QString> parseClientCommandLine(const QStringList &arguments);

// The text of --help, and of --version.
QString serverHelp();
QString clientHelp();
QString versionText(const QString &program);

// Writes an error to standard error in the form of the field: "tincan-server: …".
void printError(const QString &program, const QString &text);

} // namespace tincan
