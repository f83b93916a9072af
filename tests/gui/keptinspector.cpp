// SPDX-License-Identifier: MIT
// The inspector of a session that is over: what was recorded of a connection, and nothing that only a kernel could know.
#include "windows.h"

#include <QDockWidget>

#include "session/kernelwords.h"
#include "support/enginehost.h"
#include "ui/factlist.h"
#include "ui/inspector.h"
#include "ui/recordedfacts.h"
#include "ui/savedsessions.h"
#include "ui/savedsessionwindow.h"
#include "ui/statediagram.h"

using namespace tincan;
using namespace tincan::test;

class KeptInspectorTest : public QObject
{
    Q_OBJECT

private:
    // A server's session in a file: a peer that finishes first and then is disconnected, and a Unix socket's.
    static void record(const QString &path, const QTemporaryDir &folder)
    {
        ServerSession server;
        QVERIFY(server.begin({RecordingPlace::Kind::File, path}, QStringLiteral("tincan-server test")));
        server.setAnswer({AnswerMode::Manual, false, AfterFin::KeepOpen});
        ListenRequest request;
        request.address = Endpoint::ipv4(0x7f000001, 0);
        const ListenerId tcp = server.open(request);
        request.transport = Transport::UnixStream;
        request.address = *unixEndpoint(folder.filePath(QStringLiteral("a.sock")));
        const ListenerId unixStream = server.open(request);
        for (const ListenerId id : {tcp, unixStream}) {
            QTRY_COMPARE(server.listeners()->find(id)->state, ListenerView::State::Listening);
        }
        RawPeer peer(server.listeners()->find(tcp)->local.port());
        QVERIFY(peer.send("hello"));
        QTRY_COMPARE(server.peers()->openCount(), 1);
        QTRY_COMPARE(server.totals().bytesIn, std::uint64_t{5});
        peer.finish();
        QTRY_COMPARE(server.peers()->peer(1).state, PeerState::CloseWait);
        server.disconnectPeers({server.peers()->peer(1).id});
        QTRY_COMPARE(server.peers()->peer(1).state, PeerState::Closed);
        ClientSession client;
        QVERIFY(client.begin(kForgotten, QStringLiteral("test")));
        ConnectRequest connect;
        connect.transport = Transport::UnixStream;
        connect.host = folder.filePath(QStringLiteral("a.sock"));
        client.connectTo(connect);
        QTRY_COMPARE(server.peers()->openCount(), 1);
        client.end();
        server.end();
    }
    static QString number(const SessionWindow &window, const char *label)
    {
        return part<FactList>(window, "inspectorNumbers")->value(QString::fromUtf8(label));
    }

private slots:
    void showsWhatWasRecorded()
    {
        using enum TcpState;
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("kept.pcapng"));
        record(path, folder);
        Settings settings(folder.filePath(QStringLiteral("test.ini")));
        SavedSessions sessions(settings);
        SavedSessionWindow *window = sessions.open(path);
        QTRY_COMPARE(window->session().state(), OpenedSession::State::Done);
        QVERIFY(activate(*window));
        QTest::keyClick(window, Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(part<QDockWidget>(*window, "inspectorDock")->isVisible());
        QVERIFY(!part<QWidget>(*window, "throughputOfAll")->isVisible());

        pick(*window, 1);
        const auto *diagram = part<StateDiagram>(*window, "stateDiagram");
        QVERIFY(diagram->isVisible());
        QVERIFY(diagram->way() == (std::vector{Closed, Listen, SynReceived, Established, CloseWait, LastAck}));
        const QString state = part<QLabel>(*window, "inspectorState")->text();
        QVERIFY2(state.startsWith(QStringLiteral("LAST_ACK: ")) && state.contains(QStringLiteral("as recorded")),
                 qPrintable(state));
        QCOMPARE(number(*window, "Received"), QStringLiteral("1 message, 5 B"));
        QVERIFY(number(*window, "How it ended").startsWith(QStringLiteral("connection ended in an orderly way")));
        QVERIFY(!number(*window, "Began").isEmpty() && !number(*window, "Ended").isEmpty());
        QVERIFY(!part<QWidget>(*window, "throughput")->isVisible() && !part<QWidget>(*window, "roundTrip")->isVisible());

        pick(*window, 2);
        QVERIFY(!diagram->isVisible());
        QCOMPARE(part<QLabel>(*window, "inspectorState")->text(), noStatesText(Transport::UnixStream));
        QVERIFY(number(*window, "Program").contains(QString::number(QCoreApplication::applicationPid())));
        QVERIFY(part<Inspector>(*window, "inspector")->watch().isIdle());
    }

    // As that of a program that was killed: its socket is not one of this program.
    void whoseEndIsMissingHasNoDescriptor()
    {
        Peer peer;
        peer.state = PeerState::Established;
        peer.fd = 12;
        const QList<KernelFact> facts = recordedFacts(peer);
        QVERIFY(!facts.isEmpty());
        for (const KernelFact &fact : facts) {
            QVERIFY(fact.label != QLatin1String("Descriptor"));
        }
    }
};

QTEST_MAIN(KeptInspectorTest)
#include "keptinspector.moc"
