// SPDX-License-Identifier: MIT
#pragma once

#include <QFileIconProvider>

namespace tincan {

// What a file dialog says of files, without opening them: Qt's own provider reads their beginnings in the GUI thread to find out
// what they are, which takes its time in a folder on a slow network, and never ends where a file has nothing to give
// (/proc/kmsg). GUI thread and that of the dialog's model.
class PlainFileIcons final : public QFileIconProvider
{
public:
    // One for all dialogs. It is never destroyed: a dialog's thread may ask it until the last.
    static PlainFileIcons *instance()
    {
        static auto *const only = new PlainFileIcons;
        return only;
    }

    using QFileIconProvider::icon;
    QIcon icon(const QFileInfo &info) const override { return icon(info.isDir() ? Folder : File); }
    QString type(const QFileInfo &info) const override
    {
        return info.isDir() ? QStringLiteral("Folder") : QStringLiteral("%1 file").arg(info.suffix()).trimmed();
    }
};

} // namespace tincan
