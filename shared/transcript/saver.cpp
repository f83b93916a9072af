// SPDX-License-Identifier: MIT
#include "transcript/saver.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "transcript/payloadcursor.h"
#include "transcript/savewriter.h"

namespace tincan {

namespace {

struct Suffix {
    SaveFormat format;
    const char *text;
};
// The first of each is the one that is suggested.
constexpr std::array kSuffixes = {
    Suffix{SaveFormat::Pcapng, "pcapng"},   Suffix{SaveFormat::Text, "txt"},         Suffix{SaveFormat::Text, "log"},
    Suffix{SaveFormat::Html, "html"},       Suffix{SaveFormat::Html, "htm"},         Suffix{SaveFormat::Csv, "csv"},
    Suffix{SaveFormat::JsonLines, "jsonl"}, Suffix{SaveFormat::JsonLines, "ndjson"}, Suffix{SaveFormat::Raw, "bin"},
    Suffix{SaveFormat::Raw, "raw"},         Suffix{SaveFormat::HexDump, "hex"},
};

std::unique_ptr<SaveWriter> makeWriter(const SaveContext &context)
{
    switch (context.request.format) {
    case SaveFormat::Pcapng:
        return makePcapngWriter(context);
    case SaveFormat::Text:
        return makeTextWriter(context);
    case SaveFormat::Html:
        return makeHtmlWriter(context);
    case SaveFormat::Csv:
        return makeCsvWriter(context);
    case SaveFormat::JsonLines:
        return makeJsonWriter(context);
    case SaveFormat::Raw:
        return makeRawWriter(context);
    case SaveFormat::HexDump:
        break;
    }
    return makeHexDumpWriter(context);
}

// Tells how far it is, and hears whether it is still wanted.
class Progress
{
public:
    explicit Progress(const std::function<bool(int)> &told)
        : m_told(told)
    {
    }
    void set(std::size_t done, std::size_t of) { m_value = of == 0 ? 1000 : static_cast<int>(done * 1000 / of); }
    bool tell()
    {
        m_goesOn = m_goesOn && (!m_told || m_told(m_value));
        return m_goesOn;
    }

private:
    const std::function<bool(int)> &m_told;
    int m_value = 0;
    bool m_goesOn = true;
};

constexpr std::size_t kTellEvery = 4096; // rows

void add(SaveWriter &writer, PayloadCursor &cursor, const Row &row, std::size_t at, SaveResult &result)
{
    SavedRow saved{.row = row, .at = at};
    if (hasPayload(row.kind)) {
        saved.bytes = cursor.bytes(row);
        saved.isWhole = saved.bytes.size() == row.size;
        if (!saved.isWhole && result.incomplete++ == 0) {
            result.incompleteError = cursor.error() == 0 ? ENODATA : cursor.error();
        }
    }
    ++(isMessage(row.kind) ? result.messages : result.events);
    writer.add(saved);
}

} // namespace

std::optional<SaveFormat> formatOfSuffix(const QString &suffix)
{
    const auto found = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Suffix &known) {
        return suffix.compare(QLatin1String(known.text), Qt::CaseInsensitive) == 0;
    });
    return found == kSuffixes.end() ? std::nullopt : std::optional(found->format);
}

QString suffixOf(SaveFormat format)
{
    const auto found
        = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Suffix &known) { return known.format == format; });
    return found == kSuffixes.end() ? QString() : QLatin1String(found->text);
}

Result<SaveResult> save(const SaveRequest &request, const PayloadSource &payloads, const std::function<bool(int)> &progress)
{
    Progress told(progress);
    SaveOutput out(request.path, [&told] { return told.tell(); });
    if (Result<void> opened = out.open(); !opened) {
        return tl::unexpected<Error>(opened.error());
    }
    const SavedPeers peers(request);
    const std::unique_ptr<SaveWriter> writer = makeWriter({request, peers, out, payloads});
    PayloadCursor cursor(payloads);
    SaveResult result;
    const ConversationView &conversation = request.conversation;
    const std::size_t first = conversation.placeOf(request.first);
    writer->begin();
    const bool goesOn = out.settle();
    for (std::size_t at = writer->wantsEarlier() ? 0 : first; at < conversation.size() && goesOn; ++at) {
        if (conversation.number(at) > request.last) {
            break;
        }
        const Row &row = conversation.row(at);
        if (at < first) {
            writer->earlier(row);
        } else if (writer->wants(row)) {
            add(*writer, cursor, row, at, result);
        }
        told.set(at, conversation.size());
        if (!out.settle() || (at % kTellEvery == 0 && !told.tell())) {
            break;
        }
    }
    writer->end();
    if (Result<void> finished = out.finish(); !finished) {
        return tl::unexpected<Error>(finished.error());
    }
    told.set(1, 1);
    told.tell();
    return result;
}

} // namespace tincan
