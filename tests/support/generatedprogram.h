// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "session/callprogram.h"

namespace tincan::test {

// A session's program, written to a file, compiled where it has to be, and run.
class GeneratedProgram
{
public:
    GeneratedProgram(ProgramKind kind, const QString &text)
        : m_text(text.toUtf8())
    {
        const QString source = m_folder.filePath(QStringLiteral("talk.") + programSuffix(kind));
        QFile file(source);
        if (!file.open(QIODevice::WriteOnly) || file.write(m_text) < 0) {
            qFatal("no source");
        }
        file.close();
        m_command = {kind == ProgramKind::Python ? QStringLiteral("python3") : QStringLiteral("sh"), source};
        if (kind == ProgramKind::C) {
            m_command = {m_folder.filePath(QStringLiteral("talk"))};
            QProcess compiler;
            compiler.start(QStringLiteral("gcc"),
                           {QStringLiteral("-Wall"), QStringLiteral("-Wextra"), QStringLiteral("-Werror"), QStringLiteral("-o"),
                            m_command.front(), source});
            compiler.waitForFinished();
            m_said = compiler.readAllStandardError();
        }
    }
    ~GeneratedProgram()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    bool start()
    {
        m_process.start(m_command.front(), m_command.mid(1));
        return m_process.waitForStarted();
    }
    // Its output, once it has ended by itself and well.
    QByteArray finish()
    {
        if (!m_process.waitForFinished(20'000) || m_process.exitCode() != 0) {
            return "failed: " + m_process.readAllStandardError() + m_text;
        }
        return m_process.readAllStandardOutput();
    }
    bool isRunning() const { return m_process.state() == QProcess::Running; }
    // What went wrong, with what it is.
    QByteArray report() { return m_said + m_process.readAllStandardError() + m_text; }

    // The interpreter or compiler, where it is not installed.
    static QString missing(ProgramKind kind)
    {
        const QString wanted = kind == ProgramKind::C ? QStringLiteral("gcc")
            : kind == ProgramKind::Python             ? QStringLiteral("python3")
                                                      : QStringLiteral("sh");
        return QStandardPaths::findExecutable(wanted).isEmpty() ? wanted + QStringLiteral(" is not installed") : QString();
    }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    QStringList m_command;
    QByteArray m_text;
    QByteArray m_said;
};

} // namespace tincan::test
