// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "clientwindow.h"
#include "serverwindow.h"
#include "session/peermodel.h"
#include "session/transcriptmodel.h"
#include "ui/composer.h"
#include "ui/conversationpane.h"
#include "ui/messageedit.h"
#include "ui/rowtext.h"
#include "ui/settings.h"

namespace tincan::test {

inline const RecordingPlace kForgotten{RecordingPlace::Kind::Forgotten, {}};

// The control with this objectName, which must be there.
template<typename T>
T *part(const QWidget &window, const char *name)
{
    auto *found = window.findChild<T *>(QLatin1String(name));
    if (!found) {
        qFatal("no control %s", name);
    }
    return found;
}

inline void click(const QWidget &window, const char *name)
{
    QTest::mouseClick(part<QWidget>(window, name), Qt::LeftButton);
}

// Presses the button of the only notice, once those before it are gone.
inline void pressNoticeAction(const QWidget &window)
{
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    click(window, "noticeAction");
}

inline bool activate(QWidget &window)
{
    window.activateWindow();
    return QTest::qWaitForWindowActive(&window);
}

inline void type(const QWidget &window, const QString &text)
{
    auto *edit = part<MessageEdit>(window, "message");
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Return);
}

// Clicks the peer's row, as a hand would.
inline void pick(const SessionWindow &window, PeerId peer, Qt::KeyboardModifiers keys = {})
{
    QListView *view = window.peerList()->view();
    for (int row = 0; row < view->model()->rowCount(); ++row) {
        const QModelIndex index = view->model()->index(row, 0);
        if (index.data(PeerModel::IdRole).toUInt() == peer) {
            view->scrollTo(index);
            QTest::mouseClick(view->viewport(), Qt::LeftButton, keys, view->visualRect(index).center());
            return;
        }
    }
    qFatal("no row for peer %u", peer);
}

// The id of the n-th peer that came, counted from 1.
inline PeerId nth(const Session &session, int n)
{
    return n < session.peers()->rowCount() ? session.peers()->peer(n).id : kNoPeer;
}

// The state of the n-th peer that came; Connecting while it has not.
inline PeerState stateOf(const Session &session, int n)
{
    return n < session.peers()->rowCount() ? session.peers()->peer(n).state : PeerState::Connecting;
}

// All bytes of this kind in the conversation on screen, one after the other.
inline QByteArray shown(const SessionWindow &window, RecordKind kind)
{
    const TranscriptModel &model = *window.pane()->model();
    QByteArray all;
    for (int row = 0; row < model.count(); ++row) {
        if (model.row(row).kind == kind) {
            all += model.bytes(row, UINT32_MAX);
        }
    }
    return all;
}

inline QByteArray received(const SessionWindow &window)
{
    return shown(window, RecordKind::Received);
}

// What the notices of the window say, a line each.
inline QString noticed(const SessionWindow &window)
{
    QStringList lines;
    for (const QLabel *label : window.notices()->findChildren<QLabel *>()) {
        if (label->isVisibleTo(&window)) {
            lines << label->text();
        }
    }
    return lines.join(u'\n');
}

// The rows of the conversation on screen, as they are spoken.
inline QStringList spokenRows(const SessionWindow &window)
{
    const TranscriptModel &model = *window.pane()->model();
    QStringList lines;
    for (int row = 0; row < model.count(); ++row) {
        lines << spokenText(model, row);
    }
    return lines;
}

inline QString spoken(const SessionWindow &window, int row)
{
    return window.peerList()->view()->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
}

// Tests that leave peers behind are not held up by them.
inline void waitForNobody(Settings &settings)
{
    SessionSettings quick;
    quick.drainMilliseconds = 100;
    quick.afterFinMilliseconds = 100;
    settings.setSession(quick);
}

// A server's window, as main() opens it.
struct Server {
    QTemporaryDir folder;
    Settings settings{folder.filePath(QStringLiteral("server.ini"))};
    ServerSession session;
    std::unique_ptr<ServerWindow> window;

    explicit Server(const ServerWindowOptions &options = {}, const RecordingPlace &place = kForgotten)
    {
        if (!session.begin(place, QStringLiteral("tincan-server test"))) {
            qFatal("no session file");
        }
        waitForNobody(settings);
        window = std::make_unique<ServerWindow>(session, settings, options);
        window->show();
    }
    ~Server() { window->close(); }

    bool start() const
    {
        part<QSpinBox>(*window, "port")->setValue(0);
        click(*window, "startStop");
        return QTest::qWaitFor([this] { return session.state() == ServerSession::State::Listening; });
    }
    quint16 port() const { return session.listeningOn().port(); }
    // Chooses it, and waits until the loop has it.
    bool answer(const QString &choice) const
    {
        const auto told = [this] {
            int notes = 0;
            for (RowNumber number = 0; number < session.index().size(); ++number) {
                const auto *note = session.index().detailOf<NoteInfo>(session.index().row(number));
                notes += static_cast<int>(note && note->code == NoteCode::AnswerChanged);
            }
            return notes;
        };
        const int before = told();
        part<QComboBox>(*window, "answer")->setCurrentText(choice);
        return QTest::qWaitFor([&] { return told() > before; });
    }
};

struct Client {
    QTemporaryDir folder;
    Settings settings{folder.filePath(QStringLiteral("client.ini"))};
    ClientSession session;
    std::unique_ptr<ClientWindow> window;

    explicit Client(const ClientWindowOptions &options = {})
    {
        if (!session.begin(kForgotten, QStringLiteral("test"))) {
            qFatal("no session file");
        }
        waitForNobody(settings);
        window = std::make_unique<ClientWindow>(session, settings, options);
        window->show();
    }
    ~Client() { window->close(); }

    void connectTo(quint16 port) const
    {
        part<QSpinBox>(*window, "port")->setValue(port);
        click(*window, "connectButton");
    }
    // The id of the new connection; kNoPeer where it did not come about.
    PeerId connectAndWait(quint16 port) const
    {
        const int before = session.peers()->openCount();
        connectTo(port);
        const bool isUp = QTest::qWaitFor([&] { return session.peers()->openCount() == before + 1; });
        return isUp ? session.peers()->peer(session.peers()->rowCount() - 1).id : kNoPeer;
    }
};

// Starts the one, connects the other to it, and selects each other's row in both.
inline bool meet(Server &server, Client &client)
{
    if (!server.start() || client.connectAndWait(server.port()) == kNoPeer
        || !QTest::qWaitFor([&] { return server.session.peers()->openCount() == 1; })) {
        return false;
    }
    pick(*server.window, nth(server.session, 1));
    pick(*client.window, nth(client.session, 1));
    return true;
}

} // namespace tincan::test
