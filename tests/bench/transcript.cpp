// SPDX-License-Identifier: MIT
// The transcript by itself, in a real window, and the recorder by itself.
//   bench_transcript append ROWS          microseconds, the median, to append 1000 rows to ROWS and paint them
//   bench_transcript live ROWS            what a window does while rows come as fast as a recorder gives them, up to ROWS:
//   rows/s,
//                                         frames/s, p99 and longest gap between two frames, p99 and longest time the GUI thread
//                                         was away from its event loop, each in ms; resident memory at the end in MiB
//   bench_transcript open FILE            ms until a kept session's first rows are painted, ms until all are there, and rows
//   bench_transcript record FILE MIB      MiB/s of a session file of 1 KiB messages, from the first message to the disk
//   bench_transcript write FILE MIB       MiB/s of a plain write(2) in blocks of 1 MiB, to the disk
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>

#include "base/clock.h"
#include "serverwindow.h"
#include "session/openedsession.h"
#include "transcript/recorder.h"
#include "transcript/sessionfiles.h"
#include "ui/conversationpane.h"
#include "ui/settings.h"
#include "ui/transcriptview.h"

using namespace tincan;

namespace {

constexpr std::uint32_t kSize = 80;

double milliseconds(Clock::duration duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

double percentile(std::vector<double> values, double part)
{
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

// Payloads that are all alike.
class Pattern final : public PayloadSource
{
public:
    std::size_t readInto(std::uint64_t /*offset*/, std::span<std::byte> into, int *error) const override
    {
        *error = 0;
        std::fill(into.begin(), into.end(), std::byte{'x'});
        into.back() = std::byte{'\n'};
        return into.size();
    }
};

void addRows(RowBatch &batch, std::size_t count)
{
    static std::uint64_t offset = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Row row;
        row.time = wallNanoseconds();
        row.offset = offset += kSize;
        row.size = kSize;
        row.peer = 1;
        row.kind = RecordKind::Received;
        batch.rows.push_back(row);
    }
}

int append(std::size_t rows)
{
    Index index;
    const Pattern source;
    RowBatch batch;
    while (index.size() < rows) {
        addRows(batch, std::min<std::size_t>(100'000, rows - index.size()));
        index.append(batch);
    }
    TranscriptModel model(index, source, PeerId{1});
    TranscriptView view;
    view.resize(900, 700);
    view.setModel(&model);
    view.show();
    for (QElapsedTimer since =
             [] {
                 QElapsedTimer t;
                 t.start();
                 return t;
             }();
         since.elapsed() < 500;) {
        QCoreApplication::processEvents();
    }
    std::vector<double> took;
    constexpr int kTimes = 400;
    for (int i = 0; i < kTimes; ++i) {
        addRows(batch, 1000);
        const auto begin = Clock::now();
        index.append(batch);
        model.refresh();
        QCoreApplication::sendPostedEvents();
        view.viewport()->repaint();
        took.push_back(milliseconds(Clock::now() - begin) * 1000);
        QCoreApplication::processEvents();
    }
    std::printf("%.1f\n", percentile(took, 0.5));
    return 0;
}

double perSecond(std::size_t bytes, Clock::time_point begin)
{
    return static_cast<double>(bytes) / 1048576 / (milliseconds(Clock::now() - begin) / 1000);
}

bool toDisk(const std::string &path)
{
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return fd && ::fdatasync(fd.get()) == 0;
}

int record(const std::string &path, std::size_t bytes)
{
    Recorder recorder;
    RecordingPlace place{RecordingPlace::Kind::File, QString::fromStdString(path)};
    place.rows = false;
    if (!recorder.open(place, QStringLiteral("bench"))) {
        return 1;
    }
    recorder.start();
    constexpr std::uint32_t kMessage = 1024;
    const std::vector<std::byte> payload(kMessage, std::byte{'z'});
    Batch batch;
    PeerInfo info;
    info.local = Endpoint::ipv4(0x7f000001, 6666);
    info.remote = Endpoint::ipv4(0x7f000001, 50'000);
    batch.details.emplace_back(info);
    batch.records.push_back({.time = wallNanoseconds(), .peer = 1, .detail = 0, .kind = RecordKind::Joined});
    const auto begin = Clock::now();
    for (std::size_t sent = 0; sent < bytes;) {
        if (recorder.isCongested()) {
            std::this_thread::yield();
            continue;
        }
        constexpr std::size_t kBatch = 256;
        for (std::size_t i = 0; i < kBatch; ++i) {
            batch.records.push_back(
                {.time = wallNanoseconds(), .data = payload.data(), .size = kMessage, .peer = 1, .kind = RecordKind::Received});
        }
        batch.bytes = kBatch * kMessage;
        sent += kBatch * kMessage;
        recorder.publish(batch);
    }
    recorder.finish();
    if (!toDisk(path)) {
        return 1;
    }
    std::ifstream file(path, std::ios::ate | std::ios::binary);
    std::printf("%.0f\n", perSecond(static_cast<std::size_t>(file.tellg()), begin));
    return 0;
}

int plainWrite(const std::string &path, std::size_t bytes)
{
    constexpr std::size_t kBlock = std::size_t{1024} * 1024;
    const std::vector<std::byte> block(kBlock, std::byte{'z'});
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)); // NOLINT(*-vararg)
    const auto begin = Clock::now();
    for (std::size_t sent = 0; sent < bytes; sent += kBlock) {
        if (::write(fd.get(), block.data(), kBlock) != static_cast<ssize_t>(kBlock)) {
            return 1;
        }
    }
    if (!toDisk(path)) {
        return 1;
    }
    std::printf("%.0f\n", perSecond(bytes, begin));
    return 0;
}

int residentMebibytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmRSS:", 0) == 0) {
            return std::stoi(line.substr(6)) / 1024;
        }
    }
    return 0;
}

