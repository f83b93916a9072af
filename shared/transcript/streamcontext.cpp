// SPDX-License-Identifier: MIT
#include "transcript/streamcontext.h"

#include <algorithm>

#include "transcript/charreader.h"
#include "transcript/decoder.h"

namespace tincan {

namespace {

// What is held back at the end of bytes that begin with a character.
QByteArray cutEnd(const Encoding &encoding, const QByteArray &bytes, qsizetype from)
{
    const CharReader reader(encoding);
    const auto *data = reinterpret_cast<const unsigned char *>(bytes.constData());
    while (from < bytes.size()) {
        const CharReader::Char c = reader.next(data + from, bytes.size() - from);
        if (c.state == CharReader::Char::State::Cut) {
            break;
        }
        from += c.size;
    }
    return bytes.sliced(from);
}

QByteArray carriedUtf16(const Encoding &encoding, const StreamBefore &before)
{
    const auto odd = static_cast<qsizetype>(before.offset() % 2);
    const QByteArray bytes = before.bytes(odd + 2);
    return cutEnd(encoding, bytes, 0);
}

QByteArray carriedMultiByte(const Encoding &encoding, const StreamBefore &before)
{
    QByteArray bytes;
    for (qsizetype back = 64; back <= kLongestLookBack; back *= 4) {
        bytes = before.bytes(back);
        const auto alone = std::find_if(bytes.crbegin(), bytes.crend(),
                                        [&](char byte) { return static_cast<unsigned char>(byte) < encoding.firstTrail; });
        if (alone != bytes.crend()) {
            return cutEnd(encoding, bytes, bytes.crend() - alone);
        }
        if (bytes.size() < back) {
            break; // the stream begins here
        }
    }
    return cutEnd(encoding, bytes, 0);
}

} // namespace

QByteArray carriedInto(const Encoding &encoding, const StreamBefore &before)
{
    switch (encoding.form) {
    case Encoding::Form::Utf8: {
        const QByteArray bytes = before.bytes(3);
        return bytes.last(Decoder::incompleteTail(bytes));
    }
    case Encoding::Form::Utf16Le:
    case Encoding::Form::Utf16Be:
        return carriedUtf16(encoding, before);
    case Encoding::Form::MultiByte:
        return carriedMultiByte(encoding, before);
    case Encoding::Form::SingleByte:
        break;
    }
    return {};
}

} // namespace tincan
