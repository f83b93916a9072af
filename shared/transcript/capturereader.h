// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <QString>

#include "transcript/rowsource.h"

namespace tincan {

// Other people's captures as sessions: any pcap or pcapng file of TCP or UDP. The bytes of each TCP connection come in order,
// those that came again are dropped, and where some are missing a Note says so; each datagram is a message. Rows lead to the
// capture's own bytes, nothing is copied. At the end, Notes say what was passed over and why.
//
// Any thread. Error: of open(2) or read(2) with the path, or {0, Parse, what the file is instead}, a whole sentence.
Result<std::unique_ptr<RowSource>> openCapture(const QString &path);

} // namespace tincan
