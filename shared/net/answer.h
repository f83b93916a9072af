// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <cstddef>

namespace tincan {

// The rules by which a server answers, as pure functions of a message (what one recv(2) returned). No sockets. Any thread.

// What the OK!!! answer is.
inline constexpr std::string_view kOkReply = "OK!!!";

// Whether the message asks for the end: "exit", with nothing but line ends (\r, \n) and NULs behind it.
bool isExit(std::span<const std::byte> message) noexcept;

// Where a sender's text stands in a room where lines bear their sender's name.
struct LineState {
    bool atLineStart = true;
};

// The message with `prefix` before each line that begins in it. A message that goes on with a line begins with the prefix too
// when `interrupted`: another sender's text stands in between.
void prefixLines(std::span<const std::byte> message, std::string_view prefix, bool interrupted, LineState &state,
                 std::vector<std::byte> &into);

} // namespace tincan
