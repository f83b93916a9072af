// SPDX-License-Identifier: MIT
// Captures as Wireshark's tools and tcpdump write them.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <QProcess>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include "base/uniquefd.h"
#include "support/captures.h"
#include "support/recordings.h"
#include "support/records.h"
#include "transcript/pcapng.h"
#include "transcript/recorder.h"

using namespace tincan;
using namespace tincan::test;

class CaptureToolsTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString path(const char *name) const { return m_folder.filePath(QLatin1String(name)); }
    static bool run(const char *program, const QStringList &arguments)
    {
        QProcess process;
        process.start(QLatin1String(program), arguments);
        const bool good = process.waitForFinished(60'000) && process.exitCode() == 0;
        if (!good) {
            qWarning() << program << arguments << process.readAllStandardError();
        }
        return good;
    }
    // A session as our programs record it: two peers, random payloads.
    struct Talk {
        QByteArray received;
        QByteArray sent;
    };
    bool record(const QString &to, QList<Talk> &talks) const
    {
        QRandomGenerator random(5);
        BatchMaker maker;
        maker.add(RecordKind::Listening, kNoPeer, {}, ListenInfo{}).joined(1).joined(2, true);
        talks.resize(2);
        for (int i = 0; i < 200; ++i) {
            const PeerId peer = 1 + static_cast<PeerId>(random.bounded(2));
            QByteArray payload(1 + random.bounded(i % 40 == 0 ? static_cast<int>(kMaxPayload) : 300), Qt::Uninitialized);
            for (char &byte : payload) {
                byte = static_cast<char>(random.bounded(256));
            }
            const bool inbound = random.bounded(2) == 0;
            maker.add(inbound ? RecordKind::Received : RecordKind::Sent, peer, payload);
            Talk &talk = talks[static_cast<qsizetype>(peer) - 1];
            (inbound ? talk.received : talk.sent) += payload;
        }
        maker.add(RecordKind::PeerFinished, 1).add(RecordKind::Finished, 1).left(1, LeftReason::BothFinished);
        maker.left(2, LeftReason::ResetByPeer);
        Recorder recorder;
        if (!recorder.open({RecordingPlace::Kind::File, to}, QStringLiteral("tincan-server 0"))) {
            return false;
        }
        recorder.start();
        recorder.publish(maker.batch);
        recorder.finish();
        return true;
    }
    // Without the records that only our own programs read: what no other format has.
    bool strip(const QString &from, const QString &to) const
    {
        QFile file(from);
        if (!file.open(QIODevice::ReadOnly)) {
            return false;
        }
        const QByteArray bytes = file.readAll();
        std::span left(reinterpret_cast<const std::byte *>(bytes.constData()), static_cast<std::size_t>(bytes.size()));
        QByteArray packets;
        while (const auto block = pcapng::firstBlock(left)) {
            if (block->type != pcapng::kCustom) {
                packets.append(reinterpret_cast<const char *>(block->whole.data()), static_cast<qsizetype>(block->whole.size()));
            }
            left = left.subspan(block->whole.size());
        }
        return left.empty() && writeFile(to, packets);
    }
    void compare(const QString &file, const QList<Talk> &talks) const
    {
        const Opened got(file, 1000);
        QVERIFY2(got.source, got.error.detail.c_str());
        QCOMPARE(got.peers(), static_cast<PeerId>(talks.size()));
        for (PeerId peer = 1; peer <= got.peers(); ++peer) {
            const Talk &talk = talks.at(static_cast<qsizetype>(peer) - 1);
            QVERIFY(got.bytes(RecordKind::Received, peer) == talk.received);
            QVERIFY(got.bytes(RecordKind::Sent, peer) == talk.sent);
        }
        QVERIFY(got.story(1).endsWith(" PeerFinished Finished Left(0)"));
        QVERIFY(got.story(2).endsWith(" Left(3)"));
        QCOMPARE(got.source->report().missing, 0U);
        QCOMPARE(got.source->report().cutBytes, 0U);
    }

    // A server's socket that listens on loopback, a client's, and the accepted one.
    struct Sockets {
        UniqueFd listener;
        UniqueFd client;
        UniqueFd accepted;
        quint16 port = 0;
    };
    static quint16 portOf(const UniqueFd &socket)
    {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        return ::getsockname(socket.get(), reinterpret_cast<sockaddr *>(&address), &size) == 0 ? ntohs(address.sin_port) : 0;
    }
    static sockaddr_in loopback(quint16 port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return address;
    }
    static bool listen(Sockets &sockets)
    {
        sockets.listener.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const sockaddr_in address = loopback(0);
        const bool good = ::bind(sockets.listener.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0
            && ::listen(sockets.listener.get(), 1) == 0;
        sockets.port = portOf(sockets.listener);
        return good;
    }
    static bool connect(Sockets &sockets)
    {
        sockets.client.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const sockaddr_in address = loopback(sockets.port);
        if (::connect(sockets.client.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
            return false;
        }
        sockets.accepted.reset(::accept4(sockets.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        return sockets.accepted.get() >= 0;
    }
    static bool pass(const UniqueFd &from, const UniqueFd &to, const QByteArray &bytes)
    {
        QByteArray got(bytes.size(), '\0');
        qsizetype sent = 0;
        qsizetype received = 0;
        while (received < bytes.size()) {
            if (sent < bytes.size()) {
                const auto part = static_cast<std::size_t>(qMin<qsizetype>(bytes.size() - sent, 50'000));
                const ssize_t count = ::send(from.get(), bytes.constData() + sent, part, MSG_NOSIGNAL);
                sent += count > 0 ? count : 0;
            }
            const ssize_t count = ::recv(to.get(), got.data() + received, static_cast<std::size_t>(got.size() - received), 0);
            if (count <= 0) {
                return false;
            }
            received += count;
        }
        return got == bytes;
    }

private slots:
    void initTestCase()
    {
        for (const char *tool : {"editcap", "text2pcap", "mergecap", "reordercap"}) {
            QVERIFY2(!QStandardPaths::findExecutable(QLatin1String(tool)).isEmpty(), "script/bootstrap --test installs tshark");
        }
    }

    void ourOwnSessionsAsOtherFiles_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("pcap") << QStringList{QStringLiteral("-F"), QStringLiteral("pcap")};
        QTest::newRow("pcap with nanoseconds") << QStringList{QStringLiteral("-F"), QStringLiteral("nsecpcap")};
        QTest::newRow("modified pcap") << QStringList{QStringLiteral("-F"), QStringLiteral("modpcap")};
        QTest::newRow("pcapng") << QStringList{QStringLiteral("-F"), QStringLiteral("pcapng")};
        QTest::newRow("at another time") << QStringList{QStringLiteral("-t"), QStringLiteral("-3600")};
        QTest::newRow("with comments") << QStringList{QStringLiteral("-a"), QStringLiteral("5:look here")};
    }
    void ourOwnSessionsAsOtherFiles()
    {
        QFETCH(QStringList, arguments);
        QList<Talk> talks;
        QVERIFY(record(path("own"), talks));
        QVERIFY(isOwn(path("own")));
        QVERIFY(strip(path("own"), path("packets")));
        QVERIFY(!isOwn(path("packets")));
        compare(path("packets"), talks);
        QVERIFY(run("editcap", arguments + QStringList{path("packets"), path("converted")}));
        compare(path("converted"), talks);
    }

    void ourOwnSessionThroughTcpdump()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("tcpdump")).isEmpty()) {
            QSKIP("tcpdump is not installed here");
        }
        QList<Talk> talks;
        QVERIFY(record(path("own"), talks));
        QVERIFY(run("tcpdump", {QStringLiteral("-r"), path("own"), QStringLiteral("-w"), path("converted")}));
        compare(path("converted"), talks);
    }

    void ourOwnSessionWithoutItsReader()
    {
        QList<Talk> talks;
        QVERIFY(record(path("own"), talks));
        // As a capture it has the same conversations.
        QVERIFY(run("mergecap", {QStringLiteral("-w"), path("merged"), path("own")}));
        QVERIFY(!isOwn(path("merged")));
        compare(path("merged"), talks);
    }

    void mergedAndReordered()
    {
        QList<Talk> talks;
        QVERIFY(record(path("whole"), talks));
        QVERIFY(strip(path("whole"), path("own")));
        // Halves, put together the wrong way round, and put in order again: whatever was torn apart fits.
        QVERIFY(run("editcap",
                    {QStringLiteral("-F"), QStringLiteral("pcap"), QStringLiteral("-r"), path("own"), path("first"),
                     QStringLiteral("1-100")}));
        QVERIFY(run("editcap",
                    {QStringLiteral("-F"), QStringLiteral("nsecpcap"), path("own"), path("second"), QStringLiteral("1-100")}));
        QVERIFY(run("mergecap", {QStringLiteral("-a"), QStringLiteral("-w"), path("wrong"), path("second"), path("first")}));
        QVERIFY(run("reordercap", {path("wrong"), path("right")}));
        compare(path("right"), talks);
        QVERIFY(run("mergecap", {QStringLiteral("-w"), path("merged"), path("second"), path("first")}));
        compare(path("merged"), talks);
    }

    void doubledPacketsAreDropped()
    {
        QList<Talk> talks;
        QVERIFY(record(path("own"), talks));
        QVERIFY(run("mergecap", {QStringLiteral("-w"), path("doubled"), path("own"), path("own")}));
        const Opened got(path("doubled"), 1000);
        QVERIFY(got.bytes(RecordKind::Received, 1) == talks.at(0).received);
        QVERIFY(got.bytes(RecordKind::Sent, 1) == talks.at(0).sent);
        QVERIFY(got.story(kNoPeer).contains(",0)"));
        QVERIFY(got.source->report().retransmitted > 100'000);
    }

    void choppedPackets()
    {
        QList<Talk> talks;
        QVERIFY(record(path("whole"), talks));
        QVERIFY(strip(path("whole"), path("own")));
        QVERIFY(run("editcap",
                    {QStringLiteral("-F"), QStringLiteral("pcap"), QStringLiteral("-s"), QStringLiteral("100"), path("own"),
                     path("chopped")}));
        const Opened got(path("chopped"), 1000);
        std::uint64_t all = got.source->report().missing;
        for (PeerId peer = 1; peer <= 2; ++peer) {
            all += static_cast<std::uint64_t>(got.bytes(RecordKind::Received, peer).size());
            all += static_cast<std::uint64_t>(got.bytes(RecordKind::Sent, peer).size());
        }
        std::uint64_t expected = 0;
        for (const Talk &talk : talks) {
            expected += static_cast<std::uint64_t>(talk.received.size() + talk.sent.size());
        }
        QCOMPARE(all, expected);
        QVERIFY(got.source->report().missing > expected / 2);
    }

    void lostPackets()
    {
        QList<Talk> talks;
        QVERIFY(record(path("whole"), talks));
        QVERIFY(strip(path("whole"), path("own"))); // our own reader goes by what we recorded, not by the packets' numbers
        QVERIFY(run("editcap", {path("own"), path("less"), QStringLiteral("50"), QStringLiteral("90-95")}));
        const Opened got(path("less"), 1000);
        std::uint64_t all = got.source->report().missing;
        for (PeerId peer = 1; peer <= 2; ++peer) {
            all += static_cast<std::uint64_t>(got.bytes(RecordKind::Received, peer).size());
            all += static_cast<std::uint64_t>(got.bytes(RecordKind::Sent, peer).size());
        }
        QVERIFY(got.source->report().missing > 0);
        for (const Talk &talk : talks) {
            all -= static_cast<std::uint64_t>(talk.received.size() + talk.sent.size());
        }
        QCOMPARE(all, 0U);
    }

    void damagedPacketsAreSafe()
    {
        QList<Talk> talks;
        QVERIFY(record(path("own"), talks));
        for (int seed = 1; seed <= 10; ++seed) {
            QVERIFY(run("editcap",
                        {QStringLiteral("-E"), QStringLiteral("0.02"), QStringLiteral("--seed"), QString::number(seed),
                         path("own"), path("damaged")}));
            const Opened got(path("damaged"), 1000);
            QVERIFY(got.source);
            QCOMPARE(got.error, Error());
        }
    }

    void text2pcapFiles_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("TCP") << QStringList{QStringLiteral("-T"), QStringLiteral("50000,6666")};
        QTest::newRow("UDP") << QStringList{QStringLiteral("-u"), QStringLiteral("50000,6666")};
        QTest::newRow("IPv6") << QStringList{QStringLiteral("-6"), QStringLiteral("2001:db8::2,2001:db8::1"),
                                             QStringLiteral("-u"), QStringLiteral("50000,6666")};
    }
    void text2pcapFiles()
    {
        QFETCH(QStringList, arguments);
        QVERIFY(writeFile(path("text"), "000000 68 65 6c 6c 6f\n000000 77 6f 72 6c 64\n"));
        for (const char *format : {"pcap", "pcapng"}) {
            QVERIFY(run("text2pcap",
                        QStringList{QStringLiteral("-q"), QStringLiteral("-F"), QLatin1String(format)} + arguments
                            + QStringList{path("text"), path("capture")}));
            const Opened got(path("capture"));
            QCOMPARE(got.bytes(RecordKind::Received), QByteArray("helloworld"));
            QCOMPARE(got.peers(), 1U);
        }
    }

    void besideARealConversation_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("tcpdump") << QStringLiteral("tcpdump")
                                 << QStringList{QStringLiteral("-U"), QStringLiteral("-i"), QStringLiteral("lo")};
        QTest::newRow("tcpdump, any interface")
            << QStringLiteral("tcpdump") << QStringList{QStringLiteral("-U"), QStringLiteral("-i"), QStringLiteral("any")};
        QTest::newRow("dumpcap") << QStringLiteral("dumpcap")
                                 << QStringList{QStringLiteral("-q"), QStringLiteral("-i"), QStringLiteral("lo")};
    }
    void besideARealConversation()
    {
        QFETCH(QString, program);
        QFETCH(QStringList, arguments);
        if (QStandardPaths::findExecutable(program).isEmpty()) {
            QSKIP(qPrintable(program + QStringLiteral(" is not installed here")));
        }
        Sockets sockets;
        QVERIFY(listen(sockets));
        QFile::remove(path("live"));
        const QString filter = QStringLiteral("tcp port %1").arg(sockets.port);
        arguments += {QStringLiteral("-s"),    QStringLiteral("0"),  QStringLiteral("-B"),
                      QStringLiteral("16384"), QStringLiteral("-w"), path("live")};
        arguments += program == QStringLiteral("tcpdump") ? QStringList{filter} : QStringList{QStringLiteral("-f"), filter};
        QProcess capture;
        capture.setProcessChannelMode(QProcess::MergedChannels);
        capture.start(program, arguments);
        QByteArray said;
        const auto isReady = [&] {
            said += capture.readAll();
            return said.contains("listening on") || said.contains("File: ") || capture.state() == QProcess::NotRunning;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isReady(), 20'000);
        if (capture.state() == QProcess::NotRunning) {
            QSKIP(("capturing is not permitted here: " + said).constData());
        }
        converse(sockets);
        const auto isWhole = [&] {
            const Opened got(path("live"), 1000);
            return got.source && got.story().endsWith("Left(0)");
        };
        QTRY_VERIFY_WITH_TIMEOUT(isWhole(), 20'000);
        capture.terminate();
        QVERIFY(capture.waitForFinished(20'000));
        compareLive(sockets);
    }

private:
    const QByteArray m_question = randomBytes(300'000);
    const QByteArray m_answer = randomBytes(200'000);

    static QByteArray randomBytes(qsizetype size)
    {
        QRandomGenerator random(static_cast<quint32>(size));
        QByteArray bytes(size, Qt::Uninitialized);
        for (char &byte : bytes) {
            byte = static_cast<char>(random.bounded(256));
        }
        return bytes;
    }
    void converse(Sockets &sockets) const
    {
        QVERIFY(connect(sockets));
        QVERIFY(pass(sockets.client, sockets.accepted, m_question));
        QVERIFY(pass(sockets.accepted, sockets.client, m_answer));
        ::shutdown(sockets.client.get(), SHUT_WR);
        ::shutdown(sockets.accepted.get(), SHUT_WR);
    }
    void compareLive(const Sockets &sockets) const
    {
        const Opened got(path("live"), 1000);
        QCOMPARE(got.peers(), 1U);
        QCOMPARE(got.index.peerInfo(1)->local.port(), sockets.port);
        QCOMPARE(got.index.peerInfo(1)->remote.port(), portOf(sockets.client));
        QVERIFY(got.bytes(RecordKind::Received) == m_question);
        QVERIFY(got.bytes(RecordKind::Sent) == m_answer);
        QCOMPARE(got.source->report().missing, 0U);
    }
};

QTEST_GUILESS_MAIN(CaptureToolsTest)
#include "capturetools.moc"
