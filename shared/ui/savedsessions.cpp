// SPDX-License-Identifier: MIT
#include "ui/savedsessions.h"

#include <algorithm>

#include <QFileInfo>
#include <QTimer>

#include "transcript/recordingplace.h"
#include "transcript/sessionfiles.h"
#include "ui/savedsessionwindow.h"
#include "ui/settings.h"

namespace tincan {

struct SavedSessions::Opened {
    Opened(const QString &path, const OpenedSession::Opener &opener, Settings &settings, SavedSessions &saved)
        : session(path, opener)
        , window(session, settings, saved)
    {
    }
    OpenedSession session;
    SavedSessionWindow window; // goes before the session that it shows
};

SavedSessions::SavedSessions(Settings &settings, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_opener(openAnySession)
{
}

SavedSessions::~SavedSessions() = default;

SavedSessionWindow *SavedSessions::open(const QString &path)
{
    const QString whole = QFileInfo(path).absoluteFilePath();
    auto opened = std::find_if(m_opened.begin(), m_opened.end(), [&](const auto &shown) {
        return shown->session.path() == whole && shown->session.state() != OpenedSession::State::Failed
            && shown->window.isVisible();
    });
    if (opened == m_opened.end()) {
        m_opened.push_back(std::make_unique<Opened>(whole, m_opener, m_settings, *this));
        opened = std::prev(m_opened.end());
        SavedSessionWindow *window = &(*opened)->window;
        // Not while it is still closing.
        connect(window, &SavedSessionWindow::closed, this,
                [this, window] { QTimer::singleShot(0, this, [this, window] { forget(window); }); });
        connect(&(*opened)->session, &OpenedSession::stateChanged, this, [this, whole](OpenedSession::State state) {
            // Those in the state folder are found there.
            if (state != OpenedSession::State::Failed && QFileInfo(whole).path() != stateFolder()) {
                m_settings.addOpenedFile(whole);
            }
        });
    }
    SavedSessionWindow &window = (*opened)->window;
    window.show();
    window.raise();
    window.activateWindow();
    return &window;
}

std::vector<SavedSessionWindow *> SavedSessions::windows() const
{
    std::vector<SavedSessionWindow *> windows;
    for (const auto &opened : m_opened) {
        if (opened->window.isVisible()) {
            windows.push_back(&opened->window);
        }
    }
    return windows;
}

void SavedSessions::quit()
{
    for (SavedSessionWindow *window : windows()) {
        window->close();
    }
    emit quitAsked();
}

void SavedSessions::forget(const SavedSessionWindow *window)
{
    std::erase_if(m_opened, [window](const auto &opened) { return &opened->window == window; });
}

} // namespace tincan
