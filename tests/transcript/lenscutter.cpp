// SPDX-License-Identifier: MIT
#include "transcript/lenscutter.h"

#include <map>
#include <random>

#include <QTest>
#include <QtEndian>

#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

namespace {

// The messages that a lens makes of what `rows` holds, as bytes, a list for each stream.
using Messages = std::map<ConversationView::Stream, QByteArrayList>;

struct Cutting {
    Index index;
    Rows rows;

    // `turn`: after so many rows the cuts are taken and new ones begun, as the pool does.
    std::vector<Piece> pieces(const Lens &lens, std::size_t turn = 1)
    {
        rows.append(index);
        const ConversationView view(index.rows());
        LensCutter cutter(lens);
        LensCutter::Cuts cuts;
        std::vector<Piece> all;
        for (std::size_t at = 0; at < view.size(); ++at) {
            const QByteArray bytes = hasPayload(view.row(at).kind) ? rows.read(view.row(at)) : QByteArray();
            cutter.cut(view, view.number(at), std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))),
                       cuts);
            if (at % turn == turn - 1 || at + 1 == view.size()) {
                cutter.taken(cuts);
                all.insert(all.end(), cuts.begun.begin(), cuts.begun.end());
                for (const auto &growth : cuts.grown) {
                    all[growth.piece].size = growth.size & 0x7fffffffU;
                    all[growth.piece].broken = static_cast<std::uint32_t>(growth.broken);
                }
                cuts.clear();
            }
        }
        return all;
    }

    Messages messages(const std::vector<Piece> &pieces) const
    {
        const ConversationView view(index.rows());
        Messages made;
        for (const Piece &piece : pieces) {
            const ConversationView::Stream stream = view.streamOf(view.rowOf(piece.row));
            QByteArray bytes = rows.read(view.rowOf(piece.row), piece.from, piece.size);
            for (RowNumber next = piece.row + 1; bytes.size() < static_cast<qsizetype>(piece.size); ++next) {
                if (isMessage(view.rowOf(next).kind) && view.streamOf(view.rowOf(next)) == stream) {
                    bytes += rows.read(view.rowOf(next), 0, piece.size - static_cast<std::uint32_t>(bytes.size()));
                }
            }
            made[stream] << bytes;
        }
        return made;
    }
};

QByteArrayList splitAfter(const QByteArray &stream, const QByteArray &delimiter)
{
    QByteArrayList messages;
    qsizetype begin = 0;
    while (begin < stream.size()) {
        const qsizetype found = stream.indexOf(delimiter, begin);
        const qsizetype end = found < 0 ? stream.size() : found + delimiter.size();
        messages << stream.mid(begin, end - begin);
        begin = end;
    }
    return messages;
}

QByteArrayList splitFrames(const QByteArray &stream)
{
    QByteArrayList messages;
    qsizetype begin = 0;
    while (begin < stream.size()) {
        const bool isFrame = stream[begin] == '\x02';
        const qsizetype found = stream.indexOf(isFrame ? '\x03' : '\x02', begin);
        const qsizetype end = found < 0 ? stream.size() : found + (isFrame ? 1 : 0);
        messages << stream.mid(begin, end - begin);
        begin = end;
    }
    return messages;
}

} // namespace

class LensCutterTest : public QObject
{
    Q_OBJECT

private slots:
    // Whatever reads the bytes came in, however they are interleaved and in whatever turns they are cut, the messages are those
    // of the whole stream.
    void readsMakeNoDifference()
    {
        std::mt19937 random(7); // NOLINT: the same each time
        const std::array<QByteArray, 4> delimiters{"\n", "\r\n", "aab", "aaaa"};
        for (int round = 0; round < 200; ++round) {
            Lens lens;
            const bool frames = round % 3 == 0;
            lens.kind = frames ? Lens::Kind::StxEtx : Lens::Kind::Delimiter;
            lens.delimiter = delimiters.at(random() % delimiters.size());
            Cutting cutting;
            std::map<PeerId, QByteArray> streams;
            for (int read = 0; read < 60; ++read) {
                const PeerId peer = 1 + random() % 2;
                QByteArray bytes;
                for (std::size_t size = 1 + random() % 7; size > 0; --size) {
                    bytes += frames ? "ab\x02\x03"[random() % 4] : "aab\r\n"[random() % 5];
                }
                streams[peer] += bytes;
                cutting.rows.received(peer, bytes);
            }
            const Messages made = cutting.messages(cutting.pieces(lens, 1 + random() % 9));
            for (const auto &[peer, stream] : streams) {
                QCOMPARE(made.at(peer), frames ? splitFrames(stream) : splitAfter(stream, lens.delimiter));
            }
        }
    }

