// SPDX-License-Identifier: MIT
#include "net/listenstats.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

namespace tincan {

namespace {

std::string_view takeWord(std::string_view &line)
{
    const auto from = std::min(line.find_first_not_of(' '), line.size());
    const auto to = std::min(line.find(' ', from), line.size());
    const std::string_view word = line.substr(from, to - from);
    line.remove_prefix(to);
    return word;
}

std::string_view takeLine(std::string_view &text)
{
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::int64_t numberOf(std::string_view word)
{
    std::int64_t number = -1;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    return error == std::errc{} && end == word.data() + word.size() ? number : -1;
}

} // namespace

// Two lines a group: the names, then the values.
ListenStats listenStatsOf(std::string_view netstat)
{
    ListenStats stats;
    while (!netstat.empty()) {
        std::string_view names = takeLine(netstat);
        if (!names.starts_with("TcpExt:")) {
            continue;
        }
        std::string_view values = takeLine(netstat);
        for (std::string_view name = takeWord(names); !name.empty(); name = takeWord(names)) {
            const std::string_view value = takeWord(values);
            if (name == "ListenOverflows") {
                stats.overflows = numberOf(value);
            } else if (name == "ListenDrops") {
                stats.drops = numberOf(value);
            }
        }
        break;
    }
    return stats;
}

ListenStats readListenStats()
{
    std::ifstream file("/proc/thread-self/net/netstat"); // of this thread's namespace: /proc/net is the main thread's
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return listenStatsOf(text);
}

} // namespace tincan
