// SPDX-License-Identifier: MIT
// The bytes of one direction, and nothing else.
#include "transcript/savewriter.h"

namespace tincan {

namespace {

class RawWriter final : public SaveWriter
{
public:
    using SaveWriter::SaveWriter;

    bool wants(const Row &row) const override
    {
        return isMessage(row.kind) && (row.kind == RecordKind::Received) == (request().direction == SaveDirection::Received);
    }
    void add(const SavedRow &row) override { out().add(row.view()); }
};

} // namespace

std::unique_ptr<SaveWriter> makeRawWriter(const SaveContext &context)
{
    return std::make_unique<RawWriter>(context);
}

} // namespace tincan
