// SPDX-License-Identifier: MIT
// Sessions that were recorded to real files, opened again in their window; what runs still, what was killed, what has a gap; and
// windows that close while all that takes long is under way.
#include "support/captures.h"
#include "support/enginehost.h"
#include "windows.h"

#include <QDir>
#include <QFile>
#include <QProcess>

#include "transcript/keptsessions.h"
#include "ui/finder.h"
#include "ui/rowtext.h"
#include "ui/savedialog.h"
#include "ui/savedsessions.h"
#include "ui/savedsessionwindow.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;
using State = OpenedSession::State;

namespace {

// A server's window that is recorded in the state folder.
struct Recorded : Server {
    explicit Recorded(const RecordingPlace &place = {})
        : Server({}, place)
    {
    }

    bool has(RecordKind kind, int count = 1) const
    {
        return QTest::qWaitFor([&] {
            int seen = 0;
            for (RowNumber row = 0; row < session.index().size(); ++row) {
                seen += static_cast<int>(session.index().row(row).kind == kind);
            }
            return seen >= count;
        });
    }
};

struct Line {
    QString spoken;
    bool isDelivered = false;

    friend bool operator==(const Line &, const Line &) = default;
};

// What the conversation of each says, row by row; that of all is the first.
QList<QList<Line>> said(const SessionWindow &window, const Session &session)
{
    QList<QList<Line>> all;
    for (int at = 0; at < session.peers()->rowCount(); ++at) {
        pick(window, session.peers()->peer(at).id);
        const TranscriptModel &model = *window.pane()->model();
        QList<Line> lines;
        for (int row = 0; row < model.count(); ++row) {
            lines << Line{spokenText(model, row), sideText(model, row).contains(QStringLiteral("✓✓"))};
        }
        all << lines;
    }
    return all;
}

SavedSessionWindow *openWhole(SavedSessions &sessions, const QString &path)
{
    SavedSessionWindow *window = sessions.open(path);
    const bool isRead = QTest::qWaitFor([window] { return window->session().state() != State::Reading; });
    return isRead ? window : nullptr;
}

} // namespace

class ReopeningTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_state;
    QString folder() const { return m_state->filePath(QStringLiteral("tincan")); }

    // An echo, what went to many, what was refused, a reset and an orderly end.
    static void live(const Recorded &server)
    {
        QVERIFY(server.start());
        const RawPeer first(server.port());
        RawPeer second(server.port());
        QVERIFY(first.isConnected() && second.isConnected() && server.has(RecordKind::Joined, 2));
        QVERIFY(server.answer(QStringLiteral("Echo")));
        QVERIFY(first.send("echo me\r\n"));
        QCOMPARE(first.read(9), QByteArray("echo me\r\n"));
        QVERIFY(server.answer(QStringLiteral("Relay")));
        QVERIFY(second.send("caf\xc3"));
        QCOMPARE(first.read(4), QByteArray("caf\xc3"));
        QVERIFY(second.send("\xa9 for all"));
        QCOMPARE(first.read(9), QByteArray("\xa9 for all"));
        pick(*server.window, kNoPeer);
        type(*server.window, QStringLiteral("to everybody"));
        QCOMPARE(first.read(13), QByteArray("to everybody\n"));
        QCOMPARE(second.read(13), QByteArray("to everybody\n"));
        const PeerId reset = nth(server.session, 2);
        second.reset();
        QVERIFY(server.has(RecordKind::Left));
        const_cast<ServerSession &>(server.session).send({reset}, "too late");
        QVERIFY(server.has(RecordKind::Refused));
        const_cast<ServerSession &>(server.session).finishSending({nth(server.session, 1)});
        QVERIFY(server.has(RecordKind::Finished));
    }

