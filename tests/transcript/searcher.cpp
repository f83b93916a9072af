// SPDX-License-Identifier: MIT
#include "transcript/searcher.h"

#include <map>

#include <QRandomGenerator>
#include <QTest>

#include <re2/re2.h>

#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

namespace {

Pattern pattern(FindAs as, const char *what, bool caseSensitive = true)
{
    return *Pattern::make(as, QString::fromUtf8(what), caseSensitive);
}

struct Session {
    Index index;
    Rows rows;
    std::vector<Hit> hits;
    std::atomic<bool> cancelled = false;

    void run(Searcher &searcher, PeerId peer = kNoPeer)
    {
        rows.append(index);
        BlockList<RowNumber> numbers;
        if (peer != kNoPeer) {
            index.conversation(peer, 0, numbers);
        }
        const ConversationView view
            = peer == kNoPeer ? ConversationView(index.rows()) : ConversationView(index.rows(), numbers.view(), peer);
        while (searcher.done() < view.size()) {
            searcher.run(view, cancelled, std::chrono::hours(1), hits);
        }
    }
    std::vector<Hit> find(const Pattern &what, SearchIn in = SearchIn::Both, PeerId peer = kNoPeer)
    {
        Searcher searcher(rows, what, in);
        hits.clear();
        run(searcher, peer);
        return hits;
    }
};

Hit hit(RowNumber row, std::uint32_t from, std::uint32_t size)
{
    return {{row, from}, size};
}

using Hits = std::vector<Hit>;

// What is found in whole streams, put back into rows: the slow and simple way.
Hits naive(const Session &session, const Pattern &what)
{
    struct Stream {
        std::string bytes;
        std::vector<Place> places;
    };
    std::map<ConversationView::Stream, Stream> streams;
    const ConversationView view(session.index.rows());
    for (RowNumber number = 0; number < session.index.size(); ++number) {
        const Row &row = view.row(number);
        Stream &stream = streams[view.streamOf(row)];
        const QByteArray bytes = session.rows.read(row);
        stream.bytes += bytes.toStdString();
        for (std::uint32_t at = 0; at < row.size; ++at) {
            stream.places.push_back({number, at});
        }
    }
    Hits hits;
    for (const auto &[id, stream] : streams) {
        re2::StringPiece match;
        std::size_t from = 0;
        while (what.regex() && what.regex()->Match(stream.bytes, from, stream.bytes.size(), RE2::UNANCHORED, &match, 1)) {
            const auto begin = static_cast<std::size_t>(match.data() - stream.bytes.data());
            hits.push_back({stream.places[begin], static_cast<std::uint32_t>(match.size())});
            from = begin + match.size();
        }
        while (what.literal()) {
            const std::size_t at = what.literal()->find(stream.bytes, from);
            if (at == Literal::kNone) {
                break;
            }
            hits.push_back({stream.places[at], static_cast<std::uint32_t>(what.literal()->size())});
            from = at + what.literal()->size();
        }
    }
    std::sort(hits.begin(), hits.end(), [](const Hit &a, const Hit &b) { return a.begin < b.begin; });
    return hits;
}

} // namespace

class SearcherTest : public QObject
{
    Q_OBJECT

private slots:
    void findsWithinARow()
    {
        Session session;
        session.rows.joined(1).received(1, "one two one").sent(1, "one");
        QCOMPARE(session.find(pattern(FindAs::Text, "one")), (Hits{hit(1, 0, 3), hit(1, 8, 3), hit(2, 0, 3)}));
        QCOMPARE(session.find(pattern(FindAs::Text, "one"), SearchIn::Received), (Hits{hit(1, 0, 3), hit(1, 8, 3)}));
        QCOMPARE(session.find(pattern(FindAs::Text, "one"), SearchIn::Sent), (Hits{hit(2, 0, 3)}));
        QCOMPARE(session.find(pattern(FindAs::Regex, "t?wo|ne$")), (Hits{hit(1, 4, 3), hit(1, 9, 2), hit(2, 1, 2)}));
        QCOMPARE(session.find(pattern(FindAs::Text, "three")), Hits{});
    }

    void findsAcrossReadsOfOneStreamOnly()
    {
        Session session;
        session.rows.received(1, "nee").received(2, "dle").sent(1, "dle").received(1, "d").received(2, "nee").received(1, "le");
        QCOMPARE(session.find(pattern(FindAs::Text, "needle")), (Hits{hit(0, 0, 6)}));
        QCOMPARE(session.find(pattern(FindAs::Regex, "ne+d[l]e")), (Hits{hit(0, 0, 6)}));
    }

