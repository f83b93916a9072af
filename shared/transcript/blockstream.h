// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "transcript/pcapng.h"

namespace tincan {

// The blocks of a pcapng file, one after the other, read through a window: the file may be of any size, may shrink meanwhile and
// may hold anything. One thread.
class BlockStream
{
public:
    // `fd` stays open as long as it is read; bytes behind `size` are not looked at.
    void begin(int fd, std::uint64_t size);

    enum class Step {
        Block,
        End,
        Torn,    // the last block is not there whole
        Damaged, // there is no telling where the next block begins
        Failed,  // errno's value in error()
    };
    Step next();

    const pcapng::Block &block() const noexcept { return m_block; } // until the next next()
    std::uint64_t position() const noexcept { return m_at; }        // in the file, of that block or of where it ended
    std::uint64_t remaining() const noexcept { return m_size - m_at; }
    int error() const noexcept { return m_error; }

    static constexpr std::size_t kMostBlock = std::size_t{16} * 1024 * 1024;

private:
    bool fetch(std::size_t count);
    Step stop(Step step);
    bool isZeroFromHere() const;

    std::vector<std::byte> m_window;
    std::size_t m_from = 0; // in the window: what stands at m_at
    std::size_t m_to = 0;   // in the window: the end of what was read
    pcapng::Block m_block;
    std::uint64_t m_at = 0;
    std::uint64_t m_size = 0;
    int m_fd = -1;
    int m_error = 0;
};

} // namespace tincan
