// SPDX-License-Identifier: MIT
// What a command line gives goes before the settings, until that very setting is changed; it is not remembered.
#include "windows.h"

#include <QDialog>

#include "session/listenermodel.h"
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class GivenTest : public QObject
{
    Q_OBJECT

private:
    static QDialog *openSettings(const SessionWindow &window)
    {
        window.actions().settings->trigger();
        return part<QDialog>(window, "settings");
    }
    static void enter(const QWidget &dialog, const char *name, const QString &value)
    {
        auto *edit = part<QSpinBox>(dialog, name);
        edit->selectAll();
        QTest::keyClicks(edit, value);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    static ServerWindowOptions given()
    {
        ServerWindowOptions options;
        options.address = Endpoint::ipv4(0x7f000001, 0);
        options.start = true;
        options.maxPeers = 1;
        options.backlog = 7;
        options.afterFin = AfterFin::KeepOpen;
        return options;
    }
    static bool isLimitReached(const Server &server)
    {
        bool isReached = false;
        const Index &index = server.session.index();
        for (RowNumber number = 0; number < index.size(); ++number) {
            const auto *note = index.detailOf<NoteInfo>(index.row(number));
            isReached = isReached || (note && note->code == NoteCode::PeerLimitReached);
        }
        return isReached;
    }

private slots:
    void anotherSettingLeavesTheServersAlone()
    {
        Server server(given());
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        const QDialog *dialog = openSettings(*server.window);
        enter(*dialog, "drainWait", QStringLiteral("9"));
        QCOMPARE(server.settings.session().drainMilliseconds, 9000);

        QCOMPARE(server.session.answer().afterFin, AfterFin::KeepOpen);
        QCOMPARE(server.session.listeners()->view(0).asked.backlog, 7);
        const RawPeer first(server.port());
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        const RawPeer second(server.port());
        QTRY_VERIFY(isLimitReached(server));
        QCOMPARE(server.session.peers()->openCount(), 1);

        click(*server.window, "startStop");
        QTRY_COMPARE(server.session.state(), ServerSession::State::Stopped);
        click(*server.window, "startStop");
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        QCOMPARE(server.session.listenInfos().front().backlog, 7);
    }

    void theSettingItselfGoesBeforeIt()
    {
        Server server(given());
        QTRY_COMPARE(server.session.state(), ServerSession::State::Listening);
        const QDialog *dialog = openSettings(*server.window);
        enter(*dialog, "backlog", QStringLiteral("9"));
        QCOMPARE(server.session.listeners()->view(0).asked.backlog, 9);
        QCOMPARE(server.session.answer().afterFin, AfterFin::KeepOpen);
        part<QComboBox>(*dialog, "afterFin")->setCurrentIndex(2);
        QCOMPARE(server.session.answer().afterFin, AfterFin::Finish);
        part<QComboBox>(*dialog, "afterFin")->setCurrentIndex(0); // as it was before, but now it was chosen
        QCOMPARE(server.session.answer().afterFin, AfterFin::Automatic);

        enter(*dialog, "maxPeers", QStringLiteral("2"));
        const RawPeer first(server.port());
        const RawPeer second(server.port());
        QTRY_COMPARE(server.session.peers()->openCount(), 2);
    }

    void isNotRemembered()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("server.ini")));
        settings.setAnswer({AnswerMode::Manual, false, AfterFin::Finish});
        ServerSession session;
        QVERIFY(session.begin(kForgotten, QStringLiteral("test")));
        ServerWindow window(session, settings, given());
        window.show();
        part<QComboBox>(window, "answer")->setCurrentText(QStringLiteral("Echo"));
        QCOMPARE(session.answer().afterFin, AfterFin::KeepOpen);
        window.close();
        QCOMPARE(settings.answer().afterFin, AfterFin::Finish);
        QCOMPARE(settings.answer().mode, AnswerMode::Echo);
        QCOMPARE(settings.session().maxPeers, 0);
        QCOMPARE(settings.backlog(), SOMAXCONN);
    }

    void theClientsTimeLimit()
    {
        // A full accept queue: the next SYN is dropped, and connect waits.
        const UniqueFd full(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_storage storage{};
        socklen_t size = Endpoint::ipv4(0x7f000001, 0).toSockaddr(storage);
        QVERIFY(::bind(full.get(), reinterpret_cast<sockaddr *>(&storage), size) == 0 && ::listen(full.get(), 0) == 0);
        size = sizeof storage;
        QVERIFY(::getsockname(full.get(), reinterpret_cast<sockaddr *>(&storage), &size) == 0);
        std::vector<UniqueFd> fillers;
        for (int i = 0; i < 4; ++i) {
            const UniqueFd &filler = fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            ::connect(filler.get(), reinterpret_cast<sockaddr *>(&storage), size);
        }

        ClientWindowOptions options;
        options.timeoutMilliseconds = 200;
        Client client(options);
        const QDialog *dialog = openSettings(*client.window);
        enter(*dialog, "finWait", QStringLiteral("1"));
        const quint16 port = Endpoint::fromSockaddr(reinterpret_cast<sockaddr *>(&storage), size).port();
        client.connectTo(port);
        QTRY_VERIFY2(noticed(*client.window).contains(QStringLiteral("within 0.2 s")), qPrintable(noticed(*client.window)));
        enter(*dialog, "connectLimit", QStringLiteral("1"));
        client.connectTo(port);
        QTRY_VERIFY2(noticed(*client.window).contains(QStringLiteral("within 1 s")), qPrintable(noticed(*client.window)));
    }
};

QTEST_MAIN(GivenTest)
#include "given.moc"
