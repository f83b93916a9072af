// SPDX-License-Identifier: MIT
// The parts of the inspector with what they are given by hand: numbers and their meaning, listeners, peers that are no TCP.
#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QListView>
#include <QProgressBar>
#include <QSignalSpy>
#include <QTest>

#include "base/clock.h"
#include "session/kernelwords.h"
#include "support/rows.h"
#include "ui/factlist.h"
#include "ui/listenerbox.h"
#include "ui/peerinspector.h"
#include "ui/peerlist.h"
#include "ui/statediagram.h"

using namespace tincan;
using tincan::test::Rows;

namespace {

Peer tcpPeer()
{
    Peer peer;
    peer.id = 1;
    peer.state = PeerState::Established;
    peer.local = Endpoint::ipv4(0x7f000001, 6666);
    peer.remote = Endpoint::ipv4(0x7f000001, 53422);
    peer.fd = 12;
    return peer;
}

KernelView openView()
{
    KernelView view;
    view.presence = Presence::Here;
    view.state = TcpState::Established;
    view.hasInfo = true;
    view.rtt = 1234;
    view.rttVariance = 56;
    view.congestionWindow = 10;
    view.retransmitsTotal = 3;
    view.retransmitsNow = 1;
    view.receiveQueue = 5;
    view.owner = {4242, "nc"};
    return view;
}

template<typename T>
T *part(const QWidget &of, const char *name)
{
    return of.findChild<T *>(QLatin1String(name));
}

} // namespace

class InspectorPartsTest : public QObject
{
    Q_OBJECT

private slots:
    void numbersHaveMeanings()
    {
        PeerInspector inspector;
        inspector.show(tcpPeer(), openView(), {});
        const auto *facts = part<FactList>(inspector, "inspectorNumbers");
        QCOMPARE(facts->value(QStringLiteral("Round trip")), QStringLiteral("1.23 ms ± 56 µs"));
        QCOMPARE(facts->value(QStringLiteral("Congestion window")), QStringLiteral("10 segments"));
        QCOMPARE(facts->value(QStringLiteral("Retransmissions")), QStringLiteral("3 (now 1)"));
        QCOMPARE(facts->value(QStringLiteral("Unread")), QStringLiteral("5 B"));
        QCOMPARE(facts->value(QStringLiteral("Program")), QStringLiteral("nc (pid 4242)"));
        QCOMPARE(facts->value(QStringLiteral("Descriptor")), QStringLiteral("12"));
        QCOMPARE(facts->value(QStringLiteral("Peer's window")), QString()); // not told: not said
        for (const KernelFact &fact : kernelFacts(tcpPeer(), openView())) {
            QVERIFY2(fact.meaning.size() > 10, qPrintable(fact.label));
        }
        const auto *state = part<QLabel>(inspector, "inspectorState");
        QCOMPARE(state->text(), QStringLiteral("ESTABLISHED: both sides may send"));
    }

    void aChangedNumberKeepsTheSelection()
    {
        FactList list;
        list.setFacts(kernelFacts(tcpPeer(), openView()));
        QTreeWidgetItem *item = list.topLevelItem(0)->child(1);
        item->setSelected(true);
        KernelView later = openView();
        later.rtt = 99;
        list.setFacts(kernelFacts(tcpPeer(), later));
        QCOMPARE(list.value(QStringLiteral("Round trip")), QStringLiteral("99 µs ± 56 µs"));
        QVERIFY(list.topLevelItem(0)->child(1)->isSelected());
        QTest::keySequence(&list, QKeySequence::Copy);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Local address\t127.0.0.1:6666"));
    }

