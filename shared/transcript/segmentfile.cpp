// SPDX-License-Identifier: MIT
#include "transcript/segmentfile.h"

#include <algorithm>
#include <cerrno>

#include "transcript/filewindow.h"

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
    const std::size_t got = readFile(file.fd.get(), offset - file.base, into.first(wanted), error);
    if (got == 0 && wanted > 0 && *error == 0) {
        *error = EIO; // shorter than it was: somebody cut it
    }
    return got;
}

} // namespace tincan
