// SPDX-License-Identifier: MIT
// The lines that a headless server or client prints: whatever bytes came, a line says exactly those.
#include <random>

#include <QTemporaryFile>
#include <QTest>

#include "session/eventprinter.h"

using namespace tincan;

namespace {

// The other way round, as a script that reads the lines would do it.
QByteArray unescaped(const QByteArray &text)
{
    QByteArray bytes;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            bytes += text[at];
            continue;
        }
        const char kind = text[++at];
        if (kind == 'x') {
            bytes += QByteArray::fromHex(text.mid(at + 1, 2));
            at += 2;
        } else {
            bytes += kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind == 't' ? '\t' : kind;
        }
    }
    return bytes;
}

QByteArray printed(const QByteArray &payload)
{
    QTemporaryFile file;
    if (!file.open()) {
        return {};
    }
    OutputWriter writer(file.handle());
    EventPrinter printer(writer);
    Batch batch;
    Record record;
    record.kind = RecordKind::Received;
    record.peer = 0;
    record.data = reinterpret_cast<const std::byte *>(payload.constData());
    record.size = static_cast<std::uint32_t>(payload.size());
    batch.records.push_back(record);
    printer.print(batch);
    file.seek(0);
    return file.readAll();
}

// What stands between the quotation marks.
QByteArray quoted(const QByteArray &line)
{
    const qsizetype first = line.indexOf('"');
    return line.mid(first + 1, line.lastIndexOf('"') - first - 1);
}

bool isOnePlainLine(const QByteArray &line)
{
    return line.endsWith("\"\n") && std::all_of(line.cbegin(), line.cend() - 1, [](char c) { return c >= 0x20 && c < 0x7f; });
}

} // namespace

class TestEventPrinter : public QObject
{
    Q_OBJECT
private slots:
    // The bytes are looked at eight at a time: each value at each place among them, and beyond the last whole eight.
    void eachByteAtEachPlace()
    {
        for (int value = 0; value < 256; ++value) {
            for (int place = 0; place < 19; ++place) {
                QByteArray payload(19, 'a');
                payload[place] = static_cast<char>(value);
                const QByteArray line = printed(payload);
                QVERIFY2(isOnePlainLine(line), line.constData());
                QCOMPARE(unescaped(quoted(line)), payload);
                const bool isPlain = value >= 0x20 && value < 0x7f && value != '"' && value != '\\';
                QCOMPARE(quoted(line) == payload, isPlain);
            }
        }
    }

    void anyBytes()
    {
        std::mt19937 random(1);
        // Mostly plain, so that runs of all lengths occur; and such as make a borrow in their neighbours.
        const QByteArray odd("\x1f\x20\x21\"#\\[]\x7e\x7f\x80\xff\x00\x01\n\r\t", 17);
        for (int round = 0; round < 3000; ++round) {
            QByteArray payload(static_cast<qsizetype>(random() % 70), 'z');
            for (char &byte : payload) {
                byte = random() % 4 == 0 ? odd[static_cast<qsizetype>(random() % 17)] : static_cast<char>('A' + random() % 26);
            }
            const QByteArray line = printed(payload);
            QVERIFY2(isOnePlainLine(line), line.constData());
            QVERIFY(line.contains(" " + QByteArray::number(payload.size()) + " \""));
            QCOMPARE(unescaped(quoted(line)), payload);
        }
    }
};

QTEST_GUILESS_MAIN(TestEventPrinter)
#include "eventprinter.moc"
