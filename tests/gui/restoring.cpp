// SPDX-License-Identifier: MIT
// What a window remembers from one run to the next.
#include "windows.h"

#include "ui/calllog.h"

using namespace tincan;
using namespace tincan::test;

class RestoringTest : public QObject
{
    Q_OBJECT

private:
    template<typename Window, typename SessionType>
    struct Run {
        SessionType session;
        std::unique_ptr<Window> window;

        template<typename... Options>
        explicit Run(Settings &settings, const Options &...options)
        {
            if (!session.begin(kForgotten, QStringLiteral("test"))) {
                qFatal("no session file");
            }
            waitForNobody(settings);
            window = std::make_unique<Window>(session, settings, options...);
            window->show();
        }
        ~Run() { window->close(); }
    };
    using ServerRun = Run<ServerWindow, ServerSession>;
    using ClientRun = Run<ClientWindow, ClientSession>;

private slots:
    void server()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("server.ini")));
        {
            ServerRun run(settings);
            QCOMPARE(part<QComboBox>(*run.window, "address")->currentText(), QStringLiteral("127.0.0.1 — this computer only"));
            QCOMPARE(part<QSpinBox>(*run.window, "port")->value(), 6666);
            part<QComboBox>(*run.window, "address")->setCurrentIndex(1);
            part<QSpinBox>(*run.window, "port")->setValue(7001);
            part<QComboBox>(*run.window, "answer")->setCurrentText(QStringLiteral("Relay"));
            part<QAbstractButton>(*run.window, "prefixSender")->click();
            part<QComboBox>(*run.window, "lineEnding")->setCurrentText(QStringLiteral("CRLF"));
            part<QComboBox>(*run.window, "composeAs")->setCurrentText(QStringLiteral("Hex"));
            part<QComboBox>(*run.window, "showAs")->setCurrentText(QStringLiteral("Hex"));
            run.window->actions().showCalls->trigger();
            run.window->resize(900, 610);
        }
        ServerRun run(settings);
        QCOMPARE(part<QComboBox>(*run.window, "address")->currentText(), QStringLiteral("0.0.0.0 — every IPv4 network"));
        QCOMPARE(part<QSpinBox>(*run.window, "port")->value(), 7001);
        QCOMPARE(part<QComboBox>(*run.window, "answer")->currentText(), QStringLiteral("Relay"));
        QVERIFY(part<QAbstractButton>(*run.window, "prefixSender")->isChecked());
        QCOMPARE(run.session.answer().mode, AnswerMode::Relay);
        QVERIFY(run.session.answer().prefixSender);
        QCOMPARE(part<QComboBox>(*run.window, "lineEnding")->currentText(), QStringLiteral("CRLF"));
        QCOMPARE(part<QComboBox>(*run.window, "composeAs")->currentText(), QStringLiteral("Hex"));
        QCOMPARE(part<QComboBox>(*run.window, "showAs")->currentText(), QStringLiteral("Hex"));
        QVERIFY(!part<QWidget>(*run.window, "socketCalls")->isVisible());
        QCOMPARE(run.window->size(), QSize(900, 610));
    }

    void aPortTheKernelChoseIsNotAskedForAgain()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("server.ini")));
        {
            ServerRun run(settings);
            part<QSpinBox>(*run.window, "port")->setValue(0);
            click(*run.window, "startStop");
            QTRY_COMPARE(run.session.state(), ServerSession::State::Listening);
        }
        QCOMPARE(settings.port(), 0);
    }

    void client()
    {
        Server server;
        QVERIFY(server.start());
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("client.ini")));
        {
            ClientRun run(settings);
            part<QComboBox>(*run.window, "host")->setEditText(QStringLiteral("localhost"));
            part<QSpinBox>(*run.window, "port")->setValue(server.port());
            click(*run.window, "connectButton");
            QTRY_COMPARE(run.session.peers()->openCount(), 1);
        }
        ClientRun run(settings);
        QCOMPARE(part<QComboBox>(*run.window, "host")->currentText(), QStringLiteral("localhost"));
        QCOMPARE(part<QSpinBox>(*run.window, "port")->value(), int{server.port()});
    }

    void fromWhereTheClientConnected()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("client.ini")));
        {
            ClientRun run(settings);
            click(*run.window, "from");
            part<QComboBox>(*run.window, "localAddress")->setEditText(QStringLiteral("127.0.0.9"));
            part<QSpinBox>(*run.window, "localPort")->setValue(4321);
        }
        QCOMPARE(settings.from(), Endpoint::ipv4(0x7f000009, 4321));
        {
            // What a command line says, or with a host does not say, is for this time.
            ClientWindowOptions options;
            options.host = QStringLiteral("127.0.0.1");
            options.port = 1;
            ClientRun run(settings, options);
            QCOMPARE(part<QSpinBox>(*run.window, "localPort")->value(), 0);
        }
        {
            ClientRun run(settings);
            QVERIFY(part<QAbstractButton>(*run.window, "from")->text().contains(QStringLiteral("127.0.0.9:4321")));
            QCOMPARE(part<QComboBox>(*run.window, "localAddress")->currentText(), QStringLiteral("127.0.0.9"));
            QCOMPARE(part<QSpinBox>(*run.window, "localPort")->value(), 4321);
            part<QComboBox>(*run.window, "transport")->setCurrentText(QStringLiteral("Unix datagram"));
            part<QComboBox>(*run.window, "localAddress")->setEditText(QStringLiteral("@mine"));
        }
        ClientRun run(settings);
        QCOMPARE(part<QComboBox>(*run.window, "localAddress")->currentText(), QStringLiteral("@mine"));
    }

    void eachKindOfSocketHasItsOwnFrom()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("client.ini")));
        const auto choose = [](const ClientRun &run, const QString &transport) {
            part<QComboBox>(*run.window, "transport")->setCurrentText(transport);
            return part<QComboBox>(*run.window, "localAddress")->currentText();
        };
        {
            ClientRun run(settings);
            click(*run.window, "from");
            part<QComboBox>(*run.window, "localAddress")->setEditText(QStringLiteral("127.0.0.9"));
            part<QSpinBox>(*run.window, "localPort")->setValue(4321);
            QCOMPARE(choose(run, QStringLiteral("Unix datagram")), QString());
            part<QComboBox>(*run.window, "localAddress")->setEditText(QStringLiteral("@mine"));
            QCOMPARE(choose(run, QStringLiteral("UDP")), QStringLiteral("127.0.0.9"));
            QCOMPARE(part<QSpinBox>(*run.window, "localPort")->value(), 4321);
            QCOMPARE(choose(run, QStringLiteral("Unix stream")), QStringLiteral("@mine"));
        }
        ClientRun run(settings);
        QCOMPARE(part<QComboBox>(*run.window, "localAddress")->currentText(), QStringLiteral("@mine"));
        QVERIFY(part<QAbstractButton>(*run.window, "from")->text().endsWith(QStringLiteral("@mine")));
        QCOMPARE(choose(run, QStringLiteral("TCP")), QStringLiteral("127.0.0.9"));
        QVERIFY(part<QAbstractButton>(*run.window, "from")->text().endsWith(QStringLiteral("127.0.0.9:4321")));
    }

    // A path need not begin like one.
    void fromARelativePath()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("client.ini")));
        {
            ClientRun run(settings);
            part<QComboBox>(*run.window, "transport")->setCurrentText(QStringLiteral("Unix datagram"));
            click(*run.window, "from");
            part<QComboBox>(*run.window, "localAddress")->setEditText(QStringLiteral("mine.sock"));
        }
        ClientRun run(settings);
        QCOMPARE(part<QComboBox>(*run.window, "localAddress")->currentText(), QStringLiteral("mine.sock"));
    }

    // What a command line asks for once is for that time, and what it does not show is still there afterwards.
    void anotherTransportOnceLeavesFromAsItWas()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("client.ini")));
        settings.setFrom(Endpoint::ipv4(0x7f000009, 4321));
        {
            ClientWindowOptions options;
            options.transport = Transport::UnixDatagram;
            ClientRun run(settings, options);
            QCOMPARE(part<QComboBox>(*run.window, "localAddress")->currentText(), QString());
        }
        QCOMPARE(settings.from(), Endpoint::ipv4(0x7f000009, 4321));
        {
            ClientRun run(settings); // of Unix datagrams still
        }
        QCOMPARE(settings.from(), Endpoint::ipv4(0x7f000009, 4321));
        {
            ClientWindowOptions options;
            options.transport = Transport::Tcp;
            ClientRun run(settings, options);
            QCOMPARE(part<QSpinBox>(*run.window, "localPort")->value(), 4321);
            part<QComboBox>(*run.window, "localAddress")->setEditText(QStringLiteral("127.0.0.8"));
        }
        QCOMPARE(settings.from(), Endpoint::ipv4(0x7f000008, 4321));
    }

    void connectedIsRememberedOnlyAsChosen()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("client.ini")));
        ClientWindowOptions once;
        once.transport = Transport::Udp;
        once.connected = false;
        {
            ClientRun run(settings, once);
            QVERIFY(!part<QAbstractButton>(*run.window, "connected")->isChecked());
        }
        {
            ClientRun run(settings);
            QVERIFY(part<QAbstractButton>(*run.window, "connected")->isChecked());
            part<QAbstractButton>(*run.window, "connected")->click();
        }
        QVERIFY(!settings.isConnected());
        {
            ClientWindowOptions toTcp; // which does not show the box
            toTcp.host = QStringLiteral("127.0.0.1");
            toTcp.port = 1;
            const ClientRun run(settings, toTcp);
        }
        QVERIFY(!settings.isConnected());
        {
            ClientRun run(settings, once);
            part<QAbstractButton>(*run.window, "connected")->click();
        }
        QVERIFY(settings.isConnected());
    }

    // Without a host, a client's options are what stands in its fields.
    void theClientsOptionsFillItsFields()
    {
        ClientWindowOptions options;
        options.transport = Transport::Udp;
        options.connected = false;
        options.local = Endpoint::ipv4(0x7f000001, 4321);
        Client client(options);
        QCOMPARE(part<QComboBox>(*client.window, "transport")->currentText(), QStringLiteral("UDP"));
        QVERIFY(!part<QAbstractButton>(*client.window, "connected")->isChecked());
        QCOMPARE(part<QSpinBox>(*client.window, "localPort")->value(), 4321);
        QVERIFY(client.session.connecting().empty());
        Client other;
        QVERIFY(part<QAbstractButton>(*other.window, "connected")->isChecked());
    }

    void optionsGoBeforeSettings()
    {
        ServerWindowOptions options;
        options.address = Endpoint::ipv4(0x7f000001, 0);
        options.start = true;
        options.answer = AnswerOptions{AnswerMode::Echo};
        Server server(options);
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        QCOMPARE(part<QComboBox>(*server.window, "answer")->currentText(), QStringLiteral("Echo"));

        ClientWindowOptions wanted;
        wanted.host = QStringLiteral("127.0.0.1");
        wanted.port = server.port();
        wanted.lineEnding = LineEnding::None;
        Client client(wanted);
        QTRY_COMPARE(client.session.peers()->openCount(), 1);
        type(*client.window, QStringLiteral("bare"));
        QTRY_COMPARE(received(*client.window), QByteArray("bare"));
    }
};

QTEST_MAIN(RestoringTest)
#include "restoring.moc"