    void lengthHeadersOfEveryForm()
    {
        std::mt19937 random(8); // NOLINT
        for (int form = 0; form < 32; ++form) {
            Lens lens;
            lens.kind = Lens::Kind::LengthHeader;
            lens.headerSize = 1 << (form & 3);
            lens.bigEndian = (form & 4) != 0;
            lens.inclusive = (form & 8) != 0;
            lens.headerOffset = (form & 16) != 0 ? 3 : 0;
            QByteArrayList messages;
            for (int i = 0; i < 30; ++i) {
                const QByteArray body(static_cast<qsizetype>(random() % 40), 'x');
                const qint64 length = body.size() + (lens.inclusive ? lens.headerSize + lens.headerOffset : 0);
                QByteArray header(8, '\0');
                if (lens.bigEndian) {
                    qToBigEndian<qint64>(length, header.data());
                    header = header.last(lens.headerSize);
                } else {
                    qToLittleEndian<qint64>(length, header.data());
                    header = header.first(lens.headerSize);
                }
                messages << QByteArray(lens.headerOffset, 'o') + header + body;
            }
            const QByteArray stream = messages.join();
            Cutting cutting;
            for (qsizetype at = 0; at < stream.size();) {
                const auto size = static_cast<qsizetype>(1 + random() % 25);
                cutting.rows.received(1, stream.mid(at, size));
                at += size;
            }
            QCOMPARE(cutting.messages(cutting.pieces(lens, 1 + random() % 5)).at(1), messages);
        }
    }

    void aLengthThatCannotBeIsSaidAndTheRestIsShownAsRead()
    {
        Lens lens;
        lens.kind = Lens::Kind::LengthHeader;
        lens.headerSize = 4;
        Cutting cutting;
        cutting.rows.received(1, QByteArray("\0\0\0\2ok", 6))
            .received(1, "\xff\xff")
            .received(1, "\xff\xffrubbish")
            .received(1, "more");
        const std::vector<Piece> pieces = cutting.pieces(lens);
        QCOMPARE(pieces.size(), std::size_t{3});
        QVERIFY(!pieces[0].broken);
        QVERIFY(pieces[1].broken);
        QCOMPARE(cutting.messages(pieces).at(1),
                 (QByteArrayList{QByteArray("\0\0\0\2ok", 6), "\xff\xff\xff\xffrubbish", "more"}));
    }

    void anInclusiveLengthIsNeverBelowItsHeader()
    {
        Lens lens;
        lens.kind = Lens::Kind::LengthHeader;
        lens.headerSize = 2;
        lens.inclusive = true;
        Cutting cutting;
        cutting.rows.received(1, QByteArray("\0\2\0\1x", 5));
        const std::vector<Piece> pieces = cutting.pieces(lens);
        QCOMPARE(cutting.messages(pieces).at(1), (QByteArrayList{QByteArray("\0\2", 2), QByteArray("\0\1x", 3)}));
        QVERIFY(pieces[1].broken);
    }

    void aPauseEndsAMessage()
    {
        Lens lens;
        lens.kind = Lens::Kind::IdleGap;
        lens.gapMilliseconds = 3; // rows are a millisecond apart
        Cutting cutting;
        cutting.rows.received(1, "a").received(1, "b").received(2, "x").received(2, "x").received(2, "x").received(2, "x");
        cutting.rows.received(1, "c");
        QCOMPARE(cutting.messages(cutting.pieces(lens)).at(1), (QByteArrayList{"ab", "c"}));
    }

    // Bytes that begin a message are seen at once, and stand where they began.
    void whatIsNotCompleteIsThereAndGrows()
    {
        Lens lens;
        lens.kind = Lens::Kind::Lines;
        Cutting cutting;
        cutting.rows.received(1, "hel").sent(1, "ok\n").received(1, "lo\nan");
        const std::vector<Piece> pieces = cutting.pieces(lens);
        QCOMPARE(pieces.size(), std::size_t{3});
        QCOMPARE(pieces[0].row, 0U);
        QCOMPARE(pieces[0].size + 0U, 6U);
        QCOMPARE(pieces[1].row, 1U);
        QCOMPARE(pieces[2].row, 2U);
        QCOMPARE(pieces[2].from, 3U);
    }

    void eventsStandBetween()
    {
        Lens lens;
        lens.kind = Lens::Kind::Lines;
        Cutting cutting;
        cutting.rows.joined(1).received(1, "a").left(1);
        const std::vector<Piece> pieces = cutting.pieces(lens);
        QCOMPARE(pieces.size(), std::size_t{3});
        QCOMPARE(pieces[0].size + 0U, 0U);
        QCOMPARE(pieces[2].row, 2U);
    }
};

QTEST_GUILESS_MAIN(LensCutterTest)
#include "lenscutter.moc"
