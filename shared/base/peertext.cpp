// SPDX-License-Identifier: MIT
#include "base/peertext.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace tincan {

namespace {

// A character and how many bytes it takes; 0 bytes where they are none (RFC 3629 §4).
struct Point {
    char32_t value = 0;
    std::size_t size = 0;
};

Point pointAt(std::string_view text) noexcept
{
    constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000}; // by size: shorter forms are none
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) {
        return {};
    }
    char32_t value = lead & (0x7fU >> size);
    for (const char byte : text.substr(1, size - 1)) {
        if ((static_cast<unsigned char>(byte) & 0xc0U) != 0x80) {
            return {};
        }
        value = value << 6U | (static_cast<unsigned char>(byte) & 0x3fU);
    }
    const bool isPoint = value >= kLeast.at(size) && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
    return isPoint ? Point{value, size} : Point{};
}

// C0, C1, DEL; line and paragraph separators; what turns the direction (UAX #9).
bool isObeyed(char32_t point) noexcept
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x061c || (point >= 0x200e && point <= 0x200f)
        || (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

std::string escaped(char32_t value)
{
    std::array<char, 16> written{};
    const int size = value < 0x100 ? std::snprintf(written.data(), written.size(), "\\x%02x", static_cast<unsigned>(value))
                                   : std::snprintf(written.data(), written.size(), "\\u{%x}", static_cast<unsigned>(value));
    return {written.data(), static_cast<std::size_t>(size)};
}

} // namespace

std::string plainText(std::string_view text)
{
    std::string plain;
    while (!text.empty()) {
        const Point point = pointAt(text);
        if (point.size == 0) {
            plain += escaped(static_cast<unsigned char>(text.front()));
        } else if (isObeyed(point.value)) {
            plain += escaped(point.value);
        } else {
            plain += text.substr(0, point.size);
        }
        text.remove_prefix(std::max<std::size_t>(point.size, 1));
    }
    return plain;
}

std::string peerText(const PeerInfo &info)
{
    if (!isUnix(info.transport)) {
        return info.remote.toString();
    }
    if (const std::string name = info.remote.toString(); !name.empty()) {
        return plainText(name);
    }
    std::string text = info.process.program.empty() ? std::string("unix") : plainText(info.process.program);
    if (info.process.pid > 0) {
        text += '[' + std::to_string(info.process.pid) + ']';
    }
    if (info.fd >= 0) {
        text += '#' + std::to_string(info.fd);
    }
    return text;
}

} // namespace tincan
