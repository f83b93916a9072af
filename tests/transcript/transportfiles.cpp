// SPDX-License-Identifier: MIT
// What other programs make of files with every kind of socket, and what is saved of them.
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "support/capturetools.h"
#include "support/recordedfile.h"
#include "support/records.h"
#include "support/rows.h"
#include "support/saverequests.h"
#include "transcript/exporter.h"
#include "transcript/recorder.h"
#include "transcript/saver.h"
#include "transcript/sessionreader.h"

using namespace tincan;
using tincan::test::BatchMaker;
using tincan::test::fields;
using tincan::test::follow;
using tincan::test::Kept;
using tincan::test::peerInfo;
using tincan::test::readBack;
using tincan::test::recordTo;
using tincan::test::requestFor;
using tincan::test::Rows;
using tincan::test::tool;

namespace {

// What tshark says on standard error, its checksums looked at; empty where it has nothing to complain of.
QByteArray complaints(const QString &path)
{
    QProcess process;
    process.start(QStringLiteral("tshark"),
                  {QStringLiteral("-r"), path, QStringLiteral("-o"), QStringLiteral("udp.check_checksum:TRUE"),
                   QStringLiteral("-Y"), QStringLiteral("_ws.malformed or _ws.expert.severity >= 0x00600000")});
    process.waitForFinished(60'000);
    QByteArray said;
    const auto lines = process.readAllStandardError().split('\n');
    for (const QByteArray &line : lines) {
        said += line.contains("Running as user") || line.isEmpty() ? QByteArray() : line + '\n';
    }
    return said + process.readAllStandardOutput() + (process.exitCode() == 0 ? "" : "it failed");
}

// The payload of each datagram in hex, with where it went.
QList<QByteArray> datagrams(const QString &path)
{
    const QByteArray text = fields(path, QStringLiteral("udp"),
                                   {QStringLiteral("udp.srcport"), QStringLiteral("udp.dstport"), QStringLiteral("udp.payload")});
    return text.trimmed().isEmpty() ? QList<QByteArray>() : text.chopped(1).split('\n');
}

class Fixture
{
public:
    Index index;
    Rows rows;
    QTemporaryDir folder;

    // A peer of each kind, which says hello and nothing, and is answered.
    Fixture()
    {
        PeerId peer = 0;
        for (const Transport transport : kTransports) {
            ++peer;
            rows.joined(peer, transport).received(peer, "hello " + QByteArray::number(peer)).received(peer, {});
            rows.sent(peer, "answer");
        }
        rows.add(RecordKind::FanOut, kNoPeer, "all").add(RecordKind::FanOut, 2);
        rows.add(RecordKind::PeerFinished, 3).add(RecordKind::Finished, 3).left(3).left(2, LeftReason::Forgotten);
        rows.append(index);
    }
    SaveRequest request(SaveFormat format, PeerId peer = kNoPeer)
    {
        SaveRequest request = requestFor(index, format, folder.path(), peer, m_numbers);
        request.application = "tincan-test";
        request.words = [](const Row &row, const Detail & /*detail*/, const RowContext &context) {
            return QStringLiteral("event %1 %2").arg(static_cast<int>(row.kind)).arg(static_cast<int>(context.transport));
        };
        return request;
    }
    QByteArray saved(const SaveRequest &request)
    {
        QFile file(request.path);
        return save(request, rows) && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not saved");
    }

private:
    BlockList<RowNumber> m_numbers;
};

} // namespace

class TransportFilesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(!QStandardPaths::findExecutable(QStringLiteral("tshark")).isEmpty(), "script/bootstrap --test installs tshark");
    }

    void datagramsInALiveFile_data()
    {
        QTest::addColumn<bool>("v6");
        QTest::newRow("IPv4") << false;
        QTest::newRow("IPv6") << true;
    }
    void datagramsInALiveFile()
    {
        QFETCH(bool, v6);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("s.pcapng"));
        const QByteArray most(v6 ? 65'527 : 65'507, 'm');
        BatchMaker maker;
        maker.joined(1, Transport::Udp, v6).add(RecordKind::Received, 1, "hello").add(RecordKind::Sent, 1, "hi");
        maker.add(RecordKind::Received, 1).add(RecordKind::Received, 1, "odd").add(RecordKind::Sent, 1, most);
        maker.left(1, LeftReason::Forgotten);
        QVERIFY(recordTo(path, maker.batch));
        QCOMPARE(
            datagrams(path),
            (QList<QByteArray>{"50001\t6666\t" + QByteArray("hello").toHex(), "6666\t50001\t" + QByteArray("hi").toHex(),
                               "50001\t6666\t", "50001\t6666\t" + QByteArray("odd").toHex(), "6666\t50001\t" + most.toHex()}));
        QCOMPARE(complaints(path), QByteArray());
        QCOMPARE(fields(path, QStringLiteral("tcp"), {QStringLiteral("frame.number")}), QByteArray());
        int status = -1;
        QVERIFY(tool(QStringLiteral("capinfos"), {path}, &status).contains("Raw IP"));
        QCOMPARE(status, 0);
    }

    void aFileOfUnixSocketsOnlyIsOne()
    {
        const QTemporaryDir folder;
        const QString live = folder.filePath(QStringLiteral("s.pcapng"));
        const QString full = folder.filePath(QStringLiteral("full.pcapng"));
        BatchMaker maker;
        for (PeerId peer = 1; peer <= 3; ++peer) {
            maker.joined(peer, kTransports.at(peer + 1)).add(RecordKind::Received, peer, "hello").add(RecordKind::Sent, peer);
        }
        maker.add(RecordKind::FanOut, kNoPeer, "all");
        QVERIFY(recordTo(live, maker.batch));
        const auto done = exportFull(live, full);
        QVERIFY(done);
        QCOMPARE(done->packets, 0U);
        QCOMPARE(done->messages, 9U);
        for (const QString &path : {live, full}) {
            QCOMPARE(complaints(path), QByteArray());
            QCOMPARE(fields(path, QStringLiteral("ip or ipv6"), {QStringLiteral("frame.number")}), QByteArray());
            int status = -1;
            tool(QStringLiteral("capinfos"), {path}, &status);
            QCOMPARE(status, 0);
        }
    }

    void anExportHasAMessageForEachRecipient()
    {
        const QTemporaryDir folder;
        const QString live = folder.filePath(QStringLiteral("live.pcapng"));
        const QString full = folder.filePath(QStringLiteral("full.pcapng"));
        BatchMaker maker;
        PeerId peer = 0;
        for (const Transport transport : kTransports) {
            maker.joined(++peer, transport);
        }
        maker.joined(6, Transport::Udp, true).add(RecordKind::Received, 2, "hello ");
        maker.add(RecordKind::FanOut, 2, "hello ");
        maker.add(RecordKind::FanOut, kNoPeer, "all ", FanOutInfo{false, {6}});
        maker.add(RecordKind::FanOut, kNoPeer, "some ", FanOutInfo{true, {1, 4, 6}});
        maker.add(RecordKind::FanOut, kNoPeer, {}, FanOutInfo{true, {2, 5}});
        QVERIFY(recordTo(live, maker.batch));
        QVERIFY(exportFull(live, full));
        QCOMPARE(follow(full, 0).second, QByteArray("hello all some "));
        QCOMPARE(datagrams(full),
                 (QList<QByteArray>{"50002\t6666\t" + QByteArray("hello ").toHex(),
                                    "6666\t50006\t" + QByteArray("hello ").toHex(), "6666\t50002\t" + QByteArray("all ").toHex(),
                                    "6666\t50006\t" + QByteArray("some ").toHex(), "6666\t50002\t"}));
        QCOMPARE(complaints(full), QByteArray());
        QByteArray seqpacket;
        for (const Kept::One &row : readBack(full).only(RecordKind::Sent).rows) {
            seqpacket += row.peer == 5 ? row.payload + '|' : QByteArray();
        }
        QCOMPARE(seqpacket, QByteArray("hello |all ||"));
    }

    // As pcapng: other programs see TCP and UDP, and Tincan sees all of it again.
    void savedAsPcapng()
    {
        Fixture f;
        const SaveRequest request = f.request(SaveFormat::Pcapng);
        QVERIFY(save(request, f.rows));
        QCOMPARE(complaints(request.path), QByteArray());
        QCOMPARE(follow(request.path, 0).second, QByteArray("answerall"));
        QCOMPARE(datagrams(request.path).size(), 4); // hello, nothing, the answer, to all
        const QByteArray comments = fields(request.path, {}, {QStringLiteral("frame.comment")});
        QVERIFY2(comments.contains("event 1 3") || comments.contains("event 1 4"), comments.constData());
        const Kept kept = readBack(request.path);
        QList<Kept::One> messages;
        for (const Kept::One &row : kept.rows) {
            if (isMessage(row.kind)) {
                messages << row;
            }
        }
        QList<Kept::One> expected;
        for (RowNumber number = 0; number < f.index.size(); ++number) {
            const Row &row = f.index.row(number);
            const Kept::One one{row.kind, row.peer, row.time, row.size, f.rows.read(row), {}};
            if (row.kind == RecordKind::FanOut) {
                for (PeerId to = 1; to <= 5; ++to) {
                    if (to != row.peer) {
                        expected << one;
                        expected.last().kind = RecordKind::Sent;
                        expected.last().peer = to;
                    }
                }
            } else if (isMessage(row.kind)) {
                expected << one;
            }
        }
        QCOMPARE(messages, expected);
        QCOMPARE(kept.only(RecordKind::Joined).rows.size(), 5);
        QCOMPARE(kept.only(RecordKind::Left).rows.size(), 2);
    }

    // What is not kept any more is said; it is no empty message.
    void whatIsGoneIsNoEmptyMessage()
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
        const SaveRequest request = f.request(SaveFormat::Pcapng, 2);
        QVERIFY(save(request, Forgetful()));
        const Kept kept = readBack(request.path);
        QCOMPARE(kept.only(RecordKind::Received).rows.size(), 1); // the one that was empty
        QCOMPARE(kept.only(RecordKind::Sent).rows.size(), 0);
        QVERIFY(fields(request.path, {}, {QStringLiteral("frame.comment")}).contains("7 bytes were not kept"));
    }

    void oneConversationOfAUnixSocketAsPcapng()
    {
        Fixture f;
        const SaveRequest request = f.request(SaveFormat::Pcapng, 5);
        QVERIFY(save(request, f.rows));
        QCOMPARE(complaints(request.path), QByteArray());
        QByteArray sent;
        for (const Kept::One &row : readBack(request.path).only(RecordKind::Sent).rows) {
            sent += QByteArray::number(row.peer) + row.payload + '|';
        }
        QCOMPARE(sent, QByteArray("5answer|5all|5|"));
    }

    void savedAsText()
    {
        Fixture f;
        const auto lines = f.saved(f.request(SaveFormat::Text)).trimmed().split('\n');
        QCOMPARE(lines.size(), static_cast<qsizetype>(f.index.size()));
        QVERIFY2(lines.at(6).endsWith("received from 192.0.2.7:50002: [empty]"), lines.at(6).constData());
        QVERIFY2(lines.at(9).endsWith("received from socat[4242]#9: hello 3"), lines.at(9).constData());
        QVERIFY2(lines.at(22).endsWith("socat[4242]#9  event 6 2"), lines.at(22).constData());
        const QByteArray html = f.saved(f.request(SaveFormat::Html));
        QCOMPARE(html.count("<i>empty</i>"), 6);
        QVERIFY(html.contains("received from socat[4242]#9"));
    }

    void savedAsData()
    {
        Fixture f;
        const auto csv = f.saved(f.request(SaveFormat::Csv)).split('\n');
        QCOMPARE(csv.size(), static_cast<qsizetype>(f.index.size()) + 2);
        QVERIFY2(csv.at(7).endsWith(",192.0.2.7:50002,127.0.0.1:6666,in,received,0,,\r"), csv.at(7).constData());
        const auto json = f.saved(f.request(SaveFormat::JsonLines)).split('\n');
        const QJsonObject empty = QJsonDocument::fromJson(json.at(6)).object();
        QCOMPARE(empty[QStringLiteral("kind")].toString(), QStringLiteral("received"));
        QCOMPARE(empty[QStringLiteral("size")].toInt(-1), 0);
        QCOMPARE(empty[QStringLiteral("base64")].toString(QStringLiteral("none")), QString());
        QCOMPARE(QJsonDocument::fromJson(json.at(17)).object()[QStringLiteral("peer")].toString(),
                 QStringLiteral("socat[4242]#9"));
        SaveRequest raw = f.request(SaveFormat::Raw, 5);
        raw.direction = SaveDirection::Sent;
        QCOMPARE(f.saved(raw), QByteArray("answerall"));
        const SaveRequest dump = f.request(SaveFormat::HexDump);
        QCOMPARE(f.saved(dump).count(", 0 bytes\n"), 6);
        const QString back = f.folder.filePath(QStringLiteral("back.pcapng"));
        int status = -1;
        tool(QStringLiteral("text2pcap"),
             {QStringLiteral("-q"), QStringLiteral("-D"), QStringLiteral("-t"), QStringLiteral("ISO"), QStringLiteral("-l"),
              QStringLiteral("147"), dump.path, back},
             &status);
        QCOMPARE(status, 0);
        QCOMPARE(fields(back, {}, {QStringLiteral("frame.len")}).count('\n'), 11); // those that have bytes
    }
};

QTEST_GUILESS_MAIN(TransportFilesTest)
#include "transportfiles.moc"
