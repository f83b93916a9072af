// SPDX-License-Identifier: MIT
// What is a session of ours in the state folder, what is removed of it, and what is never touched.
#include "transcript/keptsessions.h"

#include <fcntl.h>
#include <sys/file.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "base/uniquefd.h"
#include "transcript/recorder.h"

using namespace tincan;

class KeptSessionsTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    const QDateTime m_now{QDate(2026, 11, 21), QTime(12, 0)};

    QString path(const char *name) const { return m_folder->filePath(QLatin1String(name)); }
    void make(const char *name, int bytes = 100, int daysAgo = 0) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(bytes, 'x'));
        file.flush();
        QVERIFY(file.setFileTime(m_now.addDays(-daysAgo), QFileDevice::FileModificationTime));
    }
    QStringList left() const { return QDir(m_folder->path()).entryList(QDir::Files | QDir::System, QDir::Name); }
    std::vector<KeptSession> kept() const { return keptSessions(m_folder->path()); }
    // As the recorder holds it.
    UniqueFd lock(const char *name) const
    {
        UniqueFd fd(::open(QFile::encodeName(path(name)).constData(), O_RDWR | O_CLOEXEC));
        return ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 ? std::move(fd) : UniqueFd();
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void names()
    {
        make("session-2026-11-20-140213.pcapng");
        make("session-2026-11-20-140213-2.pcapng");
        make("session-2026-11-20-140213.0002.pcapng", 50);
        make("session-2026-11-19-000000.0003.pcapng"); // its first segments had to go
        make("session-2026-11-19-000000.0004.pcapng");
        make("session-2026-99-20-140213.pcapng"); // no date
        make("session-mine.pcapng");
        make("session-2026-11-20-140213.pcapng.bak");
        make("session-2026-11-20-140213.02.pcapng");
        QVERIFY(QFile::link(path("session-mine.pcapng"), path("session-2026-11-18-000000.pcapng")));

        const std::vector<KeptSession> sessions = kept();
        QCOMPARE(sessions.size(), std::size_t{3});
        QCOMPARE(sessions.back().files.size(), 2);
        QCOMPARE(sessions.back().path(), path("session-2026-11-19-000000.0003.pcapng"));
        const KeptSession &two = sessions[0].files.size() == 2 ? sessions[0] : sessions[1];
        QCOMPARE(two.files,
                 (QStringList{path("session-2026-11-20-140213.pcapng"), path("session-2026-11-20-140213.0002.pcapng")}));
        QCOMPARE(two.bytes, quint64{150});
        QCOMPARE(two.began, QDateTime(QDate(2026, 11, 20), QTime(14, 2, 13)));
        QVERIFY(keptSessions(m_folder->filePath(QStringLiteral("nowhere"))).empty());
    }

    void tooOld()
    {
        make("session-2026-10-01-000000.pcapng", 100, 51);
        make("session-2026-10-01-000000.0002.pcapng", 100, 50);
        make("session-2026-10-02-000000.pcapng", 100, 29); // began long ago, written to since
        make("session-mine.pcapng", 100, 400);
        make("other.pcapng", 100, 400);
        const RetentionDone done = applyRetention(m_folder->path(), {.days = 30}, m_now);
        QCOMPARE(done.removed, 1);
        QCOMPARE(done.bytes, quint64{200});
        QCOMPARE(done.failed, 0);
        QCOMPARE(left(),
                 (QStringList{QStringLiteral("other.pcapng"), QStringLiteral("session-2026-10-02-000000.pcapng"),
                              QStringLiteral("session-mine.pcapng")}));
    }

    void tooMuch()
    {
        make("session-2026-11-01-000000.pcapng", 400);
        make("session-2026-11-02-000000.pcapng", 400);
        make("session-2026-11-03-000000.pcapng", 400);
        make("session-2026-11-04-000000.pcapng", 100);
        make("big.pcapng", 5'000); // does not count
        const RetentionDone done = applyRetention(m_folder->path(), {.days = 0, .mostBytes = 900}, m_now);
        QCOMPARE(done.removed, 1);
        QVERIFY(!QFile::exists(path("session-2026-11-01-000000.pcapng")));
        QCOMPARE(kept().size(), std::size_t{3});
    }

    void neverWhatIsRecorded()
    {
        make("session-2026-01-01-000000.pcapng", 100, 300);
        make("session-2026-01-02-000000.pcapng", 100, 300);
        make("session-2026-01-02-000000.0002.pcapng", 100, 300);
        make("session-2026-01-03-000000.pcapng", 100, 300);
        const UniqueFd first = lock("session-2026-01-01-000000.pcapng");
        const UniqueFd second = lock("session-2026-01-02-000000.0002.pcapng"); // any of its segments
        QVERIFY(first && second);
        QCOMPARE(applyRetention(m_folder->path(), {.days = 1, .mostBytes = 1}, m_now).removed, 1);
        QCOMPARE(kept().size(), std::size_t{2});
        QVERIFY(isBeingRecorded(kept().front()));
    }

    void theRecorderHoldsItsLock()
    {
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_folder->path()));
        Recorder recorder;
        QVERIFY(recorder.open({}, QStringLiteral("test")));
        const std::vector<KeptSession> sessions = keptSessions(m_folder->filePath(QStringLiteral("tincan")));
        QCOMPARE(sessions.size(), std::size_t{1});
        QVERIFY(isBeingRecorded(sessions.front()));
    }

    void removing()
    {
        make("session-2026-11-20-140213.0002.pcapng");
        make("session-2026-11-20-140213.0003.pcapng");
        make("session-2026-11-20-140213-2.pcapng");
        QVERIFY(removeSession(path("session-2026-11-20-140213.pcapng"))); // which went before
        QCOMPARE(left(), QStringList{QStringLiteral("session-2026-11-20-140213-2.pcapng")});
        make("other.pcapng");
        make("other.0002.pcapng");
        QVERIFY(removeSession(path("other.pcapng")));
        QVERIFY(QFile::exists(path("other.0002.pcapng")));
    }

    void unfinished()
    {
        make("session-2026-11-01-000000.pcapng", 100, 3);
        make("session-2026-11-19-000000.pcapng", 100, 2);
        make("session-2026-11-20-000000.pcapng", 100, 1);
        make("session-2026-11-21-000000.pcapng", 100, 0);
        const auto running = lock("session-2026-11-21-000000.pcapng");
        QVERIFY(running);
        const auto never = [](const QString &) { return false; };
        const auto find
            = [&](int days, const auto &ended) { return unfinishedSession(m_folder->path(), m_now.addDays(-days), ended); };
        QCOMPARE(find(5, never)->path(), path("session-2026-11-20-000000.pcapng"));
        QCOMPARE(find(5, [](const QString &file) { return file.contains(QLatin1String("11-20")); })->path(),
                 path("session-2026-11-19-000000.pcapng"));
        QVERIFY(!find(5, [](const QString &) { return true; }));
        QVERIFY(!find(0, never)); // older than the last start: it was offered then
    }
};

QTEST_GUILESS_MAIN(KeptSessionsTest)
#include "keptsessions.moc"
