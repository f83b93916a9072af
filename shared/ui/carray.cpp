// SPDX-License-Identifier: MIT
#include "ui/carray.h"

namespace tincan {

QString cArray(QByteArrayView bytes, const QString &name)
{
    constexpr qsizetype kPerLine = 16;
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (bytes.isEmpty()) {
        return cComment(name + QStringLiteral(": no bytes"));
    }
    const bool isOneLine = bytes.size() <= kPerLine;
    QByteArray list;
    list.reserve(bytes.size() * 6 + 32);
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        list += !isOneLine && at % kPerLine == 0 ? "\n    0x" : " 0x";
        const auto byte = static_cast<unsigned char>(bytes[at]);
        list += kDigits[byte >> 4U];
        list += kDigits[byte & 15U];
        list += at + 1 < bytes.size() ? "," : isOneLine ? " " : ",\n";
    }
    return QStringLiteral("static const unsigned char %1[%2] = {").arg(name).arg(bytes.size()) + QString::fromLatin1(list)
        + QStringLiteral("};");
}

QString cComment(QString text)
{
    text.replace(QLatin1String("*/"), QLatin1String("* /")).replace(QLatin1String("/*"), QLatin1String("/ *"));
    return QStringLiteral("/* ") + text + QStringLiteral(" */");
}

} // namespace tincan
