// SPDX-License-Identifier: MIT
// ICU's C interface, not QStringDecoder: that one puts U+FFFD where bytes are no character, and does not tell which they were;
// here every byte must be shown.
#include "transcript/charreader.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

#include <QChar>

namespace tincan {

struct CharConverter {
    struct Close {
        void operator()(UConverter *converter) const { ucnv_close(converter); }
    };
    std::unique_ptr<UConverter, Close> icu; // null where ICU has not got it: then every byte from 0x80 on is invalid
    static constexpr char32_t kNone = 0xffffffff;
    std::array<char32_t, 256> points{}; // SingleByte: of each byte
};

namespace {

using Char = CharReader::Char;
using State = Char::State;

constexpr unsigned kHighBit = 0x80;

// One character. ICU's own errors are said by `error`.
char32_t convert(UConverter *icu, const unsigned char *bytes, qsizetype count, qsizetype &size, UErrorCode &error)
{
    const auto *at = reinterpret_cast<const char *>(bytes);
    const char *const begin = at;
    const UChar32 point = ucnv_getNextUChar(icu, &at, at + count, &error);
    size = at - begin;
    return static_cast<char32_t>(point);
}

CharConverter open(const Encoding &encoding)
{
    CharConverter made;
    UErrorCode error = U_ZERO_ERROR;
    made.icu.reset(ucnv_open(encoding.icu, &error));
    made.points.fill(CharConverter::kNone);
    for (std::size_t byte = 0; byte < kHighBit; ++byte) {
        made.points[byte] = static_cast<char32_t>(byte); // whatever old IBM tables make of 0x1a, 0x1c and 0x7f
    }
    if (!made.icu) {
        return made;
    }
    ucnv_setToUCallBack(made.icu.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    ucnv_setFromUCallBack(made.icu.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    if (encoding.form == Encoding::Form::SingleByte) {
        for (unsigned byte = kHighBit; byte < made.points.size(); ++byte) {
            const auto one = static_cast<unsigned char>(byte);
            qsizetype size = 0;
            error = U_ZERO_ERROR;
            ucnv_resetToUnicode(made.icu.get());
            const char32_t point = convert(made.icu.get(), &one, 1, size, error);
            if (U_SUCCESS(error)) {
                made.points[byte] = point;
            }
        }
    }
    return made;
}

// ICU's converters hold a state and are dear to open: each thread keeps its own.
CharConverter *converterOf(const Encoding &encoding)
{
    thread_local std::vector<std::unique_ptr<CharConverter>> converters(encodings().size());
    auto &converter = converters[static_cast<std::size_t>(indexOf(encoding))];
    if (!converter) {
        converter = std::make_unique<CharConverter>(open(encoding));
    }
    return converter.get();
}

} // namespace

CharReader::CharReader(const Encoding &encoding)
    : m_encoding(encoding)
{
    if (encoding.form == Encoding::Form::SingleByte || encoding.form == Encoding::Form::MultiByte) {
        m_converter = converterOf(encoding);
    }
}

Char CharReader::next(const unsigned char *bytes, qsizetype count) const
{
    if (!m_converter) {
        return nextUtf16(bytes, count);
    }
    if (*bytes < kHighBit) {
        return {*bytes, 1, State::Whole};
    }
    if (m_encoding.form == Encoding::Form::SingleByte) {
        const char32_t point = m_converter->points[*bytes];
        return {point, 1, point == CharConverter::kNone ? State::Invalid : State::Whole};
    }
    return nextMultiByte(bytes, count);
}

Char CharReader::nextUtf16(const unsigned char *bytes, qsizetype count) const
{
    const auto unit = [&](qsizetype at) {
        const bool low = m_encoding.form == Encoding::Form::Utf16Le;
        return static_cast<char16_t>(bytes[at + (low ? 1 : 0)] << 8U | bytes[at + (low ? 0 : 1)]);
    };
    if (count < 2) {
        return {0, count, State::Cut};
    }
    const char16_t first = unit(0);
    if (!QChar::isSurrogate(first)) {
        return {first, 2, State::Whole};
    }
    if (QChar::isLowSurrogate(first)) {
        return {0, 2, State::Invalid};
    }
    if (count < 4) {
        return {0, count, State::Cut};
    }
    const char16_t second = unit(2);
    return QChar::isLowSurrogate(second) ? Char{QChar::surrogateToUcs4(first, second), 4, State::Whole}
                                         : Char{0, 2, State::Invalid};
}

Char CharReader::nextMultiByte(const unsigned char *bytes, qsizetype count) const
{
    constexpr qsizetype kLongest = 4;
    count = std::min(count, kLongest);
    if (!m_converter->icu) {
        return {0, 1, State::Invalid};
    }
    UErrorCode error = U_ZERO_ERROR;
    qsizetype size = 0;
    const char32_t point = convert(m_converter->icu.get(), bytes, count, size, error);
    if (U_SUCCESS(error) && size > 0) {
        return {point, size, State::Whole};
    }
    std::array<char, 32> bad{};
    auto badCount = static_cast<std::int8_t>(bad.size());
    UErrorCode none = U_ZERO_ERROR;
    ucnv_getInvalidChars(m_converter->icu.get(), bad.data(), &badCount, &none);
    ucnv_resetToUnicode(m_converter->icu.get());
    if (error == U_TRUNCATED_CHAR_FOUND && count < kLongest) {
        return {0, count, State::Cut};
    }
    // Bytes that are well formed and stand for nothing belong together; else what follows the first one is looked at anew: it
    // may be the beginning of something.
    qsizetype together = error == U_INVALID_CHAR_FOUND ? std::clamp<qsizetype>(badCount, 1, count) : 1;
    if (std::any_of(bytes + 1, bytes + together, [this](unsigned char byte) { return byte < m_encoding.firstTrail; })) {
        together = 1;
    }
    return {0, together, State::Invalid};
}

void CharReader::writeUtf16(char32_t point, QByteArray &into) const
{
    for (const char16_t unit : QChar::fromUcs4(point)) {
        const char low = static_cast<char>(unit & 0xffU);
        const char high = static_cast<char>(unit >> 8U);
        into += m_encoding.form == Encoding::Form::Utf16Le ? low : high;
        into += m_encoding.form == Encoding::Form::Utf16Le ? high : low;
    }
}

bool CharReader::write(char32_t point, QByteArray &into) const
{
    if (!m_converter) {
        const bool sound = !QChar::isSurrogate(point);
        if (sound) {
            writeUtf16(point, into);
        }
        return sound;
    }
    if (point < kHighBit) {
        into += static_cast<char>(point);
        return true;
    }
    if (!m_converter->icu) {
        return false;
    }
    std::array<char16_t, 2> units{};
    qsizetype count = 0;
    for (const char16_t unit : QChar::fromUcs4(point)) {
        units.at(static_cast<std::size_t>(count++)) = unit;
    }
    std::array<char, 16> bytes{};
    UErrorCode error = U_ZERO_ERROR;
    const qsizetype size = ucnv_fromUChars(m_converter->icu.get(), bytes.data(), static_cast<std::int32_t>(bytes.size()),
                                           units.data(), static_cast<std::int32_t>(count), &error);
    if (U_FAILURE(error) || size < 1) {
        return false;
    }
    // What the other side would read as something else is no way to write it (the yen sign of Shift_JIS).
    const Char back = next(reinterpret_cast<const unsigned char *>(bytes.data()), size);
    if (back.state != State::Whole || back.size != size || back.point != point) {
        return false;
    }
    into.append(bytes.data(), size);
    return true;
}

} // namespace tincan
