// SPDX-License-Identifier: MIT
// The way through the state diagram: from what was recorded, and from what the kernel told.
#include "session/stateway.h"

#include <QTest>

#include "session/kernelwords.h"
#include "support/rows.h"

using namespace tincan;
using tincan::test::Rows;

class StateWayTest : public QObject
{
    Q_OBJECT

private:
    static QString words(const std::vector<TcpState> &way)
    {
        QStringList said;
        for (const TcpState state : way) {
            said << tcpStateWord(state);
        }
        return said.join(u' ');
    }
    // E: connecting, J: joined, P: peer finished, F: we finished, L: orderly end, C: closed by us, R: reset by peer, X: never was
    static Peer peerOf(const QString &events, bool gone)
    {
        Index index;
        Rows rows;
        PeerModel model;
        for (const QChar event : events) {
            switch (event.unicode()) {
            case u'E':
                rows.add(RecordKind::Connecting, 1, {}, ConnectInfo{"localhost", 1});
                break;
            case u'J':
                rows.joined(1);
                break;
            case u'P':
                rows.add(RecordKind::PeerFinished, 1);
                break;
            case u'F':
                rows.add(RecordKind::Finished, 1);
                break;
            case u'X':
                rows.add(RecordKind::ConnectFailed, 1, {}, FailureInfo{});
                break;
            default:
                rows.left(1,
                          event == u'L'       ? LeftReason::BothFinished
                              : event == u'C' ? LeftReason::DisconnectedByUs
                                              : LeftReason::ResetByPeer);
            }
        }
        model.applyRows(index, rows.append(index));
        Peer peer = *model.find(1);
        if (events.startsWith(u'E')) {
            peer.direction = Direction::Outgoing;
        }
        peer.kernelGone = gone;
        return peer;
    }

private slots:
    void ways_data()
    {
        using enum TcpState;
        QTest::addColumn<QString>("events");
        QTest::addColumn<bool>("gone");
        QTest::addColumn<std::vector<TcpState>>("seen");
        QTest::addColumn<QString>("way");
        const auto row = [](const char *name, const char *events, bool gone, const std::vector<TcpState> &seen, const char *way) {
            QTest::newRow(name) << QString::fromLatin1(events) << gone << seen << QString::fromLatin1(way);
        };
        row("incoming", "J", false, {}, "CLOSED LISTEN SYN_RCVD ESTABLISHED");
        row("outgoing", "EJ", false, {}, "CLOSED SYN_SENT ESTABLISHED");
        row("under way", "E", false, {}, "CLOSED SYN_SENT");
        row("never was", "EX", false, {}, "CLOSED SYN_SENT CLOSED");
        row("peer finished", "EJP", false, {Established, CloseWait}, "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT");
        row("both, peer first", "EJPFL", true, {}, "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED");
        row("we finished", "EJF", false, {}, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1");
        row("… acknowledged", "EJF", false, {FinWait1, FinWait2}, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2");
        row("both, we first", "EJFPL", false, {FinWait2, TimeWait}, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
        row("… over", "EJFPL", true, {TimeWait}, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSED");
        row("both at once", "EJFPL", false, {Closing, TimeWait}, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 CLOSING TIME_WAIT");
        row("closed by us", "EJC", false, {FinWait2}, "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2");
        row("… after their FIN", "EJPC", false, {LastAck}, "CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK");
        row("the kernel knows before us", "J", false, {Established, CloseWait}, "CLOSED LISTEN SYN_RCVD ESTABLISHED CLOSE_WAIT");
        row("reset", "JR", true, {Established}, "CLOSED LISTEN SYN_RCVD ESTABLISHED CLOSED");
        row("reset, half closed", "JPR", true, {CloseWait, Closed}, "CLOSED LISTEN SYN_RCVD ESTABLISHED CLOSE_WAIT CLOSED");
    }
    void ways()
    {
        QFETCH(QString, events);
        QFETCH(bool, gone);
        QFETCH(std::vector<TcpState>, seen);
        QFETCH(QString, way);
        QCOMPARE(words(stateWay(peerOf(events, gone), seen)), way);
    }

    void othersHaveNone()
    {
        Peer peer = peerOf(QStringLiteral("J"), false);
        peer.transport = Transport::Udp;
        QVERIFY(stateWay(peer, {}).empty());
        QVERIFY(!noStatesText(Transport::Udp).isEmpty());
    }

    void everyStateHasWords()
    {
        for (int number = 1; number < kTcpStates; ++number) {
            const auto state = static_cast<TcpState>(number);
            QVERIFY(!tcpStateWord(state).isEmpty());
            QVERIFY(!tcpStateMeaning(state).isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(StateWayTest)
#include "stateway.moc"
