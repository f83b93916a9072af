// SPDX-License-Identifier: MIT
#include "transcript/rowmaking.h"

#include <iterator>

namespace tincan {

void addRow(RowBatch &made, const Record &record, std::uint64_t offset, Detail *detail)
{
    if (record.kind == RecordKind::Call) {
        if (auto *info = detail ? std::get_if<CallInfo>(detail) : nullptr) {
            made.calls.push_back({record.time, record.peer, std::move(*info)});
        }
        return;
    }
    if (record.kind == RecordKind::Acknowledged) {
        if (const auto *info = detail ? std::get_if<AcknowledgedInfo>(detail) : nullptr) {
            made.acks.push_back({record.time, record.peer, *info});
        }
        return;
    }
    Row row;
    row.time = record.time;
    row.size = record.size;
    row.peer = record.peer;
    row.kind = record.kind;
    row.offset = offset;
    if (detail) {
        // While somebody does not read, message after message has the same exceptions.
        const auto *fanOut = std::get_if<FanOutInfo>(detail);
        const auto *last = fanOut && !made.details.empty() ? std::get_if<FanOutInfo>(&made.details.back()) : nullptr;
        if (!last || *last != *fanOut) {
            made.details.push_back(std::move(*detail));
        }
        row.detail = static_cast<std::uint32_t>(made.details.size() - 1);
    }
    made.rows.push_back(row);
}

void moveRows(RowBatch &into, RowBatch &from)
{
    const auto base = static_cast<std::uint32_t>(into.details.size());
    for (Row &row : from.rows) {
        row.detail += row.detail == kNoDetail ? 0 : base;
    }
    into.rows.insert(into.rows.end(), from.rows.begin(), from.rows.end());
    std::move(from.details.begin(), from.details.end(), std::back_inserter(into.details));
    std::move(from.calls.begin(), from.calls.end(), std::back_inserter(into.calls));
    into.acks.insert(into.acks.end(), from.acks.begin(), from.acks.end());
}

} // namespace tincan
