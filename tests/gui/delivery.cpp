// SPDX-License-Identifier: MIT
// The ticks beside what was sent, in the real windows.
#include "support/enginehost.h"
#include "windows.h"

#include <QAccessible>

#include "session/wordsdelivery.h"
#include "ui/rowtext.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

class DeliveryTest : public QObject
{
    Q_OBJECT

private:
    static QString lastSide(const SessionWindow &window)
    {
        const TranscriptModel &model = *window.pane()->model();
        for (int row = model.count() - 1; row >= 0; --row) {
            if (model.row(row).kind == RecordKind::Sent || model.row(row).kind == RecordKind::FanOut) {
                return sideText(model, row);
            }
        }
        return {};
    }

private slots:
    void aMessageIsAcknowledged()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        pick(*client.window, nth(client.session, 1));
        TranscriptView *view = client.window->pane()->view();
        QTRY_VERIFY(!view->rowRect(0).isEmpty());
        type(*client.window, QStringLiteral("hello"));
        QTRY_VERIFY(lastSide(*client.window).contains(QStringLiteral(" ✓✓ "))); // with the time that it took
        const int row = client.window->pane()->model()->count() - 1;
        QVERIFY(spokenDelivery(*client.window->pane()->model(), row).startsWith(QStringLiteral("acknowledged ")));
        QAccessibleInterface *item = QAccessible::queryAccessibleInterface(view)->child(row);
        QVERIFY(item->text(QAccessible::Description).startsWith(QStringLiteral("acknowledged ")));
        QVERIFY(item->text(QAccessible::Name).startsWith(QStringLiteral("sent ")));
    }

    // What is on the screen is painted anew when it comes, and nothing else is laid out again.
    void theTickFollows()
    {
        Server server;
        QVERIFY(server.start());
        RawPeer peer(server.port(), "127.0.0.1", 4096);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        pick(*server.window, nth(server.session, 1));
        const QByteArray bytes = pattern(6 * 1024 * 1024);
        server.session.send({nth(server.session, 1)}, bytes);
        QTRY_VERIFY(lastSide(*server.window).endsWith(QStringLiteral(" ✓"))); // the window is full
        QCOMPARE(peer.read(bytes.size()).size(), bytes.size());
        QTRY_VERIFY(lastSide(*server.window).contains(QStringLiteral(" ✓✓")));
    }

    void whatIsLostSaysWhy()
    {
        Server server;
        QVERIFY(server.start());
        RawPeer peer(server.port(), "127.0.0.1", 4096);
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        server.session.send({nth(server.session, 1)}, pattern(6 * 1024 * 1024));
        QTRY_VERIFY(lastSide(*server.window).endsWith(QStringLiteral(" ✓")));
        peer.reset();
        QTRY_VERIFY(lastSide(*server.window).endsWith(QStringLiteral("✗ not acknowledged: the peer reset the connection")));
    }

    void toAllCountsThem()
    {
        Server server;
        Client client;
        QVERIFY(server.start());
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        QTRY_COMPARE(server.session.peers()->openCount(), 2);
        pick(*server.window, kNoPeer);
        type(*server.window, QStringLiteral("to both"));
        QTRY_VERIFY(lastSide(*server.window).endsWith(QStringLiteral(" ✓✓")));
        const int row = server.window->pane()->model()->count() - 1;
        QCOMPARE(spokenDelivery(*server.window->pane()->model(), row), QStringLiteral("acknowledged by all 2 peers"));
    }

    void theWords()
    {
        DeliveryState state;
        state.reached = 200;
        state.acknowledged = 198;
        QCOMPARE(deliveryMarks(state), QStringLiteral("✓✓ 198 of 200"));
        state.lost = 2;
        QCOMPARE(deliveryMarks(state), QStringLiteral("✓✓ 198 of 200  ✗ 2 not acknowledged"));
        state = {};
        state.kind = DeliveryState::Kind::Acknowledged;
        state.nanoseconds = 48'300;
        state.isExact = true;
        QCOMPARE(deliveryMarks(state), QStringLiteral("✓✓ 48 µs"));
        state.isExact = false;
        state.nanoseconds = 4'910'000;
        QCOMPARE(deliveryMarks(state), QStringLiteral("✓✓ ≤ 4.9 ms"));
        QCOMPARE(deliveryText(state), QStringLiteral("acknowledged within 4.9 ms"));
        LeftInfo left;
        left.reason = LeftReason::BothFinished;
        state = {};
        state.kind = DeliveryState::Kind::Unknown;
        state.left = &left;
        QCOMPARE(deliveryMarks(state), QStringLiteral("✓ closed before it was acknowledged"));
    }
};

QTEST_MAIN(DeliveryTest)
#include "delivery.moc"
