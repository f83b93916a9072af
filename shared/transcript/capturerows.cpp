// SPDX-License-Identifier: MIT
#include "transcript/capturerows.h"

namespace tincan {

void CaptureRows::message(PeerId peer, RecordKind kind, std::uint64_t offset, std::uint32_t size)
{
    m_batch->rows.push_back({.time = m_time, .offset = offset, .size = size, .peer = peer, .kind = kind});
}

void CaptureRows::event(PeerId peer, RecordKind kind)
{
    m_batch->rows.push_back({.time = m_time, .peer = peer, .kind = kind});
}

void CaptureRows::detailed(PeerId peer, RecordKind kind, Detail detail)
{
    const auto number = static_cast<std::uint32_t>(m_batch->details.size());
    m_batch->details.push_back(std::move(detail));
    m_batch->rows.push_back({.time = m_time, .peer = peer, .detail = number, .kind = kind});
}

void CaptureRows::missing(PeerId peer, RecordKind kind, std::uint32_t bytes, bool cutShort)
{
    m_totals.missing += bytes;
    const int way = kind == RecordKind::Sent ? 1 : 0;
    detailed(peer, RecordKind::Note, NoteInfo{NoteCode::BytesMissing, bytes, way + (cutShort ? 2 : 0), {}});
}

} // namespace tincan
