// SPDX-License-Identifier: MIT
// A hex dump that text2pcap reads back: I or O and the time before each message, offsets from 0 on, lines of 16 bytes. What it
// passes over (lines that begin with #) tells people the rest.
#include "transcript/savedtext.h"

namespace tincan {

namespace {

class HexDumpWriter final : public SaveWriter
{
public:
    using SaveWriter::SaveWriter;

    void begin() override
    {
        out().add("# To read it back: text2pcap -D -t ISO -l 147 FILE OUT.pcapng\n"
                  "# (with -T 1000,2000 in place of -l 147 each message becomes a TCP packet).\n"
                  "# I: received, O: sent. Times are UTC.\n");
    }

    void add(const SavedRow &row) override
    {
        const Row &here = row.row;
        if (!isMessage(here.kind)) {
            const QByteArray peer = peers().remote(here.peer);
            const QByteArray refused
                = here.kind == RecordKind::Refused ? "refused, " + QByteArray::number(here.size) + " bytes: " : QByteArray();
            out().add("\n# " + m_time.text(here.time) + ' ' + (peer.isEmpty() ? peer : peer + ' ') + refused
                      + peers().words(here).toUtf8() + '\n');
            return;
        }
        const bool isReceived = here.kind == RecordKind::Received;
        out().add((isReceived ? "\n# from " : "\n# to ") + peers().otherSide(here) + ", " + QByteArray::number(here.size)
                  + " bytes" + (row.isWhole ? QByteArray() : ", of which " + missingText(row)) + '\n');
        if (row.bytes.empty()) {
            return; // a time without bytes would be taken for the next message's
        }
        out().add((isReceived ? "I " : "O ") + m_time.text(here.time) + '\n');
        const auto size = static_cast<qsizetype>(row.bytes.size());
        for (qsizetype at = 0; at < size; at += kPerLine) {
            addLine(at, row.view().sliced(at, std::min(kPerLine, size - at)));
        }
    }

private:
    static constexpr qsizetype kPerLine = 16;

    // "000010  68 65 6c …  |hel…|": what begins with a bar is no byte to text2pcap.
    void addLine(qsizetype offset, QByteArrayView part)
    {
        QByteArray line = QByteArray::number(offset, 16).rightJustified(6, '0') + ' ';
        for (const char byte : part) {
            line += ' ' + QByteArray::number(static_cast<unsigned char>(byte), 16).rightJustified(2, '0');
        }
        line += QByteArray((kPerLine - part.size()) * 3 + 2, ' ') + '|';
        for (const char byte : part) {
            line += byte > 0x20 && byte < 0x7f ? byte : '.'; // no spaces: each would begin a word
        }
        out().add(line + "|\n");
    }

    SavedTime m_time{SavedTime::As::Utc};
};

} // namespace

std::unique_ptr<SaveWriter> makeHexDumpWriter(const SaveContext &context)
{
    return std::make_unique<HexDumpWriter>(context);
}

} // namespace tincan
