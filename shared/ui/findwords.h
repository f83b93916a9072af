// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "session/search.h"
#include "transcript/pattern.h"

namespace tincan {

// What is wrong with a pattern, and what to do. GUI thread, as all here.
QString patternErrorText(const PatternError &error, const Encoding &encoding = utf8());

// "3 of 1 204", "searching… 34 %", "none". `current`: the index of the hit that is looked at; -1: none.
QString searchStateText(const Search &search, qsizetype current, bool isFirstTime);

// 1204 → "1 204".
QString groupedDigits(std::uint64_t number);

} // namespace tincan