    void emptyMessagesAreLookedThrough()
    {
        Session session;
        session.rows.joined(1, Transport::Udp).received(1, {}).received(1, "one").received(1, {}).sent(1, {}).received(1, "one");
        session.rows.add(RecordKind::FanOut, kNoPeer, {}).add(RecordKind::Refused, 1, {}).received(1, {});
        for (const FindAs as : {FindAs::Text, FindAs::Regex}) {
            QCOMPARE(session.find(pattern(as, "one")), (Hits{hit(2, 0, 3), hit(5, 0, 3)}));
            QCOMPARE(session.find(pattern(as, "one"), SearchIn::Both, 1), (Hits{hit(2, 0, 3), hit(5, 0, 3)}));
        }
    }

    // What was sent by one call is received by one, whole: no match goes over its end.
    void datagramsStandAlone()
    {
        Session session;
        session.rows.joined(1, Transport::Udp).received(1, "nee").received(1, "dle").received(1, "a needle").sent(1, "dle");
        session.rows.joined(2).received(2, "nee").received(1, "x").received(2, "dle").add(RecordKind::FanOut, 1, "needle");
        for (const FindAs as : {FindAs::Text, FindAs::Regex}) {
            QCOMPARE(session.find(pattern(as, "needle")), (Hits{hit(3, 2, 6), hit(6, 0, 6), hit(9, 0, 6)}));
        }
        QCOMPARE(session.find(pattern(FindAs::Regex, "^nee|dle$")),
                 (Hits{hit(1, 0, 3), hit(2, 0, 3), hit(3, 5, 3), hit(4, 0, 3), hit(6, 0, 3), hit(8, 0, 3), hit(9, 0, 3),
                       hit(9, 3, 3)}));
    }

    void doesNotOverlap()
    {
        Session session;
        session.rows.received(1, "aa").received(1, "a").received(1, "aa").received(1, "aaa");
        const Hits hits{hit(0, 0, 3), hit(2, 0, 3)};
        QCOMPARE(session.find(pattern(FindAs::Text, "aaa")), hits);
        QCOMPARE(session.find(pattern(FindAs::Regex, "a{3}")), hits);
    }

    void whatWasRefusedStandsAlone()
    {
        Session session;
        session.rows.sent(1, "nee").add(RecordKind::Refused, 1, "dle needle").sent(1, "dle");
        const Hits hits{hit(0, 0, 6), hit(1, 4, 6)};
        QCOMPARE(session.find(pattern(FindAs::Text, "needle")), hits);
        QCOMPARE(session.find(pattern(FindAs::Regex, "needle")), hits);
    }

    void aPeersConversationJoinsWhatWentToMany()
    {
        Session session;
        session.rows.joined(1).joined(2).sent(1, "nee").add(RecordKind::FanOut, kNoPeer, "dle");
        QCOMPARE(session.find(pattern(FindAs::Text, "needle")), Hits{});
        QCOMPARE(session.find(pattern(FindAs::Text, "needle"), SearchIn::Both, 1), (Hits{hit(2, 0, 6)}));
    }

    void goesOnWhereItWas()
    {
        Session session;
        Searcher literal(session.rows, pattern(FindAs::Text, "needle"), SearchIn::Both);
        session.rows.received(1, "a need");
        session.run(literal);
        QCOMPARE(session.hits, Hits{});
        session.rows.received(1, "le and ne").received(2, "edle");
        session.run(literal);
        QCOMPARE(session.hits, (Hits{hit(0, 2, 6)}));
        session.rows.received(1, "edle");
        session.run(literal);
        QCOMPARE(session.hits, (Hits{hit(0, 2, 6), hit(1, 7, 6)}));
    }

    void aMatchThatGrowsIsGivenAgain()
    {
        Session session;
        Searcher regex(session.rows, pattern(FindAs::Regex, "ab+"), SearchIn::Both);
        session.rows.received(1, "xab");
        session.run(regex);
        session.rows.received(1, "bb");
        session.run(regex);
        session.rows.received(1, "c ab");
        session.run(regex);
        session.rows.received(1, "c");
        session.run(regex);
        QCOMPARE(session.hits, (Hits{hit(0, 1, 2), hit(0, 1, 4), hit(2, 2, 2)}));
        HitList list;
        list.add({hit(0, 1, 2)});
        QCOMPARE(list.add({hit(0, 1, 4), hit(2, 2, 2)}), 0U);
        QCOMPARE(list.size(), 2U);
        QCOMPARE(list[0].size, 4U);
    }

    void anchorsAreAtLines()
    {
        Session session;
        session.rows.received(1, "one\ntwo").received(1, " one\none");
        QCOMPARE(session.find(pattern(FindAs::Regex, "^one$")), (Hits{hit(0, 0, 3), hit(1, 5, 3)}));
    }

