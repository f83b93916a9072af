// SPDX-License-Identifier: MIT
#include "transcript/capturefile.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

#include <QFile>

#include "transcript/classiccapture.h"
#include "transcript/sectionedcapture.h"

namespace tincan {

namespace {

constexpr std::size_t kMagic = 4;

struct Compression {
    std::array<unsigned char, kMagic> begins;
    std::size_t count; // of bytes that count
    const char *advice;
};
constexpr std::array kCompressions = {
    Compression{{0x1f, 0x8b, 0, 0}, 2, "it is compressed (gzip): gunzip it first"},
    Compression{{0x28, 0xb5, 0x2f, 0xfd}, 4, "it is compressed (zstd): unzstd it first"},
    Compression{{0x04, 0x22, 0x4d, 0x18}, 4, "it is compressed (lz4): unlz4 it first"},
    Compression{{0xfd, '7', 'z', 'X'}, 4, "it is compressed (xz): unxz it first"},
    Compression{{'B', 'Z', 'h', 0}, 3, "it is compressed (bzip2): bunzip2 it first"},
    Compression{{'P', 'K', 3, 4}, 4, "it is a zip archive: unzip it first"},
};

// "it begins with 6e 6f 20 73"
std::string whatItIs(std::span<const std::byte> begins)
{
    if (begins.empty()) {
        return "it is empty";
    }
    for (const Compression &kind : kCompressions) {
        if (begins.size() >= kind.count && std::memcmp(begins.data(), kind.begins.data(), kind.count) == 0) {
            return kind.advice;
        }
    }
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string said = "it begins with";
    for (const std::byte byte : begins) {
        said += ' ';
        said += kDigits[std::to_integer<unsigned>(byte) >> 4U];
        said += kDigits[std::to_integer<unsigned>(byte) & 15U];
    }
    return said;
}

} // namespace

Result<std::unique_ptr<CaptureFile>> CaptureFile::open(const QString &path)
{
    const std::string name = path.toStdString();
    // Nonblocking: the name of a pipe must not hold the thread up.
    UniqueFd fd(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (fd.get() < 0) {
        return failErrno(CallName::Open, name);
    }
    struct stat status {
    };
    if (::fstat(fd.get(), &status) != 0) {
        return failErrno(CallName::Open, name);
    }
    if (S_ISDIR(status.st_mode)) {
        return fail(EISDIR, CallName::Open, name);
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(0, CallName::Parse, name + " is no file that can be read from its beginning; save it as one first.");
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    std::array<std::byte, 32> begins{};
    int error = 0;
    const std::size_t filled = readFile(fd.get(), 0, begins, &error);
    if (error != 0) {
        return fail(error, CallName::Read, name);
    }
    const std::span<const std::byte> head(begins.data(), filled);
    if (const auto format = ClassicCapture::formatOf(head)) {
        return std::unique_ptr<CaptureFile>(new ClassicCapture(std::move(fd), size, *format));
    }
    if (SectionedCapture::isSectionHeader(head)) {
        return std::unique_ptr<CaptureFile>(new SectionedCapture(std::move(fd), size));
    }
    return fail(0, CallName::Parse,
                name + " is no pcap or pcapng file: " + whatItIs(head.first(std::min<std::size_t>(head.size(), 8))) + ".");
}

} // namespace tincan
