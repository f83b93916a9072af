// SPDX-License-Identifier: MIT
#include "transcript/blockstream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "transcript/blockparts.h"

namespace tincan {

namespace {

constexpr std::size_t kWindow = std::size_t{512} * 1024; // stays in the processor's cache
constexpr std::size_t kLeastBlock = 12;

} // namespace

void BlockStream::begin(int fd, std::uint64_t size)
{
    m_fd = fd;
    m_size = size;
    m_at = 0;
    m_from = 0;
    m_to = 0;
    m_error = 0;
    m_block = {};
}

// Whether `count` bytes from m_at on are in the window. False: the file is shorter by now, or cannot be read.
bool BlockStream::fetch(std::size_t count)
{
    if (m_to - m_from >= count) {
        return true;
    }
    if (m_from > 0) {
        std::memmove(m_window.data(), m_window.data() + m_from, m_to - m_from);
        m_to -= m_from;
        m_from = 0;
    }
    const std::size_t room = std::max<std::size_t>(count, std::min<std::uint64_t>(kWindow, m_size - m_at));
    if (m_window.size() < room) {
        m_window.resize(room);
    }
    while (m_to < count) {
        const std::uint64_t at = m_at + m_to;
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(m_window.size() - m_to, m_size - at));
        const ssize_t got = most == 0 ? 0 : ::pread(m_fd, m_window.data() + m_to, most, static_cast<off_t>(at));
        if (got > 0) {
            m_to += static_cast<std::size_t>(got);
        } else if (got == 0) {
            m_size = at; // somebody cut it
            return false;
        } else if (errno != EINTR) {
            m_error = errno;
            return false;
        }
    }
    return true;
}

BlockStream::Step BlockStream::stop(Step step)
{
    m_block = {};
    return m_error != 0 ? Step::Failed : step;
}

// A file system that lost power may have made the file longer already, and not filled it yet.
bool BlockStream::isZeroFromHere() const
{
    constexpr std::size_t kStep = 4096;
    std::vector<std::byte> bytes(kStep);
    for (std::uint64_t at = m_at; at < m_size; at += kStep) {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(kStep, m_size - at));
        const ssize_t got = ::pread(m_fd, bytes.data(), most, static_cast<off_t>(at));
        if (got <= 0 || std::any_of(bytes.begin(), bytes.begin() + got, [](std::byte byte) { return byte != std::byte{}; })) {
            return false;
        }
    }
    return true;
}

BlockStream::Step BlockStream::next()
{
    m_from += m_block.whole.size();
    m_at += m_block.whole.size();
    m_block = {};
    if (m_at >= m_size) {
        return stop(Step::End);
    }
    if (remaining() < kLeastBlock || !fetch(kLeastBlock)) {
        return stop(Step::Torn);
    }
    const auto length = pcapng::load<std::uint32_t>({m_window.data() + m_from, kLeastBlock}, 4);
    const bool plausible = length >= kLeastBlock && length % 4 == 0;
    if (plausible && length > remaining() && remaining() <= kMostBlock) {
        return stop(Step::Torn);
    }
    if (!plausible || length > kMostBlock) {
        return stop(isZeroFromHere() ? Step::Torn : Step::Damaged);
    }
    if (!fetch(length)) {
        return stop(Step::Torn);
    }
    const auto block = pcapng::firstBlock({m_window.data() + m_from, length});
    if (!block) {
        return stop(length == remaining() ? Step::Torn : Step::Damaged);
    }
    m_block = *block;
    return Step::Block;
}

} // namespace tincan
