// SPDX-License-Identifier: MIT
// CSV (RFC 4180). Line ends stand in the text as they are, other control characters and invalid bytes as the escapes that the
// window shows; the hex column has every byte. Nothing is put before a text that a spreadsheet may take for a formula ("=…"): the
// data would not be true any more.
#include "transcript/runtext.h"
#include "transcript/savedtext.h"

namespace tincan {

namespace {

class CsvWriter final : public SaveWriter
{
public:
    explicit CsvWriter(const SaveContext &context)
        : SaveWriter(context)
        , m_text(this->context())
    {
    }

    void begin() override { out().add("time,peer,local,direction,kind,size,text,hex\r\n"); }

    void add(const SavedRow &row) override
    {
        out().add(m_time.text(row.row.time) + ',');
        field(peers().otherSide(row.row));
        out().add(",");
        field(peers().local(row.row.kind == RecordKind::FanOut ? request().conversation.peer() : row.row.peer));
        out().add(",");
        out().add(savedDirection(row.row.kind));
        out().add(",");
        out().add(savedKind(row.row.kind));
        out().add(',' + QByteArray::number(row.row.size) + ',');
        field(hasPayload(row.row.kind) ? payloadText(row) : peers().words(row.row).toUtf8());
        out().add(",");
        appendHex(out().buffer(), row.bytes);
        out().add("\r\n");
    }

private:
    QByteArray payloadText(const SavedRow &row)
    {
        QString text;
        for (const TextRun &run : m_text.decode(row)) {
            text += run.kind == TextRun::Kind::LineEnd ? meantText(run) : run.text;
        }
        return text.toUtf8();
    }
    void field(QByteArray value)
    {
        const bool needsQuotes = value.contains(',') || value.contains('"') || value.contains('\r') || value.contains('\n')
            || value.startsWith(' ') || value.endsWith(' ');
        out().add(needsQuotes ? '"' + value.replace('"', "\"\"") + '"' : value);
    }

    SavedText m_text;
    SavedTime m_time{SavedTime::As::Utc};
};

} // namespace

std::unique_ptr<SaveWriter> makeCsvWriter(const SaveContext &context)
{
    return std::make_unique<CsvWriter>(context);
}

} // namespace tincan
