// SPDX-License-Identifier: MIT
// Each way to serve, chosen in the window: its peers are answered, ended and counted alike, and one whose process is killed goes
// alone. This program is its own child.
#include "windows.h"

#include <csignal>

#include <QScopeGuard>
#include <QTableView>

#include "net/peerprocess.h"
#include "session/listenermodel.h"
#include "session/optionmodel.h"
#include "support/inventory.h"
#include "ui/optionpanel.h"

using namespace tincan;
using namespace tincan::test;

class WaysToServeTest : public QObject
{
    Q_OBJECT

    // A server that echoes in this way, with two clients.
    struct Served {
        Server server;
        Client one;
        Client two;

        bool begin(const QString &way)
        {
            part<QComboBox>(*server.window, "serve")->setCurrentText(way);
            if (part<QComboBox>(*server.window, "serve")->currentText() != way || !server.start()
                || !server.answer(QStringLiteral("Echo"))) {
                return false;
            }
            for (const Client *client : {&one, &two}) {
                const int open = server.session.peers()->openCount();
                if (client->connectAndWait(server.port()) == kNoPeer
                    || !QTest::qWaitFor([&] { return server.session.peers()->openCount() == open + 1; })) {
                    return false;
                }
                pick(*client->window, nth(client->session, 1));
            }
            return true;
        }
        static bool isAnswered(const Client &client, const QString &text)
        {
            const QByteArray before = received(*client.window);
            type(*client.window, text);
            return QTest::qWaitFor([&] { return received(*client.window) == before + text.toUtf8() + '\n'; }, 20'000);
        }
    };
    static void ways()
    {
        QTest::addColumn<QString>("way");
        QTest::addColumn<int>("children");
        QTest::newRow("loop") << QStringLiteral("Event loop") << 0;
        QTest::newRow("thread") << QStringLiteral("Thread per peer") << 0;
        QTest::newRow("process") << QStringLiteral("Process per peer") << 2;
    }

private slots:
    void theyAreAnsweredAndEnded_data() { ways(); }
    void theyAreAnsweredAndEnded()
    {
        QFETCH(QString, way);
        QFETCH(int, children);
        const qsizetype childrenBefore = Inventory::childCount();
        qsizetype descriptors = 0;
        for (int round = 0; round < 2; ++round) { // what the first one leaves open is Qt's, and kept for the next
            {
                Served s;
                QVERIFY(s.begin(way));
                QCOMPARE(Inventory::childCount(), childrenBefore + children);
                QVERIFY(Served::isAnswered(s.one, QStringLiteral("from one")));
                QVERIFY(Served::isAnswered(s.two, QStringLiteral("from two")));
                // One is ended in order, the other is not.
                pick(*s.server.window, nth(s.server.session, 1));
                click(*s.server.window, "finishSending");
                QTRY_COMPARE(stateOf(s.one.session, 1), PeerState::CloseWait);
                click(*s.one.window, "finishSending");
                QTRY_COMPARE(stateOf(s.server.session, 1), PeerState::Closed);
                QCOMPARE(s.server.session.peers()->peer(1).left, LeftReason::BothFinished);
                pick(*s.server.window, nth(s.server.session, 2));
                s.server.window->actions().reset->trigger();
                QTRY_COMPARE(stateOf(s.two.session, 1), PeerState::Closed);
                QCOMPARE(s.two.session.peers()->peer(1).left, LeftReason::ResetByPeer);
                QTRY_COMPARE(stateOf(s.server.session, 2), PeerState::Closed);
                QCOMPARE(s.server.session.peers()->peer(2).left, LeftReason::ResetByUs);
                QTRY_COMPARE(Inventory::childCount(), childrenBefore);
            }
            if (round == 0) {
                descriptors = openDescriptors();
            }
        }
        QTRY_COMPARE(openDescriptors(), descriptors);
    }

    // With all their peers there.
    void theWindowClosesOnThem_data() { ways(); }
    void theWindowClosesOnThem()
    {
        QFETCH(QString, way);
        const qsizetype childrenBefore = Inventory::childCount();
        {
            Served s;
            QVERIFY(s.begin(way));
            s.server.window->close();
            QTRY_COMPARE(stateOf(s.one.session, 1), PeerState::CloseWait); // a FIN: nobody was cut off
            QTRY_COMPARE(stateOf(s.two.session, 1), PeerState::CloseWait);
        }
        QTRY_COMPARE(Inventory::childCount(), childrenBefore);
    }

    void whoseProcessIsKilledGoesAlone()
    {
        Served s;
        QVERIFY(s.begin(QStringLiteral("Process per peer")));
        const int child = s.server.session.peers()->peer(1).child;
        QVERIFY(child > 0 && child != s.server.session.peers()->peer(2).child);
        QVERIFY(Served::isAnswered(s.one, QStringLiteral("hello")));
        pick(*s.server.window, nth(s.server.session, 1));
        QCOMPARE(::kill(child, SIGKILL), 0);
        QTRY_COMPARE(stateOf(s.server.session, 1), PeerState::Closed);
        QCOMPARE(s.server.session.peers()->peer(1).left, LeftReason::ChildDied);
        const auto isSaid = [&] { return spokenRows(*s.server.window).last().contains(QStringLiteral("ended by signal 9")); };
        QTRY_VERIFY2(isSaid(), qPrintable(spokenRows(*s.server.window).join(u'\n')));
        QTRY_COMPARE(stateOf(s.one.session, 1), PeerState::CloseWait); // the kernel closes what it had
        QCOMPARE(s.server.session.peers()->openCount(), 1);
        QVERIFY(Served::isAnswered(s.two, QStringLiteral("still here")));
    }

    void whoseProcessStandsStillKeepsNobodysOptionsAway()
    {
        Served s;
        QVERIFY(s.begin(QStringLiteral("Process per peer")));
        const QWidget &window = *s.server.window;
        const int child = s.server.session.peers()->peer(1).child;
        pick(*s.server.window, nth(s.server.session, 1));
        QCOMPARE(::kill(child, SIGSTOP), 0);
        const auto goOn = qScopeGuard([child] { ::kill(child, SIGCONT); });
        if (!part<QWidget>(window, "socketOptions")->isVisible()) {
            click(window, "moreListenOptions");
        }
        click(window, "socketOptions");
        QTRY_VERIFY(window.findChild<OptionPanel *>(QStringLiteral("optionPanel")));
        const auto *panel = part<OptionPanel>(window, "optionPanel");
        auto *of = part<QComboBox>(*panel, "optionsOf");
        const auto *model = qobject_cast<OptionModel *>(part<QTableView>(*panel, "optionTable")->model());
        QVERIFY2(of->currentText().startsWith(QStringLiteral("Peer ")), qPrintable(of->currentText()));
        QVERIFY(model->isNext()); // it does not answer
        const int peer = of->currentIndex();
        of->setCurrentIndex(1);
        QVERIFY(of->currentText().contains(QString::number(s.server.port())));
        QTRY_VERIFY(!model->isNext());
        of->setCurrentIndex(0);
        QVERIFY(model->isNext());
        ::kill(child, SIGCONT);
        of->setCurrentIndex(peer);
        QTRY_VERIFY(!model->isNext());
    }
};

int main(int argc, char **argv)
{
    if (isPeerProcess(argc, argv)) {
        return runPeerProcess();
    }
    QApplication application(argc, argv);
    WaysToServeTest test;
    QTEST_SET_MAIN_SOURCE_PATH
    return QTest::qExec(&test, argc, argv);
}
#include "waystoserve.moc"