private slots:
    void init()
    {
        m_state = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_state->path()));
    }

    void everythingIsAsItWas()
    {
        QList<QList<Line>> before;
        QString path;
        {
            const Recorded server;
            live(server);
            QVERIFY(!QTest::currentTestFailed());
            path = server.session.recordingPath();
            QTRY_VERIFY([&] { // the echo, two relayed, one to all
                before = said(*server.window, server.session);
                return before.size() == 3
                    && std::count_if(before[1].begin(), before[1].end(), [](const Line &line) { return line.isDelivered; }) == 4;
            }());
        }
        QTemporaryDir other;
        Settings settings(other.filePath(QStringLiteral("saved.ini")));
        SavedSessions sessions(settings);
        const SavedSessionWindow *window = openWhole(sessions, path);
        QVERIFY(window && window->session().state() == State::Done);
        QCOMPARE(window->notices()->count(), 0); // it was ended in order
        const QList<QList<Line>> after = said(*window, window->session());
        QCOMPARE(after.size(), before.size());
        for (qsizetype peer = 0; peer < before.size(); ++peer) {
            QVERIFY(after[peer].size() >= before[peer].size()); // how it was closed comes in addition
            for (qsizetype row = 0; row < before[peer].size(); ++row) {
                QCOMPARE(after[peer][row].spoken, before[peer][row].spoken);
                QVERIFY2(after[peer][row].isDelivered == before[peer][row].isDelivered, qPrintable(after[peer][row].spoken));
            }
        }
    }

    void whatWasKilledIsOffered()
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        QProcess killed;
        killed.setProcessEnvironment(environment);
        killed.start(QStringLiteral(TINCAN_SERVER), {QStringLiteral("127.0.0.1:0"), QStringLiteral("--headless")});
        QByteArray output;
        QTRY_VERIFY_WITH_TIMEOUT((killed.waitForReadyRead(10), output += killed.readAllStandardOutput(), output.contains('\n')),
                                 20'000);
        const quint16 port = Endpoint::parse(output.mid(10, output.indexOf('\n') - 10).toStdString())->port();
        const RawPeer peer(port);
        QVERIFY(peer.send("before the crash"));
        const auto written = [this] {
            QByteArray all;
            for (const QString &name : QDir(folder()).entryList(QDir::Files)) {
                QFile file(folder() + u'/' + name);
                all += file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
            }
            return all;
        };
        QTRY_VERIFY(written().contains("before the crash"));
        killed.kill();
        QVERIFY(killed.waitForFinished());

        Recorded server;
        server.settings.setLastStart(QDateTime::currentDateTime().addSecs(-3600).toMSecsSinceEpoch());
        server.window->startHistory(endedInOrder);
        QTRY_VERIFY(noticed(*server.window).contains(QStringLiteral("was not ended (crash or power cut).")));
        pressNoticeAction(*server.window);
        QTRY_COMPARE(server.window->savedSessions()->windows().size(), std::size_t{1});
        const SavedSessionWindow *window = server.window->savedSessions()->windows().front();
        QTRY_COMPARE(received(*window), QByteArray("before the crash"));
    }

    void whatIsBeingRecordedOpens()
    {
        const Recorded server;
        QVERIFY(server.start());
        const RawPeer peer(server.port());
        QVERIFY(peer.send("first"));
        QTRY_COMPARE(received(*server.window), QByteArray("first"));
        QTemporaryDir other;
        Settings settings(other.filePath(QStringLiteral("saved.ini")));
        SavedSessions sessions(settings);
        const QString path = server.session.recordingPath();
        const SavedSessionWindow *window = openWhole(sessions, path);
        QVERIFY(window && window->session().state() == State::Done);
        QCOMPARE(received(*window), QByteArray("first"));
        QVERIFY(noticed(*window).contains(QStringLiteral("it is being recorded still")));

        QVERIFY(peer.send("second"));
        QTRY_COMPARE(received(*server.window), QByteArray("firstsecond"));
        QCOMPARE(received(*window), QByteArray("first")); // what was there
        const RetentionDone done = applyRetention(folder(), {.days = 1, .mostBytes = 1}, QDateTime::currentDateTime().addDays(9));
        QCOMPARE(done.removed, 0);
        QVERIFY(QFile::exists(path));
        QCOMPARE(received(*window), QByteArray("first"));
    }

    void aGapInACaptureIsSaid()
    {
        const QString path = m_state->filePath(QStringLiteral("gap.pcap"));
        const QList<QByteArray> packets{tcp4({.sequence = 1, .flags = TcpAck | TcpPsh, .payload = "before"}),
                                        tcp4({.sequence = 87, .flags = TcpAck | TcpPsh, .payload = "after"}),
                                        ipv4(1, false, "ping"), tcp4({.fromServer = true, .sequence = 1, .acknowledgement = 92})};
        QVERIFY(writeFile(path, pcap(packets)));
        QTemporaryDir other;
        Settings settings(other.filePath(QStringLiteral("saved.ini")));
        SavedSessions sessions(settings);
        const SavedSessionWindow *window = openWhole(sessions, path);
        QVERIFY(window && window->session().state() == State::Done);
        QCOMPARE(received(*window), QByteArray("beforeafter"));
        QVERIFY2(noticed(*window).contains(QStringLiteral("80 bytes of the conversations are not in the capture")),
                 qPrintable(noticed(*window)));
        QVERIFY2(noticed(*window).contains(QStringLiteral("1 packet was passed over")), qPrintable(noticed(*window)));
    }

    void aTornFileIsSaid()
    {
        QString path;
        {
            const Recorded server;
            QVERIFY(server.start());
            path = server.session.recordingPath();
        }
        QFile file(path);
        QVERIFY(file.resize(file.size() - 5));
        QTemporaryDir other;
        Settings settings(other.filePath(QStringLiteral("saved.ini")));
        SavedSessions sessions(settings);
        const SavedSessionWindow *window = openWhole(sessions, path);
        QVERIFY(window && window->session().state() == State::Done);
        QVERIFY2(noticed(*window).contains(QStringLiteral("ends in the middle of a block")), qPrintable(noticed(*window)));
    }

    void theLimitOfSizeIsSaidOnce()
    {
        RecordingPlace place;
        place.limits.totalBytes = std::uint64_t{256} * 1024;
        const Recorded server(place);
        QVERIFY(server.start());
        const RawPeer peer(server.port());
        const auto discarded = [&server] {
            int count = 0;
            for (RowNumber row = 0; row < server.session.index().size(); ++row) {
                const auto *note = server.session.index().detailOf<NoteInfo>(server.session.index().row(row));
                count += static_cast<int>(note && note->code == NoteCode::MessagesDiscarded);
            }
            return count;
        };
        const auto sendUntil = [&](int count) {
            return QTest::qWaitFor([&] { return discarded() >= count || !peer.send(QByteArray(30'000, 'x')); })
                && discarded() >= count;
        };
        QVERIFY(sendUntil(1));
        QTRY_VERIFY(noticed(*server.window).contains(QStringLiteral("has reached its limit of size")));
        QVERIFY(noticed(*server.window).contains(QStringLiteral("“Size of one session” in the settings")));
        QCOMPARE(server.window->notices()->count(), 1);
        pressNoticeAction(*server.window);
        QVERIFY(part<QSpinBox>(*server.window, "sessionGiB")->isVisible());
        click(*server.window, "noticeDismiss");
        QTRY_COMPARE(server.window->notices()->count(), 0);
        QVERIFY(sendUntil(discarded() + 2)); // each is a row
        QCOMPARE(server.window->notices()->count(), 0);
    }

    // Nothing hangs, and nobody looks at what is gone (AddressSanitizer sees that).
    void closesWhileAllIsUnderWay()
    {
        QTemporaryDir other;
        const QString saved = other.filePath(QStringLiteral("all.jsonl"));
        {
            Recorded server;
            QVERIFY(server.start());
            const RawPeer peer(server.port());
            QByteArray lines;
            while (lines.size() < 24 * 1024 * 1024) {
                lines += "a line of some length " + QByteArray::number(lines.size()) + "\n";
            }
            QVERIFY(peer.send(lines));
            QTRY_COMPARE_WITH_TIMEOUT(server.session.totals().bytesIn, static_cast<std::uint64_t>(lines.size()), 60'000);
            SavedSessionWindow *opened = server.window->savedSessions()->open(server.session.recordingPath());
            QTRY_VERIFY(opened->pane()->model()->count() > 0);

            for (SessionWindow *window : std::initializer_list<SessionWindow *>{server.window.get(), opened}) {
                QVERIFY(activate(*window));
                QTest::keyClick(window, Qt::Key_F, Qt::ControlModifier);
                part<QComboBox>(*window, "findAs")->setCurrentText(QStringLiteral("Regular expression"));
                part<QComboBox>(*window, "lens")->setCurrentIndex(1);
                auto *what = part<QLineEdit>(*window, "findText");
                what->setText(QStringLiteral("s[aeiou]me .*[13579]\\n"));
                QTRY_VERIFY(window->pane()->finder()->search().isActive());
            }
            server.window->actions().saveConversation->trigger();
            QTRY_VERIFY(server.window->findChild<SaveDialog *>());
            auto *dialog = server.window->findChild<SaveDialog *>();
            auto *name = part<QLineEdit>(*dialog, "fileNameEdit");
            name->selectAll();
            name->insert(saved);
            static_cast<QDialog *>(dialog)->accept();
        }
        QVERIFY(QFile::exists(saved)); // what was asked for is done
    }
};

QTEST_MAIN(ReopeningTest)
#include "reopening.moc"
