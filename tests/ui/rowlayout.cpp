// SPDX-License-Identifier: MIT
#include "ui/rowlayout.h"

#include <QFontDatabase>
#include <QFontMetrics>
#include <QTest>

#include "session/words.h"
#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

class RowLayoutTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        Index index;
        Rows rows;
        RowLayout layout;
        QColor text{Qt::black};
        QColor escape{Qt::green};
        QColor invalid{Qt::red};
        QColor muted{Qt::gray};

        Fixture()
        {
            layout.setFonts(QFontDatabase::systemFont(QFontDatabase::FixedFont), QFont());
            layout.setColours({text, escape, invalid, muted});
            layout.setWidth(800);
        }
        std::unique_ptr<RowShape> make(int row, PeerId conversation = 1, bool marked = false)
        {
            rows.append(index);
            const TranscriptModel model(index, rows, conversation);
            return layout.make(model, row, marked);
        }
        // What is shown, line separators as LF.
        QString shown(int row) { return make(row)->layout->text().replace(QChar(QChar::LineSeparator), u'\n'); }
    };

    static QString coloured(const RowShape &shape, const QColor &colour)
    {
        QString text;
        for (const QTextLayout::FormatRange &range : shape.layout->formats()) {
            if (range.format.foreground().color() == colour) {
                text += shape.layout->text().mid(range.start, range.length);
            }
        }
        return text;
    }

