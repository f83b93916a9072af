// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include <QFile>

#include "support/enginehost.h"

namespace tincan::test {

// The words of a file, or its lines that begin so.
inline qsizetype countLines(const char *path, const QByteArray &beginning = {})
{
    QFile file(QString::fromLatin1(path));
    qsizetype count = 0;
    if (file.open(QIODevice::ReadOnly)) {
        const QList<QByteArray> words = file.readAll().split(beginning.isEmpty() ? ' ' : '\n');
        count = std::count_if(words.begin(), words.end(),
                              [&](const QByteArray &word) { return !word.trimmed().isEmpty() && word.startsWith(beginning); });
    }
    return count;
}

// Of this process: what must be as it was when all is over.
struct Inventory {
    qsizetype descriptors = openDescriptors();
    qsizetype threads = QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
    qsizetype children = childCount();

    // Zombies are children too. Each thread lists those that it began.
    static qsizetype childCount()
    {
        qsizetype count = 0;
        const QDir tasks(QStringLiteral("/proc/self/task"));
        for (const QString &task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            count += countLines(qPrintable(tasks.filePath(task + QLatin1String("/children"))));
        }
        return count;
    }
    friend bool operator==(const Inventory &, const Inventory &) = default;
};

inline char *toString(const Inventory &all)
{
    return QTest::toString(
        QStringLiteral("%1 descriptors, %2 threads, %3 children").arg(all.descriptors).arg(all.threads).arg(all.children));
}

} // namespace tincan::test
