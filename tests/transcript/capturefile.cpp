// SPDX-License-Identifier: MIT
// The formats that captures are kept in, byte by byte: both byte orders, times, what is damaged, and what is no capture at all.
#include <cerrno>

#include <QTemporaryDir>
#include <QTest>

#include "support/captures.h"

using namespace tincan;
using namespace tincan::test;

namespace {

const QByteArray kHello = tcp4({.sequence = 100, .flags = TcpPsh | TcpAck, .payload = "hello"});
constexpr std::int64_t kTime = std::int64_t{kSeconds} * 1'000'000'000;
constexpr Order kLittle{};
constexpr Order kBig{true};

} // namespace

class CaptureFileTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString path() const { return m_folder.filePath(QStringLiteral("capture")); }
    Opened open(const QByteArray &bytes) const
    {
        writeFile(path(), bytes);
        return Opened(path());
    }

private slots:
    void classicFiles_data()
    {
        QTest::addColumn<quint32>("magic");
        QTest::addColumn<bool>("big");
        for (const bool big : {false, true}) {
            const char *order = big ? "big-endian" : "little-endian";
            QTest::addRow("microseconds %s", order) << 0xa1b2c3d4U << big;
            QTest::addRow("nanoseconds %s", order) << 0xa1b23c4dU << big;
            QTest::addRow("modified %s", order) << 0xa1b2cd34U << big;
        }
    }
    void classicFiles()
    {
        QFETCH(quint32, magic);
        QFETCH(bool, big);
        const QByteArray second = tcp4({.sequence = 105, .flags = TcpPsh | TcpAck, .payload = " world"});
        const Opened got = open(pcap({kHello, second}, {.order = {big}, .magic = magic}));
        QCOMPARE(got.story(), QByteArray("Joined R:hello R: world"));
        QCOMPARE(got.index.row(1).time, kTime);
        QCOMPARE(got.index.row(2).time, kTime + 1'000'000);
        const RowSource::Report report = got.source->report();
        QCOMPARE(report.bytesRead, report.bytes);
        QCOMPARE(report.cutBytes, 0U);
        QVERIFY(!report.own);
    }

    void lengthsOfOldFilesMayBeExchanged()
    {
        QByteArray file = pcap({kHello}, {.minor = 2});
        file.replace(24 + 8, 4, kLittle.u32(static_cast<quint32>(kHello.size() + 10)));
        file.replace(24 + 12, 4, kLittle.u32(static_cast<quint32>(kHello.size())));
        QCOMPARE(open(file).story(), QByteArray("Joined R:hello"));
    }

    void aTornFileIsReadUpToTheTear()
    {
        const QByteArray second = tcp4({.sequence = 105, .payload = "lost"});
        const QByteArray file = pcap({kHello, second});
        const qsizetype whole = pcap({kHello}).size();
        for (qsizetype size = whole; size < file.size(); ++size) {
            const Opened got = open(file.left(size));
            QCOMPARE(got.story(), QByteArray("Joined R:hello"));
            QCOMPARE(got.source->report().cutBytes, static_cast<std::uint64_t>(size - whole));
            QCOMPARE(got.story(kNoPeer),
                     size == whole ? QByteArray() : QByteArray("Torn(" + QByteArray::number(size - whole) + ')'));
        }
    }

    void sections()
    {
        // Two sections in different byte orders, with interfaces of their own; blocks that nobody knows between them.
        QByteArray file;
        for (const Order &order : {kBig, kLittle}) {
            const quint32 sequence = order.big ? 100 : 105;
            const QByteArray payload = order.big ? "hello" : " world";
            file += sectionHeader(order, option(order, 4, "somebody 1.0") + option(order, 1, "a remark") + option(order, 0, {}));
            file += block(order, 0x7777, "whatever");
            file += interfaceBlock(order, 1);
            file += interfaceBlock(order, 101, option(order, 9, QByteArray(1, '\x09')));
            file += packetBlock(order, 1, static_cast<quint64>(kTime), tcp4({.sequence = sequence, .payload = payload}));
            file += block(order, 0x0bad, order.u32(32473) + "something");
        }
        const Opened got = open(file);
        QCOMPARE(got.story(), QByteArray("Joined R:hello R: world"));
        QCOMPARE(got.story(kNoPeer), QByteArray("Note:a remark Note:a remark"));
        QCOMPARE(QByteArray::fromStdString(got.source->report().application), QByteArray("somebody 1.0"));
        QCOMPARE(got.index.row(0).time, kTime); // of the remark: no packet has come yet, so the first one's
    }

    void times_data()
    {
        QTest::addColumn<int>("resolution");
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<quint64>("ticks");
        QTest::addColumn<qint64>("time");
        QTest::newRow("unsaid: microseconds") << -1 << qint64{0} << quint64{1'500'000} << qint64{1'500'000'000};
        QTest::newRow("milliseconds") << 3 << qint64{0} << quint64{1500} << qint64{1'500'000'000};
        QTest::newRow("nanoseconds, later") << 9 << qint64{100} << quint64{1} << qint64{100'000'000'001};
        QTest::newRow("earlier") << 9 << qint64{-1} << quint64{1} << qint64{-999'999'999};
        QTest::newRow("picoseconds") << 12 << qint64{0} << quint64{1'500'000} << qint64{1500};
        QTest::newRow("10^-127 s") << 127 << qint64{0} << quint64{UINT64_MAX} << qint64{0};
        QTest::newRow("2^-10 s") << 0x8a << qint64{0} << quint64{1536} << qint64{1'500'000'000};
        QTest::newRow("2^-127 s") << 0xff << qint64{0} << quint64{UINT64_MAX} << qint64{0};
        QTest::newRow("more seconds than there are") << 0 << qint64{INT64_MAX} << quint64{UINT64_MAX} << qint64{INT64_MAX};
        QTest::newRow("before time") << 9 << qint64{INT64_MIN} << quint64{0} << qint64{INT64_MIN};
    }
    void times()
    {
        QFETCH(int, resolution);
        QFETCH(qint64, offset);
        QFETCH(quint64, ticks);
        QFETCH(qint64, time);
        for (const Order &order : {kBig, kLittle}) {
            QByteArray options = resolution < 0 ? QByteArray() : option(order, 9, QByteArray(1, static_cast<char>(resolution)));
            options += option(order, 14, order.u64(static_cast<quint64>(offset)));
            const Opened got
                = open(sectionHeader(order) + interfaceBlock(order, 101, options) + packetBlock(order, 0, ticks, kHello));
            QCOMPARE(got.story(), QByteArray("Joined R:hello"));
            QCOMPARE(qint64{got.index.row(1).time}, time);
        }
    }

    void simpleAndOldPacketsAndComments()
    {
        QByteArray file = sectionHeader(kLittle) + interfaceBlock(kLittle, 101, {}, 60);
        const auto size = static_cast<quint32>(kHello.size());
        file += block(kLittle, 2,
                      kLittle.u16(0) + kLittle.u16(7) + kLittle.u32(0) + kLittle.u32(5) + kLittle.u32(size) + kLittle.u32(size)
                          + padded(kHello));
        const QByteArray cut = tcp4({.sequence = 105, .payload = QByteArray(100, 'x')}); // the interface keeps 60 bytes
        file += block(kLittle, 3, kLittle.u32(static_cast<quint32>(cut.size())) + cut.left(60));
        file += packetBlock(kLittle, 0, 9, tcp4({.sequence = 205, .payload = "last"}), option(kLittle, 1, "said of it"));
        const Opened got = open(file);
        QCOMPARE(got.story(), "Joined R:hello R:" + QByteArray(20, 'x') + " Cut(80) Note:said of it R:last");
        QCOMPARE(got.index.row(2).time, std::int64_t{5000}); // a simple packet has none: that of the one before
        QCOMPARE(got.source->report().missing, 80U);
    }

    void largePacketsAndBlocks()
    {
        // Larger than what is read at once; and one in which only the sizes are large.
        const QByteArray large = QByteArray(3'000'000, 'x');
        QByteArray file = sectionHeader(kLittle) + interfaceBlock(kLittle, 101) + block(kLittle, 0x7777, large);
        QByteArray packet = tcp4({.sequence = 1, .payload = large});
        packet.replace(2, 2, be16(0)); // its length has not been written by the kernel: the card is to cut it
        file += packetBlock(kLittle, 0, 1, packet) + packetBlock(kLittle, 0, 2, tcp4({.sequence = 3'000'001, .payload = "end"}));
        const Opened got = open(file);
        QVERIFY(got.bytes(RecordKind::Received) == large + "end");
        QCOMPARE(got.story(kNoPeer), QByteArray());
    }

    void whatContradictsItselfIsPassedOver()
    {
        const QByteArray begin = sectionHeader(kLittle) + interfaceBlock(kLittle, 101);
        QByteArray tooLong = packetBlock(kLittle, 0, 1, kHello);
        tooLong.replace(8 + 12, 4, kLittle.u32(0xfffffff0));
        const Opened got = open(begin + packetBlock(kLittle, 5, 1, kHello) + tooLong + block(kLittle, 6, "short")
                                + block(kLittle, 3, {}) + packetBlock(kLittle, 0, 1, kHello));
        QCOMPARE(got.story(), QByteArray("Joined R:hello"));
        QCOMPARE(got.story(kNoPeer), QByteArray("PassedOver(4,2)"));
        QCOMPARE(got.source->report().passedOver, 4U);

        QByteArray torn = packetBlock(kLittle, 0, 1, kHello);
        torn.replace(torn.size() - 4, 4, kLittle.u32(16)); // the length at its end is another one
        QCOMPARE(open(begin + packetBlock(kLittle, 0, 1, kHello) + torn).source->report().cutBytes,
                 static_cast<std::uint64_t>(torn.size()));
    }

    void everyCutOfSections()
    {
        const QByteArray file = sectionHeader(kBig) + interfaceBlock(kBig, 101) + packetBlock(kBig, 0, 1, kHello);
        for (qsizetype size = 12; size <= file.size(); ++size) {
            const Opened got = open(file.left(size));
            QCOMPARE(got.error, Error());
            QCOMPARE(got.story(), size == file.size() ? QByteArray("Joined R:hello") : QByteArray());
        }
    }

    void anyBytes()
    {
        // Every byte of a small file changed in some ways: nothing but an end may come of it.
        const QByteArray section = sectionHeader(kLittle, option(kLittle, 4, "x")) + interfaceBlock(kLittle, 1)
            + packetBlock(kLittle, 0, 1, QByteArray(12, '\0') + be16(0x0800) + kHello, option(kLittle, 1, "c"));
        for (const QByteArray &file : {section, pcap({kHello, tcp4({.fromServer = true, .payload = "yes"})})}) {
            for (qsizetype at = 0; at < file.size(); ++at) {
                for (const int change : {0x01, 0x80, 0xff}) {
                    QByteArray changed = file;
                    changed[at] = static_cast<char>(changed[at] ^ change);
                    const Opened got = open(changed);
                    QVERIFY(got.index.size() < 20);
                }
            }
        }
    }

    void whatIsNoCaptureIsAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("text") << QByteArray("no session") << QByteArray("it begins with 6e 6f 20 73 65 73 73 69.");
        QTest::newRow("empty") << QByteArray() << QByteArray("it is empty.");
        QTest::newRow("gzip") << QByteArray::fromHex("1f8b08000000") << QByteArray("(gzip): gunzip it first.");
        QTest::newRow("zstd") << QByteArray::fromHex("28b52ffd0000") << QByteArray("(zstd): unzstd it first.");
        QTest::newRow("a torn header") << pcap({}).left(20) << QByteArray("it begins with d4 c3 b2 a1 02 00 04 00.");
        QTest::newRow("another order") << sectionHeader(kLittle).replace(8, 4, "abcd") << QByteArray("0a 0d 0d 0a");
    }
    void whatIsNoCaptureIsAnError()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, said);
        const Opened got = open(bytes);
        QVERIFY(!got.source);
        QCOMPARE(got.error.call, CallName::Parse);
        const QByteArray text = QByteArray::fromStdString(got.error.detail);
        QVERIFY2(text.startsWith(path().toUtf8() + " is no pcap or pcapng file: "), text.constData());
        QVERIFY2(text.contains(said), text.constData());
    }

    void filesThatCannotBeOpened()
    {
        const Opened none(m_folder.filePath(QStringLiteral("none")));
        QCOMPARE(none.error.code, ENOENT);
        QCOMPARE(none.error.call, CallName::Open);
        const Opened folder(m_folder.path());
        QCOMPARE(folder.error.code, EISDIR);
        const Opened device(QStringLiteral("/dev/null"));
        QCOMPARE(device.error.call, CallName::Parse);
    }

    void payloadsThatAreNoLongerThere()
    {
        const Opened got = open(pcap({kHello}));
        QVERIFY(QFile::resize(path(), 30));
        int error = 0;
        QCOMPARE(got.source->read(got.index.row(1), 0, UINT32_MAX, &error), QByteArray());
        QCOMPARE(error, ENODATA);
    }
};

QTEST_GUILESS_MAIN(CaptureFileTest)
#include "capturefile.moc"
