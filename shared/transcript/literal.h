// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <QByteArray>

namespace tincan {

// Bytes to be found, some of which may be any (mask 0) or a letter in either case (mask 0xdf). Any thread.
class Literal
{
public:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    // As they stand.
    explicit Literal(const QByteArray &bytes);
    // `mask` says which bits of each byte matter, and is as long.
    Literal(const QByteArray &bytes, const QByteArray &mask);
    // ASCII letters in either case.
    static Literal caseless(const QByteArray &bytes);

    std::size_t size() const noexcept { return static_cast<std::size_t>(m_value.size()); }
    // Where it is first found in `bytes`, not before `from`; kNone where it is not.
    std::size_t find(std::string_view bytes, std::size_t from = 0) const noexcept;

private:
    bool isAt(const char *where) const noexcept;
    std::size_t findByAnchors(const char *bytes, std::size_t first, std::size_t last) const noexcept;

    QByteArray m_value;
    QByteArray m_mask;
    std::size_t m_one = 0; // the bytes that are looked at first: those that are rarest in text
    std::size_t m_other = 0;
    bool m_exact = true; // all bits of all bytes matter
};

} // namespace tincan
