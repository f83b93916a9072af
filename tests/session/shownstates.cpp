// SPDX-License-Identifier: MIT
// The states that are shown, and the gauge of a listener's queue, beside what ss(8) says of the same sockets.
#include <QTest>

#include "net/sockdiag.h"
#include "session/clientsession.h"
#include "session/kernelwatch.h"
#include "session/kernelwords.h"
#include "session/peermodel.h"
#include "session/serversession.h"
#include "support/sstool.h"
#include "support/tcpsockets.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// Peers that never finish are not waited for.
template<typename S>
bool begin(S &session)
{
    SessionSettings quick;
    quick.afterFinMilliseconds = 50;
    const bool begun = session.begin({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("test")).has_value();
    session.setSettings(quick);
    return begun;
}

// Everybody's states are looked at, as the list does.
void showAll(KernelWatch &watch, const Session &session)
{
    watch.showRows([&session] {
        std::vector<PeerId> ids;
        for (int row = 1; row < session.peers()->rowCount(); ++row) {
            ids.push_back(session.peers()->peer(row).id);
        }
        return ids;
    });
}

// A server and a client that show the two ends of one connection.
struct Both {
    ServerSession server;
    ClientSession client;
    std::unique_ptr<KernelWatch> serverWatch = std::make_unique<KernelWatch>(server);
    std::unique_ptr<KernelWatch> clientWatch = std::make_unique<KernelWatch>(client);

    bool connect()
    {
        if (!begin(server) || !begin(client)) {
            return false;
        }
        server.start(Endpoint::ipv4(INADDR_LOOPBACK, 0), 7);
        if (!QTest::qWaitFor([this] { return server.state() == ServerSession::State::Listening; })) {
            return false;
        }
        client.connectTo(QStringLiteral("127.0.0.1"), server.listeningOn().port());
        showAll(*serverWatch, server);
        showAll(*clientWatch, client);
        return QTest::qWaitFor([this] { return server.peers()->openCount() == 1 && client.peers()->openCount() == 1; });
    }
    ~Both()
    {
        serverWatch.reset();
        clientWatch.reset();
        server.end();
        client.end();
    }
    const Peer &here() const { return server.peers()->peer(1); }
    const Peer &there() const { return client.peers()->peer(1); }
    static QString ss(const Peer &peer) { return tcpStateWord(askSs(peer.local, peer.remote).state); }
    // Both windows show these words, and ss says the same. An empty one: ss knows of no such socket, and "CLOSED" is shown.
    bool show(const QString &ours, const QString &theirs) const
    {
        const auto shown = [](const QString &word) { return word.isEmpty() ? QStringLiteral("CLOSED") : word; };
        const bool isShown = QTest::qWaitFor(
            [&] { return shownStateWord(here()) == shown(ours) && shownStateWord(there()) == shown(theirs); }, 10'000);
        if (!isShown || ss(here()) != ours || ss(there()) != theirs) {
            qWarning("shown: %s and %s; ss: %s and %s", qPrintable(shownStateWord(here())), qPrintable(shownStateWord(there())),
                     qPrintable(ss(here())), qPrintable(ss(there())));
            return false;
        }
        return true;
    }
};

// A listening session with one watched socket, and nobody accepted.
struct Gauge {
    ServerSession server;
    std::unique_ptr<KernelWatch> watch = std::make_unique<KernelWatch>(server);

    bool open(const ListenRequest &request)
    {
        if (!begin(server)) {
            return false;
        }
        server.start(request);
        if (!QTest::qWaitFor([this] { return server.state() == ServerSession::State::Listening; })) {
            return false;
        }
        server.pauseAccepting(server.first(), true);
        watch->look(kNoPeer);
        return QTest::qWaitFor([this] { return server.isAcceptingPaused(server.first()) && view().waiting == 0; });
    }
    ~Gauge()
    {
        watch.reset();
        server.end();
    }
    KernelListener view() const { return watch->listeners().empty() ? KernelListener{} : watch->listeners().front(); }
    std::uint16_t port() const { return server.listeningOn().port(); }
};

ListenRequest loopback(int backlog)
{
    ListenRequest request;
    request.address = Endpoint::ipv4(INADDR_LOOPBACK, 0);
    request.backlog = backlog;
    return request;
}

} // namespace

class ShownStatesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!hasSs() || !SockDiag::open()) {
            QSKIP("ss(8) of iproute2 is not here, or the kernel does not let itself be asked");
        }
    }

    void theClientFinishesFirst()
    {
        Both both;
        QVERIFY(both.connect());
        QVERIFY(both.show(QStringLiteral("ESTABLISHED"), QStringLiteral("ESTABLISHED")));
        both.client.finishSending({both.there().id});
        QVERIFY(both.show(QStringLiteral("CLOSE_WAIT"), QStringLiteral("FIN_WAIT2")));
        both.server.finishSending({both.here().id});
        QVERIFY(both.show({}, QStringLiteral("TIME_WAIT")));
    }

    void theServerFinishesFirst()
    {
        Both both;
        QVERIFY(both.connect());
        both.server.finishSending({both.here().id});
        QVERIFY(both.show(QStringLiteral("FIN_WAIT2"), QStringLiteral("CLOSE_WAIT")));
        both.client.finishSending({both.there().id});
        QVERIFY(both.show(QStringLiteral("TIME_WAIT"), {}));
    }

    void theServerClosesAndTheClientDoesNot()
    {
        Both both;
        QVERIFY(both.connect());
        both.server.disconnectPeers({both.here().id});
        QVERIFY(both.show(QStringLiteral("FIN_WAIT2"), QStringLiteral("CLOSE_WAIT"))); // without a program
        QCOMPARE(both.here().state, PeerState::Closed);
        QVERIFY(both.here().isFading());
    }

    void aReset()
    {
        Both both;
        QVERIFY(both.connect());
        both.server.resetPeers({both.here().id});
        QVERIFY(both.show({}, {}));
    }

    void theQueueFills()
    {
        Gauge gauge;
        QVERIFY(gauge.open(loopback(2)));
        const Endpoint at = gauge.server.listeningOn();
        const std::int64_t before = gauge.view().overflows;
        std::vector<UniqueFd> dialled;
        for (int i = 0; i < 6; ++i) {
            dialled.push_back(dial(at));
        }
        QTRY_COMPARE(gauge.view().waiting, 3); // listen(2): one more than the backlog
        const SsLine said = askSsListener(at.port());
        QVERIFY(said.state == TcpState::Listen);
        QCOMPARE(gauge.view().waiting, said.receiveQueue);
        QCOMPARE(gauge.view().backlog, said.sendQueue);
        QTRY_VERIFY(gauge.view().overflows > before);
        QTRY_VERIFY(gauge.view().drops > 0);

        // The next client of ours stays in SYN_SENT, which is what its list says.
        ClientSession client;
        QVERIFY(begin(client));
        client.connectTo(QStringLiteral("127.0.0.1"), at.port(), 60'000);
        QTRY_COMPARE(client.peers()->rowCount(), 2);
        QTRY_COMPARE(shownStateWord(client.peers()->peer(1)), QStringLiteral("SYN_SENT"));
        QTRY_VERIFY(askSs(QStringLiteral("-tan"),
                          {QStringLiteral("state"), QStringLiteral("syn-sent"), QStringLiteral("dport"), QStringLiteral("="),
                           QStringLiteral(":%1").arg(at.port())})
                        .receiveQueue
                    >= 0);
        gauge.server.pauseAccepting(gauge.server.first(), false);
        QTRY_COMPARE_WITH_TIMEOUT(client.peers()->openCount(), 1, 20'000); // its SYN is sent again, and answered
        QTRY_COMPARE(gauge.view().waiting, 0);
        client.end();
    }

    // Who waits for one at a time is seen in the queue, and gets out of it in turn.
    void whoWaitsWhileOneIsServed()
    {
        ListenRequest request = loopback(8);
        request.serving = Serving::OneAtATime;
        Gauge gauge;
        QVERIFY(gauge.open(request));
        gauge.server.pauseAccepting(gauge.server.first(), false);
        std::vector<RawPeer> peers;
        for (int i = 0; i < 3; ++i) {
            peers.emplace_back(gauge.port());
        }
        for (int waiting = 2; waiting >= 0; --waiting) {
            QTRY_COMPARE(gauge.view().waiting, waiting);
            QCOMPARE(askSsListener(gauge.port()).receiveQueue, waiting);
            QTRY_COMPARE(gauge.server.peers()->openCount(), 1);
            peers[static_cast<std::size_t>(2 - waiting)].reset();
        }
        QTRY_COMPARE(gauge.server.peers()->openCount(), 0);
        QCOMPARE(gauge.server.peers()->rowCount(), 4); // all of them were served
    }

    // With TCP_DEFER_ACCEPT, who is silent stays half open.
    void halfOpenOnesAreCounted()
    {
        ListenRequest request = loopback(8);
        request.options = {{SocketOption::DeferAccept, 30, {}}};
        Gauge gauge;
        QVERIFY(gauge.open(request));
        QCOMPARE(gauge.view().synReceived, 0);
        const RawPeer first(gauge.port());
        const RawPeer second(gauge.port());
        QVERIFY(first.isConnected() && second.isConnected());
        QTRY_COMPARE(gauge.view().synReceived, 2);
        QVERIFY(askSs(QStringLiteral("-tan"),
                      {QStringLiteral("state"), QStringLiteral("syn-recv"), QStringLiteral("sport"), QStringLiteral("="),
                       QStringLiteral(":%1").arg(gauge.port())})
                    .receiveQueue
                >= 0);
        QCOMPARE(gauge.view().waiting, 0);
        QVERIFY(first.send("x"));
        QTRY_COMPARE(gauge.view().synReceived, 1);
        QTRY_COMPARE(gauge.view().waiting, 1);
    }

    void theQueueOfAUnixSocket_data()
    {
        QTest::addColumn<int>("transport");
        QTest::addColumn<int>("type");
        QTest::newRow("stream") << static_cast<int>(Transport::UnixStream) << static_cast<int>(SOCK_STREAM);
        QTest::newRow("seqpacket") << static_cast<int>(Transport::UnixSeqpacket) << static_cast<int>(SOCK_SEQPACKET);
    }
    void theQueueOfAUnixSocket()
    {
        QFETCH(int, transport);
        QFETCH(int, type);
        const UnixFolder folder;
        ListenRequest request;
        request.address = Endpoint::unixPath(folder.path());
        request.transport = static_cast<Transport>(transport);
        request.backlog = 5;
        Gauge gauge;
        QVERIFY(gauge.open(request));
        const UniqueFd first = connectUnix(folder.path(), type);
        const UniqueFd second = connectUnix(folder.path(), type);
        QVERIFY(first && second);
        QTRY_COMPARE(gauge.view().waiting, 2);
        QCOMPARE(gauge.view().backlog, 5);
        // ss: Netid State Recv-Q Send-Q Path …
        const QByteArray said = ssOutput({QStringLiteral("-Hxl"), QStringLiteral("src"), QString::fromStdString(folder.path())});
        const QList<QByteArray> fields = said.simplified().split(' ');
        QVERIFY(fields.size() > 4);
        QCOMPARE(fields[2].toLongLong(), gauge.view().waiting);
        QCOMPARE(fields[3].toLongLong(), gauge.view().backlog);
    }

    // Only those on screen are asked, however many there are.
    void onlyTheRowsOnScreenAreAsked()
    {
        ServerSession server;
        QVERIFY(begin(server));
        auto watch = std::make_unique<KernelWatch>(server);
        server.start(Endpoint::ipv4(INADDR_LOOPBACK, 0), 100);
        QTRY_COMPARE(server.state(), ServerSession::State::Listening);
        std::vector<RawPeer> peers;
        for (std::size_t i = 0; i < KernelWatch::kMostRows + 10; ++i) {
            peers.emplace_back(server.listeningOn().port());
        }
        QTRY_COMPARE(server.peers()->openCount(), static_cast<int>(peers.size()));
        const auto asked = [&server] {
            std::size_t count = 0;
            for (int row = 1; row < server.peers()->rowCount(); ++row) {
                count += static_cast<std::size_t>(server.peers()->peer(row).kernelState != TcpState::Unknown);
            }
            return count;
        };
        watch->showRows([] { return std::vector<PeerId>{3, 4}; });
        QTRY_COMPARE(asked(), 2U);
        QVERIFY(server.peers()->find(3)->kernelState == TcpState::Established);
        watch->showRows({});
        QCOMPARE(asked(), 0U);
        showAll(*watch, server); // somebody who shows too much
        QTRY_VERIFY(asked() > 0);
        QCOMPARE(asked(), KernelWatch::kMostRows);
        watch.reset();
        server.end();
    }
};
QTEST_GUILESS_MAIN(ShownStatesTest)
#include "shownstates.moc"
