// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace tincan {

// Goes through a file from front to back with few large reads. One thread; the descriptor outlives it.
class FileWindow
{
public:
    static constexpr std::size_t kMost = 1024 * 1024;

    // `size` bytes of the file are looked at, whatever is appended to it meanwhile.
    FileWindow(int fd, std::uint64_t size);

    // `count` bytes (at most kMost) from `offset` on; fewer at the file's end or where it cannot be read: error() says why. They
    // stay until the next call.
    std::span<const std::byte> at(std::uint64_t offset, std::size_t count)
    {
        if (offset < m_begin || offset - m_begin + count > m_filled) {
            fill(offset);
        }
        const std::size_t from = static_cast<std::size_t>(offset - m_begin);
        return from < m_filled ? std::span(m_bytes.get() + from, count < m_filled - from ? count : m_filled - from)
                               : std::span<const std::byte>();
    }
    std::uint64_t size() const noexcept { return m_size; }
    int error() const noexcept { return m_error; } // errno's value; 0: none so far

private:
    void fill(std::uint64_t offset);

    int m_fd;
    std::uint64_t m_size;
    std::uint64_t m_begin = 0; // where in the file the window begins
    std::size_t m_filled = 0;
    int m_error = 0;
    std::unique_ptr<std::byte[]> m_bytes; // NOLINT(modernize-avoid-c-arrays)
};

// Fills `into` from `offset` on; fewer bytes at the file's end or where it cannot be read: then errno's value is in *error, else
// 0. Any thread.
std::size_t readFile(int fd, std::uint64_t offset, std::span<std::byte> into, int *error);

} // namespace tincan
