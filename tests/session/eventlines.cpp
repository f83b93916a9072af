// SPDX-License-Identifier: MIT
// Whom a headless server's lines are about.
#include <QTemporaryFile>
#include <QTest>

#include "session/eventprinter.h"
#include "support/records.h"

using namespace tincan;

namespace {

PeerInfo seqpacketPeer(const std::string &path)
{
    PeerInfo info;
    info.transport = Transport::UnixSeqpacket;
    info.remote = Endpoint::unixPath(path);
    return info;
}

class Printed
{
public:
    Printed()
    {
        if (!m_file.open()) {
            qFatal("no file");
        }
        m_writer.emplace(m_file.handle());
        m_printer.emplace(*m_writer);
    }
    void print(RecordKind kind, PeerId peer, Detail detail = {})
    {
        Batch batch;
        Record record;
        record.kind = kind;
        record.peer = peer;
        if (!std::holds_alternative<std::monostate>(detail)) {
            record.detail = 0;
            batch.details.push_back(std::move(detail));
        }
        batch.records.push_back(record);
        m_printer->print(batch);
    }
    QByteArrayList lines()
    {
        m_file.seek(0);
        return m_file.readAll().split('\n');
    }

private:
    QTemporaryFile m_file;
    std::optional<OutputWriter> m_writer;
    std::optional<EventPrinter> m_printer;
};

} // namespace

class EventLinesTest : public QObject
{
    Q_OBJECT
private slots:
    // A note of one peer says which, and in the words of its transport: a Unix socket sends no FIN.
    void aNoteSaysWhomItIsAbout()
    {
        Printed printed;
        printed.print(RecordKind::Listening, kNoPeer, ListenInfo{});
        printed.print(RecordKind::Joined, 7, seqpacketPeer("/tmp/a"));
        printed.print(RecordKind::Note, 7, NoteInfo{NoteCode::WaitingForEnd, 0, 2000, {}});
        printed.print(RecordKind::Note, kNoPeer, NoteInfo{NoteCode::ReadingPaused, 0, 0, {}});
        const QByteArrayList lines = printed.lines();
        QVERIFY2(lines[2].startsWith("note /tmp/a: disconnecting") && !lines[2].contains("FIN"), lines[2].constData());
        QVERIFY2(lines[3].startsWith("note the recorder is behind"), lines[3].constData());
    }

    // A line is split at its blanks; two peers stay two.
    void namesAreOneWord()
    {
        Printed printed;
        printed.print(RecordKind::Joined, 1, seqpacketPeer("/tmp/a b"));
        printed.print(RecordKind::Joined, 2, seqpacketPeer("/tmp/a_b"));
        printed.print(RecordKind::Left, 1, LeftInfo{});
        QCOMPARE(printed.lines()[0], QByteArray("joined /tmp/a\\x20b"));
        QCOMPARE(printed.lines()[1], QByteArray("joined /tmp/a_b"));
        QCOMPARE(printed.lines()[2], QByteArray("left /tmp/a\\x20b both-finished"));
    }
};
QTEST_GUILESS_MAIN(EventLinesTest)
#include "eventlines.moc"
