// SPDX-License-Identifier: MIT
// A session saved in every format, read back by something else: tshark, text2pcap, Qt's JSON parser, a CSV parser of its own.
#include <csignal>

#include <sys/resource.h>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "support/capturetools.h"
#include "support/rows.h"
#include "support/saverequests.h"
#include "transcript/pcapng.h"
#include "transcript/recordingplace.h"
#include "transcript/saver.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// RFC 4180 §2, by the letter; nothing where the file breaks it.
QList<QStringList> parseCsv(const QString &text)
{
    QList<QStringList> lines{{QString()}};
    bool quoted = false;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar c = text[at];
        QString &field = lines.last().last();
        if (quoted) {
            if (c != u'"') {
                field += c;
            } else if (at + 1 < text.size() && text[at + 1] == u'"') {
                field += text[++at];
            } else {
                quoted = false;
            }
        } else if (c == u'"') {
            if (!field.isEmpty()) {
                return {};
            }
            quoted = true;
        } else if (c == u',') {
            lines.last() << QString();
        } else if (c == u'\r' && at + 1 < text.size() && text[at + 1] == u'\n') {
            ++at;
            lines << QStringList{QString()};
        } else if (c == u'\r' || c == u'\n') {
            return {};
        } else {
            field += c;
        }
    }
    lines.removeLast(); // after the last CRLF
    return quoted ? QList<QStringList>() : lines;
}

// What every format has to bear.
const QList<QByteArray> &nasty()
{
    static const QList<QByteArray> payloads = {
        "plain",
        "\"quotes\", commas\r\nand line ends\n",
        QByteArray("NUL \0 and \x1b[31m escapes", 23),
        "invalid \xff\xfe bytes",
        "</pre></script><script>alert('&amp;')</script>",
        "bidi \xe2\x80\xae evil \xe2\x81\xa6",
        "=SUM(A1:A9)",
        "#TEXT2PCAP -l 1\n# de ad be ef 00 11\n000000 de ad",
        "{\"time_ns\": \\ \t}",
        "| 00 11 22 33 | I O 12:00",
        "\xf0\x9f\x98\x80 \xf3\xa0\x80\x81 \xe2\x80\xa8",
    };
    return payloads;
}

class Fixture
{
public:
    Index index;
    Rows rows;
    QTemporaryDir folder;

    QString path(const QString &name) const { return folder.filePath(name); }
    SaveRequest request(SaveFormat format, PeerId peer = kNoPeer)
    {
        SaveRequest request = requestFor(index, format, folder.path(), peer, m_numbers);
        request.application = "test";
        request.words = [](const Row &row, const Detail & /*detail*/, const RowContext &context) {
            return QStringLiteral("event %1%2 <\u202e>\n")
                .arg(static_cast<int>(row.kind))
                .arg(context.otherSideFinished ? QStringLiteral(" both") : QString());
        };
        return request;
    }
    // The file's bytes; empty where it failed.
    QByteArray saved(const SaveRequest &request) { return save(request, rows) ? contents(request.path) : QByteArray(); }

    void addNasty()
    {
        rows.joined(1, 50'001);
        for (const QByteArray &payload : nasty()) {
            rows.received(1, payload).sent(1, payload);
        }
        rows.add(RecordKind::PeerFinished, 1).add(RecordKind::Finished, 1).left(1);
        rows.append(index);
    }
    // As relays and messages to all are: three peers, one row each.
    void addFanOuts()
    {
        rows.add(RecordKind::Listening, kNoPeer, {}, ListenInfo{}).joined(1).joined(2).joined(3);
        rows.received(1, "hello ").add(RecordKind::FanOut, 1, "hello ");                       // 2, 3
        rows.sent(2, "you ").add(RecordKind::FanOut, kNoPeer, "all ", FanOutInfo{false, {3}}); // 1, 2
        rows.sent(3, "all ").joined(4).add(RecordKind::FanOut, kNoPeer, "some ", FanOutInfo{true, {1, 4}});
        rows.add(RecordKind::Refused, 1, "too much", RefusedInfo{}).add(RecordKind::Finished, 2);
        rows.add(RecordKind::FanOut, kNoPeer, "end").left(2, LeftReason::ResetByPeer).left(1); // 1, 3, 4
        rows.append(index);
    }

private:
    BlockList<RowNumber> m_numbers;
};

const QString kDoubts = QStringLiteral("tcp.analysis.lost_segment or tcp.analysis.retransmission or tcp.analysis.out_of_order "
                                       "or tcp.analysis.ack_lost_segment");

} // namespace

