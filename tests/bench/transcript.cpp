// SPDX-License-Identifier: MIT
// The transcript by itself, in a real window, and the recorder by itself.
//   bench_transcript append ROWS          microseconds, the median, to append 1000 rows to ROWS and paint them
//   bench_transcript live ROWS            what a window does while rows come as fast as a recorder gives them, up to ROWS:
//   rows/s,
//                                         frames/s, p99 and longest gap between two frames, p99 and longest time the GUI thread
//                                         was away from its event loop, each in ms; resident memory at the end in MiB
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
#include <QPaintEvent>
#include <QTimer>

#include "base/clock.h"
#include "transcript/recorder.h"
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

[[maybe_unused]] int residentMebibytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmRSS:", 0) == 0) {
            return std::stoi(line.substr(6)) / 1024;
        }
    }
    return 0;
}

// Publishes batches of 80-byte messages as a net thread would, as long as the recorder keeps up.
class Feeder
{
public:
    Feeder(Recorder &recorder, std::size_t rows)
        : m_recorder(recorder)
        , m_rows(rows)
        , m_thread([this] { run(); })
    {
    }
    ~Feeder()
    {
        m_stop = true;
        m_thread.join();
    }

private:
    void run()
    {
        Batch batch;
        PeerInfo info;
        info.local = Endpoint::ipv4(0x7f000001, 6666);
        info.remote = Endpoint::ipv4(0x7f000001, 50'000);
        batch.details.emplace_back(info);
        batch.records.push_back({.time = wallNanoseconds(), .peer = 1, .detail = 0, .kind = RecordKind::Joined});
        m_recorder.publish(batch);
        const std::vector<std::byte> bytes(kSize, std::byte{'y'});
        for (std::size_t sent = 0; sent < m_rows && !m_stop;) {
            if (m_recorder.isCongested()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                continue;
            }
            constexpr std::size_t kBatch = 4096;
            for (std::size_t i = 0; i < kBatch; ++i) {
                batch.records.push_back(
                    {.time = wallNanoseconds(), .data = bytes.data(), .size = kSize, .peer = 1, .kind = RecordKind::Received});
            }
            batch.bytes = kBatch * kSize;
            sent += kBatch;
            m_recorder.publish(batch);
        }
    }

    Recorder &m_recorder;
    std::size_t m_rows;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

class Frames final : public QObject
{
public:
    std::vector<double> gaps;
    bool eventFilter(QObject *object, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            const auto now = Clock::now();
            if (m_last != Clock::time_point()) {
                gaps.push_back(milliseconds(now - m_last));
            }
            m_last = now;
        }
        return QObject::eventFilter(object, event);
    }

private:
    Clock::time_point m_last;
};

} // namespace

int main(int argc, char **argv)
{
    const std::string what = argc > 1 ? argv[1] : "";
    const std::size_t count = argc > 2 && what != "record" && what != "write" ? std::stoul(argv[2]) : 0;
    if (argc == 4 && (what == "record" || what == "write")) {
        const std::size_t bytes = std::stoul(argv[3]) * 1024 * 1024;
        return what == "record" ? record(argv[2], bytes) : plainWrite(argv[2], bytes);
    }
    const QApplication application(argc, argv);
    if (what == "append") {
        return append(count);
    }
    std::fprintf(stderr, "usage: bench_transcript append ROWS\n");
    return 2;
}
