// SPDX-License-Identifier: MIT
#pragma once

#include <QIcon>
#include <QLatin1String>

namespace tincan {

// A monochrome icon of resources/icons ("start", "stop" …) in the palette's text colour, whatever the palette becomes. Drawn when
// it is first painted. GUI thread.
QIcon icon(QLatin1String name);

// The icon of a program in its own colours: "tincan-server", "tincan-client".
QIcon programIcon(const QString &name);

} // namespace tincan
