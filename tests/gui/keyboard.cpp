// SPDX-License-Identifier: MIT
// Everything by keys alone, and the names that hold for those who drive the windows from outside.
#include "windows.h"

#include <algorithm>

#include <QActionGroup>
#include <QClipboard>
#include <QMenu>
#include <QMenuBar>
#include <QSet>

#include "ui/calllog.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

class KeyboardTest : public QObject
{
    Q_OBJECT

private:
    // The objectNames that Tab comes by, until it is back where it began.
    static QStringList tabThrough(SessionWindow &window, Qt::Key key)
    {
        QStringList names;
        QWidget *first = QApplication::focusWidget();
        QWidget *at = first;
        do {
            names << (at->objectName().isEmpty() && at->parentWidget() ? at->parentWidget()->objectName() : at->objectName());
            QTest::keyClick(at, key);
            at = QApplication::focusWidget();
        } while (at && at != first && names.size() < 60);
        Q_UNUSED(window)
        return names;
    }
    static void missing(const QStringList &names, const QStringList &wanted)
    {
        for (const QString &name : wanted) {
            QVERIFY2(names.contains(name), qPrintable(name + QLatin1String(" not in ") + names.join(u' ')));
        }
    }

private slots:
    void timesAreChosenInTheMenu()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        const SessionActions &actions = server.window->actions();
        QVERIFY(actions.timesAs->actions().at(static_cast<int>(TimesAs::Time))->isChecked());
        const TranscriptView *view = server.window->pane()->view();
        const auto last = [view] { return view->model()->count() - 1; };
        QTRY_VERIFY(last() > 0);
        QVERIFY(timeText(*view->model(), last(), TimesAs::SincePrevious).startsWith(u'+'));
        QVERIFY(timeText(*view->model(), last(), TimesAs::Off).isEmpty());
        actions.timesAs->actions().at(static_cast<int>(TimesAs::Off))->trigger();
        QCOMPARE(server.settings.timesAs(), static_cast<int>(TimesAs::Off));
    }

    void textIsMadeLargerAndStaysSo()
    {
        Server server;
        server.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(server.window.get()));
        TranscriptView *view = server.window->pane()->view();
        QTest::keyClick(server.window.get(), Qt::Key_Plus, Qt::ControlModifier);
        QTest::keyClick(server.window.get(), Qt::Key_Equal, Qt::ControlModifier);
        QCOMPARE(view->zoom(), 120);
        QTest::keyClick(server.window.get(), Qt::Key_Minus, Qt::ControlModifier);
        QCOMPARE(view->zoom(), 110);
        QTest::keyClick(server.window.get(), Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(view->zoom(), 100);
        QTest::keyClick(server.window.get(), Qt::Key_Plus, Qt::ControlModifier);
        server.window->close();
        QCOMPARE(server.settings.zoom(), 110);
    }

    void tabReachesEverything()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        click(*server.window, "startStop");
        QTRY_COMPARE(server.session.state(), ServerSession::State::Stopped);
        client.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(client.window.get()));
        part<QWidget>(*client.window, "message")->setFocus();
        const QStringList names = tabThrough(*client.window, Qt::Key_Tab);
        QVERIFY2(names.size() < 60, qPrintable(names.join(u' ')));
        missing(names,
                {QStringLiteral("host"), QStringLiteral("port"), QStringLiteral("connectButton"), QStringLiteral("peerFilter"),
                 QStringLiteral("peers"), QStringLiteral("showAs"), QStringLiteral("encoding"), QStringLiteral("transcript"),
                 QStringLiteral("message"), QStringLiteral("composeAs"), QStringLiteral("lineEnding"),
                 QStringLiteral("socketCalls")});
        part<QWidget>(*client.window, "message")->setFocus();
        QCOMPARE(tabThrough(*client.window, Qt::Key_Backtab).size(), names.size());
    }

    void tabGoesThroughTheServerInReadingOrder()
    {
        Server server;
        part<QComboBox>(*server.window, "answer")->setCurrentText(QStringLiteral("Relay")); // shows one control more
        server.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(server.window.get()));
        const QStringList wanted{QStringLiteral("address"),      QStringLiteral("port"),          QStringLiteral("answer"),
                                 QStringLiteral("prefixSender"), QStringLiteral("socketOptions"), QStringLiteral("startStop"),
                                 QStringLiteral("peerFilter"),   QStringLiteral("peers")};
        part<QWidget>(*server.window, "socketCalls")->setFocus();
        QStringList names = tabThrough(*server.window, Qt::Key_Tab);
        QCOMPARE(names.mid(1, wanted.size()), wanted);
        part<QWidget>(*server.window, "socketCalls")->setFocus();
        QStringList back = tabThrough(*server.window, Qt::Key_Backtab);
        back.append(back.takeFirst());
        std::reverse(back.begin(), back.end());
        QCOMPARE(back, names);
    }

    void thePasteGuardStandsBesideTheMessage()
    {
        Client client;
        client.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(client.window.get()));
        auto *edit = part<MessageEdit>(*client.window, "message");
        QGuiApplication::clipboard()->setText(QStringLiteral("1\n2\n3\n4"));
        QTest::keySequence(edit, QKeySequence::Paste);
        part<QWidget>(*client.window, "transcript")->setFocus();
        const QStringList names = tabThrough(*client.window, Qt::Key_Tab);
        const QStringList wanted{QStringLiteral("transcript"),  QStringLiteral("message"),     QStringLiteral("pasteSend"),
                                 QStringLiteral("pasteInsert"), QStringLiteral("pasteCancel"), QStringLiteral("composeAs")};
        QCOMPARE(names.mid(0, wanted.size()), wanted);
    }

    void serverByKeysAlone()
    {
        Server server;
        server.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(server.window.get()));
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("startStop"));
        part<QSpinBox>(*server.window, "port")->setValue(0);
        QTest::keyClick(server.window.get(), Qt::Key_F5);
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);

        Client client;
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 2);
        server.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(server.window.get()));
        QTest::keyClick(server.window.get(), Qt::Key_M, Qt::ControlModifier);
        QWidget *message = part<QWidget>(*server.window, "message");
        QVERIFY(message->hasFocus());
        QTest::keyClick(message, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(server.window->peerList()->current(), nth(server.session, 1));
        QTest::keyClick(message, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(server.window->peerList()->current(), nth(server.session, 2));
        QTest::keyClick(message, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(server.window->peerList()->current(), nth(server.session, 1));
        QTest::keyClick(message, Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(server.window->peerList()->current(), nth(server.session, 2));
        QVERIFY(message->hasFocus());
        QTest::keyClick(message, Qt::Key_D, Qt::ControlModifier);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        QTest::keyClick(message, Qt::Key_1, Qt::ControlModifier);
        QTest::keyClick(message, Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(stateOf(server.session, 1), PeerState::FinWait);
        QTest::keyClick(message, Qt::Key_F9);
        QVERIFY(!part<QWidget>(*server.window, "socketCalls")->isVisible());
        QTest::keyClick(message, Qt::Key_F9);
        QVERIFY(part<QWidget>(*server.window, "socketCalls")->isVisible());
    }

    void theFilterLeadsOn()
    {
        Server server;
        QVERIFY(server.start());
        Client client;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        }
        QTRY_COMPARE(server.session.peers()->openCount(), 3);
        SessionWindow &window = *server.window;
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto *filter = part<QLineEdit>(window, "peerFilter");
        QWidget *message = part<QWidget>(window, "message");
        const auto typeAddress = [&](int peer) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_L, Qt::ControlModifier);
            QVERIFY(filter->hasFocus());
            QTest::keyClicks(filter, PeerModel::addressText(server.session.peers()->peer(peer)));
        };
        typeAddress(2);
        QTest::keyClick(filter, Qt::Key_Return);
        QCOMPARE(window.peerList()->current(), nth(server.session, 2));
        QVERIFY(message->hasFocus());

        typeAddress(3);
        QTest::keyClick(filter, Qt::Key_Down);
        QVERIFY(window.peerList()->view()->hasFocus());
        QCOMPARE(window.peerList()->current(), nth(server.session, 3));
        QTest::keyClick(window.peerList()->view(), Qt::Key_Return);
        QVERIFY(message->hasFocus());

        typeAddress(1);
        QTest::keyClick(filter, Qt::Key_Escape);
        QVERIFY(filter->text().isEmpty());
        QVERIFY(message->hasFocus());
        QCOMPARE(window.peerList()->current(), nth(server.session, 3));
    }

    void namesHold()
    {
        Server server;
        const std::pair<const char *, const char *> names[]{
            {"address", "Address"},
            {"port", "Port"},
            {"answer", "Answer"},
            {"startStop", "Start"},
            {"peers", "Peers"},
            {"peerFilter", "Filter peers"},
            {"transcript", "Transcript"},
            {"showAs", "Show as"},
            {"encoding", "Encoding"},
            {"message", "Message"},
            {"composeAs", "Compose as"},
            {"lineEnding", "Line ending"},
            {"send", "Send"},
            {"finishSending", "Finish sending"},
            {"disconnect", "Disconnect"},
            {"socketCalls", "Socket calls"},
        };
        for (const auto &[objectName, name] : names) {
            auto *control = part<QWidget>(*server.window, objectName);
            QCOMPARE(control->accessibleName(), QLatin1String(name));
            if (qobject_cast<QComboBox *>(control)) {
                QCOMPARE(control->accessibleDescription(), QLatin1String(name));
            }
        }
        Client client;
        QCOMPARE(part<QWidget>(*client.window, "peers")->accessibleName(), QStringLiteral("Connections"));
        QCOMPARE(part<QWidget>(*client.window, "host")->accessibleDescription(), QStringLiteral("Host"));
        QCOMPARE(part<QWidget>(*client.window, "connectButton")->accessibleName(), QStringLiteral("Connect"));
    }

    void everyCommandIsInAMenu()
    {
        Server server;
        QSet<const QAction *> inMenus;
        for (const QMenu *menu : server.window->menuBar()->findChildren<QMenu *>()) {
            for (const QAction *action : menu->actions()) {
                inMenus.insert(action);
            }
        }
        const QList<QAction *> commands = server.window->QWidget::actions();
        QVERIFY(commands.size() > 20);
        for (const QAction *action : commands) {
            QVERIFY2(inMenus.contains(action), qPrintable(action->text()));
        }
    }

    void shortcutsAreUnambiguous()
    {
        Server server;
        QSet<QString> seen;
        for (const QAction *action : server.window->QWidget::actions()) {
            const QString keys = action->shortcut().toString();
            QVERIFY2(keys.isEmpty() || !seen.contains(keys), qPrintable(keys));
            seen.insert(keys);
        }
    }
};

QTEST_MAIN(KeyboardTest)
#include "keyboard.moc"
