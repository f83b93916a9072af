// SPDX-License-Identifier: MIT
// The inspector, opened as a person opens it: states of the kernel, also after the close, and the listener's queue.
#include "windows.h"

#include <QCheckBox>
#include <QDockWidget>
#include <QMouseEvent>
#include <QProgressBar>

#include "support/enginehost.h"
#include "ui/factlist.h"
#include "ui/inspector.h"
#include "ui/plot.h"
#include "ui/statediagram.h"

using namespace tincan;
using namespace tincan::test;

class InspectorTest : public QObject
{
    Q_OBJECT

private:
    static void openByKey(SessionWindow &window)
    {
        QVERIFY(activate(window));
        QTest::keyClick(&window, Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(part<QDockWidget>(window, "inspectorDock")->isVisible());
    }
    static QString state(const SessionWindow &window)
    {
        return part<QLabel>(window, "inspectorState")->text().section(u':', 0, 0);
    }
    static std::vector<TcpState> way(const SessionWindow &window) { return part<StateDiagram>(window, "stateDiagram")->way(); }
    static QString number(const SessionWindow &window, const char *label)
    {
        return part<FactList>(window, "inspectorNumbers")->value(QString::fromUtf8(label));
    }

private slots:
    void statesOfAConnection()
    {
        using enum TcpState;
        Server server;
        QVERIFY(server.start());
        RawPeer peer(server.port());
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        openByKey(*server.window);
        pick(*server.window, 1);
        QTRY_COMPARE(state(*server.window), QStringLiteral("ESTABLISHED"));
        QVERIFY(way(*server.window) == (std::vector{Closed, Listen, SynReceived, Established}));
        QTRY_VERIFY(number(*server.window, "Round trip").contains(QStringLiteral("µs")));
        QTRY_VERIFY(number(*server.window, "Program").contains(QString::number(QCoreApplication::applicationPid())));
        QVERIFY(peer.send("hello"));
        QTRY_COMPARE(number(*server.window, "Received"), QStringLiteral("5 B"));

        peer.finish();
        QTRY_COMPARE(state(*server.window), QStringLiteral("CLOSE_WAIT"));
        QCOMPARE(way(*server.window).back(), CloseWait);
        QTRY_VERIFY2(spoken(*server.window, 1).contains(QStringLiteral("CLOSE_WAIT")), qPrintable(spoken(*server.window, 1)));
        click(*server.window, "finishSending");
        QTRY_COMPARE(state(*server.window), QStringLiteral("CLOSED"));
        QVERIFY(way(*server.window) == (std::vector{Closed, Listen, SynReceived, Established, CloseWait, LastAck, Closed}));
    }

    void whatIsLeftAfterTheCloseFades()
    {
        Server server;
        QVERIFY(server.start());
        RawPeer peer(server.port());
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        openByKey(*server.window);
        pick(*server.window, 1);
        server.window->actions().finishSending->trigger();
        QTRY_COMPARE(state(*server.window), QStringLiteral("FIN_WAIT2"));
        QTRY_VERIFY2(spoken(*server.window, 1).contains(QStringLiteral("FIN_WAIT2")), qPrintable(spoken(*server.window, 1)));
        peer.close();
        QTRY_COMPARE(stateOf(server.session, 1), PeerState::Closed);
        QTRY_COMPARE(state(*server.window), QStringLiteral("TIME_WAIT"));
        QTRY_VERIFY(server.session.peers()->find(1)->isFading());
        QTRY_VERIFY2(spoken(*server.window, 1).contains(QStringLiteral("TIME_WAIT")), qPrintable(spoken(*server.window, 1)));
        // Closed again, nothing is asked and nothing of the kernel's is shown.
        server.window->actions().showInspector->trigger();
        QVERIFY(!part<QDockWidget>(*server.window, "inspectorDock")->isVisible());
        QTRY_VERIFY2(spoken(*server.window, 1).contains(QStringLiteral("CLOSED")), qPrintable(spoken(*server.window, 1)));
        QVERIFY(part<Inspector>(*server.window, "inspector")->watch().isIdle());
    }

    void statesInTheListAlone()
    {
        Server server;
        QVERIFY(server.start());
        const RawPeer peer(server.port());
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        server.window->actions().kernelStates->trigger();
        server.session.finishSending({1});
        QTRY_VERIFY2(spoken(*server.window, 1).contains(QStringLiteral("FIN_WAIT2")), qPrintable(spoken(*server.window, 1)));
        server.window->actions().kernelStates->trigger();
        QTRY_VERIFY2(!spoken(*server.window, 1).contains(QStringLiteral("FIN_WAIT2")), qPrintable(spoken(*server.window, 1)));
    }

    void theListenerFillsWhilePaused()
    {
        Server server;
        server.settings.setBacklog(2);
        QVERIFY(server.start());
        openByKey(*server.window);
        QTRY_COMPARE(part<QProgressBar>(*server.window, "acceptQueue")->text(), QStringLiteral("0 waiting, backlog 2"));
        QTest::mouseClick(part<QCheckBox>(*server.window, "pauseAccepting"), Qt::LeftButton, {}, QPoint(8, 8));
        QTRY_VERIFY(server.session.isAcceptingPaused(server.session.listenInfos().front().id));
        const RawPeer first(server.port());
        const RawPeer second(server.port());
        QTRY_COMPARE(part<QProgressBar>(*server.window, "acceptQueue")->text(), QStringLiteral("2 waiting, backlog 2"));
        QCOMPARE(server.session.peers()->openCount(), 0);
        QTest::mouseClick(part<QCheckBox>(*server.window, "pauseAccepting"), Qt::LeftButton, {}, QPoint(8, 8));
        QTRY_COMPARE(server.session.peers()->openCount(), 2);
        QTRY_COMPARE(part<QProgressBar>(*server.window, "acceptQueue")->text(), QStringLiteral("0 waiting, backlog 2"));
    }

    void theClientSeesItsSide()
    {
        using enum TcpState;
        Server server;
        QVERIFY(server.start());
        Client client;
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        openByKey(*client.window);
        pick(*client.window, 1);
        QTRY_COMPARE(state(*client.window), QStringLiteral("ESTABLISHED"));
        QVERIFY(way(*client.window) == (std::vector{Closed, SynSent, Established}));
        QTRY_VERIFY(!part<Plot>(*client.window, "roundTrip")->reading().contains(u'–'));
    }

    // As wide as it was made, whatever the window thinks best: after it was hidden, and the next time.
    void itsWidthStays()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("s.ini"));
        int wide = 0;
        int chosen = 0;
        const auto run = [&](auto &&what) {
            Settings settings(file);
            ServerSession session;
            QVERIFY(session.begin(kForgotten, QStringLiteral("test")));
            ServerWindow window(session, settings, {});
            window.resize(1200, 700);
            window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            what(window, *part<QDockWidget>(window, "inspectorDock"));
            window.close();
        };
        const auto toggle = [](const SessionWindow &window) {
            window.actions().showInspector->trigger();
            QCoreApplication::processEvents(); // the layout is made in the next turns
            QCoreApplication::processEvents();
        };
        run([](ServerWindow & /*window*/, QDockWidget & /*dock*/) {}); // never shown: nothing to remember
        run([&](ServerWindow &window, QDockWidget &dock) {
            toggle(window);
            const int least = window.fontMetrics().averageCharWidth() * 40;
            QTRY_VERIFY2(dock.width() >= least, qPrintable(QString::number(dock.width())));
            wide = dock.width();
            const QPoint border(dock.x() - 2, dock.y() + dock.height() / 2);
            QTest::mousePress(&window, Qt::LeftButton, {}, border);
            const QPoint to = border + QPoint(110, 0);
            QMouseEvent drag(QEvent::MouseMove, to, window.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
            QCoreApplication::sendEvent(&window, &drag);
            QCoreApplication::processEvents();
            QTest::mouseRelease(&window, Qt::LeftButton, {}, to);
            QTRY_VERIFY(dock.width() < least);
            chosen = dock.width();
            toggle(window);
            QVERIFY(!dock.isVisible());
            toggle(window);
            QVERIFY(dock.isVisible());
            QCOMPARE(dock.width(), chosen);
        });
        QVERIFY(wide > chosen);
        run([&](ServerWindow &window, QDockWidget &dock) {
            QCoreApplication::processEvents();
            QVERIFY(dock.isVisible());
            QCOMPARE(dock.width(), chosen);
            toggle(window);
        });
        run([&](ServerWindow &window, QDockWidget &dock) {
            QVERIFY(!dock.isVisible());
            toggle(window);
            QCOMPARE(dock.width(), chosen);
        });
    }

    void staysWhileTheWindowIsMinimised()
    {
        Server server;
        openByKey(*server.window);
        server.window->showMinimized();
        QTRY_VERIFY(server.window->isMinimized());
        QCoreApplication::processEvents();
        server.window->showNormal();
        QTRY_VERIFY(!server.window->isMinimized());
        QTRY_VERIFY(part<QDockWidget>(*server.window, "inspectorDock")->isVisible());
        QVERIFY(server.window->actions().showInspector->isChecked());
    }

    void isThereAgain()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("s.ini"));
        for (const bool isSecond : {false, true}) {
            Settings settings(file);
            ServerSession session;
            QVERIFY(session.begin(kForgotten, QStringLiteral("test")));
            ServerWindow window(session, settings, {});
            window.show();
            QCOMPARE(part<QDockWidget>(window, "inspectorDock")->isVisible(), isSecond);
            window.actions().showInspector->setChecked(true);
            window.close();
        }
    }
};

QTEST_MAIN(InspectorTest)
#include "inspector.moc"
