// SPDX-License-Identifier: MIT
#include "session/headlesscore.h"

#include <utility>

#include "session/commandline.h"
#include "session/words.h"

namespace tincan {

Result<void> HeadlessCore::begin(RecordingPlace place, const QString &program, std::function<void(const Batch &)> tap)
{
    raiseDescriptorLimit(); // where that fails, the engine will say when descriptors run out
    place.rows = false;
    m_recorder.setTap(std::move(tap));
    if (Result<void> opened = m_recorder.open(place, program + QLatin1String(" " TINCAN_VERSION)); !opened) {
        return opened;
    }
    // In the recorder's thread: the main one waits for it at the end, while the last is written.
    const auto said = [program, path = m_recorder.path()](int error) { printError(program, recordingFailedText(error, path)); };
    QObject::connect(&m_recorder, &Recorder::failed, &m_recorder, said, Qt::DirectConnection);
    m_recorder.start();
    m_net.start();
    return {};
}

HeadlessCore::~HeadlessCore()
{
    m_net.engine().quit();
    m_net.join();
    m_recorder.finish();
}

void printFailure(const QString &program, const FailureInfo &failure, RecordKind kind)
{
    const ErrorWords said = words(failure, kind);
    printError(program, said.remedy.isEmpty() ? said.headline : said.headline + u' ' + said.remedy);
}

void printFileProblem(const QString &program, const Error &error)
{
    printError(program, fileErrorText(error));
}

} // namespace tincan