    void equalsTheSlowWay_data()
    {
        QTest::addColumn<int>("as");
        QTest::addColumn<QByteArray>("what");
        const auto row = [](FindAs as, const char *what) { QTest::newRow(what) << static_cast<int>(as) << QByteArray(what); };
        row(FindAs::Text, "a");
        row(FindAs::Text, "ab");
        row(FindAs::Text, "aba");
        row(FindAs::Text, "aabaabaab");
        row(FindAs::Text, "abcabcabcabcabcabcabcabcabcabc");
        row(FindAs::Hex, "61??62");
        row(FindAs::Regex, "ab");
        row(FindAs::Regex, "a+b");
        row(FindAs::Regex, "ab*");
        row(FindAs::Regex, "c[ab]{2,9}c");
        row(FindAs::Regex, "(?s)a.{40}a");
    }
    void equalsTheSlowWay()
    {
        QFETCH(int, as);
        QFETCH(QByteArray, what);
        const Pattern wanted = pattern(static_cast<FindAs>(as), what.constData());
        QRandomGenerator random(7);
        for (int round = 0; round < 150; ++round) {
            Session session;
            HitList found;
            Searcher searcher(session.rows, wanted, SearchIn::Both);
            const int longest = random.bounded(2) == 0 ? 6 : 60;
            const int letters = random.bounded(2, 4);
            for (int row = 0; row < 120; ++row) {
                QByteArray bytes;
                for (int size = random.bounded(longest); size > 0; --size) {
                    bytes += static_cast<char>('a' + random.bounded(letters));
                }
                const auto peer = static_cast<PeerId>(random.bounded(1, 4));
                random.bounded(2) == 0 ? session.rows.received(peer, bytes) : session.rows.sent(peer, bytes);
                if (random.bounded(9) == 0) { // in parts, as a session that is live
                    session.run(searcher);
                    found.add(std::exchange(session.hits, {}));
                }
            }
            session.run(searcher);
            found.add(session.hits);
            const Hits slow = naive(session, wanted);
            QCOMPARE(found.size(), slow.size());
            for (std::size_t at = 0; at < slow.size(); ++at) {
                QVERIFY2(found[at] == slow[at], qPrintable(QString::number(at)));
            }
        }
    }

    void badExpressionsEnd()
    {
        Session session;
        for (int row = 0; row < 16; ++row) {
            session.rows.received(1, QByteArray(65'000, 'a'));
        }
        QCOMPARE(session.find(pattern(FindAs::Regex, "(a*)*b")), Hits{});
        QCOMPARE(session.find(pattern(FindAs::Regex, "(a|aa)+b")), Hits{});
        QCOMPARE(session.find(pattern(FindAs::Regex, "((a?){9}){9}b")), Hits{});
    }

    void whatCannotBeReadIsCounted()
    {
        Session session;
        session.rows.received(1, "nee");
        session.rows.append(session.index);
        RowBatch lost;
        lost.rows.push_back({.offset = kNotRecorded, .size = 3, .peer = 1, .kind = RecordKind::Received});
        session.index.append(lost);
        session.rows.received(1, "dle needle");
        Searcher searcher(session.rows, pattern(FindAs::Text, "needle"), SearchIn::Both);
        session.run(searcher);
        QCOMPARE(session.hits, (Hits{hit(2, 4, 6)}));
        QCOMPARE(searcher.unreadable(), 1U);
    }

    void cancelledItStops()
    {
        Session session;
        session.rows.received(1, "needle");
        session.rows.append(session.index);
        session.cancelled = true;
        Searcher searcher(session.rows, pattern(FindAs::Text, "needle"), SearchIn::Both);
        searcher.run(ConversationView(session.index.rows()), session.cancelled, std::chrono::hours(1), session.hits);
        QCOMPARE(searcher.done(), 0U);
    }

    void theListKeepsItsOrder()
    {
        HitList list;
        QCOMPARE(list.add({hit(3, 0, 1), hit(5, 0, 1)}), 0U);
        QCOMPARE(list.add({hit(6, 0, 1)}), 2U);
        QCOMPARE(list.add({hit(1, 0, 1), hit(4, 0, 1), hit(9, 0, 1)}), 0U);
        QCOMPARE(list.add({hit(8, 0, 1)}), 5U);
        const std::vector<RowNumber> rows{1, 3, 4, 5, 6, 8, 9};
        QCOMPARE(list.size(), rows.size());
        for (std::size_t at = 0; at < rows.size(); ++at) {
            QCOMPARE(list[at].begin.row, rows[at]);
        }
        QCOMPARE(list.firstFrom({5, 0}), 3U);
        QCOMPARE(list.firstFrom({5, 1}), 4U);
        Hits many(HitList::kMost, hit(10, 0, 1));
        for (std::size_t at = 0; at < many.size(); ++at) {
            many[at].begin.row += static_cast<RowNumber>(at);
        }
        list.add(many);
        QCOMPARE(list.size(), HitList::kMost);
        QCOMPARE(list.found(), HitList::kMost + rows.size());
    }
};

QTEST_GUILESS_MAIN(SearcherTest)
#include "searcher.moc"
