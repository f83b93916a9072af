// SPDX-License-Identifier: MIT
// Sessions that are kept: the list of recent ones, what goes at a start, one that was not ended, one that is not to be kept; and
// clearing a conversation from view.
#include "windows.h"

#include <QAction>
#include <QDir>
#include <QMenu>
#include <QMenuBar>

#include "support/madesource.h"
#include "ui/elidedlabel.h"
#include "ui/savedsessions.h"
#include "ui/savedsessionwindow.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

class HistoryTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_state;
    static constexpr auto kEnded = [](const QString &) { return true; };
    static constexpr auto kNotEnded = [](const QString &) { return false; };

    QString folder() const { return m_state->filePath(QStringLiteral("tincan")); }
    QString makeSession(const QDateTime &began, const QDateTime &modified, int bytes = 1000) const
    {
        QDir().mkpath(folder());
        const QString path = folder() + QLatin1String("/session-") + began.toString(QStringLiteral("yyyy-MM-dd-HHmmss"))
            + QLatin1String(".pcapng");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) {
            qFatal("no file");
        }
        file.write(QByteArray(bytes, 'x'));
        file.flush();
        file.setFileTime(modified, QFileDevice::FileModificationTime);
        return path;
    }
    QStringList kept() const { return QDir(folder()).entryList(QDir::Files); }

    // A server that is recorded in the state folder, as main() starts it.
    struct Recorded : Server {
        explicit Recorded(const RecordingPlace &place = {})
            : Server({}, place)
        {
            window->savedSessions()->setOpener(MadeSource::opener({}));
        }
        // Opens the list as the menu does, and gives what it says.
        QStringList recent() const
        {
            auto *menu = part<QMenu>(*window, "recentSessions");
            menu->popup({10, 10});
            QStringList texts;
            for (const QAction *action : menu->actions()) {
                texts << action->text();
            }
            menu->close();
            return texts;
        }
        void chooseRecent(int nth) const
        {
            auto *menu = part<QMenu>(*window, "recentSessions");
            menu->popup({10, 10});
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions().at(nth)).center());
        }
    };

