// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <QByteArray>

#include "transcript/row.h"

namespace tincan {

// Gives the bytes of a row back. Any thread.
class PayloadSource
{
public:
    PayloadSource() = default;
    PayloadSource(const PayloadSource &) = delete;
    PayloadSource &operator=(const PayloadSource &) = delete;
    virtual ~PayloadSource() = default;

    // At most `most` bytes of the row's payload, from its byte `from` on. Fewer only at the payload's end, or where the file
    // cannot be read (then errno's value is in *error if given).
    virtual QByteArray read(const Row &row, std::uint32_t from = 0, std::uint32_t most = UINT32_MAX,
                            int *error = nullptr) const = 0;
};

} // namespace tincan
