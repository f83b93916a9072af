// SPDX-License-Identifier: MIT
// The server's program in each way to serve: it answers, and nothing of it is left however it ends.
#include <csignal>

#include <QDir>
#include <QFile>

#include "support/programs.h"

using namespace tincan::test;

namespace {

QList<int> childrenOf(qint64 pid)
{
    QList<int> children;
    const QDir tasks(QStringLiteral("/proc/%1/task").arg(pid));
    for (const QString &task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(tasks.filePath(task + QStringLiteral("/children")));
        if (file.open(QIODevice::ReadOnly)) {
            for (const QByteArray &child : file.readAll().simplified().split(' ')) {
                if (!child.isEmpty()) {
                    children << child.toInt();
                }
            }
        }
    }
    return children;
}

QStringList descriptorsOf(qint64 pid)
{
    return QDir(QStringLiteral("/proc/%1/fd").arg(pid)).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
}

qsizetype threadsOf(qint64 pid)
{
    return QDir(QStringLiteral("/proc/%1/task").arg(pid)).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
}

// It has no memory any more: gone, or a zombie that whoever inherited it has not waited for.
bool isOver(int pid)
{
    return !QFile::exists(QStringLiteral("/proc/%1/fd").arg(pid)) || descriptorsOf(pid).isEmpty();
}

} // namespace

class ServingProgramsTest : public QObject
{
    Q_OBJECT

    struct Peer {
        QProcess process;
        explicit Peer(const ServerProgram &server)
        {
            process.setWorkingDirectory(server.file({}));
            process.start(QStringLiteral(TINCAN_CLIENT),
                          {server.target(), QStringLiteral("--headless"), QStringLiteral("--no-record")});
        }
        ~Peer()
        {
            process.kill();
            process.waitForFinished();
        }
        bool isAnswered()
        {
            process.write("hi");
            return QTest::qWaitFor(
                [this] {
                    process.waitForReadyRead(10);
                    return process.bytesAvailable() >= 2;
                },
                20'000);
        }
    };

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("serve");
        QTest::addColumn<QString>("listen");
        for (const char *way : {"loop", "one", "thread", "process"}) {
            QTest::addRow("%s, TCP", way) << QString::fromLatin1(way) << QStringLiteral("127.0.0.1:0");
            QTest::addRow("%s, seqpacket", way) << QString::fromLatin1(way) << QStringLiteral("unix-seqpacket:s");
        }
    }

    void peersComeAndGo()
    {
        QFETCH_GLOBAL(QString, serve);
        QFETCH_GLOBAL(QString, listen);
        ServerProgram server;
        QVERIFY(server.start({listen, QStringLiteral("--serve"), serve, QStringLiteral("--answer"), QStringLiteral("echo"),
                              QStringLiteral("--no-record")}));
        const qint64 pid = server.process().processId();
        const qsizetype descriptors = descriptorsOf(pid).size();
        const qsizetype threads = threadsOf(pid);
        for (int round = 1; round <= 3; ++round) {
            QCOMPARE(answerTo(server.target(), "hello", 5, server.file({})), QByteArray("hello"));
            QVERIFY(server.says("\nleft ", round));
        }
        QTRY_COMPARE(descriptorsOf(pid).size(), descriptors);
        QTRY_COMPARE(threadsOf(pid), threads);
        QTRY_COMPARE(childrenOf(pid), QList<int>());
        QCOMPARE(server.end(), 0);
        QCOMPARE(server.output().count("\nsent "), 3);
    }

    // Its peers see an end, and no process of theirs goes on without it.
    void killed()
    {
        QFETCH_GLOBAL(QString, serve);
        QFETCH_GLOBAL(QString, listen);
        ServerProgram server;
        QVERIFY(server.start({listen, QStringLiteral("--serve"), serve, QStringLiteral("--answer"), QStringLiteral("echo"),
                              QStringLiteral("--no-record")}));
        std::vector<std::unique_ptr<Peer>> peers;
        const std::size_t count = serve == QLatin1String("one") ? 1 : 3;
        while (peers.size() < count) {
            peers.push_back(std::make_unique<Peer>(server));
            QVERIFY(peers.back()->isAnswered());
        }
        const QList<int> children = childrenOf(server.process().processId());
        QCOMPARE(children.size(), serve == QLatin1String("process") ? 3 : 0);
        for (const int child : children) { // the standard ones, the socket, the pair, its epoll, wake and signal descriptors
            QVERIFY2(descriptorsOf(child).size() <= 8, qPrintable(descriptorsOf(child).join(u' ')));
        }
        QCOMPARE(server.end(SIGKILL), -1);
        for (const int child : children) {
            QTRY_VERIFY(isOver(child));
        }
        for (const auto &peer : peers) {
            QVERIFY(peer->process.state() == QProcess::NotRunning || peer->process.waitForFinished(20'000));
        }
    }
};
QTEST_GUILESS_MAIN(ServingProgramsTest)
#include "servingprograms.moc"
