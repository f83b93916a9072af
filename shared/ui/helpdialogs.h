// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QMenuBar;
class QWidget;

namespace tincan {

// Both show a dialog that is not modal and goes when it is closed. GUI thread.
void showAbout(QWidget *parent, const QString &program);
// All commands of the menus that have a shortcut, and the keys of the composer.
void showShortcuts(QWidget *parent, const QMenuBar *menus);

} // namespace tincan
