// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QDir>
#include <QFile>
#include <QString>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/choices.h"

namespace tincan::fuzz {

// A file in memory, with a path that can be opened.
class MemoryFile
{
public:
    MemoryFile()
        : m_fd(::memfd_create("fuzz", MFD_CLOEXEC))
    {
        require(m_fd >= 0);
    }
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;
    ~MemoryFile() { ::close(m_fd); }

    void fill(QByteArrayView bytes) const
    {
        require(::ftruncate(m_fd, 0) == 0);
        require(::pwrite(m_fd, bytes.data(), static_cast<std::size_t>(bytes.size()), 0) == bytes.size());
    }
    QString path() const { return QStringLiteral("/proc/self/fd/%1").arg(m_fd); }

private:
    int m_fd;
};

// A folder in memory (where there is one), of this process alone; gone when it ends in order.
class MemoryFolder
{
public:
    MemoryFolder()
        : m_path((QFile::exists(QStringLiteral("/dev/shm")) ? QStringLiteral("/dev/shm") : QDir::tempPath())
                 + QStringLiteral("/tincan-fuzz-%1").arg(::getpid()))
    {
        require(QDir().mkpath(m_path));
    }
    MemoryFolder(const MemoryFolder &) = delete;
    MemoryFolder &operator=(const MemoryFolder &) = delete;
    ~MemoryFolder() { QDir(m_path).removeRecursively(); }

    QString put(const QString &name, QByteArrayView bytes) const
    {
        QFile file(path(name));
        require(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes.data(), bytes.size()) == bytes.size());
        return file.fileName();
    }
    void remove(const QString &name) const { QFile::remove(path(name)); }
    QString path(const QString &name) const { return m_path + u'/' + name; }

private:
    QString m_path;
};

} // namespace tincan::fuzz
