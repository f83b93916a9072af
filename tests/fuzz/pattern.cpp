// SPDX-License-Identifier: MIT
// Any pattern in any reads: what is found lies in the conversation, and of what is no expression exactly that is found which the
// simplest search finds.
#include <map>

#include "fuzz/choices.h"
#include "support/rows.h"
#include "transcript/searcher.h"

using namespace tincan;
using tincan::fuzz::require;

namespace {

struct Stream {
    QByteArray bytes;
    std::vector<Place> places; // of each
};

std::vector<Hit> naive(const std::map<PeerId, Stream> &streams, const QByteArray &what, bool caseSensitive)
{
    std::vector<Hit> hits;
    for (const auto &[peer, stream] : streams) {
        const QByteArray bytes = caseSensitive ? stream.bytes : stream.bytes.toLower();
        for (qsizetype at = bytes.indexOf(what); at >= 0; at = bytes.indexOf(what, at + what.size())) {
            hits.push_back({stream.places[static_cast<std::size_t>(at)], static_cast<std::uint32_t>(what.size())});
        }
    }
    std::sort(hits.begin(), hits.end(), [](const Hit &a, const Hit &b) { return a.begin < b.begin; });
    return hits;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Choices choices{{data, size}};
    const unsigned how = choices.next();
    const auto as = static_cast<FindAs>(how % 3);
    const bool caseSensitive = how / 4 % 2 != 0;
    const QString what = QString::fromUtf8(choices.bytes(choices.next() % 64));
    const auto pattern = Pattern::make(as, what, caseSensitive);
    if (!pattern) {
        require(pattern.error().position >= 0 && pattern.error().position <= std::max<qsizetype>(what.size(), Pattern::kLongest));
        return 0;
    }
    require((pattern->literal() != nullptr) != (pattern->regex() != nullptr));
    test::Rows rows;
    Index index;
    Searcher searcher(rows, *pattern, SearchIn::Both);
    const std::atomic<bool> cancelled = false;
    HitList found;
    std::map<PeerId, Stream> streams;
    RowNumber row = 0;
    while (!choices.rest.empty()) {
        const unsigned peer = 1 + choices.next() % 3;
        const QByteArray read = choices.bytes(choices.next());
        rows.received(peer, read);
        Stream &stream = streams[peer];
        for (qsizetype at = 0; at < read.size(); ++at) {
            stream.places.push_back({row, static_cast<std::uint32_t>(at)});
        }
        stream.bytes += read;
        ++row;
        if (row % 3 != 0 && !choices.rest.empty()) {
            continue;
        }
        rows.append(index); // and on it goes
        const ConversationView view(index.rows());
        while (searcher.done() < view.size()) {
            std::vector<Hit> hits;
            searcher.run(view, cancelled, std::chrono::seconds(5), hits);
            found.add(hits);
        }
    }
    require(searcher.unreadable() == 0);
    for (std::size_t at = 0; at < found.size(); ++at) {
        const Hit &hit = found[at];
        require(hit.size > 0 && hit.begin.row < index.size() && hit.begin.from < index.row(hit.begin.row).size);
        require(at == 0 || found[at - 1].begin < hit.begin);
    }
    const bool isAscii = std::all_of(what.begin(), what.end(), [](QChar c) { return c.unicode() < 0x80; });
    if (as == FindAs::Text && (caseSensitive || isAscii) && pattern->literal()) {
        const std::vector<Hit> expected = naive(streams, caseSensitive ? what.toUtf8() : what.toUtf8().toLower(), caseSensitive);
        require(expected.size() == found.size());
        for (std::size_t at = 0; at < expected.size(); ++at) {
            require(expected[at] == found[at]);
        }
    }
    return 0;
}
