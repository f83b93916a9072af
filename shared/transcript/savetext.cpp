// SPDX-License-Identifier: MIT
// Plain text: a line a message or event, with the escapes that the window shows, so that nothing a peer wrote acts on a terminal.
#include "transcript/runtext.h"
#include "transcript/savedtext.h"

namespace tincan {

namespace {

class TextWriter final : public SaveWriter
{
public:
    explicit TextWriter(const SaveContext &context)
        : SaveWriter(context)
        , m_text(this->context())
    {
    }

    void add(const SavedRow &row) override
    {
        out().add(m_time.text(row.row.time) + "  ");
        if (hasPayload(row.row.kind)) {
            out().add(who(row.row) + ": " + (row.row.size == 0 ? QByteArray("[empty]") : shownText(m_text.decode(row)).toUtf8()));
            if (!row.isWhole) {
                out().add(" [" + missingText(row) + ']');
            }
        } else {
            const bool isOfOne = request().conversation.peer() == kNoPeer && row.row.kind != RecordKind::Joined;
            const QByteArray peer = isOfOne ? peers().remote(row.row.peer) : QByteArray();
            out().add((peer.isEmpty() ? peer : peer + "  ") + peers().words(row.row).toUtf8());
        }
        out().add("\n");
    }

private:
    QByteArray who(const Row &row) const
    {
        if (row.kind == RecordKind::Received) {
            return "received from " + peers().remote(row.peer);
        }
        if (row.kind == RecordKind::Refused) {
            const QByteArray to = peers().remote(row.peer);
            return "refused to " + (to.isEmpty() ? QByteArray("all") : to) + " (" + peers().words(row).toUtf8() + ')';
        }
        const QByteArray to = "sent to " + peers().otherSide(row);
        return row.kind == RecordKind::FanOut && row.peer != kNoPeer ? to + ", relayed from " + peers().remote(row.peer) : to;
    }

    SavedText m_text;
    SavedTime m_time{SavedTime::As::Local};
};

} // namespace

std::unique_ptr<SaveWriter> makeTextWriter(const SaveContext &context)
{
    return std::make_unique<TextWriter>(context);
}

} // namespace tincan
