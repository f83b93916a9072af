// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>

#include "transcript/index.h"
#include "transcript/saver.h"

namespace tincan::test {

// All of the file; empty where it cannot be read.
inline QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// To save what the index has, all of it or one peer's, as "saved." and the format's suffix in the folder. `numbers` are where one
// peer's rows are looked up, and must live as long as the request. The words and the application are the caller's.
inline SaveRequest requestFor(const Index &index, SaveFormat format, const QString &folder, PeerId peer,
                              BlockList<RowNumber> &numbers)
{
    SaveRequest request;
    request.format = format;
    request.rows = index.rows();
    request.details = index.details();
    request.conversation = ConversationView(request.rows);
    if (peer != kNoPeer) {
        numbers.clear();
        index.conversation(peer, 0, numbers);
        request.conversation = ConversationView(request.rows, numbers.view(), peer);
    }
    request.path = folder + QStringLiteral("/saved.") + suffixOf(format);
    return request;
}

} // namespace tincan::test