    void longValuesGoOnInTheNextLine()
    {
        FactList list;
        list.resize(700, 400);
        list.show();
        QList<KernelFact> facts{
            {QStringLiteral("Kernel"), QStringLiteral("Inode"), QStringLiteral("7"), QStringLiteral("Its number")},
            {QStringLiteral("Kernel"), QStringLiteral("Options"), QStringLiteral("SACK, timestamps, window scale 10 / 10, ECN"),
             QStringLiteral("Agreed on")}};
        list.setFacts(facts);
        const auto height = [&](int row) { return list.visualItemRect(list.topLevelItem(0)->child(row)).height(); };
        QTRY_VERIFY(height(0) > 0);
        QCOMPARE(height(1), height(0));
        list.resize(200, 400);
        QTRY_VERIFY(height(1) >= 2 * height(0) - 4);
        QVERIFY(list.topLevelItem(0)->child(1)->toolTip(1).contains(facts.at(1).value));
        facts[1].value = QStringLiteral("SACK");
        list.setFacts(facts);
        QTRY_COMPARE(height(1), height(0));
    }

    void othersHaveNoDiagram()
    {
        for (const Transport transport : {Transport::Udp, Transport::UnixStream, Transport::UnixDatagram}) {
            PeerInspector inspector;
            Peer peer = tcpPeer();
            peer.transport = transport;
            peer.process = {4242, 0, 0, "socat", "root"};
            KernelView view;
            view.presence = Presence::Here;
            view.receiveQueue = 100;
            view.drops = 7;
            inspector.show(peer, view, {});
            QVERIFY(part<StateDiagram>(inspector, "stateDiagram")->isHidden());
            QCOMPARE(part<QLabel>(inspector, "inspectorState")->text(), noStatesText(transport));
            const auto *facts = part<FactList>(inspector, "inspectorNumbers");
            QCOMPARE(facts->value(QStringLiteral("Unread")), QStringLiteral("100 B"));
            QCOMPARE(facts->value(QStringLiteral("Dropped")), QStringLiteral("7 datagrams"));
            QVERIFY(facts->value(QStringLiteral("Program")).contains(QStringLiteral("4242")));
        }
    }

