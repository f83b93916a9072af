// SPDX-License-Identifier: MIT
#include "session/commandoptions.h"

#include "session/commandtargets.h"

namespace tincan {

QCommandLineOption flag(const char *name)
{
    return QCommandLineOption(QString::fromLatin1(name));
}

QCommandLineOption valued(const char *name)
{
    return {QString::fromLatin1(name), {}, QStringLiteral("value")};
}

QString value(const QCommandLineParser &parser, const char *name)
{
    return parser.value(QString::fromLatin1(name));
}

bool isSet(const QCommandLineParser &parser, const char *name)
{
    return parser.isSet(QString::fromLatin1(name));
}

tl::expected<int, QString> wholeNumber(const QCommandLineParser &parser, const char *name, int least, int most)
{
    bool isNumber = false;
    const int number = value(parser, name).toInt(&isNumber);
    if (!isNumber || number < least || number > most) {
        return tl::unexpected(QStringLiteral("--%1 takes a whole number from %2 to %3, not “%4”")
                                  .arg(QString::fromLatin1(name))
                                  .arg(least)
                                  .arg(most)
                                  .arg(value(parser, name)));
    }
    return number;
}

tl::expected<int, QString> oneOf(const QCommandLineParser &parser, const char *name, const QStringList &words)
{
    const auto at = words.indexOf(value(parser, name));
    if (at < 0) {
        return tl::unexpected(QStringLiteral("--%1 takes %2, not “%3”")
                                  .arg(QString::fromLatin1(name), words.join(QLatin1String(", ")), value(parser, name)));
    }
    return static_cast<int>(at);
}

tl::expected<std::optional<Transport>, QString> givenTransport(const QCommandLineParser &parser)
{
    if (!isSet(parser, "transport")) {
        return std::optional<Transport>();
    }
    QStringList words;
    for (const Transport transport : kTransports) {
        words << transportWordOf(transport);
    }
    return oneOf(parser, "transport", words).map([](int at) { return std::optional(static_cast<Transport>(at)); });
}

} // namespace tincan
