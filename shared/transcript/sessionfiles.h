// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <QString>

#include "base/result.h"
#include "transcript/rowsource.h"

namespace tincan {

// Opens a session or a capture for reading, whatever kind of file it is. A thread of the pool: it reads the file's beginning.
// Error: of open(2), read(2), or Parse where it is no such file.
Result<std::unique_ptr<RowSource>> openAnySession(const QString &path);

// Whether the session in this file (of several: any of its files) was ended by its program, not by a crash or a power cut. True
// for what cannot be read: there is nothing to offer then. Any thread; reads the file's end only.
bool endedInOrder(const QString &path);

} // namespace tincan
