// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <QString>

#include "transcript/rowsource.h"

namespace tincan {

// Whether the file is a session that one of our programs recorded, with its own records still in it. Any thread.
bool isOwnSession(const QString &path);

// Opens any file that can be shown: a session of ours with its events, or else a capture. Any thread. Error: as openCapture().
Result<std::unique_ptr<RowSource>> openAnySession(const QString &path);

} // namespace tincan
