// SPDX-License-Identifier: MIT
#include "transcript/recordingplace.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "transcript/pcapng.h"

namespace tincan {

namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;
constexpr int kFlags = O_RDWR | O_CLOEXEC;

Result<void> makeFolder(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), kFolderMode) == 0 || errno == EEXIST) {
        return {};
    }
    const QString parent = QFileInfo(path).path();
    if (errno == ENOENT && parent != path) {
        return makeFolder(parent).and_then([&]() -> Result<void> {
            if (::mkdir(name.constData(), kFolderMode) == 0 || errno == EEXIST) {
                return {};
            }
            return failErrno(CallName::Open, name.toStdString());
        });
    }
    return failErrno(CallName::Open, name.toStdString());
}

const QLatin1String kSuffix(".pcapng");

UniqueFd createLocked(const QString &path)
{
    UniqueFd fd(::open(QFile::encodeName(path).constData(), kFlags | O_CREAT | O_EXCL, kFileMode)); // NOLINT(*-vararg)
    if (fd) {
        // Held while it is being written, so that nobody takes it for one that has ended. Who looks holds it for a moment only;
        // where the file system knows no locks, it goes without.
        while (::flock(fd.get(), LOCK_EX) < 0 && errno == EINTR) { }
    }
    return fd;
}

Result<OpenedPlace> openInStateFolder()
{
    const QString folder = stateFolder();
    if (const Result<void> made = makeFolder(folder); !made) {
        return tl::unexpected(made.error());
    }
    const QString stem
        = folder + QLatin1String("/session-") + QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss"));
    constexpr int kMostTries = 1000;
    for (int number = 1;; ++number) {
        const QString path = (number == 1 ? stem : stem + u'-' + QString::number(number)) + kSuffix;
        UniqueFd fd = createLocked(path);
        if (fd) {
            return OpenedPlace{std::move(fd), path};
        }
        if (errno != EEXIST || number == kMostTries) {
            return failErrno(CallName::Open, QFile::encodeName(path).toStdString());
        }
    }
}

Result<OpenedPlace> openForgotten()
{
    const QString folder = stateFolder();
    if (const Result<void> made = makeFolder(folder); !made) {
        return tl::unexpected(made.error());
    }
    const QByteArray name = QFile::encodeName(folder);
    UniqueFd fd(::open(name.constData(), O_TMPFILE | kFlags, kFileMode)); // NOLINT(*-vararg)
    if (!fd) {                                                            // not every file system can
        QByteArray pattern = name + "/forgotten-XXXXXX";
        fd.reset(::mkostemp(pattern.data(), O_CLOEXEC));
        if (!fd) {
            return failErrno(CallName::Open, name.toStdString());
        }
        ::unlink(pattern.constData());
    }
    return OpenedPlace{std::move(fd), {}};
}

// A file that somebody named by mistake is not overwritten: it must be empty, or a session already.
Result<OpenedPlace> openFile(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    UniqueFd fd(::open(name.constData(), kFlags | O_CREAT, kFileMode)); // NOLINT(*-vararg)
    if (!fd) {
        return failErrno(CallName::Open, name.toStdString());
    }
    std::uint32_t begins = 0;
    const ssize_t count = ::pread(fd.get(), &begins, sizeof begins, 0);
    if (count < 0) {
        return failErrno(CallName::Read, name.toStdString());
    }
    if (count > 0 && (count < static_cast<ssize_t>(sizeof begins) || begins != pcapng::kSectionHeader)) {
        return fail(EEXIST, CallName::Open, name.toStdString());
    }
    // Held as long as the file is open: two programs would overwrite each other's blocks.
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) < 0) {
        return fail(errno == EWOULDBLOCK ? EBUSY : errno, CallName::Open, name.toStdString());
    }
    if (::fchmod(fd.get(), kFileMode) < 0 || ::ftruncate(fd.get(), 0) < 0) {
        return failErrno(CallName::Open, name.toStdString());
    }
    return OpenedPlace{std::move(fd), QFileInfo(path).absoluteFilePath()};
}

} // namespace

bool isBeingRecorded(const QString &path)
{
    const UniqueFd fd(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // NOLINT(*-vararg)
    return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

QString segmentPath(const QString &first, std::uint64_t number)
{
    if (number <= 1) {
        return first;
    }
    const QString stem = first.endsWith(kSuffix) ? first.chopped(kSuffix.size()) : first;
    return stem + u'.' + QString::number(number).rightJustified(4, u'0') + kSuffix;
}

Result<OpenedPlace> openNextSegment(const QString &first, std::uint64_t &number)
{
    if (first.isEmpty()) {
        return openForgotten();
    }
    constexpr int kMostTries = 100;
    for (int tries = 1;; ++tries, ++number) {
        const QString path = segmentPath(first, number);
        UniqueFd fd = createLocked(path);
        if (fd) {
            return OpenedPlace{std::move(fd), path};
        }
        if (errno != EEXIST || tries == kMostTries) {
            return failErrno(CallName::Open, QFile::encodeName(path).toStdString());
        }
    }
}

// The XDG base directory specification: $XDG_STATE_HOME, where it is absolute, or ~/.local/state.
QString stateFolder()
{
    const QString set = qEnvironmentVariable("XDG_STATE_HOME");
    const QString state = QDir::isAbsolutePath(set) ? set : QDir::homePath() + QLatin1String("/.local/state");
    return QDir::cleanPath(state) + QLatin1String("/tincan");
}

Result<OpenedPlace> openRecordingPlace(const RecordingPlace &place)
{
    switch (place.kind) {
    case RecordingPlace::Kind::StateFolder:
        return openInStateFolder();
    case RecordingPlace::Kind::File:
        return openFile(place.path);
    case RecordingPlace::Kind::Forgotten:
        return openForgotten();
    case RecordingPlace::Kind::Nowhere:
        break;
    }
    return OpenedPlace{};
}

} // namespace tincan
