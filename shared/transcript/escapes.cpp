// SPDX-License-Identifier: MIT
#include "transcript/escapes.h"

#include <algorithm>
#include <array>

namespace tincan {

QString byteEscape(unsigned char byte)
{
    return QStringLiteral("\\x%1").arg(byte, 2, 16, QLatin1Char('0'));
}

QString controlEscape(unsigned char byte)
{
    switch (byte) {
    case '\t':
        return QStringLiteral("\\t");
    case '\a':
        return QStringLiteral("\\a");
    case '\b':
        return QStringLiteral("\\b");
    case '\f':
        return QStringLiteral("\\f");
    case '\v':
        return QStringLiteral("\\v");
    case 0x1b:
        return QStringLiteral("\\e");
    default:
        return byteEscape(byte);
    }
}

// The joiners of scripts and emoji (U+200C, U+200D) and variation selectors are left to the font.
bool isHidden(char32_t point) noexcept
{
    struct Range {
        char32_t first;
        char32_t last;
    };
    static constexpr std::array kHidden = {
        Range{0x80, 0x9f},     Range{0xad, 0xad},     Range{0x61c, 0x61c},   Range{0x115f, 0x1160}, Range{0x180e, 0x180e},
        Range{0x200b, 0x200b}, Range{0x200e, 0x200f}, Range{0x2028, 0x202e}, Range{0x2060, 0x206f}, Range{0x3164, 0x3164},
        Range{0xfdd0, 0xfdef}, Range{0xfeff, 0xfeff}, Range{0xfff0, 0xfffb}, Range{0xffa0, 0xffa0}, Range{0xe0000, 0xe0fff},
    };
    return (point & 0xfffeU) == 0xfffe || std::any_of(kHidden.begin(), kHidden.end(), [point](Range range) {
               return point >= range.first && point <= range.last;
           });
}

QString pointEscape(char32_t point)
{
    return point > 0xffff ? QStringLiteral("\\U%1").arg(static_cast<uint>(point), 8, 16, QLatin1Char('0'))
                          : QStringLiteral("\\u%1").arg(static_cast<uint>(point), 4, 16, QLatin1Char('0'));
}

void appendRun(TextRuns &into, TextRun::Kind kind, const QString &text, std::uint32_t size)
{
    if (!into.empty() && into.back().kind == kind && kind != TextRun::Kind::LineEnd) {
        into.back().text += text;
        into.back().size += size;
    } else {
        into.push_back({kind, text, size});
    }
}

void appendInvalid(TextRuns &into, QByteArrayView bytes)
{
    for (const char byte : bytes) {
        appendRun(into, TextRun::Kind::Invalid, byteEscape(static_cast<unsigned char>(byte)), 1);
    }
}

} // namespace tincan
