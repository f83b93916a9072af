// SPDX-License-Identifier: MIT
#include "ui/findwords.h"

namespace tincan {

QString groupedDigits(std::uint64_t number)
{
    QString text = QString::number(number);
    for (qsizetype at = text.size() - 3; at > 0; at -= 3) {
        text.insert(at, u' ');
    }
    return text;
}

QString patternErrorText(const PatternError &error, const Encoding &encoding)
{
    using Kind = PatternError::Kind;
    const auto at = QString::number(error.position + 1);
    switch (error.kind) {
    case Kind::Empty:
        return {};
    case Kind::TooLong:
        return QStringLiteral("Longer than %1 characters: look for a part of it").arg(groupedDigits(Pattern::kLongest));
    case Kind::NotHex:
        return QStringLiteral("“%1” at character %2 is no hex digit: write bytes as pairs, 0d 0a, and ?? for any byte")
            .arg(error.detail, at);
    case Kind::OddHexDigits:
        return QStringLiteral("“%1” at character %2 stands alone: a byte is two hex digits").arg(error.detail, at);
    case Kind::AnyOnly:
        return QStringLiteral("?? alone is any byte: add one that is known");
    case Kind::NoSuchBytes:
        return QStringLiteral("%1 has no “%2” (character %3): choose an encoding that has it, or look for bytes as hex")
            .arg(QString::fromLatin1(encoding.name), error.detail, at);
    case Kind::OnlyUtf8:
        return QStringLiteral(
                   "“%1” at character %2 is found in UTF-8 only, and this conversation is read as %3: write its bytes, "
                   "\\xe9, or look for a text")
            .arg(error.detail, at, QString::fromLatin1(encoding.name));
    case Kind::Regex:
        return QStringLiteral("Not an expression: %1").arg(error.detail);
    case Kind::FitsNothing:
        return QStringLiteral("This also fits where there is nothing at all, which is everywhere: write a+ in place of a*");
    }
    return {};
}

QString searchStateText(const Search &search, qsizetype current, bool isFirstTime)
{
    if (!search.isActive()) {
        return {};
    }
    const std::uint64_t found = search.hits().found();
    QString text;
    if (current >= 0) {
        text = QStringLiteral("%1 of %2").arg(groupedDigits(static_cast<std::uint64_t>(current) + 1), groupedDigits(found));
    } else if (found > 0) {
        text = QStringLiteral("%1 found").arg(groupedDigits(found));
    }
    if (found > search.hits().size()) {
        text += QStringLiteral(" (the first %1 are kept)").arg(groupedDigits(search.hits().size()));
    }
    const QString between = text.isEmpty() ? QString() : QStringLiteral(" · ");
    if (search.isCancelled()) {
        text += between + QStringLiteral("stopped at %1 %").arg(search.permille() / 10);
    } else if (search.isRunning() && isFirstTime) {
        text += between + QStringLiteral("searching… %1 %").arg(search.permille() / 10);
    } else if (found == 0) {
        text = QStringLiteral("none");
    }
    if (search.unreadable() > 0) {
        text += QStringLiteral(" · %1 messages are not kept").arg(groupedDigits(search.unreadable()));
    }
    return text;
}

} // namespace tincan
