// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

#include "base/answeroptions.h"
#include "session/listenrequest.h"
#include "session/livesession.h"
#include "transcript/keptsessions.h"
#include "transcript/lens.h"
#include "transcript/payload.h"
#include "transcript/saver.h"
#include "ui/theme.h"

namespace tincan {

// What a window remembers from one run to the next, in one INI file a program. GUI thread. A value that was never written, or
// that makes no sense, reads as its default.
class Settings
{
public:
    // `file`: where it lies; it need not exist.
    explicit Settings(const QString &file);
    // $XDG_CONFIG_HOME/tincan/<program>.ini
    static QString fileOf(const QString &program);

    // Window
    QByteArray geometry() const { return bytes("window/geometry"); }
    void setGeometry(const QByteArray &geometry) { put("window/geometry", geometry); }
    QByteArray splitter(const QString &name) const;
    void setSplitter(const QString &name, const QByteArray &state);
    bool isCallsShown() const { return flag("window/calls", true); }
    void setCallsShown(bool shown) { put("window/calls", shown); }
    bool isPeersShown() const { return flag("window/peers", true); }
    void setPeersShown(bool shown) { put("window/peers", shown); }
    bool isInspectorShown() const { return flag("window/inspector", false); }
    void setInspectorShown(bool shown) { put("window/inspector", shown); }
    bool isKernelStatesShown() const { return flag("window/kernelStates", false); }
    void setKernelStatesShown(bool shown) { put("window/kernelStates", shown); }
    Theme theme() const { return choice("window/theme", Theme::System, Theme::Dark); }
    void setTheme(Theme theme) { put("window/theme", static_cast<int>(theme)); }

    // Conversation
    int showAs() const { return number("conversation/showAs", 0, 0, 2); }
    void setShowAs(int index) { put("conversation/showAs", index); }
    int timesAs() const { return number("conversation/timesAs", 1, 0, 3); }
    void setTimesAs(int index) { put("conversation/timesAs", index); }
    // What the lenses need to know. Which of them is chosen is not kept: a window begins with the reads, as they were.
    Lens lens() const;
    void setLens(const Lens &lens);
    int zoom() const { return number("conversation/zoom", 100, 50, 400); } // percent
    void setZoom(int percent) { put("conversation/zoom", percent); }
    QString encoding() const { return text("conversation/encoding", QStringLiteral("utf-8")); } // of Encoding: its id
    void setEncoding(const QString &id) { put("conversation/encoding", id); }
    ComposeAs composeAs() const { return choice("conversation/composeAs", ComposeAs::Text, ComposeAs::Hex); }
    void setComposeAs(ComposeAs as) { put("conversation/composeAs", static_cast<int>(as)); }
    LineEnding lineEnding() const { return choice("conversation/lineEnding", LineEnding::Lf, LineEnding::Nul); }
    void setLineEnding(LineEnding ending) { put("conversation/lineEnding", static_cast<int>(ending)); }

    // Saving
    QString saveFolder() const { return text("save/folder", {}); }
    void setSaveFolder(const QString &folder) { put("save/folder", folder); }
    SaveFormat saveFormat() const { return choice("save/format", SaveFormat::Pcapng, SaveFormat::HexDump); }
    void setSaveFormat(SaveFormat format) { put("save/format", static_cast<int>(format)); }
    // Kept sessions
    Retention retention() const;
    void setRetention(const Retention &retention);
    int sessionGiB() const { return number("history/sessionGiB", 4, 1, 1024); } // of one session at most
    void setSessionGiB(int limit) { put("history/sessionGiB", limit); }
    qint64 lastStart() const; // milliseconds since 1970; 0: never
    void setLastStart(qint64 milliseconds) { put("history/lastStart", milliseconds); }
    QStringList openedFiles() const { return m_store.value(QStringLiteral("history/opened")).toStringList(); } // latest first
    void addOpenedFile(const QString &path);
    QByteArray savedGeometry() const { return bytes("window/savedGeometry"); } // of windows of kept sessions
    void setSavedGeometry(const QByteArray &geometry) { put("window/savedGeometry", geometry); }

    // Where to
    QString address() const { return text("endpoint/address", QStringLiteral("127.0.0.1")); }
    void setAddress(const QString &address) { put("endpoint/address", address); }
    int port() const { return number("endpoint/port", 6666, 0, 65'535); }
    void setPort(int port) { put("endpoint/port", port); }
    QStringList hosts() const; // latest first
    void addHost(const QString &host);

    Transport transport() const { return choice("endpoint/transport", Transport::Tcp, Transport::UnixSeqpacket); }
    void setTransport(Transport transport) { put("endpoint/transport", static_cast<int>(transport)); }
    QString path() const { return text("endpoint/path", {}); } // of Unix transports
    void setPath(const QString &path) { put("endpoint/path", path); }
    QStringList paths() const { return m_store.value(QStringLiteral("endpoint/paths")).toStringList(); } // latest first
    void addPath(const QString &path);
    // Of the first listener, all but its address, its transport and its backlog; and the others.
    ListenRequest serving() const;
    void setServing(const ListenRequest &request);
    std::vector<ListenRequest> listeners() const;
    void setListeners(const std::vector<ListenRequest> &listeners);
    Endpoint from() const; // of a client: the address it binds to before it connects; empty: the kernel chooses
    void setFrom(const Endpoint &from);
    Endpoint fromPath() const; // likewise of a Unix socket
    void setFromPath(const Endpoint &from);
    bool isConnected() const { return flag("client/connected", true); } // of datagrams: by connect(2)
    void setConnected(bool connected) { put("client/connected", connected); }

    // Behaviour
    QStringList socketOptions() const
    {
        return m_store.value(QStringLiteral("sockets/options")).toStringList();
    } // see optionsToList()
    void setSocketOptions(const QStringList &options) { put("sockets/options", options); }
    AnswerOptions answer() const;
    void setAnswer(const AnswerOptions &answer);
    SessionSettings session() const;
    void setSession(const SessionSettings &session);
    int backlog() const;
    void setBacklog(int backlog) { put("server/backlog", backlog); }
    int connectMilliseconds() const { return number("client/connectMilliseconds", 10'000, 100, 600'000); }
    void setConnectMilliseconds(int limit) { put("client/connectMilliseconds", limit); }

private:
    QByteArray bytes(const char *key) const;
    QString text(const char *key, const QString &otherwise) const;
    bool flag(const char *key, bool otherwise) const;
    int number(const char *key, int otherwise, int least, int most) const;
    void put(const char *key, const QVariant &value);

    template<typename Choice>
    Choice choice(const char *key, Choice otherwise, Choice last) const
    {
        return static_cast<Choice>(number(key, static_cast<int>(otherwise), 0, static_cast<int>(last)));
    }

    QSettings m_store;
};

} // namespace tincan
