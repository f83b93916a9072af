// SPDX-License-Identifier: MIT
#include "transcript/payloadcursor.h"

#include <algorithm>
#include <cerrno>

namespace tincan {

namespace {

constexpr std::size_t kWindow = std::size_t{512} * 1024; // stays in the processor's cache

} // namespace

PayloadCursor::PayloadCursor(const PayloadSource &source)
    : m_source(source)
    , m_window(kWindow)
{
}

std::span<const std::byte> PayloadCursor::bytes(const Row &row)
{
    m_error = 0;
    if (row.size == 0) {
        return {};
    }
    if (row.offset == kNotRecorded) {
        m_error = ENODATA;
        return {};
    }
    if (row.offset < m_begin || row.offset + row.size > m_begin + m_filled) {
        m_window.resize(std::max<std::size_t>(m_window.size(), row.size));
        m_begin = row.offset;
        m_filled = m_source.readInto(row.offset, m_window, &m_error);
        if (m_filled >= row.size) {
            m_error = 0; // what is wrong is wrong further on
        }
    }
    const std::size_t at = row.offset - m_begin;
    return std::span<const std::byte>(m_window).subspan(at, std::min<std::size_t>(row.size, m_filled - at));
}

} // namespace tincan
