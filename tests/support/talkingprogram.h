// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QTest>

namespace tincan::test {

// A program that reads standard input and writes standard output, and stays until its input is closed: nc, socat, a client of
// ours. It is asked to end with its object, and killed where it does not.
class TalkingProgram
{
public:
    explicit TalkingProgram(const QString &name, const QStringList &arguments, const QString &folder = {})
    {
        m_process.setWorkingDirectory(folder);
        m_process.start(name, arguments);
        m_process.waitForStarted();
    }
    TalkingProgram(const TalkingProgram &) = delete;
    TalkingProgram &operator=(const TalkingProgram &) = delete;
    ~TalkingProgram()
    {
        m_process.closeWriteChannel();
        m_process.terminate();
        if (!m_process.waitForFinished(5'000)) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }

    bool says(const QByteArray &bytes)
    {
        m_process.write(bytes);
        return m_process.waitForBytesWritten();
    }
    // True once it has written this, among whatever else.
    bool hears(const QByteArray &bytes)
    {
        return QTest::qWaitFor(
            [&] {
                m_process.waitForReadyRead(10);
                m_heard += m_process.readAllStandardOutput();
                return m_heard.contains(bytes);
            },
            20'000);
    }
    // Its exit status after the end of its input, or where it ends by itself; -1 where it does not end.
    int end()
    {
        m_process.closeWriteChannel();
        return wait();
    }
    int wait()
    {
        const bool isOver = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(20'000);
        m_heard += m_process.readAllStandardOutput();
        return isOver && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    // All that it has written, as far as it was read.
    const QByteArray &heard() const { return m_heard; }
    qint64 pid() const { return m_process.processId(); }

private:
    QProcess m_process;
    QByteArray m_heard;
};

} // namespace tincan::test