private slots:
    // A lens makes messages of any length; what a row shows of one is bounded, and the rest is said.
    void aMessageOfManyReadsIsNeverLaidOutWhole()
    {
        Fixture f;
        f.rows.joined(1);
        for (int i = 0; i < 20; ++i) {
            f.rows.received(1, QByteArray(60'000, 'x'));
        }
        f.rows.append(f.index);
        ConversationOptions options(1);
        options.lens.kind = Lens::Kind::Lines;
        const TranscriptModel model(f.index, f.rows, options);
        QCOMPARE(model.row(1).size, 1'200'000U);
        const auto shape = f.layout.make(model, 1, false, true);
        QCOMPARE(shape->shown, RowLayout::kMostShown);
        QVERIFY(!shape->more.isEmpty());
        QVERIFY(shape->layout->text().size() < 2 * static_cast<qsizetype>(RowLayout::kMostShown));
        QVERIFY(shape->layout->text().endsWith(formatBytes(1'200'000 - RowLayout::kMostShown) + QStringLiteral(" more")));
    }

    void timesBesideTheRows()
    {
        Fixture f;
        f.rows.joined(1, 53422).received(1, "in\n"); // a millisecond apart
        f.layout.setTimesAs(TimesAs::SincePrevious);
        QCOMPARE(f.make(1)->sideText, QStringLiteral("+1.000 ms · 3 B"));
        QVERIFY(!f.make(0)->sideText.startsWith(u'+')); // nothing is above it
        f.layout.setTimesAs(TimesAs::Off);
        QCOMPARE(f.make(1)->sideText, QStringLiteral("3 B"));
        QCOMPARE(f.make(0)->sideText, QStringLiteral("connected from 127.0.0.1:53422"));
        f.layout.setTimesAs(TimesAs::DateAndMicroseconds);
        QVERIFY(f.make(1)->sideText.contains(u'-'));
    }

    // A message without a byte is one, and can be seen, however payloads are shown.
    void anEmptyMessageIsSeen()
    {
        Fixture f;
        f.rows.joined(1, Transport::Udp).received(1, {}).joined(2, Transport::UnixSeqpacket).received(2, {}).sent(1, {});
        f.rows.append(f.index);
        ConversationOptions options(1);
        options.lens.kind = Lens::Kind::Lines;
        for (const ShowAs showAs : {ShowAs::Text, ShowAs::Hex, ShowAs::Both}) {
            f.layout.setShowAs(showAs);
            const auto shape = f.make(1);
            QCOMPARE(shape->layout->text(), QStringLiteral("(empty datagram)"));
            QCOMPARE(coloured(*shape, f.muted), QStringLiteral("(empty datagram)"));
            QVERIFY(shape->bubble.height() > QFontMetrics(QFont()).height());
            QVERIFY(shape->more.isEmpty());
            QCOMPARE(f.make(1, 2)->layout->text(), QStringLiteral("(empty message)"));
            const TranscriptModel lines(f.index, f.rows, options);
            QCOMPARE(f.layout.make(lines, 2, false)->layout->text(), QStringLiteral("(empty datagram)"));
        }
        const TranscriptModel model(f.index, f.rows, 1);
        QVERIFY(spokenText(model, 1).endsWith(QStringLiteral(": (empty datagram)")));
        QVERIFY(sideText(model, 2).contains(QStringLiteral("0 B ✓")));
        QCOMPARE(copyText(model, 0, 2, CopyAs::Text), QString());
        QVERIFY(copyText(model, 0, 2, CopyAs::CArray).contains(QStringLiteral("no bytes")));
    }

    // A character is not put together from two datagrams.
    void datagramsAreReadAlone()
    {
        Fixture f;
        f.rows.joined(1, Transport::Udp)
            .received(1, "a\xe6")
            .received(1, "\xb8\xa9")
            .joined(2)
            .received(2, "\xe6")
            .received(2, "\xb8\xa9");
        QCOMPARE(f.shown(1), QStringLiteral("a\\xe6"));
        QCOMPARE(f.shown(2), QStringLiteral("\\xb8\\xa9"));
        QCOMPARE(f.make(2, 2)->layout->text(), QStringLiteral("温"));
    }

    void receivedLeftSentRight()
    {
        Fixture f;
        f.rows.joined(1, 53422).received(1, "in\n").sent(1, "out\n");
        const auto in = f.make(1);
        const auto out = f.make(2);
        QVERIFY(in->bubble.left() < 40);
        QVERIFY(in->side.left() > in->bubble.right());
        QVERIFY(out->bubble.right() > 760);
        QVERIFY(out->side.right() < out->bubble.left());
        const int letter = QFontMetrics(QFontDatabase::systemFont(QFontDatabase::FixedFont)).horizontalAdvance(u'x');
        QVERIFY(std::abs(out->bubble.width() - in->bubble.width() - letter) <= 1); // "out\n" has one more than "in\n"
        QVERIFY(in->sideText.endsWith(QStringLiteral(" · 3 B")));
        QVERIFY(out->sideText.endsWith(QStringLiteral(" · 4 B ✓")));
        QVERIFY(in->side.bottom() <= in->bubble.bottom());
    }

    void lineEndsAreShownAndThenObeyed()
    {
        Fixture f;
        f.rows.joined(1).received(1, "GET /\r\nHost: x\r\n\r\n").received(1, QByteArray("a\0b\x1b", 4)).received(1, "\xff!");
        QCOMPARE(f.shown(1), QStringLiteral("GET /\\r\\n\nHost: x\\r\\n\n\\r\\n"));
        const auto shape = f.make(1);
        QCOMPARE(shape->layout->lineCount(), 3);
        QCOMPARE(coloured(*shape, f.escape), QStringLiteral("\\r\\n\\r\\n\\r\\n"));
        QCOMPARE(f.shown(2), QStringLiteral("a\\x00b\\e"));
        QCOMPARE(coloured(*f.make(2), f.escape), QStringLiteral("\\x00\\e"));
        QCOMPARE(coloured(*f.make(3), f.invalid), QStringLiteral("\\xff"));
    }

    void whatIsWideWrapsAtThreeQuarters()
    {
        Fixture f;
        f.rows.joined(1).received(1, QByteArray("wide").repeated(80)).sent(1, QByteArray("word ").repeated(60));
        for (const int row : {1, 2}) {
            const auto shape = f.make(row);
            QVERIFY(shape->layout->lineCount() > 1);
            QVERIFY(shape->bubble.width() <= 600);
            QVERIFY(shape->bubble.width() > 500);
            QVERIFY(shape->bubble.left() >= 0);
            QVERIFY(shape->bubble.right() < 800);
        }
        f.layout.setWidth(200); // no room beside the bubble: the time stands below
        const auto narrow = f.make(1);
        QVERIFY(narrow->side.top() > narrow->bubble.bottom());
        QVERIFY(narrow->height > narrow->side.bottom());
    }

    void hexIsADump()
    {
        Fixture f;
        f.rows.joined(1).received(1, "hello from nc, yes\n");
        f.layout.setShowAs(ShowAs::Hex);
        const QString dump = QStringLiteral("00000000  68 65 6c 6c 6f 20 66 72  6f 6d 20 6e 63 2c 20 79  |hello from nc, y|\n"
                                            "00000010  65 73 0a                                          |es.|");
        QCOMPARE(f.shown(1), dump);
        QCOMPARE(f.make(1)->layout->lineCount(), 2);
        f.layout.setShowAs(ShowAs::Both);
        QCOMPARE(f.shown(1), QStringLiteral("hello from nc, yes\\n\n") + dump);
        QCOMPARE(coloured(*f.make(1), f.muted).replace(QChar(QChar::LineSeparator), u'\n'), dump);
    }

    // Through a lens: where a read begins, in the text and before its first byte in the dump, which stays as wide.
    void whereReadsBeginIsMarked()
    {
        Fixture f;
        f.rows.joined(1).received(1, "hel").received(1, "lo from ").received(1, "nc, yes\n");
        f.rows.append(f.index);
        ConversationOptions options(1);
        options.lens.kind = Lens::Kind::Lines;
        const TranscriptModel model(f.index, f.rows, options);
        QTRY_COMPARE(model.count(), 2);
        const auto shown
            = [&] { return f.layout.make(model, 1, false)->layout->text().replace(QChar(QChar::LineSeparator), u'\n'); };
        QCOMPARE(shown(), QStringLiteral("hel▏lo from ▏nc, yes\\n"));
        f.layout.setShowAs(ShowAs::Hex);
        QCOMPARE(shown(),
                 QStringLiteral("00000000  68 65 6c▏6c 6f 20 66 72  6f 6d 20▏6e 63 2c 20 79  |hello from nc, y|\n"
                                "00000010  65 73 0a                                          |es.|"));
        QCOMPARE(coloured(*f.layout.make(model, 1, false), f.escape), QStringLiteral("▏▏"));
        f.layout.setShowAs(ShowAs::Both);
        QVERIFY2(shown().contains(QStringLiteral("▏nc, yes\\n\n00000000  68 65 6c▏6c")), qPrintable(shown()));
        const int letter = QFontMetrics(QFontDatabase::systemFont(QFontDatabase::FixedFont)).horizontalAdvance(u'0');
        f.layout.setShowAs(ShowAs::Hex);
        f.layout.setWidth(letter * 60);
        QVERIFY2(shown().contains(QStringLiteral("\n00000008  6f 6d 20▏6e 63 2c 20 79  |om nc, y|\n")), qPrintable(shown()));
    }

    // The mark stands between two letters; it does not tear a word apart.
    void aMarkInTextIsThin()
    {
        Fixture f;
        f.rows.joined(1).received(1, "needle\n").received(1, "nee").received(1, "dle\n");
        f.rows.append(f.index);
        ConversationOptions options(1);
        options.lens.kind = Lens::Kind::Lines;
        const TranscriptModel model(f.index, f.rows, options);
        QTRY_COMPARE(model.count(), 3);
        const int letter = QFontMetrics(QFontDatabase::systemFont(QFontDatabase::FixedFont)).horizontalAdvance(u'0');
        const int more = f.layout.make(model, 2, false)->bubble.width() - f.layout.make(model, 1, false)->bubble.width();
        QVERIFY2(more > 0 && more < letter, qPrintable(QString::number(more)));
    }

    void ofALargePayloadTheBeginningShows()
    {
        Fixture f;
        f.rows.joined(1).received(1, QByteArray("ab").repeated(32'700));
        const QString shown = f.shown(1);
        QVERIFY(shown.startsWith(QStringLiteral("abab")));
        QVERIFY(shown.endsWith(QStringLiteral("ab … 61.3 KB more")));
        QCOMPARE(shown.count(u'b'), 2048);
        f.layout.setShowAs(ShowAs::Hex);
        QCOMPARE(f.make(1)->layout->lineCount(), 257); // that there is more stands on a line of its own
    }

    void aDumpIsNarrowerWhereThereIsLessRoom()
    {
        Fixture f;
        f.rows.joined(1).received(1, "hello from nc, yes\n");
        f.layout.setShowAs(ShowAs::Hex);
        const int letter = QFontMetrics(QFontDatabase::systemFont(QFontDatabase::FixedFont)).horizontalAdvance(u'0');
        f.layout.setWidth(letter * 60);
        QCOMPARE(f.shown(1),
                 QStringLiteral("00000000  68 65 6c 6c 6f 20 66 72  |hello fr|\n"
                                "00000008  6f 6d 20 6e 63 2c 20 79  |om nc, y|\n"
                                "00000010  65 73 0a                 |es.|"));
        f.layout.setWidth(letter * 42);
        QVERIFY2(f.shown(1).startsWith(QStringLiteral("00000000  68 65 6c 6c  |hell|\n00000004  6f 20 66 72  |o fr|\n")),
                 qPrintable(f.shown(1)));
    }

    void noLineOfADumpIsEverBroken()
    {
        Fixture f;
        f.rows.joined(1).received(1, QByteArray(64, 'x'));
        for (const ShowAs as : {ShowAs::Hex, ShowAs::Both}) {
            f.layout.setShowAs(as);
            for (int width = 150; width < 900; width += 7) {
                f.layout.setWidth(width);
                const auto shape = f.make(1);
                const QString text = shape->layout->text();
                for (int at = 0; at < shape->layout->lineCount(); ++at) {
                    const QTextLine line = shape->layout->lineAt(at);
                    const QString here = text.mid(line.textStart(), line.textLength());
                    QVERIFY2(here.count(u'|') != 1 && !here.startsWith(u'|'), qPrintable(here));
                }
            }
        }
    }

    void theWholePayloadIsShownOnDemand()
    {
        Fixture f;
        f.rows.joined(1).received(1, QByteArray("ab").repeated(32'700));
        f.rows.append(f.index);
        const TranscriptModel model(f.index, f.rows, 1);
        const auto first = f.layout.make(model, 1, false);
        QVERIFY(first->bubble.contains(first->more));
        QVERIFY(!first->more.isEmpty());
        const auto whole = f.layout.make(model, 1, false, true);
        QVERIFY(whole->more.isEmpty());
        QCOMPARE(whole->layout->text().count(u'b'), 32'700);
    }

    void whatWasNotKeptOrCannotBeReadSaysSo()
    {
        Fixture f;
        f.rows.joined(1);
        f.rows.append(f.index);
        RowBatch batch;
        Row row;
        row.kind = RecordKind::Received;
        row.peer = 1;
        row.size = 1500;
        row.offset = kNotRecorded;
        batch.rows.push_back(row);
        row.offset = 1'000'000; // beyond the file
        batch.rows.push_back(row);
        f.index.append(batch);
        QCOMPARE(f.shown(1), QStringLiteral("1.5 KB, not kept: the session file could not be written"));
        QCOMPARE(f.shown(2), QStringLiteral("1.5 KB, discarded: the session's limit"));
        f.rows.readError = EIO;
        QCOMPARE(f.shown(2), QStringLiteral("1.5 KB, kept, but the session file cannot be read"));
    }

    void aCutCharacterIsNotNothing()
    {
        Fixture f;
        f.rows.joined(1).received(1, "\xe6").received(1, "\xb8\xa9");
        QCOMPARE(f.shown(1), QStringLiteral("… the beginning of a character that the next message ends"));
        QCOMPARE(f.shown(2), QString::fromUtf8("\xe6\xb8\xa9"));
    }

    void amongAllEachSaysWhose()
    {
        Fixture f;
        FanOutInfo some;
        some.only = true;
        some.peers = {1, 2};
        FanOutInfo others;
        others.peers = {3};
        f.rows.joined(1, 53422).joined(2, 40112).joined(3, 40113);
        f.rows.received(1, "a").sent(2, "b").add(RecordKind::FanOut, kNoPeer, "c").add(RecordKind::FanOut, 1, "d");
        f.rows.add(RecordKind::FanOut, kNoPeer, "e", some).add(RecordKind::FanOut, kNoPeer, "f", others);
        f.rows.add(RecordKind::PeerFinished, 2);
        const QStringList who{
            QStringLiteral("from 127.0.0.1:53422"), QStringLiteral("to 127.0.0.1:40112"),
            QStringLiteral("to all peers"),         QStringLiteral("to all others, relayed from 127.0.0.1:53422"),
            QStringLiteral("to 2 peers"),           QStringLiteral("to all peers but 1")};
        for (int at = 0; at < who.size(); ++at) {
            const auto shape = f.make(3 + at, kNoPeer);
            QCOMPARE(shape->whoText, who[at]);
            QVERIFY(shape->who.top() < shape->bubble.top());
        }
        QVERIFY(f.make(9, kNoPeer)->sideText.contains(QStringLiteral("   127.0.0.1:40112  peer sent FIN")));
        QVERIFY(f.make(1, 1)->whoText.isEmpty()); // between two, there is nothing to say
    }

    void refusedSaysWhy()
    {
        Fixture f;
        RefusedInfo info;
        info.reason = RefusedReason::SendingFinished;
        f.rows.joined(1).add(RecordKind::Refused, 1, "too late", info);
        const auto shape = f.make(1);
        QCOMPARE(shape->kind, RowShape::Kind::Refused);
        QVERIFY(shape->sideText.endsWith(QStringLiteral("✗ not sent: our sending side is finished (FIN sent)")));
    }

    void notesAreCentredAndWrap()
    {
        Fixture f;
        f.rows.joined(1, 53422).add(RecordKind::PeerFinished, 1);
        const auto wide = f.make(1);
        QCOMPARE(wide->kind, RowShape::Kind::Note);
        QVERIFY(std::abs(wide->hot.center().x() - 400) <= 2);
        f.layout.setWidth(200);
        QVERIFY(f.make(1)->height > wide->height);
    }

    void aPayloadIsNeverRichText()
    {
        Fixture f;
        f.rows.joined(1).received(1, "<b>bold</b> &amp; <img src=x>");
        QCOMPARE(f.shown(1), QStringLiteral("<b>bold</b> &amp; <img src=x>"));
    }
};

QTEST_MAIN(RowLayoutTest)
#include "rowlayout.moc"
