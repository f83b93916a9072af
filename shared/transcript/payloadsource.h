// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include <QByteArray>

#include "transcript/row.h"

namespace tincan {

// Gives the bytes of rows back. Any thread.
class PayloadSource
{
public:
    PayloadSource() = default;
    PayloadSource(const PayloadSource &) = delete;
    PayloadSource &operator=(const PayloadSource &) = delete;
    virtual ~PayloadSource() = default;

    // Fills `into` with what stands from `offset` on, in the numbering of Row::offset, and returns how many bytes that were:
    // fewer at the end of what is kept in one piece (a payload always is), or where it cannot be read: then errno's value is in
    // *error, else 0. What is no longer kept is ENODATA.
    virtual std::size_t readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const = 0;

    // At most `most` bytes of the row's payload, from its byte `from` on. Fewer only at the payload's end, or where it was not
    // recorded (ENODATA) or cannot be read (then errno's value is in *error if given).
    QByteArray read(const Row &row, std::uint32_t from = 0, std::uint32_t most = UINT32_MAX, int *error = nullptr) const;
};

} // namespace tincan
