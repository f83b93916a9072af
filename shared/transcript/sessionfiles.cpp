// SPDX-License-Identifier: MIT
#include "transcript/sessionfiles.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include "transcript/capturereader.h"
#include "transcript/filewindow.h"
#include "transcript/pcapng.h"
#include "transcript/sessionreader.h"

namespace tincan {

namespace {

constexpr std::size_t kHeadSize = 16 * 1024;

struct Head {
    std::string application;
    std::optional<pcapng::Begin> begin;
    bool hasOwnBlocks = false; // other programs may leave them out when they write the file anew
};

std::optional<Head> headOf(int fd)
{
    std::vector<std::byte> bytes(kHeadSize);
    int error = 0; // what cannot be read is no session
    std::span<const std::byte> rest(bytes.data(), readFile(fd, 0, bytes, &error));
    const auto first = pcapng::firstBlock(rest);
    const auto application = first ? pcapng::applicationOf(*first) : std::nullopt;
    if (!application) {
        return {};
    }
    Head head{std::string(*application), {}};
    rest = rest.subspan(first->whole.size());
    for (auto block = pcapng::firstBlock(rest); block && !head.hasOwnBlocks; block = pcapng::firstBlock(rest)) {
        const auto mark = pcapng::markOf(*block);
        if (const auto *begin = mark ? std::get_if<pcapng::Begin>(&*mark) : nullptr) {
            head.begin = *begin; // it is the first of them
        }
        head.hasOwnBlocks = mark || pcapng::recordOf(*block);
        rest = rest.subspan(block->whole.size());
    }
    return head;
}

bool endsOrderly(const SegmentFile &file)
{
    std::array<std::byte, pcapng::kEndBlockSize> last{};
    int error = 0;
    if (file.size < last.size() || readFile(file.fd.get(), file.size - last.size(), last, &error) < last.size()) {
        return false;
    }
    const auto block = pcapng::firstBlock(last);
    const auto mark = block ? pcapng::markOf(*block) : std::nullopt;
    return mark && std::holds_alternative<pcapng::End>(*mark);
}

Result<std::shared_ptr<SegmentFile>> openOne(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    auto file = std::make_shared<SegmentFile>();
    file->path = path;
    file->fd.reset(::open(name.constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // NOLINT(*-vararg): a pipe does not hold us up
    struct stat info {
    };
    if (!file->fd || ::fstat(file->fd.get(), &info) < 0) {
        return failErrno(CallName::Open, name.toStdString());
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(S_ISDIR(info.st_mode) ? EISDIR : EINVAL, CallName::Open, name.toStdString());
    }
    file->size = static_cast<std::uint64_t>(info.st_size);
    return file;
}

using Siblings = std::multimap<std::uint64_t, QString>;

// All files that are called as segments of the same session, by number.
Siblings siblings(const QString &path)
{
    static const QRegularExpression pattern(QStringLiteral("^(.*?)(?:\\.(\\d{4,9}))?\\.pcapng$"),
                                            QRegularExpression::DotMatchesEverythingOption);
    const QFileInfo info(path);
    const auto own = pattern.match(info.fileName());
    Siblings found;
    if (!own.hasMatch()) {
        return found;
    }
    const QDir folder = info.dir();
    const QStringList names = folder.entryList(QDir::Files | QDir::Hidden);
    for (const QString &name : names) {
        if (!name.startsWith(own.capturedView(1))) {
            continue;
        }
        const auto match = pattern.match(name);
        if (match.hasMatch() && match.capturedView(1) == own.capturedView(1)) {
            const std::uint64_t number = match.captured(2).isEmpty() ? 1 : match.captured(2).toULongLong();
            found.emplace(number, folder.filePath(name));
        }
    }
    return found;
}

// Which of them is looked at first: the one that was asked for, or where a first segment is gone, the next.
Result<std::shared_ptr<SegmentFile>> openAsked(const QString &path, const Siblings &all)
{
    Result<std::shared_ptr<SegmentFile>> asked = openOne(path);
    return !asked && asked.error().code == ENOENT && !all.empty() ? openOne(all.begin()->second) : asked;
}

// Two files may have the same number ("x.pcapng" is the first segment, and so is "x.0001.pcapng"): then it is the one that was
// asked for, or that is of its session.
Result<void> addSiblings(SessionFiles &into, const Siblings &all, std::uint64_t session)
{
    const std::shared_ptr<SegmentFile> asked = std::exchange(into.files, {}).front();
    const auto isAsked = [&asked](const auto &one) { return QFileInfo(one.second) == QFileInfo(asked->path); };
    const auto own = std::find_if(all.begin(), all.end(), isAsked);
    if (own == all.end()) { // it has been removed meanwhile
        into.files.push_back(asked);
        return {};
    }
    std::uint64_t last = 0;
    for (auto one = all.begin(); one != all.end(); ++one) {
        if (one == own) {
            into.files.push_back(asked);
            continue;
        }
        if (one->first == own->first || one->first == last) {
            continue;
        }
        Result<std::shared_ptr<SegmentFile>> file = openOne(one->second);
        if (!file) {
            return tl::unexpected(file.error());
        }
        const auto head = headOf((*file)->fd.get());
        if (head && head->begin && head->begin->session == session) {
            into.files.push_back(std::move(*file));
            last = one->first;
        } else if (!head) {
            into.unusableBytes += (*file)->size;
        }
    }
    return {};
}

} // namespace

Result<SessionFiles> openSessionFiles(const QString &path)
{
    const auto all = siblings(path);
    Result<std::shared_ptr<SegmentFile>> asked = openAsked(path, all);
    if (!asked) {
        return tl::unexpected(asked.error());
    }
    const auto head = headOf((*asked)->fd.get());
    if (!head) {
        return fail(0, CallName::Parse, path.toStdString() + " is no pcapng file");
    }
    SessionFiles files;
    files.application = head->application;
    files.isOwn = head->hasOwnBlocks && isOwnApplication(head->application);
    files.files.push_back(std::move(*asked));
    if (head->begin && !all.empty()) {
        if (Result<void> added = addSiblings(files, all, head->begin->session); !added) {
            return tl::unexpected(added.error());
        }
    }
    for (const auto &file : files.files) {
        file->base = files.bytes;
        files.bytes += file->size;
        static_cast<void>(::posix_fadvise(file->fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL));
    }
    files.finished = endsOrderly(*files.files.back());
    return files;
}

bool isOwnApplication(std::string_view application) noexcept
{
    constexpr std::string_view kName = "tincan";
    return std::equal(kName.begin(), kName.end(), application.begin(),
                      application.begin() + static_cast<std::ptrdiff_t>(std::min(application.size(), kName.size())),
                      [](char ours, char theirs) { return ours == theirs || ours - 'a' + 'A' == theirs; });
}

bool endedInOrder(const QString &path)
{
    const Result<SessionState> state = sessionState(path);
    return !state || !state->own || state->finished;
}

Result<std::unique_ptr<RowSource>> openAnySession(const QString &path)
{
    Result<SessionFiles> files = openSessionFiles(path);
    const bool isOfAnother
        = !files && files.error().call != CallName::Parse && files.error().detail != QFile::encodeName(path).toStdString();
    if (isOfAnother) { // a segment: else a capture's reader knows best what is wrong with it
        return tl::unexpected(files.error());
    }
    if (files && files->isOwn) {
        return readSession(std::move(*files));
    }
    return openCapture(path);
}

Result<SessionState> sessionState(const QString &path)
{
    const Result<SessionFiles> files = openSessionFiles(path);
    if (!files) {
        return tl::unexpected(files.error());
    }
    SessionState state;
    state.own = isOwnApplication(files->application);
    state.finished = files->finished;
    const int last = files->files.back()->fd.get();
    state.running = ::flock(last, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    if (!state.running) {
        ::flock(last, LOCK_UN);
    }
    return state;
}

} // namespace tincan
