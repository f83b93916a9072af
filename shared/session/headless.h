// SPDX-License-Identifier: MIT
#pragma once

#include "session/commandline.h"

class QCoreApplication;

namespace tincan {

// The programs without a window: the same net thread and recorder, no index and no models. Main thread. Each returns the exit
// status: 0 fine, 1 the network (or the session file) said no.

// Prints an event a line (see EventPrinter) to standard output; ends cleanly on SIGINT and SIGTERM.
int runHeadlessServer(QCoreApplication &application, const ServerCommandLine &options);

// Joins standard input and output to one connection, byte for byte. Ends its sending side at the end of input, and itself when
// the peer has finished; over datagrams, when nothing has come for a second after the end of the input.
int runHeadlessClient(QCoreApplication &application, const ClientCommandLine &options);

} // namespace tincan
