// SPDX-License-Identifier: MIT
#pragma once

#include <QToolButton>

class QMenu;

namespace tincan {

// Gives the button a menu that the accessibility bus can open as well. Qt 6.4 does not offer to press such a button, does not
// open a menu that is all the button has, and answers the call only when an open menu is closed again. GUI thread.
void giveMenu(QToolButton *button, QMenu *menu, QToolButton::ToolButtonPopupMode mode);

} // namespace tincan