// Publishes batches of 80-byte messages as a net thread would, so many a second, as long as the recorder keeps up.
class Feeder
{
public:
    Feeder(BatchSink &sink, std::size_t rows, double aSecond)
        : m_sink(sink)
        , m_rows(rows)
        , m_aSecond(aSecond)
        , m_thread([this] { run(); })
    {
    }
    Feeder(const Feeder &) = delete;
    Feeder &operator=(const Feeder &) = delete;
    ~Feeder()
    {
        m_stop = true;
        m_thread.join();
    }

private:
    void run()
    {
        constexpr PeerId kPeers = 4;
        Batch batch;
        for (PeerId peer = 1; peer <= kPeers; ++peer) {
            PeerInfo info;
            info.local = Endpoint::ipv4(0x7f000001, 6666);
            info.remote = Endpoint::ipv4(0x7f000001, static_cast<std::uint16_t>(50'000 + peer));
            batch.records.push_back({.time = wallNanoseconds(), .peer = peer, .detail = peer - 1, .kind = RecordKind::Joined});
            batch.details.emplace_back(info);
        }
        m_sink.publish(batch);
        const std::string text = "The quick brown fox jumps over the lazy dog, and then it jumps back once again.\n";
        const auto *bytes = reinterpret_cast<const std::byte *>(text.data());
        const auto begin = Clock::now();
        for (std::size_t sent = 0; sent < m_rows && !m_stop;) {
            const double due = milliseconds(Clock::now() - begin) / 1000 * m_aSecond;
            if (m_sink.isCongested() || static_cast<double>(sent) > due) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                continue;
            }
            constexpr std::size_t kBatch = 2048;
            const std::int64_t now = wallNanoseconds();
            for (std::size_t i = 0; i < kBatch; ++i) {
                batch.records.push_back({.time = now,
                                         .data = bytes,
                                         .size = kSize,
                                         .peer = static_cast<PeerId>(1 + i % kPeers),
                                         .kind = RecordKind::Received});
            }
            batch.bytes = kBatch * kSize;
            sent += kBatch;
            m_sink.publish(batch);
        }
    }

    BatchSink &m_sink;
    std::size_t m_rows;
    double m_aSecond;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

// How long it is from one paint of a widget to the next.
class Frames final : public QObject
{
public:
    std::vector<double> gaps;
    bool eventFilter(QObject *object, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            const auto now = Clock::now();
            if (m_last != TimePoint()) {
                gaps.push_back(milliseconds(now - m_last));
            }
            m_last = now;
        }
        return QObject::eventFilter(object, event);
    }

private:
    TimePoint m_last;
};

int live(std::size_t rows, double aSecond)
{
    QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("bench.ini")));
    ServerSession session;
    if (!session.begin({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("bench"))) {
        return 1;
    }
    ServerWindow window(session, settings);
    window.show();
    Frames frames;
    window.pane()->view()->viewport()->installEventFilter(&frames);
    QElapsedTimer warm;
    warm.start();
    while (warm.elapsed() < 500) {
        QCoreApplication::processEvents();
    }
    // The GUI thread is to be back every 5 ms; what is more, it was away.
    constexpr int kTick = 5;
    std::vector<double> away;
    auto last = Clock::now();
    QTimer tick;
    tick.setTimerType(Qt::PreciseTimer);
    QObject::connect(&tick, &QTimer::timeout, &window, [&] {
        const auto now = Clock::now();
        away.push_back(std::max(0.0, milliseconds(now - last) - kTick));
        last = now;
        if (session.index().size() >= rows) {
            QCoreApplication::quit();
        }
    });
    frames.gaps.clear();
    last = Clock::now();
    tick.start(kTick);
    const auto begin = Clock::now();
    {
        const Feeder feeder(session.sink(), rows, aSecond);
        QCoreApplication::exec();
    }
    const double seconds = milliseconds(Clock::now() - begin) / 1000;
    std::printf("%.0f %.1f %.1f %.1f %.1f %.1f %d\n", session.index().size() / seconds,
                static_cast<double>(frames.gaps.size()) / seconds, percentile(frames.gaps, 0.99), percentile(frames.gaps, 1),
                percentile(away, 0.99), percentile(away, 1), residentMebibytes());
    window.close();
    return 0;
}

