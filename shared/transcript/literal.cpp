// SPDX-License-Identifier: MIT
#include "transcript/literal.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tincan {

namespace {

// How common a byte is in what peers say, roughly: what is looked for first should be rare.
int commonness(char value, char mask)
{
    if (mask == 0) {
        return 9;
    }
    if (value == ' ' || value == 'e' || value == 0) {
        return 5;
    }
    if (static_cast<unsigned char>(mask) != 0xff || (value >= 'a' && value <= 'z')) {
        return 4;
    }
    return (value >= '0' && value <= '9') || value == '\n' || value == '\r' ? 3 : 1;
}

} // namespace

Literal::Literal(const QByteArray &bytes)
    : Literal(bytes, QByteArray(bytes.size(), '\xff'))
{
}

Literal::Literal(const QByteArray &bytes, const QByteArray &mask)
    : m_value(bytes)
    , m_mask(mask)
    , m_exact(mask.count('\xff') == mask.size())
{
    for (qsizetype at = 0; at < m_value.size(); ++at) {
        m_value[at] = static_cast<char>(m_value[at] & m_mask[at]);
    }
    const auto rarer = [this](std::size_t a, std::size_t b) {
        const auto of = [this](std::size_t at) {
            return commonness(m_value[static_cast<qsizetype>(at)], m_mask[static_cast<qsizetype>(at)]);
        };
        return of(a) < of(b);
    };
    for (std::size_t at = 1; at < size(); ++at) {
        if (rarer(at, m_one)) {
            m_other = m_one;
            m_one = at;
        } else if (m_other == m_one || rarer(at, m_other)) {
            m_other = at;
        }
    }
}

Literal Literal::caseless(const QByteArray &bytes)
{
    QByteArray value = bytes;
    QByteArray mask(bytes.size(), '\xff');
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        const char upper = static_cast<char>(bytes[at] & 0xdf);
        if (upper >= 'A' && upper <= 'Z') {
            value[at] = upper;
            mask[at] = '\xdf';
        }
    }
    return {value, mask};
}

bool Literal::isAt(const char *where) const noexcept
{
    if (m_exact) {
        return std::memcmp(where, m_value.constData(), size()) == 0;
    }
    const char *value = m_value.constData();
    const char *mask = m_mask.constData();
    for (std::size_t at = 0; at < size(); ++at) {
        if (static_cast<char>(where[at] & mask[at]) != value[at]) {
            return false;
        }
    }
    return true;
}

std::size_t Literal::find(std::string_view bytes, std::size_t from) const noexcept
{
    if (size() == 0 || bytes.size() < size() || from > bytes.size() - size()) {
        return kNone;
    }
    return findByAnchors(bytes.data(), from, bytes.size() - size());
}

// Among the places from `first` to `last`: sixteen at a time by two of the bytes, then the whole where both fit.
std::size_t Literal::findByAnchors(const char *bytes, std::size_t first, std::size_t last) const noexcept
{
    std::size_t at = first;
#ifdef __SSE2__
    constexpr std::size_t kStep = 16;
    const auto spread
        = [](const QByteArray &of, std::size_t which) { return _mm_set1_epi8(of.at(static_cast<qsizetype>(which))); };
    const __m128i oneValue = spread(m_value, m_one);
    const __m128i oneMask = spread(m_mask, m_one);
    const __m128i otherValue = spread(m_value, m_other);
    const __m128i otherMask = spread(m_mask, m_other);
    const auto load = [](const char *where) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(where)); };
    // Where the beginning fits again and again and the rest does not, memmem, which is linear.
    std::size_t wasted = 0;
    while (at + kStep - 1 <= last) {
        const __m128i one = _mm_cmpeq_epi8(_mm_and_si128(load(bytes + at + m_one), oneMask), oneValue);
        const __m128i other = _mm_cmpeq_epi8(_mm_and_si128(load(bytes + at + m_other), otherMask), otherValue);
        auto candidates = static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(one, other)));
        for (; candidates != 0; candidates &= candidates - 1) {
            const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(candidates));
            if (isAt(bytes + place)) {
                return place;
            }
            wasted += size();
        }
        at += kStep;
        if (m_exact && wasted > 4096 + 8 * (at - first)) {
            const void *found = memmem(bytes + at, last + size() - at, m_value.constData(), size());
            return found ? static_cast<std::size_t>(static_cast<const char *>(found) - bytes) : kNone;
        }
    }
#endif
    const char value = m_value[static_cast<qsizetype>(m_one)];
    const char mask = m_mask[static_cast<qsizetype>(m_one)];
    for (; at <= last; ++at) {
        if (static_cast<char>(bytes[at + m_one] & mask) == value && isAt(bytes + at)) {
            return at;
        }
    }
    return kNone;
}

} // namespace tincan
