// SPDX-License-Identifier: MIT
#include "transcript/segmentstore.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <QFile>

namespace tincan {

namespace {

constexpr std::uint64_t kCheckEvery = 16 * kMebibyte;
constexpr std::uint64_t kRoomToResume = kMebibyte;

bool writeAll(int fd, std::span<const std::byte> bytes, std::uint64_t at)
{
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            at += static_cast<std::uint64_t>(count);
        } else if (count == 0 || errno != EINTR) {
            errno = count == 0 ? ENOSPC : errno;
            return false;
        }
    }
    return true;
}

} // namespace

Result<void> SegmentStore::open(const RecordingPlace &place)
{
    Result<OpenedPlace> opened = openRecordingPlace(place);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    m_kind = place.kind;
    m_limits = place.limits;
    if (m_limits.totalBytes > 0) {
        m_limits.segmentBytes = std::min(m_limits.segmentBytes, m_limits.totalBytes / 4);
    }
    m_path = opened->path;
    if (opened->fd) {
        add(std::move(*opened));
    }
    return {};
}

void SegmentStore::add(OpenedPlace place)
{
    auto piece = std::make_shared<SegmentFile>();
    piece->fd = std::move(place.fd);
    piece->path = place.path;
    piece->base = m_end;
    m_pieces.push_back(std::move(piece));
    m_fullAt = hasSegments() ? m_end + m_limits.segmentBytes : UINT64_MAX;
    publishPieces();
}

void SegmentStore::publishPieces()
{
    auto readable = std::make_shared<const SegmentFiles>(m_pieces);
    const std::lock_guard lock(m_mutex);
    m_readable.swap(readable);
}

int SegmentStore::beginSegment()
{
    std::uint64_t number = m_number + 1;
    Result<OpenedPlace> opened = openNextSegment(m_path, number);
    if (!opened) {
        m_fullAt
            = m_end + std::min(kCheckEvery, m_limits.segmentBytes); // descriptors run out, for example: it may be better later
        return opened.error().code;
    }
    m_number = number;
    trim();
    add(std::move(*opened));
    keepTotal();
    m_checkAt = m_end;
    return 0;
}

int SegmentStore::write(std::span<const std::byte> bytes, std::uint64_t messages)
{
    // The very first bytes, a file's header, are written before the disk is looked at: it can say later that there is no room.
    if (m_end == 0) {
        m_checkAt = 0;
    } else if (m_end + bytes.size() > m_checkAt) {
        if (const int error = makeRoom(); error != 0) {
            dropCurrent();
            return error;
        }
    }
    SegmentFile &piece = current();
    if (!writeAll(piece.fd.get(), bytes, m_end - piece.base)) {
        const int error = errno;
        // What is there up to the last write that succeeded stays a sound file; where it cannot be cut, a reader does it.
        static_cast<void>(::ftruncate(piece.fd.get(), static_cast<off_t>(m_end - piece.base)));
        dropCurrent();
        return error;
    }
    m_end += bytes.size();
    m_readableEnd.store(m_end, std::memory_order_release);
    piece.messages += messages;
    return 0;
}

// A segment with nothing in it is no file that anybody could read.
void SegmentStore::dropCurrent()
{
    if (m_pieces.size() > 1 && current().base == m_end) {
        if (!current().path.isEmpty()) {
            ::unlink(QFile::encodeName(current().path).constData());
        }
        m_pieces.pop_back();
        publishPieces();
    }
}

int SegmentStore::resume()
{
    const std::uint64_t free = freeBytes();
    if (free < m_limits.freeBytes || free - m_limits.freeBytes < kRoomToResume) {
        return ENOSPC;
    }
    if (hasSegments()) {
        if (const int error = beginSegment(); error != 0) {
            return error;
        }
    }
    // So that it does not fail again with the next message.
    const SegmentFile &piece = current();
    const auto at = static_cast<off_t>(m_end - piece.base);
    m_hasReserved = true;
    if (::fallocate(piece.fd.get(), FALLOC_FL_KEEP_SIZE, at, static_cast<off_t>(kRoomToResume)) != 0
        && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO)) {
        const int error = errno;
        dropCurrent();
        return error;
    }
    m_checkAt = m_end;
    return 0;
}

void SegmentStore::trim()
{
    if (std::exchange(m_hasReserved, false)) {
        static_cast<void>(::ftruncate(current().fd.get(), static_cast<off_t>(m_end - current().base)));
    }
}

std::uint64_t SegmentStore::freeBytes() const
{
    struct statvfs disk {
    };
    if (::fstatvfs(m_pieces.back()->fd.get(), &disk) != 0) {
        return UINT64_MAX; // nothing is known against it
    }
    return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

int SegmentStore::makeRoom()
{
    m_checkAt = m_end + std::min(kCheckEvery, m_limits.segmentBytes);
    std::uint64_t free = freeBytes();
    // Where all of it would not help, it is kept.
    const std::uint64_t mayGo = current().base - m_pieces.front()->base;
    if (free < m_limits.freeBytes && m_limits.freeBytes - free > mayGo) {
        return ENOSPC;
    }
    while (free < m_limits.freeBytes && m_pieces.size() > 1) {
        // Counted by hand: many file systems give the room back a while later.
        free += m_pieces[1]->base - m_pieces[0]->base;
        discardOldest(true);
    }
    return 0;
}

void SegmentStore::keepTotal()
{
    while (m_limits.totalBytes > 0 && m_pieces.size() > 1
           && m_end - m_pieces.front()->base + m_limits.segmentBytes > m_limits.totalBytes) {
        discardOldest(false);
    }
}

void SegmentStore::discardOldest(bool forFreeSpace)
{
    const SegmentFile &oldest = *m_pieces.front();
    if (!oldest.path.isEmpty()) {
        ::unlink(QFile::encodeName(oldest.path).constData());
    }
    if (!m_discarded) {
        m_discarded = Discarded();
    }
    m_discarded->messages += oldest.messages;
    m_discarded->forFreeSpace = forFreeSpace;
    m_allDiscarded += oldest.messages;
    m_pieces.erase(m_pieces.begin());
    publishPieces();
}

std::optional<SegmentStore::Discarded> SegmentStore::takeDiscarded()
{
    return std::exchange(m_discarded, std::nullopt);
}

std::size_t SegmentStore::readInto(std::uint64_t offset, std::span<std::byte> into, int *error) const
{
    std::shared_ptr<const SegmentFiles> pieces;
    {
        const std::lock_guard lock(m_mutex);
        pieces = m_readable;
    }
    if (!pieces) {
        *error = ENODATA;
        return 0;
    }
    const std::uint64_t end = m_readableEnd.load(std::memory_order_acquire);
    if (offset >= end) {
        *error = EIO;
        return 0;
    }
    return readSegments(*pieces, offset, into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), end - offset))),
                        error);
}

} // namespace tincan