// A kept session in a view, as its window shows it: ms until its first rows are painted, and until all of them are there; rows.
int openFile(const std::string &path)
{
    const auto begin = Clock::now();
    OpenedSession session(QString::fromStdString(path), openAnySession);
    const std::unique_ptr<TranscriptModel> model = session.openConversation(ConversationOptions());
    TranscriptView view;
    view.resize(900, 700);
    view.setFollowing(false);
    view.setModel(model.get());
    view.show();
    double first = 0;
    while (session.state() == OpenedSession::State::Reading) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (first == 0 && model->count() > 0) {
            view.viewport()->repaint();
            first = milliseconds(Clock::now() - begin);
        }
    }
    std::printf("%.0f %.0f %d\n", first, milliseconds(Clock::now() - begin), model->count());
    return session.state() == OpenedSession::State::Done ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string what = argc > 1 ? argv[1] : "";
    if (argc == 4 && (what == "record" || what == "write")) {
        const std::size_t bytes = std::stoul(argv[3]) * 1024 * 1024;
        return what == "record" ? record(argv[2], bytes) : plainWrite(argv[2], bytes);
    }
    const QApplication application(argc, argv);
    if (argc == 3 && what == "append") {
        return append(std::stoul(argv[2]));
    }
    if (argc == 4 && what == "live") {
        return live(std::stoul(argv[2]), std::stod(argv[3]));
    }
    if (argc == 3 && what == "open") {
        return openFile(argv[2]);
    }
    std::fprintf(stderr,
                 "usage: bench_transcript append ROWS | live ROWS A_SECOND | open FILE | record FILE MIB | write FILE MIB\n");
    return 2;
}
