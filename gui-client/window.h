// SPDX-License-Identifier: MIT
#pragma once

#include "session/commandline.h"

namespace tincan {

// Opens the window and runs until it is closed. In a build without windows, and where there is no display: says so, and how to
// do without. Returns the exit status.
int runWindow(int &argc, char **argv, const ClientCommandLine &options);

} // namespace tincan
