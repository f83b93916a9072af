// SPDX-License-Identifier: MIT
// A server's window with several listeners: each starts and stops by itself, its peers below it.
#include "windows.h"

#include <QCheckBox>
#include <QMenu>
#include <QToolButton>

#include "session/listenermodel.h"
#include "session/listenerwords.h"
#include "ui/listenerbox.h"
#include "ui/listenerrowplaces.h"
#include "ui/peerfilter.h"

using namespace tincan;
using namespace tincan::test;

class ListenersTest : public QObject
{
    Q_OBJECT

private:
    static const ListenerModel &listeners(const Server &server) { return *server.session.listeners(); }
    static ListenRequest anyPort()
    {
        ListenRequest request;
        request.address = Endpoint::ipv4(0x7f000001, 0);
        return request;
    }

    // A listener more, by the dialog; its id.
    static ListenerId add(Server &server)
    {
        click(*server.window, "addListener");
        auto *dialog = part<QWidget>(*server.window, "listenerDialog");
        if (!QTest::qWaitFor([&] { return dialog->isVisible(); })) {
            return kNoListener;
        }
        const int before = listeners(server).wanted();
        part<QSpinBox>(*dialog, "otherPort")->setValue(0);
        click(*dialog, "otherListen");
        const bool isThere = QTest::qWaitFor([&] {
            return listeners(server).wanted() > before
                && listeners(server).view(listeners(server).wanted() - 1).state == ListenerView::State::Listening;
        });
        return isThere ? listeners(server).view(listeners(server).wanted() - 1).id : kNoListener;
    }
    static quint16 portOf(const Server &server, ListenerId id) { return listeners(server).find(id)->local.port(); }

    // The notes of the session, a line each.
    static QString said(const Server &server)
    {
        QStringList lines;
        const Index &index = server.session.index();
        for (RowNumber number = 0; number < index.size(); ++number) {
            if (const auto *note = index.detailOf<NoteInfo>(index.row(number))) {
                lines << noteText(*note);
            }
        }
        return lines.join(u'\n');
    }

    static QStringList rows(const Server &server)
    {
        QStringList spoken;
        const QAbstractItemModel *model = server.window->peerList()->view()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            spoken << model->index(row, 0).data(Qt::AccessibleTextRole).toString();
        }
        return spoken;
    }
    static QModelIndex rowOf(const Server &server, ListenerId id)
    {
        const auto *model = static_cast<const PeerFilter *>(server.window->peerList()->view()->model());
        for (int row = 0; row < model->rowCount(); ++row) {
            if (const ListenerView *found = model->listener(model->index(row, 0)); found && found->id == id) {
                return model->index(row, 0);
            }
        }
        return {};
    }
    static void clickToggle(const Server &server, ListenerId id)
    {
        QListView *view = server.window->peerList()->view();
        const QRect rect = view->visualRect(rowOf(server, id));
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, QPoint(rect.right() - 14, rect.center().y()));
    }

