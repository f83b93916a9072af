// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace tincan {

inline constexpr int kLongestPeerName = 64; // characters, each of which may be several code units

// What is given to a peer as a name, as one line that says only what it shows: without control characters, bidi marks and
// overrides, line and paragraph separators and lone surrogates; spaces in a row are one, none is at the ends. At most
// kLongestPeerName characters of it. Empty where nothing visible is left. Any thread.
QString cleanPeerName(const QString &given);

} // namespace tincan
