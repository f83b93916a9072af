// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/record.h"

namespace tincan {

// What a socket call did, in plain words, for those who learn; where it failed, why, and what to do. Any thread.
struct CallMeaning {
    QString what;   // "bind gives the socket its own address: 0.0.0.0:6666."
    QString error;  // "EADDRINUSE: 0.0.0.0:6666 is taken by another socket."; empty where it did not fail
    QString remedy; // of the error; may be empty
    QString manual; // "bind(2), ip(7)"
};
CallMeaning callMeaning(const CallInfo &call);
// All of it in one line: "bind gives … EADDRINUSE: … Stop it, … See bind(2), ip(7)."
QString callMeaningText(const CallInfo &call);

} // namespace tincan
