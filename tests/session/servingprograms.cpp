// SPDX-License-Identifier: MIT
// The server's program in each way to serve: it answers, and nothing of it is left however it ends.
#include <csignal>

#include <QDir>
#include <QFile>

#include "support/programs.h"
#include "support/talkingprogram.h"

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

    struct Peer : TalkingProgram {
        explicit Peer(const ServerProgram &server)
            : TalkingProgram(QStringLiteral(TINCAN_CLIENT),
                             {server.target(), QStringLiteral("--headless"), QStringLiteral("--no-record")}, server.file({}))
        {
        }
        bool isAnswered() { return says("hi") && hears("hi"); }
    };
    static QString way()
    {
        QFETCH_GLOBAL(QString, serve);
        return serve;
    }
    // A server that answers in this way, at this address.
    static bool start(ServerProgram &server)
    {
        QFETCH_GLOBAL(QString, listen);
        return server.start({listen, QStringLiteral("--serve"), way(), QStringLiteral("--answer"), QStringLiteral("echo"),
                             QStringLiteral("--no-record")});
    }

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
        ServerProgram server;
        QVERIFY(start(server));
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
        ServerProgram server;
        QVERIFY(start(server));
        std::vector<std::unique_ptr<Peer>> peers;
        const std::size_t count = way() == QLatin1String("one") ? 1 : 3;
        while (peers.size() < count) {
            peers.push_back(std::make_unique<Peer>(server));
            QVERIFY(peers.back()->isAnswered());
        }
        const QList<int> children = childrenOf(server.process().processId());
        QCOMPARE(children.size(), way() == QLatin1String("process") ? 3 : 0);
        for (const int child : children) { // the standard ones, the socket, the pair, its epoll, wake and signal descriptors
            QVERIFY2(descriptorsOf(child).size() <= 8, qPrintable(descriptorsOf(child).join(u' ')));
        }
        QCOMPARE(server.end(SIGKILL), -1);
        for (const int child : children) {
            QTRY_VERIFY(isOver(child));
        }
        for (const auto &peer : peers) {
            QVERIFY(peer->wait() >= 0);
        }
    }
};
QTEST_GUILESS_MAIN(ServingProgramsTest)
#include "servingprograms.moc"
