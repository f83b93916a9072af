// SPDX-License-Identifier: MIT
// Searching for bytes that do not occur, through a session file of messages of one size, beside `grep -c -F` on the same file,
// both from the page cache and in turns. Prints the median of the ratios of their speeds, then both medians in MB/s.
//   search FOLDER MIB SIZE ROUNDS
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "transcript/recorder.h"
#include "transcript/searcher.h"

using namespace tincan;

namespace {

using Clock = std::chrono::steady_clock;
constexpr const char *kWanted = "no such needle";

double since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Lines of words, as peers send them.
Batch makeBatch(std::uint32_t size)
{
    Batch batch;
    batch.chunks.push_back(ChunkRef::make());
    std::byte *data = batch.chunks.back()->data();
    static constexpr char kWords[] = "the quick brown fox jumps over the lazy dog and on needles; "; // NOLINT
    static std::size_t at = 0;
    for (std::uint32_t used = 0; used + size <= Chunk::kSize; used += size) {
        Record record;
        record.kind = RecordKind::Received;
        record.peer = 1;
        record.data = data + used;
        record.size = size;
        for (std::uint32_t i = 0; i + 1 < size; ++i) {
            data[used + i] = static_cast<std::byte>(kWords[at++ % (sizeof kWords - 1)]);
        }
        data[used + size - 1] = std::byte{'\n'};
        batch.records.push_back(record);
        batch.bytes += size;
    }
    return batch;
}

void record(Recorder &recorder, Index &index, std::uint64_t bytes, std::uint32_t size)
{
    RowBatch rows;
    std::uint64_t published = 0;
    const auto take = [&] {
        if (recorder.takeRows(rows)) {
            index.append(rows);
            rows.clear();
        }
    };
    for (; published < bytes; take()) {
        if (!recorder.isCongested()) {
            Batch batch = makeBatch(size);
            published += batch.bytes;
            recorder.publish(batch);
        }
    }
    recorder.finish();
    take();
}

double ours(const Recorder &recorder, const Index &index)
{
    const std::atomic<bool> cancelled = false;
    std::vector<Hit> hits;
    const auto begin = Clock::now();
    Searcher searcher(recorder, *Pattern::make(FindAs::Text, QString::fromLatin1(kWanted), true), SearchIn::Both);
    const ConversationView view(index.rows());
    while (searcher.done() < view.size()) {
        searcher.run(view, cancelled, std::chrono::milliseconds(40), hits);
    }
    if (!hits.empty() || searcher.unreadable() > 0) {
        std::fprintf(stderr, "search: what cannot be was found, or could not be read\n");
        std::exit(1);
    }
    return since(begin);
}

double grep(const std::string &path)
{
    const std::string command = std::string("grep -c -F '") + kWanted + "' '" + path + "' > /dev/null";
    const auto begin = Clock::now();
    static_cast<void>(std::system(command.c_str())); // NOLINT: 1 where nothing is found
    return since(begin);
}

double median(std::vector<double> of)
{
    std::sort(of.begin(), of.end());
    return of[of.size() / 2];
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 5) {
        std::fprintf(stderr, "usage: search FOLDER MIB SIZE ROUNDS\n");
        return 2;
    }
    const std::string path = std::string(argv[1]) + "/search.pcapng";
    const double bytes = std::strtod(argv[2], nullptr) * 1024 * 1024;
    Recorder recorder;
    if (!recorder.open({RecordingPlace::Kind::File, QString::fromStdString(path)}, QStringLiteral("bench"))) {
        std::perror(path.c_str());
        return 1;
    }
    recorder.start();
    Index index;
    record(recorder, index, static_cast<std::uint64_t>(bytes), static_cast<std::uint32_t>(std::atoi(argv[3])));
    std::vector<double> ratios;
    std::vector<double> mine;
    std::vector<double> theirs;
    for (int round = -1; round < std::atoi(argv[4]); ++round) { // the first is not counted
        const double one = ours(recorder, index);
        const double other = grep(path);
        if (round >= 0) {
            ratios.push_back(other / one);
            mine.push_back(bytes / one / 1e6);
            theirs.push_back(bytes / other / 1e6);
        }
    }
    std::printf("%.3f %.0f %.0f\n", median(ratios), median(mine), median(theirs));
    return 0;
}
