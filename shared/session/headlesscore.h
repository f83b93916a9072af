// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include <QString>

#include "session/netthread.h"
#include "transcript/recorder.h"

namespace tincan {

// A net thread and a recorder without anything that looks at rows. Main thread; `tap` of begin() is called in the recorder's
// until this is destroyed. That the recording fails is said to standard error.
class HeadlessCore
{
public:
    Result<void> begin(RecordingPlace place, const QString &program, std::function<void(const Batch &)> tap);
    ~HeadlessCore();

    Engine &engine() { return m_net.engine(); }
    NetThread &thread() { return m_net; }

private:
    Recorder m_recorder;
    NetThread m_net{m_recorder};
};

// To standard error, with what to do about it.
void printFailure(const QString &program, const FailureInfo &failure, RecordKind kind);
void printFileProblem(const QString &program, const Error &error);

} // namespace tincan
