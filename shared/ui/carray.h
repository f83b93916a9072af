// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QString>

namespace tincan {

// "static const unsigned char data[2] = { 0x68, 0x69 };", in lines of 16 bytes where there are more. C knows no array of nothing:
// of no bytes it is a comment. Any thread.
QString cArray(QByteArrayView bytes, const QString &name);

// "/* text */", whatever the text. Any thread.
QString cComment(QString text);

} // namespace tincan
