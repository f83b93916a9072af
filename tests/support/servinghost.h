// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>

#include "support/enginehost.h"

namespace tincan::test {

// The ways to serve, as rows of a test: [mode, loops].
struct Way {
    const char *name;
    Serving serving;
    int loops;
};
inline constexpr std::array kWays
    = {Way{"event loop", Serving::EventLoop, 1}, Way{"three loops", Serving::EventLoop, 3},
       Way{"thread per peer", Serving::ThreadPerPeer, 1}, Way{"process per peer", Serving::ProcessPerPeer, 1}};

inline qsizetype countLines(const char *path, const QByteArray &beginning = {})
{
    QFile file(QString::fromLatin1(path));
    qsizetype count = 0;
    if (file.open(QIODevice::ReadOnly)) {
        const QList<QByteArray> words = file.readAll().split(beginning.isEmpty() ? ' ' : '\n');
        count = std::count_if(words.begin(), words.end(),
                              [&](const QByteArray &word) { return !word.trimmed().isEmpty() && word.startsWith(beginning); });
    }
    return count;
}

// Of this process: what must be as it was when all is over.
struct Inventory {
    qsizetype descriptors = openDescriptors();
    qsizetype threads = QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
    qsizetype children = childCount();

    // Zombies are children too. Each thread lists those that it began.
    static qsizetype childCount()
    {
        qsizetype count = 0;
        const QDir tasks(QStringLiteral("/proc/self/task"));
        for (const QString &task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            count += countLines(qPrintable(tasks.filePath(task + QLatin1String("/children"))));
        }
        return count;
    }
    friend bool operator==(const Inventory &, const Inventory &) = default;
};

inline char *toString(const Inventory &all)
{
    return QTest::toString(
        QStringLiteral("%1 descriptors, %2 threads, %3 children").arg(all.descriptors).arg(all.threads).arg(all.children));
}

// An engine that listens in one of the ways.
template<typename Sys = RealSyscalls>
class ServingHostOf : public EngineHost<Sys>
{
public:
    using EngineHost<Sys>::engine;
    using EngineHost<Sys>::run;
    using EngineHost<Sys>::sink;
    using EngineHost<Sys>::waitFor;

    ServingHostOf()
    {
        run([this] { engine.setPeerProgram(TINCAN_PEER); });
    }

    std::uint16_t serve(Serving serving, int loops = 1, AnswerMode mode = AnswerMode::Manual)
    {
        run([&] {
            engine.setAnswer({.mode = mode});
            ListenOptions options{.address = *Endpoint::fromAddress("127.0.0.1", 0)};
            options.serving = serving;
            options.loops = loops;
            m_listener = engine.listen(options);
        });
        const auto *event = waitFor(RecordKind::Listening, kNoPeer, ++m_listening);
        return event ? std::get<ListenInfo>(event->detail).local.port() : 0;
    }
    ListenerId listener() const { return m_listener; }
    std::size_t peerCount()
    {
        std::size_t count = 0;
        run([&] { count = engine.peerCount(); });
        return count;
    }
    pid_t childOf(PeerId peer) const { return static_cast<pid_t>(servedBy(peer, NoteCode::ServedByProcess)); }
    // The number in the note of that code about the peer: its thread or its process. 0 where there is none.
    std::int64_t servedBy(PeerId peer, NoteCode code) const
    {
        for (const auto &event : sink.events()) {
            const auto *note = std::get_if<NoteInfo>(&event.detail);
            if (note && note->code == code && event.peer == peer) {
                return note->a;
            }
        }
        return 0;
    }

private:
    ListenerId m_listener = kNoListener;
    int m_listening = 0;
};
using ServingHost = ServingHostOf<>;

} // namespace tincan::test
