// SPDX-License-Identifier: MIT
#include "transcript/saveoutput.h"

#include <cerrno>

#include <QFileInfo>

#include "transcript/recordingplace.h"

namespace tincan {

SaveOutput::SaveOutput(const QString &path, std::function<bool()> goesOn)
    : m_file(path)
    , m_goesOn(std::move(goesOn))
{
}

bool SaveOutput::failed(CallName call, int code)
{
    m_error = {code == 0 ? EIO : code, call, m_file.fileName().toStdString()};
    return false;
}

Result<void> SaveOutput::open()
{
    if (QFileInfo(m_file.fileName()).isDir()) {
        return fail(EISDIR, CallName::Open, m_file.fileName().toStdString());
    }
    if (isBeingRecorded(m_file.fileName())) { // to give way, it would lose its name, and all that is still to come with it
        failed(CallName::Open, EBUSY);
        return tl::unexpected<Error>(m_error);
    }
    errno = 0;
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) {
        failed(CallName::Open, errno);
        return tl::unexpected<Error>(m_error);
    }
    return {};
}

bool SaveOutput::flush()
{
    if (!m_goesOn()) {
        return failed(CallName::Write, ECANCELED);
    }
    const auto size = static_cast<qint64>(m_buffer.size());
    const auto *bytes = reinterpret_cast<const char *>(m_buffer.data());
    for (qint64 written = 0; written < size;) {
        errno = 0;
        const qint64 count = m_file.write(bytes + written, size - written);
        if (count <= 0) {
            return failed(CallName::Write, errno);
        }
        written += count;
    }
    m_buffer.clear();
    return true;
}

Result<void> SaveOutput::finish()
{
    if (m_error.code == 0 && flush()) {
        errno = 0;
        if (!m_file.commit()) {
            failed(CallName::Write, errno);
        }
    }
    if (m_error.code != 0) {
        m_file.cancelWriting();
        return tl::unexpected<Error>(m_error);
    }
    return {};
}

} // namespace tincan
