// SPDX-License-Identifier: MIT
// JSON Lines: an object a message or event (RFC 8259). Characters that would act on the text around them are escapes; a byte that
// is no character is U+FFFD in the text, and in base64 as it was.
#include "transcript/runtext.h"
#include "transcript/savedtext.h"

namespace tincan {

namespace {

class JsonWriter final : public SaveWriter
{
public:
    explicit JsonWriter(const SaveContext &context)
        : SaveWriter(context)
        , m_text(this->context())
    {
    }

    void add(const SavedRow &row) override
    {
        const Row &here = row.row;
        const bool isFanOut = here.kind == RecordKind::FanOut;
        const PeerId reader = isFanOut ? request().conversation.peer() : here.peer;
        out().add("{\"time_ns\":" + QByteArray::number(qint64{here.time}) + ",\"time\":\"" + m_time.text(here.time)
                  + "\",\"kind\":\"");
        out().add(savedKind(here.kind));
        out().add("\"");
        if (const QByteArrayView direction = savedDirection(here.kind); !direction.isEmpty()) {
            out().add(",\"direction\":\"" + direction.toByteArray() + '"');
        }
        if (reader != kNoPeer) {
            out().add(",\"connection\":" + QByteArray::number(reader));
        }
        member("peer", peers().otherSide(here));
        member("local", peers().local(reader));
        if (isFanOut && here.peer != kNoPeer) {
            member("relayed_from", peers().remote(here.peer));
        }
        if (!isMessage(here.kind)) {
            member("words", peers().words(here).toUtf8());
        }
        if (hasPayload(here.kind)) {
            addPayload(row);
        }
        out().add("}\n");
    }

private:
    void addPayload(const SavedRow &row)
    {
        out().add(",\"size\":" + QByteArray::number(row.row.size));
        if (!row.isWhole) {
            out().add(",\"missing\":" + QByteArray::number(row.row.size - static_cast<quint32>(row.bytes.size())));
        }
        out().add(",\"text\":\"");
        for (const TextRun &run : m_text.decode(row)) {
            addRun(run);
        }
        out().add("\",\"base64\":\"" + row.view().toByteArray().toBase64() + '"');
    }

    void addRun(const TextRun &run)
    {
        switch (run.kind) {
        case TextRun::Kind::Border:
            break;
        case TextRun::Kind::Plain:
            out().add(quoted(run.text.toUtf8()));
            break;
        case TextRun::Kind::Invalid:
            for (qsizetype count = run.text.count(u'\\'); count > 0; --count) {
                out().add("\\ufffd");
            }
            break;
        case TextRun::Kind::LineEnd:
        case TextRun::Kind::Control:
        case TextRun::Kind::Fold:
            for (const QChar unit : meantText(run)) {
                out().add(escape(unit.unicode()));
            }
            break;
        }
    }

    static QByteArray escape(char16_t unit)
    {
        switch (unit) {
        case u'\n':
            return "\\n";
        case u'\r':
            return "\\r";
        case u'\t':
            return "\\t";
        default:
            return "\\u" + QByteArray::number(static_cast<uint>(unit), 16).rightJustified(4, '0');
        }
    }
    // Of what has no control characters.
    static QByteArray quoted(QByteArray text) { return text.replace('\\', "\\\\").replace('"', "\\\""); }

    void member(const char *name, const QByteArray &value)
    {
        if (!value.isEmpty()) {
            out().add(QByteArray(",\"") + name + "\":\"" + quoted(value) + '"');
        }
    }

    SavedText m_text;
    SavedTime m_time{SavedTime::As::Utc};
};

} // namespace

std::unique_ptr<SaveWriter> makeJsonWriter(const SaveContext &context)
{
    return std::make_unique<JsonWriter>(context);
}

} // namespace tincan
