// SPDX-License-Identifier: MIT
// Tool buttons that have a menu, through the accessibility interface: each does what it says, and the call is answered before
// it is done.
#include "windows.h"

#include <QAccessible>
#include <QMenu>
#include <QTimer>
#include <QToolButton>

using namespace tincan;
using namespace tincan::test;

class PressingTest : public QObject
{
    Q_OBJECT

private:
    static QAccessibleInterface *spoken(const QWidget &window, const char *name)
    {
        return QAccessible::queryAccessibleInterface(part<QToolButton>(window, name));
    }
    static void act(const QWidget &window, const char *name, const QString &action)
    {
        spoken(window, name)->actionInterface()->doAction(action);
    }
    static void opensItsMenu(const QWidget &window, const char *button, const char *name)
    {
        auto *menu = part<QMenu>(window, name);
        act(window, button, QAccessibleActionInterface::showMenuAction());
        QVERIFY(!menu->isVisible()); // the reply goes first
        // A menu at a button runs a loop of its own: what it did is seen, and it is closed, from within.
        bool wasShown = false;
        QTimer looking;
        connect(&looking, &QTimer::timeout, menu, [&] {
            if (menu->isVisible()) {
                wasShown = true;
                menu->close();
            }
        });
        looking.start(10);
        QTRY_VERIFY(wasShown);
        QTRY_VERIFY(!menu->isVisible());
    }

private slots:
    void disconnectIsPressed()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        const PeerId peer = client.connectAndWait(server.port());
        QVERIFY(peer != kNoPeer);
        pick(*client.window, peer);
        QTRY_VERIFY(part<QToolButton>(*client.window, "disconnect")->isEnabled());
        const QStringList actions = spoken(*client.window, "disconnect")->actionInterface()->actionNames();
        QCOMPARE(actions.mid(0, 2),
                 (QStringList{QAccessibleActionInterface::pressAction(), QAccessibleActionInterface::showMenuAction()}));
        QCOMPARE(actions.count(QAccessibleActionInterface::showMenuAction()), 1);
        opensItsMenu(*client.window, "disconnect", "waysToEnd");
        QCOMPARE(client.session.peers()->openCount(), 1);
        act(*client.window, "disconnect", QAccessibleActionInterface::pressAction());
        QTRY_COMPARE(client.session.peers()->openCount(), 0);
    }

    void whatIsDisabledDoesNothing()
    {
        const Server server;
        QVERIFY(!part<QToolButton>(*server.window, "disconnect")->isEnabled());
        const QAccessibleInterface *button = spoken(*server.window, "disconnect");
        QVERIFY(button->state().disabled);
        QCOMPARE(button->text(QAccessible::Name), QStringLiteral("Disconnect"));
        QCOMPARE(button->role(), QAccessible::ButtonMenu);
        QVERIFY(button->state().hasPopup);
    }

    void theCallsAreCopied()
    {
        const Server server;
        const QStringList actions = spoken(*server.window, "copyCalls")->actionInterface()->actionNames();
        QCOMPARE(actions.front(), QAccessibleActionInterface::showMenuAction());
        QVERIFY(!actions.contains(QAccessibleActionInterface::pressAction()));
        opensItsMenu(*server.window, "copyCalls", "copyCallsMenu");
    }
};

QTEST_MAIN(PressingTest)
#include "pressing.moc"
