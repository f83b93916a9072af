// SPDX-License-Identifier: MIT
#include "transcript/sessionfiles.h"

#include <cstring>
#include <vector>

#include <fcntl.h>

#include <QFile>

#include "base/uniquefd.h"
#include "transcript/capturereader.h"
#include "transcript/filewindow.h"
#include "transcript/pcapng.h"

namespace tincan {

namespace {

constexpr std::size_t kLookAt = 256 * 1024; // a session begins with records of ours: who listens, who joined
constexpr std::string_view kProgram = "tincan";

// The value of shb_userappl (option 4 of the section header) of a file in our byte order.
bool isWrittenByUs(std::span<const std::byte> body)
{
    constexpr std::size_t kFixed = 16;
    constexpr std::uint16_t kUserApplication = 4;
    for (std::size_t at = kFixed; at + 4 <= body.size();) {
        std::uint16_t code = 0;
        std::uint16_t size = 0;
        std::memcpy(&code, body.data() + at, sizeof code);
        std::memcpy(&size, body.data() + at + 2, sizeof size);
        at += 4;
        if (code == 0 || size > body.size() - at) {
            break;
        }
        if (code == kUserApplication) {
            return size >= kProgram.size() && std::memcmp(body.data() + at, kProgram.data(), kProgram.size()) == 0;
        }
        at += (size + 3U) / 4 * 4;
    }
    return false;
}

} // namespace

bool isOwnSession(const QString &path)
{
    const UniqueFd fd(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (fd.get() < 0) {
        return false;
    }
    std::vector<std::byte> begins(kLookAt);
    int error = 0;
    std::span<const std::byte> left = std::span(begins).first(readFile(fd.get(), 0, begins, &error));
    auto block = pcapng::firstBlock(left);
    if (!block || block->type != pcapng::kSectionHeader || !isWrittenByUs(block->body)) {
        return false;
    }
    while (block && !pcapng::recordOf(*block)) {
        left = left.subspan(block->whole.size());
        block = pcapng::firstBlock(left);
    }
    return block.has_value();
}

Result<std::unique_ptr<RowSource>> openAnySession(const QString &path)
{
    // Sessions of ours go to their own reader here: if (isOwnSession(path)) return openOwnSession(path);
    return openCapture(path);
}

} // namespace tincan
