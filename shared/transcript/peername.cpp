// SPDX-License-Identifier: MIT
#include "transcript/peername.h"

namespace tincan {

namespace {

// Joiners are not seen, but letters and emoji are made with them.
bool isJoiner(char32_t point)
{
    return point == 0x200c || point == 0x200d;
}

bool isName(char32_t point)
{
    switch (QChar::category(point)) {
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return false;
    case QChar::Other_Format:
        return isJoiner(point);
    default:
        return true;
    }
}

} // namespace

QString cleanPeerName(const QString &given)
{
    QString name;
    int count = 0;
    bool isGap = false;
    bool isSeen = false;
    for (const char32_t point : given.toStdU32String()) {
        if (QChar::isSpace(point)) { // tabs and line ends too
            isGap = count > 0;
            continue;
        }
        if (!isName(point)) {
            continue;
        }
        if (count + static_cast<int>(isGap) >= kLongestPeerName) {
            break;
        }
        if (isGap) {
            name += u' ';
            ++count;
            isGap = false;
        }
        name += QStringView(QChar::fromUcs4(point));
        ++count;
        isSeen = isSeen || !isJoiner(point);
    }
    return isSeen ? name : QString();
}

} // namespace tincan