class SavingTest : public QObject
{
    Q_OBJECT

private slots:
    // Its name would be another file's then, and what is still recorded gone with the last one who has it open.
    void aFileThatIsBeingRecordedDoesNotGiveWay()
    {
        Fixture f;
        f.addNasty();
        const SaveRequest request = f.request(SaveFormat::Pcapng);
        RecordingPlace place;
        place.kind = RecordingPlace::Kind::File;
        place.path = request.path;
        {
            const Result<OpenedPlace> recorded = openRecordingPlace(place);
            QVERIFY(recorded);
            const Result<SaveResult> result = save(request, f.rows);
            QVERIFY(!result);
            QCOMPARE(result.error().code, EBUSY);
            QCOMPARE(contents(request.path), QByteArray());
        }
        QVERIFY(save(request, f.rows));
    }

    void pcapngHasEveryByteAndNoDoubts()
    {
        Fixture f;
        f.addNasty();
        const SaveRequest request = f.request(SaveFormat::Pcapng);
        const auto result = save(request, f.rows);
        QVERIFY(result);
        QCOMPARE(result->messages, static_cast<std::uint64_t>(nasty().size()) * 2);
        QCOMPARE(result->incomplete, 0U);
        const FollowedStream got = follow(request.path, 0);
        QCOMPARE(got.first, nasty().join());
        QCOMPARE(got.second, nasty().join());
        QCOMPARE(fields(request.path, kDoubts, {QStringLiteral("frame.number")}), QByteArray());
        int status = -1;
        QVERIFY(tool(QStringLiteral("capinfos"), {request.path}, &status).contains("Raw IP"));
        QCOMPARE(status, 0);
        const QString copy = f.path(QStringLiteral("copy.pcapng"));
        tool(QStringLiteral("editcap"), {request.path, copy}, &status);
        QCOMPARE(status, 0);
        QCOMPARE(follow(copy, 0).second, nasty().join());
    }

    void pcapngHasAPacketForEachRecipient()
    {
        Fixture f;
        f.addFanOuts();
        const SaveRequest request = f.request(SaveFormat::Pcapng);
        QVERIFY(save(request, f.rows));
        QCOMPARE(follow(request.path, 0).second, QByteArray("all some end"));
        QCOMPARE(follow(request.path, 0).first, QByteArray("hello "));
        QCOMPARE(follow(request.path, 1).second, QByteArray("hello you all "));
        QCOMPARE(follow(request.path, 2).second, QByteArray("hello all end"));
        QCOMPARE(follow(request.path, 3).second, QByteArray("some end"));
        QCOMPARE(fields(request.path, kDoubts, {QStringLiteral("frame.number")}), QByteArray());
        // One conversation has the same bytes in it.
        const SaveRequest second = f.request(SaveFormat::Pcapng, 2);
        QVERIFY(save(second, f.rows));
        QCOMPARE(follow(second.path, 0).second, QByteArray("hello you all "));
        QVERIFY(follow(second.path, 1).second.isEmpty());
        QVERIFY(fields(second.path, {}, {QStringLiteral("frame.comment")}).contains("relayed from 127.0.0.1:50001"));
    }

    void pcapngTellsEventsAndNames()
    {
        Fixture f;
        f.addFanOuts();
        SaveRequest request = f.request(SaveFormat::Pcapng);
        request.names = {{Endpoint::ipv4(0x7f000001, 1), "the tester"}, {*Endpoint::parse("[2001:db8::7]:1"), "six"}};
        const QByteArray file = f.saved(request);
        const QByteArray comments = fields(request.path, {}, {QStringLiteral("frame.comment")});
        for (const RecordKind kind :
             {RecordKind::Joined, RecordKind::Refused, RecordKind::Finished, RecordKind::Left, RecordKind::Listening}) {
            QVERIFY2(comments.contains("event " + QByteArray::number(static_cast<int>(kind)) + " <\\u202e>\\n"),
                     comments.constData());
        }
        const QByteArray hosts
            = tool(QStringLiteral("tshark"),
                   {QStringLiteral("-r"), request.path, QStringLiteral("-q"), QStringLiteral("-z"), QStringLiteral("hosts")});
        QVERIFY2(hosts.contains("the tester") && hosts.contains("2001:db8::7"), hosts.constData());
        // The events are there for reopening, with their details, and each in its order.
        std::span<const std::byte> rest(reinterpret_cast<const std::byte *>(file.constData()),
                                        static_cast<std::size_t>(file.size()));
        std::vector<RecordKind> kinds;
        while (const auto block = pcapng::firstBlock(rest)) {
            if (const auto own = pcapng::recordOf(*block)) {
                kinds.push_back(own->record.kind);
                QCOMPARE(std::holds_alternative<PeerInfo>(own->detail), own->record.kind == RecordKind::Joined);
            }
            rest = rest.subspan(block->whole.size());
        }
        QVERIFY(rest.empty());
        using enum RecordKind;
        QVERIFY((kinds == std::vector{Listening, Joined, Joined, Joined, Joined, Refused, Finished, Left, Left}));
    }

