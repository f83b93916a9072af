// SPDX-License-Identifier: MIT
// What another program makes of our files: tshark must give back exactly the bytes of each conversation.
#include <QProcess>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "support/capturetools.h"
#include "support/recordedfile.h"
#include "support/records.h"
#include "transcript/exporter.h"
#include "transcript/pcapng.h"
#include "transcript/recorder.h"

using namespace tincan;
using tincan::test::BatchMaker;
using tincan::test::follow;
using tincan::test::FollowedStream;
using tincan::test::recordTo;
using tincan::test::tool;

class TsharkTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(!QStandardPaths::findExecutable(QStringLiteral("tshark")).isEmpty(), "script/bootstrap --test installs tshark");
    }

    void everyByteComesBack()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("s.pcapng"));
        QRandomGenerator random(3);
        BatchMaker maker;
        maker.joined(1).joined(2, true);
        QList<FollowedStream> streams(2);
        for (int i = 0; i < 300; ++i) {
            const PeerId peer = 1 + static_cast<PeerId>(random.bounded(2));
            const bool inbound = random.bounded(2) == 0;
            QByteArray payload(1 + random.bounded(i % 50 == 0 ? static_cast<int>(kMaxPayload) : 200), Qt::Uninitialized);
            for (char &byte : payload) {
                byte = static_cast<char>(random.bounded(256));
            }
            maker.add(inbound ? RecordKind::Received : RecordKind::Sent, peer, payload);
            FollowedStream &stream = streams[static_cast<qsizetype>(peer) - 1];
            (inbound ? stream.first : stream.second) += payload;
        }
        maker.add(RecordKind::PeerFinished, 1).add(RecordKind::Sent, 1, "after the FIN").add(RecordKind::Finished, 1);
        streams[0].second += "after the FIN";
        maker.left(1, LeftReason::BothFinished).left(2, LeftReason::ResetByPeer);
        QVERIFY(recordTo(path, maker.batch));
        for (int number = 0; number < 2; ++number) {
            const FollowedStream got = follow(path, number);
            QVERIFY(got.first == streams.at(number).first);
            QVERIFY(got.second == streams.at(number).second);
        }
        // Nothing in it makes it wonder: no gaps, no retransmissions.
        const QByteArray doubts = tool(QStringLiteral("tshark"),
                                       {QStringLiteral("-r"), path, QStringLiteral("-Y"),
                                        QStringLiteral("tcp.analysis.lost_segment or tcp.analysis.retransmission "
                                                       "or tcp.analysis.out_of_order")});
        QCOMPARE(doubts, QByteArray());
        int status = -1;
        const QByteArray info = tool(QStringLiteral("capinfos"), {path}, &status);
        QCOMPARE(status, 0);
        QVERIFY(info.contains("Raw IP"));
    }

    void anExportShowsEachRecipientsConversationWhole()
    {
        const QTemporaryDir folder;
        const QString live = folder.filePath(QStringLiteral("live.pcapng"));
        const QString full = folder.filePath(QStringLiteral("full.pcapng"));
        BatchMaker maker;
        maker.joined(1).joined(2).joined(3, true).add(RecordKind::Received, 1, "hello ");
        maker.add(RecordKind::FanOut, 1, "hello ");                             // 2, 3
        maker.add(RecordKind::Sent, 2, "you ");                                 // 2
        maker.add(RecordKind::FanOut, kNoPeer, "all ", FanOutInfo{false, {3}}); // 1, 2
        maker.add(RecordKind::Sent, 3, "all ");                                 // 3, later
        maker.joined(4);
        maker.add(RecordKind::FanOut, kNoPeer, "some ", FanOutInfo{true, {1, 4}});
        maker.add(RecordKind::Finished, 2).add(RecordKind::FanOut, kNoPeer, "end"); // 1, 3, 4
        QVERIFY(recordTo(live, maker.batch));
        const auto done = exportFull(live, full);
        QVERIFY(done);
        QCOMPARE(done->cutBytes, 0U);
        QCOMPARE(follow(full, 0).second, QByteArray("all some end"));
        QCOMPARE(follow(full, 0).first, QByteArray("hello "));
        QCOMPARE(follow(full, 1).second, QByteArray("hello you all "));
        QCOMPARE(follow(full, 2).second, QByteArray("hello all end"));
        QCOMPARE(follow(full, 3).second, QByteArray("some end"));
        const QByteArray doubts = tool(QStringLiteral("tshark"),
                                       {QStringLiteral("-r"), full, QStringLiteral("-Y"),
                                        QStringLiteral("tcp.analysis.lost_segment or tcp.analysis.retransmission "
                                                       "or tcp.analysis.out_of_order")});
        QCOMPARE(doubts, QByteArray());
    }

    void echoesUnderLoadAreWrittenOnceAndExportedWhole()
    {
        const QTemporaryDir folder;
        const QString live = folder.filePath(QStringLiteral("live.pcapng"));
        const QString full = folder.filePath(QStringLiteral("full.pcapng"));
        BatchMaker maker;
        maker.joined(1);
        QByteArray all;
        for (int i = 0; i < 20; ++i) {
            const QByteArray payload(20'000, static_cast<char>('a' + i));
            maker.add(RecordKind::Received, 1, payload);
            Record echo = maker.batch.records.back(); // the same bytes in memory
            echo.kind = RecordKind::Sent;
            maker.batch.records.push_back(echo);
            maker.batch.bytes += echo.size;
            all += payload;
        }
        maker.add(RecordKind::Sent, 1, "own");
        QVERIFY(recordTo(live, maker.batch));
        QVERIFY(QFileInfo(live).size() < all.size() + 20'000);
        QVERIFY(exportFull(live, full));
        const FollowedStream got = follow(full, 0);
        QVERIFY(got.first == all);
        QVERIFY(got.second == all + "own");
    }

    // Addresses with a scope (fe80::1%lo) and without, as packets have them, are the same conversation.
    void linkLocalAddressesAreFollowed()
    {
        const QTemporaryDir folder;
        const QString live = folder.filePath(QStringLiteral("live.pcapng"));
        const QString full = folder.filePath(QStringLiteral("full.pcapng"));
        BatchMaker maker;
        for (PeerId peer = 1; peer <= 2; ++peer) {
            PeerInfo info;
            info.local = *Endpoint::parse("[fe80::1%lo]:6666");
            info.remote = *Endpoint::fromAddress("fe80::2%lo", static_cast<std::uint16_t>(50'000 + peer));
            maker.add(RecordKind::Joined, peer, {}, info);
        }
        maker.add(RecordKind::Received, 1, "one ").add(RecordKind::FanOut, kNoPeer, "all ").add(RecordKind::Sent, 1, "two");
        QVERIFY(recordTo(live, maker.batch));
        QVERIFY(exportFull(live, full));
        QCOMPARE(follow(full, 0).second, QByteArray("all two"));
        QCOMPARE(follow(full, 0).first, QByteArray("one "));
        QCOMPARE(follow(full, 1).second, QByteArray("all "));
        const QByteArray doubts = tool(QStringLiteral("tshark"),
                                       {QStringLiteral("-r"), full, QStringLiteral("-Y"),
                                        QStringLiteral("tcp.analysis.lost_segment or tcp.analysis.retransmission "
                                                       "or tcp.analysis.out_of_order")});
        QCOMPARE(doubts, QByteArray());
    }

    void damagedRecordsAreCopiedNotBelieved()
    {
        const QTemporaryDir folder;
        const QString live = folder.filePath(QStringLiteral("live.pcapng"));
        BatchMaker maker;
        maker.joined(1).add(RecordKind::Received, 1, "kept");
        QVERIFY(recordTo(live, maker.batch));
        ByteBuffer damage;
        Record far;
        far.kind = RecordKind::Joined;
        far.peer = UINT32_MAX; // as many conversations would not fit memory
        pcapng::appendRecord(damage, far, PeerInfo{});
        Record noEcho;
        noEcho.kind = RecordKind::FanOut; // cannot be one
        noEcho.size = 1000;
        pcapng::appendEcho(damage, noEcho, 8);
        Record large;
        large.kind = RecordKind::Sent; // an echo of more than any packet holds
        large.peer = 1;
        large.size = UINT32_MAX;
        pcapng::appendEcho(damage, large, 8);
        QFile file(live);
        QVERIFY(file.open(QIODevice::Append));
        QVERIFY(file.write(reinterpret_cast<const char *>(damage.data()), static_cast<qint64>(damage.size())) > 0);
        file.close();
        const QString out = folder.filePath(QStringLiteral("out.pcapng"));
        QVERIFY(exportFull(live, out));
        QCOMPARE(follow(out, 0).first, QByteArray("kept"));
    }

    void aTornFileIsExportedUpToTheTear()
    {
        const QTemporaryDir folder;
        const QString live = folder.filePath(QStringLiteral("live.pcapng"));
        BatchMaker maker;
        maker.joined(1).add(RecordKind::Received, 1, "kept").add(RecordKind::Received, 1, "torn");
        QVERIFY(recordTo(live, maker.batch));
        QVERIFY(QFile::resize(live, QFileInfo(live).size() - static_cast<qint64>(pcapng::kEndBlockSize) - 5));
        const QString out = folder.filePath(QStringLiteral("out.pcapng"));
        const auto done = exportFull(live, out);
        QVERIFY(done);
        QVERIFY(done->cutBytes > 0);
        QCOMPARE(follow(out, 0).first, QByteArray("kept"));
    }

    void whatIsNoSessionIsAnError()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("x"));
        QVERIFY(!exportFull(path, path + u'2'));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no session at all, but some bytes");
        file.close();
        const auto failed = exportFull(path, path + u'2');
        QVERIFY(!failed);
        QCOMPARE(failed.error().call, CallName::Parse);
        QVERIFY(!QFile::exists(path + u'2'));
    }
};

QTEST_GUILESS_MAIN(TsharkTest)
#include "tshark.moc"