private slots:
    void oneListenerHasNoRow()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        QCOMPARE(server.window->peerList()->view()->model()->rowCount(), 2);
        QVERIFY(!rowOf(server, server.session.first()).isValid());
    }

    // In a list as narrow as it may be the address is whole, and the button still there.
    void aNarrowRowOfAListener()
    {
        Server server;
        QVERIFY(server.start());
        const ListenerId second = add(server);
        QVERIFY(second != kNoListener);
        PeerList *list = server.window->peerList();
        list->setFixedWidth(list->minimumSizeHint().width());
        QTRY_COMPARE(list->width(), list->minimumSizeHint().width());
        QListView *view = list->view();
        const ListenerPlaces places(view->visualRect(rowOf(server, second)), view->font(), *listeners(server).find(second));
        QVERIFY(places.isTight);
        const QString address = QString::fromStdString(listeners(server).find(second)->local.toString());
        QVERIFY(QFontMetrics(places.row.upperFont).horizontalAdvance(address) < places.upper.width());
        QVERIFY(places.lower.width() > 0);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, places.toggle.center());
        QTRY_COMPARE(listeners(server).find(second)->state, ListenerView::State::Stopped);
    }

    void peersStandBelowTheirListener()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        const ListenerId second = add(server);
        QVERIFY(second != kNoListener);
        // In turns, so that the order in which they came is another one.
        for (const quint16 port : {server.port(), portOf(server, second), server.port(), portOf(server, second)}) {
            QVERIFY(client.connectAndWait(port) != kNoPeer);
        }
        QTRY_COMPARE(server.session.peers()->openCount(), 4);
        const QStringList said = rows(server);
        QCOMPARE(said.size(), 7);
        QVERIFY2(said.at(1).startsWith(QStringLiteral("Listener TCP 127.0.0.1:%1, listening").arg(server.port())),
                 qPrintable(said.join(u'\n')));
        QVERIFY2(said.at(4).startsWith(QStringLiteral("Listener TCP 127.0.0.1:%1, listening").arg(portOf(server, second))),
                 qPrintable(said.join(u'\n')));
        QVERIFY(said.at(4).contains(QStringLiteral("2 connected")));
        const auto *model = static_cast<const PeerFilter *>(server.window->peerList()->view()->model());
        const std::vector<PeerId> order = {model->idOf(model->index(2, 0)), model->idOf(model->index(3, 0)),
                                           model->idOf(model->index(5, 0)), model->idOf(model->index(6, 0))};
        QCOMPARE(order, (std::vector<PeerId>{1, 3, 2, 4}));
        // The keys that go through the peers pass over the listeners.
        server.window->peerList()->chooseNth(2);
        QCOMPARE(server.window->peerList()->current(), PeerId{3});
        server.window->actions().nextPeer->trigger();
        QCOMPARE(server.window->peerList()->current(), PeerId{2});
        server.window->actions().previousPeer->trigger();
        QCOMPARE(server.window->peerList()->current(), PeerId{3});
        QVERIFY(server.window->windowTitle().contains(QStringLiteral("and 1 more")));
    }

    void eachStartsAndStopsByItself()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        const ListenerId second = add(server);
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        clickToggle(server, second);
        QTRY_COMPARE(listeners(server).find(second)->state, ListenerView::State::Stopped);
        QCOMPARE(server.session.state(), ServerSession::State::Listening);
        QCOMPARE(client.session.peers()->openCount(), 1);
        // By keys.
        QVERIFY(activate(*server.window));
        QListView *view = server.window->peerList()->view();
        view->setFocus();
        view->setCurrentIndex(rowOf(server, second));
        QVERIFY(server.window->peerList()->isAllChosen()); // what was chosen stays
        QTest::keyClick(view, Qt::Key_Space);
        QTRY_COMPARE(listeners(server).find(second)->state, ListenerView::State::Listening);
        QVERIFY(client.connectAndWait(portOf(server, second)) != kNoPeer);
        // The first one by itself; the button starts it again.
        clickToggle(server, server.session.first());
        QTRY_COMPARE(server.session.state(), ServerSession::State::Stopped);
        QCOMPARE(listeners(server).find(second)->state, ListenerView::State::Listening);
        QVERIFY(part<QWidget>(*server.window, "address")->isEnabled());
        click(*server.window, "startStop");
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        // And stops all.
        click(*server.window, "startStop");
        QTRY_VERIFY(!server.session.isAnyActive());
    }

    void aFailureIsTheListenersOwn()
    {
        Server server;
        QVERIFY(server.start());
        ListenRequest taken = anyPort();
        taken.address.setPort(server.port());
        const ListenerId second = server.session.open(taken);
        QTRY_COMPARE(listeners(server).find(second)->state, ListenerView::State::Failed);
        QTRY_VERIFY2(noticed(*server.window).contains(QStringLiteral("EADDRINUSE")), qPrintable(noticed(*server.window)));
        QVERIFY(rowOf(server, second).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("EADDRINUSE")));
        QCOMPARE(server.session.state(), ServerSession::State::Listening);
    }

    void theMenuPausesAndRemoves()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        const ListenerId second = add(server);
        QVERIFY(client.connectAndWait(portOf(server, second)) != kNoPeer);
        const auto choose = [&](const QString &text) {
            emit server.window->peerList()->listenerMenuAsked(second, QPoint(10, 10));
            auto *menu = part<QMenu>(*server.window, "listenerMenu");
            for (QAction *action : menu->actions()) {
                if (action->text().contains(text)) {
                    action->trigger();
                }
            }
            menu->close();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        };
        choose(QStringLiteral("Pause"));
        QTRY_VERIFY(listeners(server).find(second)->acceptingPaused);
        choose(QStringLiteral("Pause"));
        QTRY_VERIFY(!listeners(server).find(second)->acceptingPaused);
        choose(QStringLiteral("Remove"));
        QTRY_COMPARE(listeners(server).wanted(), 1);
        // With one there are no rows of listeners, and the peer that was is there still.
        QCOMPARE(server.window->peerList()->view()->model()->rowCount(), 2);
    }

    void areRestored()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("server.ini")));
        const auto run = [&](auto &&what) {
            ServerSession session;
            QVERIFY(session.begin(kForgotten, QStringLiteral("test")));
            waitForNobody(settings);
            ServerWindow window(session, settings);
            window.show();
            what(session, window);
            window.close();
        };
        run([](ServerSession &session, ServerWindow &) {
            ListenRequest request = anyPort();
            request.serving = Serving::OneAtATime;
            session.open(request, false);
        });
        run([](ServerSession &session, ServerWindow &window) {
            QCOMPARE(session.listeners()->wanted(), 2); // the first has its row beside it
            QVERIFY(!session.isAnyActive());
            QCOMPARE(session.listeners()->view(1).asked.serving, Serving::OneAtATime);
            part<QSpinBox>(window, "port")->setValue(0);
            click(window, "startStop"); // starts both
            QTRY_COMPARE(session.listeners()->view(0).state, ListenerView::State::Listening);
            QTRY_COMPARE(session.listeners()->view(1).state, ListenerView::State::Listening);
        });
    }

    // The backlog that is set is for all of them, as is that of a command line.
    void restoredOnesHaveTheBacklog()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("server.ini")));
        ListenRequest other = anyPort();
        other.backlog = 4096;
        settings.setListeners({other});
        settings.setBacklog(7);
        ServerWindowOptions options;
        for (const int expected : {7, 3}) {
            ServerSession session;
            QVERIFY(session.begin(kForgotten, QStringLiteral("test")));
            waitForNobody(settings);
            ServerWindow window(session, settings, options);
            QCOMPARE(session.listeners()->wanted(), 2);
            for (const ListenerView &listener : session.listeners()->views()) {
                QCOMPARE(listener.asked.backlog, expected);
            }
            options.address = anyPort().address;
            options.more = {other};
            options.backlog = 3;
        }
    }

    // Datagrams are not accepted, but what comes can be left unread as well: said so, in the menus and in the inspector.
    void readingOfDatagramsPauses()
    {
        Server server;
        ListenRequest request = anyPort();
        request.transport = Transport::Udp;
        server.session.start(request);
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        QAction *pause = nullptr;
        for (QAction *action : static_cast<const QWidget *>(server.window.get())->actions()) {
            if (action->text().contains(QStringLiteral("Pause"))) {
                pause = action;
            }
        }
        QVERIFY(pause && pause->isEnabled());
        QCOMPARE(pause->text(), QStringLiteral("&Pause reading"));
        QVERIFY(pause->toolTip().contains(QStringLiteral("dropped and counted")));
        const ListenerId id = server.session.first();
        pause->trigger();
        QTRY_VERIFY(listeners(server).find(id)->acceptingPaused);
        QVERIFY(listenerStateText(*listeners(server).find(id), 0).contains(QStringLiteral("reading paused")));
        QVERIFY(said(server).contains(QStringLiteral("reading paused: what comes waits in the kernel’s receive queue")));
        emit server.window->peerList()->listenerMenuAsked(id, QPoint(10, 10));
        auto *menu = part<QMenu>(*server.window, "listenerMenu");
        bool isThere = false;
        for (QAction *action : menu->actions()) {
            if (action->text() == QStringLiteral("&Pause reading")) {
                isThere = action->isEnabled() && action->isChecked();
                action->trigger();
            }
        }
        menu->close();
        QVERIFY(isThere);
        QTRY_VERIFY(!listeners(server).find(id)->acceptingPaused);
        QVERIFY(said(server).contains(QStringLiteral("reading goes on")));
        const ListenerBox box(server.session.listenInfos().front());
        QCOMPARE(box.findChild<QCheckBox *>(QStringLiteral("pauseAccepting"))->toolTip(), pause->toolTip());
    }

    void tenThousandPeersOfTwoListeners()
    {
        Server server;
        QVERIFY(server.start());
        QVERIFY(add(server) != kNoListener);
        PeerModel *peers = server.session.peers();
        QAbstractItemModel *shown = server.window->peerList()->view()->model();
        int inserts = 0;
        connect(shown, &QAbstractItemModel::rowsInserted, this, [&] { ++inserts; });
        Index index;
        RowBatch batch;
        for (PeerId id = 1; id <= 10'000; ++id) {
            PeerInfo info;
            info.remote = Endpoint::ipv4(0x7f000001, static_cast<std::uint16_t>(id));
            info.listener = 1 + id % 2;
            Row row;
            row.kind = RecordKind::Joined;
            row.peer = id;
            row.detail = static_cast<std::uint32_t>(batch.details.size());
            batch.details.push_back(info);
            batch.rows.push_back(row);
        }
        peers->applyRows(index, index.append(batch));
        QCOMPARE(shown->rowCount(), 10'000 + 3);
        QVERIFY2(inserts <= 2, qPrintable(QString::number(inserts))); // one a listener
        QCOMPARE(shown->index(1, 0).data(PeerModel::IdRole).toUInt(), UINT_MAX);
        QCOMPARE(shown->index(5'002, 0).data(PeerModel::IdRole).toUInt(), UINT_MAX);
    }
};

QTEST_MAIN(ListenersTest)
#include "listeners.moc"
