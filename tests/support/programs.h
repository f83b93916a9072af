// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

// Where they are: TINCAN_SERVER, TINCAN_CLIENT (tests/session/CMakeLists.txt).
namespace tincan::test {

// tincan-server without a window, as a process of its own, in a folder of its own.
class ServerProgram
{
public:
    ServerProgram() = default;
    ServerProgram(const ServerProgram &) = delete;
    ServerProgram &operator=(const ServerProgram &) = delete;
    ~ServerProgram()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    // True once all of so many addresses are listened on.
    bool start(const QStringList &arguments, int listeners = 1)
    {
        run(arguments);
        return says("listening ", listeners);
    }
    void run(const QStringList &arguments)
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_STATE_HOME"), m_home.path());
        m_process.setProcessEnvironment(environment);
        m_process.setWorkingDirectory(m_home.path());
        m_process.start(QStringLiteral(TINCAN_SERVER), QStringList{QStringLiteral("--headless")} + arguments);
    }
    // True once its output has `part` so many times.
    bool says(const QByteArray &part, int times = 1)
    {
        return QTest::qWaitFor(
            [&] {
                m_process.waitForReadyRead(10);
                m_output += m_process.readAllStandardOutput();
                return m_output.count(part) >= times;
            },
            20'000);
    }
    // Its exit status; -1 where it does not end.
    int end(int signal = SIGTERM)
    {
        ::kill(static_cast<pid_t>(m_process.processId()), signal);
        return wait();
    }
    int wait()
    {
        const bool isOver = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(20'000);
        m_output += m_process.readAllStandardOutput();
        return isOver && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    // What stands behind the n-th "listening", as it is given to a client: "udp:127.0.0.1:6666".
    QString target(int n = 0) const
    {
        QString text;
        for (const QByteArray &line : m_output.split('\n')) {
            if (line.startsWith("listening ") && n-- == 0) {
                text = QString::fromUtf8(line.mid(10)).replace(u' ', u':');
            }
        }
        return text;
    }
    QString file(const QString &name) const { return m_home.filePath(name); }
    const QByteArray &output() const { return m_output; }
    QByteArray errors() { return m_process.readAllStandardError(); }
    QProcess &process() { return m_process; }

private:
    QTemporaryDir m_home{QStringLiteral("/tmp/tincan-XXXXXX")}; // short, for a path of a socket has 108 bytes
    QProcess m_process;
    QByteArray m_output;
};

struct Outcome {
    int status = -1; // of the program; -1 where it does not end
    QByteArray output;
    QByteArray errors;
};

inline Outcome run(const QString &program, const QStringList &arguments, const QByteArray &input = {}, const QString &folder = {})
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

// tincan-client without a window: what it writes while it is given `input`.
inline Outcome runClient(const QString &target, const QByteArray &input, const QStringList &arguments = {},
                         const QString &folder = {})
{
    return run(QStringLiteral(TINCAN_CLIENT),
               QStringList{target, QStringLiteral("--headless"), QStringLiteral("--no-record")} + arguments, input, folder);
}

// What one answers to `input`, as long as `size`, or until nothing comes any more. A client of datagrams would wait for more.
inline QByteArray answerTo(const QString &target, const QByteArray &input, qsizetype size, const QString &folder = {})
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(QStringLiteral(TINCAN_CLIENT), {target, QStringLiteral("--headless"), QStringLiteral("--no-record")});
    process.write(input);
    process.closeWriteChannel();
    static_cast<void>(QTest::qWaitFor(
        [&] {
            process.waitForReadyRead(10);
            return process.bytesAvailable() >= size || process.state() == QProcess::NotRunning;
        },
        10'000));
    const QByteArray heard = process.readAllStandardOutput();
    process.kill();
    process.waitForFinished();
    return heard;
}

} // namespace tincan::test
