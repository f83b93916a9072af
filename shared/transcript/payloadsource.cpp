// SPDX-License-Identifier: MIT
#include "transcript/payloadsource.h"

#include <algorithm>
#include <cerrno>

namespace tincan {

QByteArray PayloadSource::read(const Row &row, std::uint32_t from, std::uint32_t most, int *error) const
{
    int code = 0;
    QByteArray bytes;
    if (row.offset == kNotRecorded) {
        code = ENODATA;
    } else if (from < row.size) {
        bytes.resize(static_cast<qsizetype>(std::min(row.size - from, most)));
        const std::span into(reinterpret_cast<std::byte *>(bytes.data()), static_cast<std::size_t>(bytes.size()));
        bytes.truncate(static_cast<qsizetype>(readInto(row.offset + from, into, &code)));
    }
    if (error) {
        *error = code;
    }
    return bytes;
}

} // namespace tincan
