// SPDX-License-Identifier: MIT
// The numbers of a connection, each beside the one that ss(8) tells of the same socket.
#include <cmath>

#include "net/sockdiag.h"
#include "support/enginehost.h"
#include "support/sstool.h"
#include "support/tcpsockets.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// With ss's names and in its units, to be compared. Times in µs.
QStringList numbersOf(const KernelView &view)
{
    const QList<std::pair<const char *, std::int64_t>> numbers{{"cwnd", view.congestionWindow},
                                                               {"rtt", view.rtt},
                                                               {"variance", view.rttVariance},
                                                               {"minrtt", view.minRtt},
                                                               {"mss", view.sendMss},
                                                               {"rcvmss", view.receiveMss},
                                                               {"advmss", view.advertisedMss},
                                                               {"pmtu", view.pathMtu},
                                                               {"bytes_sent", view.bytesSent},
                                                               {"segs_out", view.segmentsOut},
                                                               {"segs_in", view.segmentsIn},
                                                               {"bytes_acked", view.bytesAcknowledged},
                                                               {"snd_wnd", view.peerWindow},
                                                               {"lost", view.lost},
                                                               {"bytes_received", view.bytesReceived},
                                                               {"unacked", view.unacknowledged},
                                                               {"retrans", view.retransmitsTotal},
                                                               {"notsent", view.notSent}};
    QStringList all;
    for (const auto &[name, number] : numbers) {
        all << QStringLiteral("%1 %2").arg(QLatin1String(name)).arg(number);
    }
    return all;
}

QStringList numbersOf(const QHash<QByteArray, QByteArray> &told)
{
    KernelView view;
    const auto number = [&](const char *name) { return told.value(name, "0").toLongLong(); };
    const auto microseconds = [&](const char *name, qsizetype nth) { return std::llround(partOf(told.value(name), nth) * 1000); };
    view.congestionWindow = number("cwnd");
    view.rtt = microseconds("rtt", 0);
    view.rttVariance = microseconds("rtt", 1);
    view.minRtt = microseconds("minrtt", 0);
    view.sendMss = number("mss");
    view.receiveMss = number("rcvmss");
    view.advertisedMss = number("advmss");
    view.pathMtu = number("pmtu");
    view.bytesSent = number("bytes_sent");
    view.bytesAcknowledged = number("bytes_acked");
    view.bytesReceived = number("bytes_received");
    view.segmentsOut = number("segs_out");
    view.segmentsIn = number("segs_in");
    view.peerWindow = number("snd_wnd");
    view.lost = number("lost");
    view.unacknowledged = number("unacked");
    view.retransmitsTotal = std::llround(partOf(told.value("retrans"), 1));
    view.notSent = number("notsent");
    return numbersOf(view);
}

} // namespace

class TcpNumbersTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!hasSs() || !SockDiag::open()) {
            QSKIP("ss(8) of iproute2 is not here, or the kernel does not let itself be asked");
        }
    }

    // Each by its own name: none stands where another belongs.
    void numbersOfTcpInfo()
    {
        EngineHost<> host;
        const std::uint16_t port = host.listen();
        const RawPeer peer(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const Endpoint ours = Endpoint::ipv4(INADDR_LOOPBACK, port);
        const Endpoint theirs = nameOf(peer.fd());
        SockDiag diag = *SockDiag::open();
        const auto told = [&] { return diag.ask(Transport::Tcp, ours, theirs).value_or(KernelView{}); };
        QVERIFY(peer.send(pattern(300)));
        QTRY_COMPARE(host.payloads(RecordKind::Received, 1).size(), 300);
        host.send(1, pattern(50'000));
        QCOMPARE(peer.read(50'000).size(), 50'000);
        QVERIFY(peer.send(pattern(20)));
        QTRY_COMPARE(numbersOf(told()), numbersOf(askSsNumbers(ours, theirs)));
        const KernelView view = told();
        QCOMPARE(view.bytesSent, 50'000);
        QCOMPARE(view.bytesReceived, 320);
        QCOMPARE(view.unacknowledged, 0);
        QVERIFY(view.rtt > 0 && view.peerWindow > 0 && view.segmentsIn > 1 && view.segmentsOut > 1);
    }
};
QTEST_GUILESS_MAIN(TcpNumbersTest)
#include "tcpnumbers.moc"
