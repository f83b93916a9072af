// SPDX-License-Identifier: MIT
// In place of window.cpp where Tincan is built without Qt Gui and Widgets.
#include "window.h"

namespace tincan {

int runWindow(int & /*argc*/, char ** /*argv*/, const ServerCommandLine & /*options*/)
{
    printError(QStringLiteral("tincan-server"), QStringLiteral("this build has no window; use --headless"));
    return kUsage;
}

} // namespace tincan