    void theQueueOfAListener()
    {
        ListenInfo info;
        info.id = 3;
        info.local = Endpoint::ipv4(0x7f000001, 6666);
        info.backlog = 2;
        ListenerBox box(info);
        const auto *queue = part<QProgressBar>(box, "acceptQueue");
        QCOMPARE(queue->text(), QStringLiteral("–"));
        KernelListener view;
        view.id = 3;
        view.waiting = 1;
        view.backlog = 2;
        view.synReceived = 4;
        view.drops = 5;
        view.overflows = 6;
        view.dropsOfAll = 7;
        box.setView(view);
        QCOMPARE(queue->text(), QStringLiteral("1 waiting, backlog 2"));
        QCOMPARE(part<QLabel>(box, "synReceived")->text(), QStringLiteral("4"));
        QCOMPARE(part<QLabel>(box, "listenerDrops")->text(), QStringLiteral("5"));
        QCOMPARE(part<QLabel>(box, "listenerOverflows")->text(), QStringLiteral("6"));
        QCOMPARE(part<QLabel>(box, "listenerDropsOfAll")->text(), QStringLiteral("7"));
        const QColor calm = queue->palette().color(QPalette::Highlight);
        view.waiting = 3; // one more than the backlog
        box.setView(view);
        QCOMPARE(queue->value(), queue->maximum());
        QVERIFY(queue->palette().color(QPalette::Highlight) != calm);
        QSignalSpy asked(&box, &ListenerBox::pauseAcceptingAsked);
        part<QCheckBox>(box, "pauseAccepting")->click();
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.at(0).at(0).toBool(), true);
        box.setPaused(false);
        QCOMPARE(asked.count(), 1);
        // Who cannot see it toggles it by the accessibility bus, which is no click.
        QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(part<QCheckBox>(box, "pauseAccepting"));
        spoken->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
        QCOMPARE(asked.count(), 2);
        QCOMPARE(asked.at(1).at(0).toBool(), true);
    }

    void theQueueOfDatagrams()
    {
        ListenInfo info;
        info.transport = Transport::Udp;
        ListenerBox box(info);
        const auto *queue = part<QProgressBar>(box, "acceptQueue");
        KernelListener view;
        view.waiting = 1024;
        view.room = 4096;
        box.setView(view);
        QCOMPARE(queue->text(), QStringLiteral("1.0 KB of 4.1 KB unread"));
        QCOMPARE(queue->value(), 1024);
        QCOMPARE(queue->maximum(), 4096);
        const QColor calm = queue->palette().color(QPalette::Highlight);
        view.waiting = 4500; // one more is let in where there was some room
        box.setView(view);
        QCOMPARE(queue->value(), queue->maximum());
        QVERIFY(queue->palette().color(QPalette::Highlight) != calm);
        view.room = -1; // of Unix sockets it is not known
        box.setView(view);
        QCOMPARE(queue->text(), QStringLiteral("4.5 KB unread"));
        QCOMPARE(queue->value(), 0);
        QVERIFY(queue->palette().color(QPalette::Highlight) == calm);
    }

    void whatIsUnreadLeavesANarrowAddressWhole()
    {
        Index index;
        Rows rows;
        PeerModel model;
        PeerList list(&model, {QStringLiteral("Peers"), QStringLiteral("All"), QStringLiteral("peer"), QStringLiteral("peers")});
        rows.joined(1, 53422);
        model.applyRows(index, rows.append(index));
        list.resize(list.minimumSizeHint().width(), 200);
        list.show();
        const auto upperHalf = [&] {
            QRect row = list.view()->visualRect(list.view()->model()->index(1, 0));
            row.setHeight(row.height() / 2);
            return list.view()->viewport()->grab(row).toImage();
        };
        const auto wholeRow
            = [&] { return list.view()->viewport()->grab(list.view()->visualRect(list.view()->model()->index(1, 0))).toImage(); };
        const QImage upper = upperHalf();
        const QImage whole = wholeRow();
        for (int i = 0; i < 120; ++i) {
            rows.received(1, "x");
        }
        model.applyRows(index, rows.append(index));
        QCOMPARE(model.find(1)->unread, 120U);
        QVERIFY(wholeRow() != whole);
        QCOMPARE(upperHalf(), upper);
    }

    void rowsFade()
    {
        Index index;
        Rows rows;
        PeerModel model;
        PeerList list(&model, {QStringLiteral("Peers"), QStringLiteral("All"), QStringLiteral("peer"), QStringLiteral("peers")});
        list.resize(240, 200);
        rows.joined(1).joined(2).left(1);
        model.applyRows(index, rows.append(index));
        list.show();
        QCOMPARE(list.onScreen(), (std::vector<PeerId>{kNoPeer, 1, 2}));
        const auto rowImage
            = [&] { return list.view()->grab(list.view()->visualRect(list.view()->model()->index(1, 0))).toImage(); };
        const auto tell = [&](Presence presence, TcpState state) {
            const KernelStateOf told{1, model.find(1)->since, presence, state};
            model.setKernelStates({&told, 1});
        };
        const QImage closed = rowImage();
        tell(Presence::Here, TcpState::TimeWait);
        QVERIFY(model.find(1)->isFading());
        const auto spoken = [&] { return list.view()->model()->index(1, 0).data(Qt::AccessibleTextRole).toString(); };
        QVERIFY2(spoken().contains(QStringLiteral("TIME_WAIT")), qPrintable(spoken()));
        QVERIFY(rowImage() != closed);
        tell(Presence::Gone, TcpState::Unknown);
        QVERIFY(spoken().contains(QStringLiteral("CLOSED")));
        QCOMPARE(rowImage(), closed);
        // What is said of a state before that is over is no news.
        const KernelStateOf old{2, model.find(2)->since - 1, Presence::Here, TcpState::CloseWait};
        model.setKernelStates({&old, 1});
        QVERIFY(model.find(2)->kernelState == TcpState::Unknown);
        list.hide();
        QVERIFY(list.onScreen().empty());
    }
};

QTEST_MAIN(InspectorPartsTest)
#include "inspectorparts.moc"
