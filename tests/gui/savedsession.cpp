// SPDX-License-Identifier: MIT
// A kept session in its window: what it shows while it is read and after, that nothing can be sent or ended, how it is opened.
#include "windows.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMenuBar>
#include <QMimeData>
#include <QProgressBar>

#include "session/listenermodel.h"
#include "support/madesource.h"
#include "ui/elidedlabel.h"
#include "ui/savedsessions.h"
#include "ui/savedsessionwindow.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;
using State = OpenedSession::State;

class SavedSessionTest : public QObject
{
    Q_OBJECT

private:
    // As --open opens it.
    struct Saved {
        QTemporaryDir folder;
        Settings settings{folder.filePath(QStringLiteral("test.ini"))};
        SavedSessions sessions{settings};
        SavedSessionWindow *window;

        explicit Saved(const MadeFile &file)
        {
            sessions.setOpener(MadeSource::opener(file));
            window = sessions.open(QStringLiteral("/kept/made.pcapng"));
        }
        bool read() const
        {
            return QTest::qWaitFor([this] { return window->session().state() != State::Reading; });
        }
        QString facts() const { return part<ElidedLabel>(*window, "savedSession")->text(); }
    };
    static MadeFile ownFile(int peers = 3, int messages = 30)
    {
        MadeFile file{.peers = peers, .messages = messages};
        file.report.own = true;
        file.report.finished = true;
        file.report.application = "tincan-server 0.1.0";
        return file;
    }
    // What the menus show.
    static QStringList commands(const QMainWindow &window)
    {
        QStringList texts;
        for (const QAction *title : window.menuBar()->actions()) {
            for (const QAction *action : title->menu()->actions()) {
                if (action->isVisible() && !action->isSeparator()) {
                    texts << action->text().remove(u'&');
                }
            }
        }
        return texts;
    }
    // Types the name into the file dialog, as one does who knows it.
    static void chooseFile(const QWidget &window, const QString &path)
    {
        auto *dialog = part<QFileDialog>(window, "openSessionDialog");
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        auto *name = part<QLineEdit>(*dialog, "fileNameEdit");
        name->clear();
        QTest::keyClicks(name, path);
        QTest::keyClick(name, Qt::Key_Return);
    }

private slots:
    void shows()
    {
        const Saved saved(ownFile());
        QVERIFY(saved.read());
        QCOMPARE(saved.window->windowTitle(), QStringLiteral("made.pcapng — Tincan (saved session)"));
        QVERIFY2(saved.facts().startsWith(QStringLiteral("made.pcapng")), qPrintable(saved.facts()));
        QVERIFY(saved.facts().endsWith(QStringLiteral("written by tincan-server 0.1.0")));
        QVERIFY(saved.facts().contains(QStringLiteral("2023-11-1")));
        QVERIFY(saved.facts().contains(QStringLiteral("   30 messages")));
        QVERIFY(!part<QWidget>(*saved.window, "readProgress")->isVisible());
        QVERIFY(!part<QWidget>(*saved.window, "cancelRead")->isVisible());
        QCOMPARE(saved.window->notices()->count(), 0);
        QCOMPARE(saved.window->peerList()->view()->model()->rowCount(), 1 + 3);
        QCOMPARE(part<QAbstractItemView>(*saved.window, "socketCalls")->model()->rowCount(), 3);
        QVERIFY(received(*saved.window).contains("message 28\n"));
    }

