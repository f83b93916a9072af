// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include <QSaveFile>

#include "base/result.h"
#include "transcript/bytebuffer.h"

namespace tincan {

// The file that something is saved to: gathers bytes and writes them in blocks of a MiB beside the file that is meant, whose
// place they take at the end. Nothing is left where that end does not come. One thread.
class SaveOutput
{
public:
    // `goesOn` is asked before each block.
    SaveOutput(const QString &path, std::function<bool()> goesOn);

    Result<void> open();
    // What is to be written is appended here, and then told by settle().
    ByteBuffer &buffer() noexcept { return m_buffer; }
    void add(QByteArrayView bytes) { m_buffer.append(bytes.data(), static_cast<std::size_t>(bytes.size())); }
    // Writes what has gathered, if it is much. False: it has failed, and the rest need not be made.
    bool settle() { return m_error.code == 0 && (m_buffer.size() < kBlock || flush()); }
    // Writes the rest, and renames.
    Result<void> finish();

private:
    static constexpr std::size_t kBlock = std::size_t{1024} * 1024;
    bool flush();
    bool failed(CallName call, int code);

    QSaveFile m_file;
    std::function<bool()> m_goesOn;
    ByteBuffer m_buffer;
    Error m_error;
};

} // namespace tincan