    void aSelectionAsPcapngHoldsTogether()
    {
        Fixture f;
        f.addNasty();
        SaveRequest request = f.request(SaveFormat::Pcapng);
        request.first = 3;
        request.last = 6;
        QVERIFY(save(request, f.rows));
        QCOMPARE(follow(request.path, 0).first, nasty()[1] + nasty()[2]);
        QCOMPARE(follow(request.path, 0).second, nasty()[1] + nasty()[2]);
        QCOMPARE(fields(request.path, kDoubts, {QStringLiteral("frame.number")}), QByteArray());
    }

    void textIsALineARow()
    {
        Fixture f;
        f.addNasty();
        const QByteArray text = f.saved(f.request(SaveFormat::Text));
        const auto lines = text.trimmed().split('\n');
        QCOMPARE(lines.size(), static_cast<qsizetype>(f.index.size()));
        QVERIFY2(lines[3].endsWith("  received from 127.0.0.1:50001: \"quotes\", commas\\r\\nand line ends\\n"),
                 lines[3].constData());
        QVERIFY2(lines[6].endsWith("  sent to 127.0.0.1:50001: NUL \\x00 and \\e[31m escapes"), lines[6].constData());
        QVERIFY(lines[7].contains("invalid \\xff\\xfe bytes"));
        QVERIFY(lines[11].contains("bidi \\u202e evil"));
        QVERIFY(lines[lines.size() - 2].endsWith(" both <\\u202e>\\n"));
        for (const char c : text) {
            QVERIFY(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
        }
        QVERIFY(!text.contains("\xe2\x80\xae"));
    }

    void charactersCutBetweenReadsAreWhole()
    {
        Fixture f;
        f.rows.joined(1).received(1, "t=\xe6").sent(1, "\xe6").received(1, "\xb8").received(1, "\xa9!").received(1, "end \xe6");
        f.rows.append(f.index);
        const auto lines = f.saved(f.request(SaveFormat::Text)).split('\n');
        QVERIFY(lines[1].endsWith(": t="));
        QVERIFY(lines[2].endsWith(": \\xe6"));
        QVERIFY(lines[3].endsWith(": "));
        QVERIFY(lines[4].endsWith(": \xe6\xb8\xa9!"));
        QVERIFY(lines[5].endsWith(": end \\xe6"));
    }

    // … but those between two datagrams are in neither.
    void datagramsAreReadAlone()
    {
        Fixture f;
        f.rows.joined(1, Transport::Udp).received(1, "t=\xe6").received(1, "\xb8\xa9!");
        f.rows.add(RecordKind::FanOut, kNoPeer, "\xe6").sent(1, "\xb8\xa9");
        f.rows.append(f.index);
        const auto lines = f.saved(f.request(SaveFormat::Text)).split('\n');
        QVERIFY2(lines[1].endsWith(": t=\\xe6"), lines[1].constData());
        QVERIFY2(lines[2].endsWith(": \\xb8\\xa9!"), lines[2].constData());
        QVERIFY2(lines[3].endsWith(": \\xe6"), lines[3].constData());
        QVERIFY2(lines[4].endsWith(": \\xb8\\xa9"), lines[4].constData());
    }

    void inTheEncodingOfTheConversation()
    {
        Fixture f;
        const QByteArray warm("\x29\x6e", 2); // U+6E29 in UTF-16LE, cut after its first byte
        f.rows.joined(1).received(1, QByteArray("t\0=\0", 4) + warm.left(1)).sent(1, QByteArray("\xe9\0", 2));
        f.rows.received(1, warm.mid(1) + QByteArray("!\0", 2)).received(1, QByteArray("e\0\x29", 3));
        f.rows.append(f.index);
        const auto with = [&f](SaveFormat format, RowNumber first = 0) {
            SaveRequest request = f.request(format);
            request.encoding = &encodingOf(u"utf-16le");
            request.first = first;
            return f.saved(request);
        };
        const auto lines = with(SaveFormat::Text).split('\n');
        QVERIFY2(lines[1].endsWith(": t="), lines[1].constData());
        QVERIFY2(lines[2].endsWith(": é"), lines[2].constData());
        QVERIFY2(lines[3].endsWith(": 温!"), lines[3].constData());
        QVERIFY2(lines[4].endsWith(": e\\x29"), lines[4].constData()); // half a character at the end
        const QByteArray html = with(SaveFormat::Html);
        QVERIFY(html.contains("<pre>温!</pre>") && html.contains("<pre>é</pre>"));
        const QList<QStringList> csv = parseCsv(QString::fromUtf8(with(SaveFormat::Csv)));
        QCOMPARE(csv[4][6], QStringLiteral("温!"));
        QCOMPARE(csv[4][7], QStringLiteral("6e2100"));
        const QByteArray json = with(SaveFormat::JsonLines).split('\n')[3];
        QCOMPARE(QJsonDocument::fromJson(json).object()[QStringLiteral("text")].toString(), QStringLiteral("温!"));
        // What is selected begins within a character.
        QVERIFY(with(SaveFormat::Text, 3).split('\n')[0].endsWith(": 温!"));
    }

    void aSelectionInAnEncodingOfManyBytes()
    {
        Fixture f;
        f.rows.joined(1).received(1, "a\x93\xfa\x96").received(1, "\x7b!").received(1, "\x93").left(1);
        f.rows.append(f.index);
        SaveRequest request = f.request(SaveFormat::Text, 1);
        request.encoding = &encodingOf(u"shift_jis");
        request.first = 2;
        const auto lines = f.saved(request).split('\n');
        QVERIFY2(lines[0].endsWith(": 本!"), lines[0].constData());
        QVERIFY2(lines[1].endsWith(": \\x93"), lines[1].constData());
    }

    void whatWentToManyIsPartOfTheStream()
    {
        Fixture f;
        f.rows.joined(1).sent(1, "t=\xe6").add(RecordKind::FanOut, kNoPeer, "\xb8\xa9");
        f.rows.append(f.index);
        const auto lines = f.saved(f.request(SaveFormat::Text, 1)).split('\n');
        QVERIFY2(lines[2].endsWith(": 温"), lines[2].constData());
    }

    void htmlHasNoMarkupOfPeers()
    {
        Fixture f;
        f.addNasty();
        const QByteArray html = f.saved(f.request(SaveFormat::Html));
        QVERIFY(html.startsWith("<!DOCTYPE html>"));
        QVERIFY(html.trimmed().endsWith("</html>"));
        QVERIFY(!html.contains("<script"));
        QVERIFY(html.contains("&lt;/pre&gt;&lt;/script&gt;&lt;script&gt;alert(&#39;&amp;amp;&#39;)"));
        QVERIFY(html.contains("bidi <i>\\u202e</i> evil"));
        QVERIFY(!html.contains("\xe2\x80\xae"));
        QVERIFY(html.contains("prefers-color-scheme: dark"));
        QVERIFY(!html.contains("http:") && !html.contains("https:"));
        QCOMPARE(html.count("<pre>"), nasty().size() * 2);
        QCOMPARE(html.count("</pre>"), nasty().size() * 2);
    }

    void csvComesBack()
    {
        Fixture f;
        f.addNasty();
        const QByteArray csv = f.saved(f.request(SaveFormat::Csv));
        const QList<QStringList> lines = parseCsv(QString::fromUtf8(csv));
        QCOMPARE(lines.size(), static_cast<qsizetype>(f.index.size()) + 1);
        QCOMPARE(lines[0].join(u','), QStringLiteral("time,peer,local,direction,kind,size,text,hex"));
        for (qsizetype at = 0; at < nasty().size(); ++at) {
            const QStringList &line = lines[2 + at * 2];
            QCOMPARE(line.size(), 8);
            QCOMPARE(line[1], QStringLiteral("127.0.0.1:50001"));
            QCOMPARE(line[2], QStringLiteral("127.0.0.1:6666"));
            QCOMPARE(line[3], QStringLiteral("in"));
            QCOMPARE(line[4], QStringLiteral("received"));
            QCOMPARE(line[5].toLongLong(), nasty()[at].size());
            QCOMPARE(QByteArray::fromHex(line[7].toLatin1()), nasty()[at]);
            QCOMPARE(lines[3 + at * 2][3], QStringLiteral("out"));
        }
        QCOMPARE(lines[2][0], QStringLiteral("2023-11-14T22:13:20.001000000Z"));
        QCOMPARE(lines[4][6], QString::fromUtf8(nasty()[1]));
        QCOMPARE(lines[6][6], QStringLiteral("NUL \\x00 and \\e[31m escapes"));
        QCOMPARE(lines[14][6], QStringLiteral("=SUM(A1:A9)"));
        QVERIFY(!csv.contains('\0'));
    }

    void jsonLinesComeBack()
    {
        Fixture f;
        f.addNasty();
        f.addFanOuts();
        const QByteArray json = f.saved(f.request(SaveFormat::JsonLines));
        QList<QByteArray> lines = json.split('\n');
        QVERIFY(lines.takeLast().isEmpty());
        QCOMPARE(lines.size(), static_cast<qsizetype>(f.index.size()));
        for (qsizetype at = 0; at < lines.size(); ++at) {
            QJsonParseError error{};
            const QJsonObject object = QJsonDocument::fromJson(lines[at], &error).object();
            QVERIFY2(error.error == QJsonParseError::NoError, lines[at].constData());
            const Row &row = f.index.row(static_cast<RowNumber>(at));
            QCOMPARE(object[QStringLiteral("time_ns")].toInteger(), row.time);
            QCOMPARE(object.contains(QStringLiteral("words")), !isMessage(row.kind));
            if (hasPayload(row.kind)) {
                const QByteArray bytes = QByteArray::fromBase64(object[QStringLiteral("base64")].toString().toLatin1());
                QCOMPARE(bytes, f.rows.read(row));
                if (!bytes.contains('\xff')) {
                    QCOMPARE(object[QStringLiteral("text")].toString(), QString::fromUtf8(bytes));
                }
            }
        }
        QVERIFY(lines[7].contains("invalid \\ufffd\\ufffd bytes"));
        QVERIFY(json.contains("\"peer\":\"all but 127.0.0.1:50003\""));
        QVERIFY(json.contains("\"relayed_from\":\"127.0.0.1:50001\""));
        QVERIFY(!json.contains("\xe2\x80\xae"));
    }

    void rawIsTheBytesOfOneDirection()
    {
        Fixture f;
        f.addFanOuts();
        SaveRequest request = f.request(SaveFormat::Raw, 1);
        QCOMPARE(f.saved(request), QByteArray("hello "));
        request.direction = SaveDirection::Sent;
        QCOMPARE(f.saved(request), QByteArray("all some end"));
        QCOMPARE(save(request, f.rows)->messages, 3U);
    }

    void text2pcapReadsTheHexDump()
    {
        Fixture f;
        f.addNasty();
        f.rows.received(1, QByteArray(static_cast<qsizetype>(kMaxPayload), 'x'));
        f.rows.append(f.index);
        const SaveRequest request = f.request(SaveFormat::HexDump);
        QVERIFY(save(request, f.rows));
        const QString back = f.path(QStringLiteral("back.pcapng"));
        int status = -1;
        tool(QStringLiteral("text2pcap"),
             {QStringLiteral("-q"), QStringLiteral("-D"), QStringLiteral("-t"), QStringLiteral("ISO"), QStringLiteral("-l"),
              QStringLiteral("147"), request.path, back},
             &status);
        QCOMPARE(status, 0);
        QFile file(back);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        std::span<const std::byte> rest(reinterpret_cast<const std::byte *>(bytes.constData()),
                                        static_cast<std::size_t>(bytes.size()));
        RowNumber number = 0;
        while (const auto block = pcapng::firstBlock(rest)) {
            if (const auto packet = pcapng::packetOf(*block)) {
                while (!isMessage(f.index.row(number).kind)) {
                    ++number;
                }
                const Row &row = f.index.row(number++);
                QCOMPARE(QByteArray(reinterpret_cast<const char *>(packet->bytes.data()),
                                    static_cast<qsizetype>(packet->bytes.size())),
                         f.rows.read(row));
                QCOMPARE(packet->outbound, row.kind == RecordKind::Sent);
                QCOMPARE(packet->time, row.time);
            }
            rest = rest.subspan(block->whole.size());
        }
        QCOMPARE(number, f.index.size());
    }

    void whatIsNoLongerKeptIsCounted()
    {
        class Forgetful final : public PayloadSource
        {
            std::size_t readInto(std::uint64_t /*offset*/, std::span<std::byte> /*into*/, int *error) const override
            {
                *error = ENODATA;
                return 0;
            }
        };
        Fixture f;
        f.addNasty();
        for (const SaveFormat format : {SaveFormat::Pcapng, SaveFormat::Text, SaveFormat::Html, SaveFormat::Csv,
                                        SaveFormat::JsonLines, SaveFormat::Raw, SaveFormat::HexDump}) {
            const auto result = save(f.request(format), Forgetful());
            QVERIFY(result);
            QCOMPARE(result->incomplete, result->messages);
            QCOMPARE(result->incompleteError, ENODATA);
        }
        QVERIFY(contents(f.path(QStringLiteral("saved.txt"))).contains("[5 bytes were not kept]"));
    }

    void cancellingLeavesTheOldFile()
    {
        Fixture f;
        f.addNasty();
        SaveRequest request = f.request(SaveFormat::Csv);
        QFile old(request.path);
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write("old");
        old.close();
        const auto result = save(request, f.rows, [](int) { return false; });
        QVERIFY(!result);
        QCOMPARE(result.error().code, ECANCELED);
        QCOMPARE(contents(request.path), QByteArray("old"));
        QCOMPARE(QDir(f.folder.path()).entryList(QDir::Files).size(), 1);
    }

    void aFullDiskLeavesTheOldFile()
    {
        Fixture f;
        f.rows.joined(1);
        for (int i = 0; i < 100; ++i) {
            f.rows.received(1, QByteArray(60'000, 'x'));
        }
        f.rows.append(f.index);
        SaveRequest request = f.request(SaveFormat::Raw);
        QFile old(request.path);
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write("old");
        old.close();
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit small = before;
        small.rlim_cur = 3'000'000;
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto result = save(request, f.rows);
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!result);
        QCOMPARE(result.error().code, EFBIG);
        QCOMPARE(result.error().call, CallName::Write);
        QCOMPARE(result.error().detail, request.path.toStdString());
        QCOMPARE(contents(request.path), QByteArray("old"));
        QCOMPARE(QDir(f.folder.path()).entryList(QDir::Files).size(), 1);
        QCOMPARE(f.saved(request).size(), 6'000'000);
    }

    void whatCannotBeOpenedIsAnError()
    {
        Fixture f;
        f.addNasty();
        SaveRequest request = f.request(SaveFormat::Text);
        request.path = f.path(QStringLiteral("no/such/folder"));
        auto result = save(request, f.rows);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ENOENT);
        QCOMPARE(result.error().call, CallName::Open);
        request.path = f.folder.path();
        result = save(request, f.rows);
        QVERIFY(!result);
        QCOMPARE(result.error().code, EISDIR);
    }

    void progressGoesUpToTheEnd()
    {
        Fixture f;
        f.rows.joined(1);
        for (int i = 0; i < 20'000; ++i) {
            f.rows.received(1, "line\n");
        }
        f.rows.append(f.index);
        std::vector<int> told;
        QVERIFY(save(f.request(SaveFormat::JsonLines), f.rows, [&](int perMille) {
            told.push_back(perMille);
            return true;
        }));
        QVERIFY(std::is_sorted(told.begin(), told.end()));
        QVERIFY(told.size() > 3);
        QCOMPARE(told.back(), 1000);
    }

    void anEmptySessionIsAFileToo()
    {
        Fixture f;
        QVERIFY(f.saved(f.request(SaveFormat::Html)).contains("</html>"));
        QCOMPARE(f.saved(f.request(SaveFormat::Csv)).count('\n'), 1);
        QVERIFY(!f.saved(f.request(SaveFormat::Pcapng)).isEmpty());
    }
};

QTEST_GUILESS_MAIN(SavingTest)
#include "saving.moc"