    void peersAndViewsWork()
    {
        const Saved saved(ownFile());
        QVERIFY(saved.read());
        SavedSessionWindow &window = *saved.window;
        QVERIFY(activate(window));
        pick(window, 2);
        QCOMPARE(window.pane()->conversation(), PeerId{2});
        QCOMPARE(window.pane()->model()->count(), 1 + 10 + 1);
        QVERIFY(part<ElidedLabel>(window, "conversationTitle")->text().startsWith(QStringLiteral("127.0.0.1:50002")));
        QVERIFY(!spoken(window, 2).contains(QStringLiteral("unread")));
        QVERIFY(spoken(window, 2).contains(QStringLiteral("CLOSED")));
        QTest::keyClick(&window, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(window.pane()->conversation(), PeerId{3});
        part<QComboBox>(window, "showAs")->setCurrentText(QStringLiteral("Hex"));
        QTest::keyClick(&window, Qt::Key_Plus, Qt::ControlModifier);
        QVERIFY(window.pane()->view()->zoom() > 100);
        QTest::keyClicks(part<QLineEdit>(window, "peerFilter"), QStringLiteral("50001"));
        QCOMPARE(window.peerList()->view()->model()->rowCount(), 1 + 1);
    }

    void readFromItsBeginning()
    {
        const Saved saved(ownFile(2, 20'000));
        QVERIFY(saved.read());
        TranscriptView &view = *saved.window->pane()->view();
        QCOMPARE(view.topRow(), 0);
        QVERIFY(!view.isAtEnd());
        QVERIFY(activate(*saved.window));
        QTest::keyClick(&view, Qt::Key_End);
        QTRY_VERIFY(view.isAtEnd());
        pick(*saved.window, 2);
        QCOMPARE(view.topRow(), 0);
    }

    void nothingCanBeSentOrEnded()
    {
        MadeFile file = ownFile();
        file.isEnded = false; // as after a crash: its peers are connected for ever
        const Saved saved(file);
        QVERIFY(saved.read());
        SavedSessionWindow &window = *saved.window;
        QVERIFY(activate(window));
        pick(window, 1);
        for (const char *name : {"message", "send", "composeAs", "lineEnding", "finishSending", "disconnect"}) {
            QVERIFY2(!part<QWidget>(window, name)->isVisible(), name);
        }
        const QStringList shown = commands(window);
        for (const char *gone : {"Finish sending (SHUT_WR)", "Stop receiving (SHUT_RD)", "Both (SHUT_RDWR)",
                                 "Disconnect (orderly close)", "Reset (SO_LINGER 0)", "Stop reading", "Disconnect all",
                                 "Clear closed peers…", "Write a message", "Don't keep this session", "Settings…"}) {
            QVERIFY2(!shown.contains(QString::fromUtf8(gone)), gone);
        }
        for (const char *there : {"Open session…", "Recent sessions", "Close", "Copy", "Next peer", "Show as", "Times"}) {
            QVERIFY2(shown.contains(QString::fromUtf8(there)), there);
        }
        const RowNumber before = window.session().index().size();
        QTest::keyClick(&window, Qt::Key_D, Qt::ControlModifier);
        QTest::keyClick(&window, Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
        QVERIFY(!window.findChild<QDialog *>());
        QCOMPARE(window.session().index().size(), before);
        QCOMPARE(window.peerList()->view()->model()->rowCount(), 1 + 3);
    }

    // Of several listeners, the peers stand below the one that they came to, as they did while it ran.
    void peersStandBelowTheirListener()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("two.pcapng"));
        QStringList expected;
        {
            ServerSession server;
            QVERIFY(server.begin({RecordingPlace::Kind::File, path}, QStringLiteral("tincan-server test")));
            ListenRequest request;
            request.address = Endpoint::ipv4(0x7f000001, 0);
            std::vector<ListenerId> ids{server.open(request), server.open(request)};
            Client client;
            for (const std::size_t at : {1, 0, 1}) {
                QTRY_COMPARE(server.listeners()->find(ids[at])->state, ListenerView::State::Listening);
                QVERIFY(client.connectAndWait(server.listeners()->find(ids[at])->local.port()) != kNoPeer);
            }
            QTRY_COMPARE(server.peers()->openCount(), 3);
            for (const std::size_t at : {0, 1}) {
                expected << QStringLiteral("Listener TCP %1, %2 in all")
                                .arg(QString::fromStdString(server.listeners()->find(ids[at])->local.toString()))
                                .arg(at + 1);
            }
            server.end();
        }
        Settings settings(folder.filePath(QStringLiteral("test.ini")));
        SavedSessions sessions(settings);
        SavedSessionWindow *window = sessions.open(path);
        QTRY_COMPARE(window->session().state(), State::Done);
        QTRY_COMPARE(window->peerList()->view()->model()->rowCount(), 1 + 2 + 3);
        QCOMPARE(spoken(*window, 1), expected.at(0));
        QCOMPARE(spoken(*window, 3), expected.at(1));
        for (const int row : {0, 2, 4, 5}) {
            QVERIFY(!spoken(*window, row).startsWith(QStringLiteral("Listener")));
        }
    }

    void progressAndCancel()
    {
        MadeFile file = ownFile(1, 50'000);
        file.pace = std::make_shared<QSemaphore>(1);
        const Saved saved(file);
        SavedSessionWindow &window = *saved.window;
        QTRY_VERIFY(window.pane()->model()->count() > 0); // the first rows are there, and the rest is not
        auto *progress = part<QProgressBar>(window, "readProgress");
        QVERIFY(progress->isVisible());
        QVERIFY(progress->value() > 0 && progress->value() < 1000);
        pick(window, 1); // it answers
        QCOMPARE(window.pane()->conversation(), PeerId{1});
        QCOMPARE(window.pane()->view()->topRow(), 0); // at the beginning, and it stays there
        click(window, "cancelRead");
        file.pace->release(1'000);
        QCOMPARE(window.session().state(), State::Cancelled);
        QVERIFY(!progress->isVisible());
        QVERIFY(noticed(window).contains(QStringLiteral("cancelled")));
        QVERIFY(window.pane()->model()->count() > 0);
    }

    void damageIsSaid()
    {
        MadeFile file = ownFile();
        file.report.finished = false;
        file.report.cutBytes = 17;
        file.report.passedOver = 2;
        const Saved saved(file);
        QVERIFY(saved.read());
        QVERIFY(noticed(*saved.window).contains(QStringLiteral("its last 17 bytes were left out, nothing else")));
        QVERIFY(noticed(*saved.window).contains(QStringLiteral("2 packets were passed over")));
    }

    void errorsAreSaid()
    {
        const Saved cannot({.cannotOpen = Error{EACCES, CallName::Open, "/kept/made.pcapng"}});
        QVERIFY(cannot.read());
        QVERIFY(noticed(*cannot.window).contains(QStringLiteral("EACCES")));
        const Saved middle({.messages = 100, .failsAt = 50});
        QVERIFY(middle.read());
        QVERIFY(noticed(*middle.window).contains(QStringLiteral("What was read before that is shown")));
        QCOMPARE(middle.window->pane()->model()->count(), 51);
    }

    void openedFromARunningSession()
    {
        Server server;
        QVERIFY(server.start());
        const Client client;
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        SavedSessions &sessions = *server.window->savedSessions();
        sessions.setOpener(MadeSource::opener(ownFile()));
        const QString path = server.folder.filePath(QStringLiteral("some.pcapng"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();

        QVERIFY(activate(*server.window));
        QTest::keyClick(server.window.get(), Qt::Key_O, Qt::ControlModifier);
        chooseFile(*server.window, path);
        QTRY_COMPARE(sessions.windows().size(), std::size_t{1});
        SavedSessionWindow *window = sessions.windows().front();
        QTRY_COMPARE(window->session().state(), State::Done);
        QCOMPARE(window->windowTitle(), QStringLiteral("some.pcapng — Tincan (saved session)"));
        QVERIFY(server.settings.openedFiles().contains(path));
        QCOMPARE(sessions.open(path), window); // not twice

        type(*client.window, QStringLiteral("meanwhile"));
        QTRY_COMPARE(received(*server.window), QByteArray("meanwhile\n"));

        QVERIFY(activate(*window));
        QTest::keyClick(window, Qt::Key_W, Qt::ControlModifier);
        QTRY_VERIFY(sessions.windows().empty());
        QCOMPARE(server.session.state(), ServerSession::State::Listening);
        QVERIFY(server.window->isVisible());
    }

    void dropped()
    {
        Saved saved(ownFile());
        SavedSessionWindow &window = *saved.window;
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/kept/other.pcapng")), QUrl(QStringLiteral("http://example.org/"))});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QVERIFY(QCoreApplication::sendEvent(&window, &enter));
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &drop);
        QCOMPARE(saved.sessions.windows().size(), std::size_t{2});
        QCOMPARE(saved.sessions.windows().back()->windowTitle(), QStringLiteral("other.pcapng — Tincan (saved session)"));

        QMimeData text;
        text.setText(QStringLiteral("no file"));
        QDragEnterEvent no(QPoint(50, 50), Qt::CopyAction, &text, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &no);
        QVERIFY(!no.isAccepted());
    }

    void quittingClosesAll()
    {
        const Server server;
        SavedSessions &sessions = *server.window->savedSessions();
        MadeFile file = ownFile(1, 50'000);
        file.pace = std::make_shared<QSemaphore>(1);
        sessions.setOpener(MadeSource::opener(file)); // one that is being read
        SavedSessionWindow *window = sessions.open(QStringLiteral("/kept/made.pcapng"));
        QVERIFY(activate(*window));
        QTest::keyClick(window, Qt::Key_Q, Qt::ControlModifier);
        QTRY_VERIFY(!server.window->isVisible());
        QVERIFY(sessions.windows().empty());
        file.pace->release(1'000);
    }

    void picture()
    {
        const QString folder = qEnvironmentVariable("TINCAN_PICTURES");
        if (folder.isEmpty()) {
            QSKIP("TINCAN_PICTURES names no folder");
        }
        MadeFile file = ownFile(12, 3'000);
        file.report.finished = false;
        file.report.cutBytes = 17;
        const Saved saved(file);
        QVERIFY(saved.read());
        QVERIFY(saved.window->grab().save(folder + QStringLiteral("/saved.png")));
        file.pace = std::make_shared<QSemaphore>(1);
        const Saved reading(file);
        QTRY_VERIFY(reading.window->session().index().size() > 0);
        reading.window->resize(800, 560);
        pick(*reading.window, 2);
        QVERIFY(reading.window->grab().save(folder + QStringLiteral("/reading.png")));
        file.pace->release(1'000);
    }
};

QTEST_MAIN(SavedSessionTest)
#include "savedsession.moc"
