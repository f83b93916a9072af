// SPDX-License-Identifier: MIT
#include "net/answer.h"

#include <algorithm>

namespace tincan {

bool isExit(std::span<const std::byte> message) noexcept
{
    constexpr std::string_view kExit = "exit";
    const std::string_view text(reinterpret_cast<const char *>(message.data()), message.size());
    return text.starts_with(kExit)
        && text.find_first_not_of(std::string_view("\r\n\0", 3), kExit.size()) == std::string_view::npos;
}

void prefixLines(std::span<const std::byte> message, std::string_view prefix, bool interrupted, LineState &state,
                 std::vector<std::byte> &into)
{
    const auto *name = reinterpret_cast<const std::byte *>(prefix.data());
    bool named = !state.atLineStart && !interrupted;
    while (!message.empty()) {
        if (!named) {
            into.insert(into.end(), name, name + prefix.size());
        }
        const auto lineEnd = std::find(message.begin(), message.end(), std::byte{'\n'});
        const auto length
            = static_cast<std::size_t>(lineEnd - message.begin()) + static_cast<std::size_t>(lineEnd != message.end());
        into.insert(into.end(), message.begin(), message.begin() + static_cast<std::ptrdiff_t>(length));
        state.atLineStart = lineEnd != message.end();
        message = message.subspan(length);
        named = false;
    }
}

} // namespace tincan