private slots:
    void init()
    {
        m_state = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_state->path()));
    }

    void recentSessions()
    {
        const QDateTime now = QDateTime::currentDateTime();
        const QDateTime today(now.date(), QTime(0, 0, 1));
        makeSession(today.addDays(-1), today.addDays(-1).addSecs(180), 1'200'000);
        const QString newest = makeSession(today, today.addSecs(41));
        makeSession(today.addDays(-40), today.addDays(-40).addSecs(7200));
        const Recorded server;
        const QString elsewhere = server.folder.filePath(QStringLiteral("a & b.pcap"));
        QFile file(elsewhere);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("12345");
        file.close();

        const QStringList texts = server.recent(); // its own is not among them
        QCOMPARE(texts.size(), 4);
        QCOMPARE(texts.at(0), QStringLiteral("Today 00:00 — 41 s, 1.0 KB"));
        QCOMPARE(texts.at(1), QStringLiteral("Yesterday 00:00 — 3 min, 1.2 MB"));
        QVERIFY(texts.at(2).startsWith(today.addDays(-40).toString(QStringLiteral("yyyy-MM-dd"))));
        server.chooseRecent(0);
        QTRY_COMPARE(server.window->savedSessions()->windows().size(), std::size_t{1});
        QCOMPARE(server.window->savedSessions()->windows().front()->session().path(), newest);

        server.window->savedSessions()->open(elsewhere);
        QTRY_VERIFY(server.settings.openedFiles().contains(elsewhere));
        QVERIFY(server.recent().contains(QStringLiteral("a && b.pcap — 5 B")));
        QVERIFY(!server.settings.openedFiles().contains(newest)); // it is found in its folder
    }

    void noneYet()
    {
        const Recorded server;
        QVERIFY(server.recent().contains(QStringLiteral("None yet")));
    }

    void anotherThatRunsIsSaidToRun()
    {
        const Recorded server;
        Recorder other;
        QVERIFY(other.open({}, QStringLiteral("test")));
        QVERIFY2(server.recent().first().endsWith(QStringLiteral("(being recorded)")), qPrintable(server.recent().first()));
    }

    void whatIsTooOldGoesAtAStart()
    {
        const QDateTime now = QDateTime::currentDateTime();
        const QString old = makeSession(now.addDays(-9), now.addDays(-8));
        const QString recent = makeSession(now.addDays(-3), now.addDays(-2));
        Recorded server;
        server.settings.setRetention({.days = 5, .mostBytes = 0});
        server.window->startHistory(kEnded);
        QTRY_VERIFY(!QFile::exists(old));
        QVERIFY(QFile::exists(recent));
        QVERIFY(QFile::exists(server.session.recordingPath()));
        QTRY_VERIFY(noticed(*server.window)
                        .contains(QStringLiteral("1 old session (1.0 KB) was removed: sessions are kept for 5 days.")));
    }

    void anUnfinishedOneIsOfferedOnce()
    {
        const QDateTime now = QDateTime::currentDateTime();
        Recorded server;
        server.settings.setLastStart(now.addSecs(-3600).toMSecsSinceEpoch());
        const QString crashed = makeSession(now.addSecs(-60), now.addSecs(-30));
        server.window->startHistory(kNotEnded);
        QTRY_VERIFY(noticed(*server.window).contains(QStringLiteral("was not ended (crash or power cut).")));
        QVERIFY(noticed(*server.window).contains(crashed));
        pressNoticeAction(*server.window);
        QTRY_COMPARE(server.window->savedSessions()->windows().size(), std::size_t{1});
        QCOMPARE(server.window->savedSessions()->windows().front()->session().path(), crashed);
        QCOMPARE(server.window->notices()->count(), 0);

        // The next start says nothing of it: that it does not, shows by what the same start does say.
        server.settings.setRetention({.days = 5, .mostBytes = 0});
        const QString old = makeSession(now.addDays(-9), now.addDays(-8));
        server.window->startHistory(kNotEnded);
        QTRY_COMPARE(server.window->notices()->count(), 1);
        QVERIFY(!QFile::exists(old));
        QVERIFY(!noticed(*server.window).contains(QStringLiteral("was not ended")));
    }

    void notKept()
    {
        QString path;
        {
            const Recorded server;
            path = server.session.recordingPath();
            QVERIFY(QFile::exists(path));
            QAction *dontKeep = server.window->actions().dontKeep;
            QVERIFY(dontKeep->isEnabled() && !dontKeep->isChecked());
            dontKeep->trigger();
            QVERIFY(noticed(*server.window).contains(QStringLiteral("removed when the session ends")));
            QVERIFY(noticed(*server.window).contains(QStringLiteral("After a crash or a power cut it is still there")));
            QVERIFY(part<ElidedLabel>(*server.window, "recording")->text().startsWith(QStringLiteral("not kept: ")));
            QVERIFY(QFile::exists(path));
        }
        QVERIFY(!QFile::exists(path));
    }

    void keptAfterAll()
    {
        QString path;
        {
            const Recorded server;
            path = server.session.recordingPath();
            server.window->actions().dontKeep->trigger();
            pressNoticeAction(*server.window);
            QVERIFY(!server.window->actions().dontKeep->isChecked());
            QCOMPARE(server.window->notices()->count(), 0);
        }
        QVERIFY(QFile::exists(path));
    }

    void aNamedFileIsKept()
    {
        const QString path = m_state->filePath(QStringLiteral("named.pcapng"));
        {
            const Recorded server({RecordingPlace::Kind::File, path});
            QVERIFY(!server.window->actions().dontKeep->isEnabled());
            QVERIFY(server.window->actions().dontKeep->isVisible());
        }
        QVERIFY(QFile::exists(path));
    }

    void clearAndUndo()
    {
        Server server;
        QVERIFY(server.start());
        const Client client;
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        pick(*server.window, nth(server.session, 1));
        type(*client.window, QStringLiteral("one"));
        QTRY_COMPARE(received(*server.window), QByteArray("one\n")); // else one read may bring both
        type(*client.window, QStringLiteral("two"));
        QTRY_COMPARE(received(*server.window), QByteArray("one\ntwo\n"));
        QVERIFY(activate(*server.window));
        QTest::keyClick(server.window.get(), Qt::Key_K, Qt::ControlModifier);
        QCOMPARE(server.window->pane()->model()->count(), 0);
        QVERIFY(noticed(*server.window).contains(QStringLiteral("Cleared 2 messages from view.")));
        QVERIFY(noticed(*server.window).contains(QStringLiteral("Nothing is deleted")));
        QTest::keyClick(server.window.get(), Qt::Key_K, Qt::ControlModifier); // nothing to clear: the way back stays

        type(*client.window, QStringLiteral("three"));
        QTRY_COMPARE(received(*server.window), QByteArray("three\n"));
        QTest::keyClick(server.window.get(), Qt::Key_Home, Qt::AltModifier);
        QVERIFY(received(*server.window).contains("one\n")); // the timeline of all was not cleared
        pick(*server.window, nth(server.session, 1));
        QCOMPARE(received(*server.window), QByteArray("three\n"));

        pressNoticeAction(*server.window);
        QCOMPARE(received(*server.window), QByteArray("one\ntwo\nthree\n"));
        QCOMPARE(server.window->notices()->count(), 0);
        QVERIFY(!server.window->actions().showCleared->isEnabled());
    }

    void showWhatWasCleared()
    {
        Server server;
        QVERIFY(server.start());
        const Client client;
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        type(*client.window, QStringLiteral("one"));
        QTRY_COMPARE(received(*server.window), QByteArray("one\n"));
        QVERIFY(activate(*server.window));
        QTest::keyClick(server.window.get(), Qt::Key_K, Qt::ControlModifier);
        type(*client.window, QStringLiteral("two"));
        QTRY_COMPARE(received(*server.window), QByteArray("two\n")); // the model of all starts behind what was there
        QTest::keyClick(server.window.get(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(server.window->actions().showCleared->isEnabled());
        QTest::keyClick(server.window.get(), Qt::Key_K, Qt::ControlModifier | Qt::ShiftModifier); // also what went first
        QCOMPARE(received(*server.window), QByteArray("one\ntwo\n"));
        QCOMPARE(server.window->notices()->count(), 0);
    }
};

QTEST_MAIN(HistoryTest)
#include "history.moc"
