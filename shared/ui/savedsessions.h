// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include <QObject>
#include <QString>

#include "session/openedsession.h"

class QWidget;

namespace tincan {

class SavedSessionWindow;
class Settings;

// The kept sessions that are open, each in a window of its own. GUI thread.
class SavedSessions final : public QObject
{
    Q_OBJECT
public:
    // `settings` outlives it.
    explicit SavedSessions(Settings &settings, QObject *parent = nullptr);
    ~SavedSessions() override;

    // How files are opened; openAnySession() unless it is told otherwise.
    void setOpener(const OpenedSession::Opener &opener) { m_opener = opener; }

    // Opens it in a window, or brings forward the one that shows it already.
    SavedSessionWindow *open(const QString &path);
    std::vector<SavedSessionWindow *> windows() const;

    // Closes these windows and, by quitAsked(), that of the running session.
    void quit();

signals:
    void quitAsked();

private:
    struct Opened;
    void forget(const SavedSessionWindow *window);

    Settings &m_settings;
    OpenedSession::Opener m_opener;
    std::vector<std::unique_ptr<Opened>> m_opened;
};

} // namespace tincan
