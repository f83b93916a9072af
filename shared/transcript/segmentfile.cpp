// SPDX-License-Identifier: MIT
#include "transcript/segmentfile.h"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace tincan {

std::size_t readSegments(const SegmentFiles &files, std::uint64_t offset, std::span<std::byte> into, int *error)
{
    *error = 0;
    const auto next
        = std::upper_bound(files.begin(), files.end(), offset,
                           [](std::uint64_t at, const std::shared_ptr<SegmentFile> &file) { return at < file->base; });
    if (next == files.begin()) { // discarded, or none at all
        *error = ENODATA;
        return 0;
    }
    const SegmentFile &file = **(next - 1);
    const std::uint64_t most = next == files.end() ? UINT64_MAX : (*next)->base - offset;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), most));
    std::size_t got = 0;
    while (got < wanted) {
        const ssize_t count
            = ::pread(file.fd.get(), into.data() + got, wanted - got, static_cast<off_t>(offset - file.base + got));
        if (count > 0) {
            got += static_cast<std::size_t>(count);
        } else if (count == 0 || errno != EINTR) {
            *error = count == 0 ? (got == 0 ? EIO : 0) : errno; // shorter than it was: somebody cut it
            break;
        }
    }
    return got;
}

} // namespace tincan
