// SPDX-License-Identifier: MIT
#pragma once

#include "base/transport.h"

class QString;
class QWidget;

namespace tincan {

class ComboBox;

// A combo box of the kinds of socket, with what they are as tool tips. GUI thread.
ComboBox *makeTransportEdit(const QString &objectName, QWidget *parent);
Transport transportOf(const ComboBox &edit);

} // namespace tincan
