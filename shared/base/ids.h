// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace tincan {

// Names one connection (or attempt at one) within a session. Counted from 1 in the order in which they came, never reused.
using PeerId = std::uint32_t;

// "No peer" in a record; "all peers" as a conversation.
inline constexpr PeerId kNoPeer = 0;

// Names one listening (or bound) socket within a session, likewise.
using ListenerId = std::uint32_t;
inline constexpr ListenerId kNoListener = 0;

// Names a message in the index of a session, counted from 0 in the order in which things happened.
using RowNumber = std::uint32_t;
inline constexpr RowNumber kNoRow = UINT32_MAX;

} // namespace tincan
