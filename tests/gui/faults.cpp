// SPDX-License-Identifier: MIT
// Faults on purpose are set in their panel, marked wherever the peer is shown, and cleared.
#include "windows.h"

#include <QDialog>
#include <QDoubleSpinBox>
#include <QMenu>

#include "ui/faultspanel.h"
#include "ui/rowtext.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// A server whose panel is open for its only peer.
struct Faulty {
    Server server;
    Client client;

    bool open()
    {
        if (!meet(server, client) || !QTest::qWaitFor([this] { return server.window->actions().faults->isEnabled(); })
            || !activate(*server.window)) {
            return false;
        }
        QTest::keyClick(server.window.get(), Qt::Key_U, Qt::ControlModifier | Qt::ShiftModifier);
        return QTest::qWaitFor([this] { return panel() && panel()->isVisible(); });
    }
    FaultsPanel *panel() const { return server.window->findChild<FaultsPanel *>(QStringLiteral("faultsPanel")); }
    QString said() const { return server.session.peers()->peer(1).faults; }
};

void enter(const QWidget &panel, const char *name, const QString &number)
{
    auto *edit = part<QSpinBox>(panel, name);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, number);
}

} // namespace

class GuiFaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void theyAreMarkedEverywhereWhileTheyAreOn()
    {
        Faulty f;
        QVERIFY(f.open());
        const SessionWindow &window = *f.server.window;
        auto *strip = part<QWidget>(window, "faultsStrip");
        QVERIFY(!strip->isVisible());
        QVERIFY(!part<QWidget>(*f.panel(), "faultsClear")->isEnabled());
        enter(*f.panel(), "faultDelay", QStringLiteral("200"));
        enter(*f.panel(), "faultJitter", QStringLiteral("50"));
        enter(*f.panel(), "faultPieces", QStringLiteral("3"));
        click(*f.panel(), "faultsApply");
        const QString text = QStringLiteral("delay 200 to 250 ms, pieces of 3 bytes");
        QTRY_COMPARE(f.said(), text);
        QTRY_VERIFY(strip->isVisible());
        QCOMPARE(part<QLabel>(window, "faultsOn")->text(), QStringLiteral("Faults on purpose: ") + text);
        QVERIFY2(spoken(window, 1).contains(QStringLiteral("faults on purpose: ") + text), qPrintable(spoken(window, 1)));
        QTRY_COMPARE(part<QLabel>(*f.panel(), "faultsNow")->text(), QStringLiteral("On now: ") + text);
        const TranscriptModel &model = *window.pane()->model();
        QVERIFY(spokenText(model, model.count() - 1).contains(QStringLiteral("faults on purpose: ") + text));
        // By Tab it is where it stands: between the header and the transcript.
        QCOMPARE(part<QWidget>(window, "faultsClearHere")->previousInFocusChain(), part<QWidget>(window, "faultsChange"));
        const std::vector<QWidget *> order = window.pane()->tabOrder();
        const auto at = [&order](const QWidget *widget) { return std::find(order.begin(), order.end(), widget); };
        QVERIFY(at(part<QWidget>(window, "disconnect")) < at(part<QWidget>(window, "faultsChange")));
        QVERIFY(at(part<QWidget>(window, "faultsClearHere")) < at(part<QWidget>(window, "transcript")));
        pick(window, kNoPeer);
        QTRY_VERIFY(part<QLabel>(window, "faultsOn")->text().contains(text));
        click(window, "faultsClearHere");
        QTRY_VERIFY(f.said().isEmpty());
        QTRY_VERIFY(!strip->isVisible());
    }

    void whatIsHeldBackComesWhenTheyAreCleared()
    {
        Faulty f;
        QVERIFY(f.open());
        enter(*f.panel(), "faultDelay", QStringLiteral("500000"));
        click(*f.panel(), "faultsApply");
        QTRY_VERIFY(!f.said().isEmpty());
        pick(*f.client.window, nth(f.client.session, 1));
        type(*f.server.window, QStringLiteral("held"));
        f.server.session.send({nth(f.server.session, 1)}, "behind it");
        QVERIFY(received(*f.client.window).isEmpty());
        QTRY_VERIFY(part<QWidget>(*f.panel(), "faultsClear")->isEnabled());
        click(*f.panel(), "faultsClear");
        QTRY_COMPARE(received(*f.client.window), QByteArray("held\nbehind it"));
        QCOMPARE(part<QSpinBox>(*f.panel(), "faultDelay")->value(), 0);
    }

    void aPresetDiesAfterAKilobyte()
    {
        Faulty f;
        QVERIFY(f.open());
        auto *preset = part<QComboBox>(*f.panel(), "faultPreset");
        preset->setFocus();
        for (int i = 0; i < 4; ++i) {
            QTest::keyClick(preset, Qt::Key_Down);
        }
        QCOMPARE(part<QSpinBox>(*f.panel(), "faultStop")->value(), 1000);
        QVERIFY(part<QAbstractButton>(*f.panel(), "faultReset")->isChecked());
        click(*f.panel(), "faultsApply");
        QTRY_COMPARE(f.said(), QStringLiteral("reset after 1000 bytes"));
        f.server.session.send({nth(f.server.session, 1)}, QByteArray(2000, 'x'));
        QTRY_COMPARE(stateOf(f.client.session, 1), PeerState::Closed);
        QTRY_VERIFY(!part<QWidget>(*f.server.window, "faultsStrip")->isVisible());
        QTRY_VERIFY(!part<QWidget>(*f.panel(), "faultsApply")->isEnabled());
        QCOMPARE(part<QLabel>(*f.panel(), "faultsOf")->text(), QStringLiteral("Nobody who is connected is chosen"));
    }

    void thePanelFollowsTheChoice()
    {
        Faulty f;
        QVERIFY(f.open());
        enter(*f.panel(), "faultPieces", QStringLiteral("7"));
        click(*f.panel(), "faultsApply");
        QTRY_VERIFY(!f.said().isEmpty());
        QVERIFY(f.client.connectAndWait(f.server.port()) != kNoPeer);
        QTRY_COMPARE(f.server.session.peers()->openCount(), 2);
        pick(*f.server.window, nth(f.server.session, 2));
        QTRY_COMPARE(part<QSpinBox>(*f.panel(), "faultPieces")->value(), 0);
        QCOMPARE(part<QLabel>(*f.panel(), "faultsNow")->text(), QStringLiteral("No faults are on."));
        pick(*f.server.window, nth(f.server.session, 1));
        QTRY_COMPARE(part<QSpinBox>(*f.panel(), "faultPieces")->value(), 7);
        QVERIFY(!part<QWidget>(*f.panel(), "faultDrop")->isEnabled()); // it is no datagram peer
    }
};
QTEST_MAIN(GuiFaultsTest)
#include "faults.moc"
