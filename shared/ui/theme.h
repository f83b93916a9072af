// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QPalette>

#include "session/peermodel.h"

namespace tincan {

// Whose colours the windows bear. GUI thread, after the QApplication was made.
enum class Theme : std::uint8_t { System, Light, Dark };

// Applies at once, to windows that are open too. System: what the desktop gives; where it gives nothing (a bare X server),
// our light palette.
void applyTheme(Theme theme);

// $TINCAN_THEME ("dark" or "light") where it is set, else `otherwise`.
Theme themeFromEnvironment(Theme otherwise);

bool isDark(const QPalette &palette);

// The colour that stands for a state; readable as a dot on the palette's base.
QColor stateColour(PeerState state);
QColor goodColour();
QColor waitingColour();
QColor badColour();
QColor quietColour();

// Between the palette's text and what is behind it: for what is said beside the matter.
QColor mutedText(const QPalette &palette, QPalette::ColorRole text = QPalette::Text, QPalette::ColorRole behind = QPalette::Base);

} // namespace tincan
