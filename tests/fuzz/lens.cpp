// SPDX-License-Identifier: MIT
// Any bytes in any reads through any lens: the messages hold every byte of their stream once, in order.
#include "fuzz/choices.h"
#include "support/rows.h"
#include "transcript/lenscutter.h"

using namespace tincan;
using tincan::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Choices choices{{data, size}};
    Lens lens;
    lens.kind = static_cast<Lens::Kind>(choices.next() % 6);
    lens.delimiter = choices.bytes(choices.next() % 5);
    lens.headerSize = 1 << choices.next() % 4;
    lens.bigEndian = choices.next() % 2 != 0;
    lens.inclusive = choices.next() % 2 != 0;
    lens.headerOffset = static_cast<int>(choices.next() % 4);
    Index index;
    test::Rows rows;
    std::array<QByteArray, 3> streams;
    while (!choices.rest.empty()) {
        const unsigned peer = choices.next() % 3;
        const QByteArray read = choices.bytes(choices.next());
        rows.received(peer + 1, read);
        streams.at(peer) += read;
    }
    rows.append(index);
    const ConversationView view(index.rows());
    LensCutter cutter(lens);
    std::vector<Piece> pieces;
    LensCutter::Cuts cuts;
    for (std::size_t at = 0; at < view.size(); ++at) {
        const QByteArray bytes = rows.read(view.row(at));
        cutter.cut(view, view.number(at), std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))),
                   cuts);
        cutter.taken(cuts);
        pieces.insert(pieces.end(), cuts.begun.begin(), cuts.begun.end());
        for (const auto &growth : cuts.grown) {
            require(growth.piece < pieces.size());
            pieces[growth.piece].size = growth.size & 0x7fffffffU;
        }
        cuts.clear();
    }
    std::array<std::uint64_t, 3> covered{};
    for (const Piece &piece : pieces) {
        covered.at(view.rowOf(piece.row).peer - 1) += piece.size;
        require(piece.from <= view.rowOf(piece.row).size);
    }
    for (std::size_t peer = 0; peer < streams.size(); ++peer) {
        require(covered.at(peer) == static_cast<std::uint64_t>(streams.at(peer).size()));
    }
    return 0;
}
