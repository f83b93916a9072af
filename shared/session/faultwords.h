// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include <QString>

#include "base/faults.h"

namespace tincan {

// Faults on purpose in words, as they stand in notes, in the windows and in session files. Any thread.

// "delay 200 to 250 ms, pieces of 3 bytes"; empty for none.
QString faultsText(const Faults &faults);
// The same way back; nothing where it is no such text. An empty text is no faults.
std::optional<Faults> faultsOf(const QString &text);

// What is offered ready made.
struct FaultPreset {
    QString name; // "Slow modem (33.6 kbit/s)"
    Faults faults;
};
const std::vector<FaultPreset> &faultPresets();

} // namespace tincan
