// SPDX-License-Identifier: MIT
// The server's window with many idle peers, and its inspector.
//   bench_inspector LOADER CONNECTIONS SECONDS      per cent of a core with the inspector closed; open for one peer; open for all
//                                                   of them; then the longest time the GUI thread was away from its event loop
//                                                   while it is open and peers are stepped through, in ms
// LOADER is bench_load. Each figure is taken for SECONDS.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <sys/resource.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

#include "net/engine.h"
#include "serverwindow.h"
#include "session/peermodel.h"
#include "ui/settings.h"

using namespace tincan;

namespace {

double processorSeconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds
        = [](const timeval &time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void runFor(double seconds)
{
    QTimer::singleShot(static_cast<int>(seconds * 1000), qApp, [] { QCoreApplication::quit(); });
    QCoreApplication::exec();
}

// In per cent of one core.
double loadOf(double seconds)
{
    runFor(1); // what the change itself costs is not counted
    const double before = processorSeconds();
    runFor(seconds);
    return (processorSeconds() - before) / seconds * 100;
}

// The GUI thread is to be back every 5 ms; what is more, it was away.
double longestAway(const SessionWindow &window, double seconds)
{
    constexpr int kTick = 5;
    QElapsedTimer since;
    double longest = 0;
    QTimer tick;
    tick.setTimerType(Qt::PreciseTimer);
    QObject::connect(&tick, &QTimer::timeout, &window, [&] {
        longest = std::max(longest, static_cast<double>(since.nsecsElapsed()) / 1e6 - kTick);
        since.start();
    });
    QTimer step;
    QObject::connect(&step, &QTimer::timeout, &window, [&] { window.actions().nextPeer->trigger(); });
    step.start(300);
    since.start();
    tick.start(kTick);
    runFor(seconds);
    return longest;
}

bool waitFor(double seconds, const std::function<bool()> &holds)
{
    QElapsedTimer since;
    since.start();
    while (!holds() && since.elapsed() < seconds * 1000) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
    }
    return holds();
}

int measure(const QString &loader, int connections, double seconds)
{
    QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("bench.ini")));
    ServerSession session;
    if (!session.begin({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("bench"))) {
        return 1;
    }
    ServerWindow window(session, settings);
    window.show();
    session.setAnswer({.mode = AnswerMode::Echo});
    session.start(Endpoint::ipv4(INADDR_LOOPBACK, 0), SOMAXCONN);
    if (!waitFor(5, [&] { return session.state() == ServerSession::State::Listening; })) {
        return 1;
    }
    QProcess load;
    load.start(loader, {QString::number(session.listeningOn().port()), QStringLiteral("hold"), QString::number(connections)});
    if (!waitFor(60, [&] { return session.peers()->openCount() == connections; })) {
        std::fprintf(stderr, "only %d connections\n", session.peers()->openCount());
        return 1;
    }
    const double closed = loadOf(seconds);
    window.peerList()->choose(1);
    window.actions().showInspector->setChecked(true);
    const double one = loadOf(seconds);
    window.peerList()->choose(kNoPeer);
    const double all = loadOf(seconds);
    window.peerList()->choose(1);
    const double away = longestAway(window, seconds);
    std::printf("%.2f %.2f %.2f %.1f\n", closed, one, all, away);
    std::fflush(stdout);
    load.closeWriteChannel();
    load.waitForFinished();
    // Ten thousand orderly ends are not what is measured.
    std::_Exit(0);
}

} // namespace

int main(int argc, char **argv)
{
    const QApplication application(argc, argv);
    if (argc != 4) {
        std::fprintf(stderr, "usage: bench_inspector LOADER CONNECTIONS SECONDS\n");
        return 2;
    }
    if (const auto limit = raiseDescriptorLimit(); !limit) {
        return 1;
    }
    return measure(QString::fromLocal8Bit(argv[1]), std::atoi(argv[2]), std::atof(argv[3]));
}
