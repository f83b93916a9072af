// SPDX-License-Identifier: MIT
// Any bytes in any reads, in every encoding: the runs stand for every byte once, nothing of them acts on the text around it,
// and what is carried from one read into the next is the same from wherever one begins.
#include "transcript/decoder.h"
#include "fuzz/choices.h"
#include "transcript/decodedtext.h"
#include "transcript/runtext.h"
#include "transcript/streamcontext.h"

using namespace tincan;
using tincan::fuzz::require;

namespace {

bool isHarmless(QChar c)
{
    const char16_t u = c.unicode();
    const bool control = u < 0x20 || (u >= 0x7f && u < 0xa0);
    const bool direction
        = u == 0x061c || u == 0x200e || u == 0x200f || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069);
    return !control && !direction && u != 0x2028 && u != 0x2029;
}

qsizetype checkRuns(const TextRuns &runs)
{
    qsizetype size = 0;
    for (const TextRun &run : runs) {
        require(std::all_of(run.text.begin(), run.text.end(), isHarmless));
        require(run.text.isValidUtf16());
        size += run.size;
    }
    shownText(runs);
    meantText(runs);
    return size;
}

QString textOf(const TextRuns &runs)
{
    QString all;
    for (const TextRun &run : runs) {
        all += run.text;
    }
    return all;
}

void checkDecoded(const DecodedText &decoded, qsizetype bytes, fuzz::Choices &choices, bool limited)
{
    const qsizetype units = decoded.text().size();
    require(static_cast<qsizetype>(decoded.size()) <= bytes && (limited || static_cast<qsizetype>(decoded.size()) == bytes));
    require(std::all_of(decoded.text().begin(), decoded.text().end(), [](QChar c) { return c == u'\n' || isHarmless(c); }));
    require(decoded.bytesOf(0, units).size == static_cast<qsizetype>(decoded.size()));
    qsizetype end = 0;
    for (const auto &escape : decoded.escapes()) {
        require(escape.at >= end && escape.size > 0);
        end = escape.at + escape.size;
    }
    require(end <= units);
    for (int i = 0; i < 4; ++i) {
        const auto from = static_cast<qsizetype>(choices.next());
        const auto size = static_cast<qsizetype>(choices.next());
        const auto piece = decoded.bytesOf(from, size);
        require(piece.at >= 0 && piece.size >= 0 && piece.at + piece.size <= static_cast<qsizetype>(decoded.size()));
        const auto text = decoded.textOf(from, size);
        require(text.at >= 0 && text.size >= 0 && text.at + text.size <= units);
    }
    // Going over the text one unit at a time goes over the bytes, in order.
    qsizetype last = 0;
    for (qsizetype at = 0; at < units; ++at) {
        const auto piece = decoded.bytesOf(at, 1);
        require(piece.at >= last);
        last = piece.at;
    }
}

QByteArray carriedAt(const Encoding &encoding, const QByteArray &stream, qsizetype place)
{
    StreamBefore before;
    before.bytes = [&](qsizetype most) { return stream.first(place).last(std::min(place, most)); };
    before.offset = [&] { return static_cast<std::uint64_t>(place); };
    return carriedInto(encoding, before);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Choices choices{{data, size}};
    const Encoding &encoding = encodings()[choices.next() % encodings().size()];
    const int foldAbove = static_cast<int>(choices.next() % 40);
    const std::size_t step = 1 + choices.next() % 64;
    const DecodedText::Limits limits{1 + static_cast<qsizetype>(choices.next()), 1 + static_cast<qsizetype>(choices.next())};
    fuzz::Choices places{{data, std::min<std::size_t>(size, 16)}};
    const QByteArray stream = choices.all();

    Decoder decoder(encoding);
    TextRuns runs;
    for (qsizetype at = 0; at < stream.size();) {
        const QByteArray read = stream.mid(at, static_cast<qsizetype>(1 + (step + static_cast<std::size_t>(at) * 7) % 64));
        const QByteArray carried = decoder.carried().toByteArray();
        require(carriedAt(encoding, stream, at) == carried);
        for (const bool end : {false, true}) {
            const qsizetype stood = checkRuns(decodeMessage(carried, read, end, foldAbove, encoding));
            const qsizetype held = carried.size() + read.size() - stood;
            require(end ? held == 0 : held >= 0 && held <= 3);
        }
        checkDecoded(DecodedText(encoding, carried, read), read.size(), places, false);
        checkDecoded(DecodedText(encoding, carried, read, limits), read.size(), places, true);
        decoder.decode(read, runs);
        at += read.size();
        require(checkRuns(runs) + decoder.carried().size() == at);
    }
    decoder.finish(runs);
    require(checkRuns(runs) == stream.size());
    const TextRuns whole = decodeMessage({}, stream, true, 0, encoding);
    require(checkRuns(whole) == stream.size());
    require(stream.contains('\r') || textOf(whole) == textOf(runs)); // CR LF may be cut
    hexDump(stream, step);
    return 0;
}
