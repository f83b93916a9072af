// SPDX-License-Identifier: MIT
#include "session/commandoptions.h"

#include "session/commandtargets.h"

namespace tincan {

namespace {

using Problem = tl::unexpected<QString>;

tl::expected<Wanted, QString> wantedOf(QCommandLineParser &parser, const QStringList &arguments)
{
    if (!parser.parse(arguments)) {
        return Problem(parser.errorText());
    }
    if (isSet(parser, "help")) {
        return Wanted::Help;
    }
    if (isSet(parser, "version")) {
        return Wanted::Version;
    }
    return isSet(parser, "headless") ? Wanted::Headless : Wanted::Window;
}

// An option that stands there instead is not the name of one.
tl::expected<QString, QString> fileName(const QCommandLineParser &parser, const char *name)
{
    const QString given = value(parser, name);
    if (given.isEmpty()) {
        return Problem(QStringLiteral("--%1 takes the name of a file").arg(QLatin1String(name)));
    }
    if (given.startsWith(u'-')) {
        return Problem(QStringLiteral("--%1 takes the name of a file, not “%2”: where that is its name, write ./%2")
                           .arg(QLatin1String(name), given));
    }
    return given;
}

// --open goes with nothing that is about a running session.
tl::expected<QString, QString> fileToOpen(const QCommandLineParser &parser, Wanted wanted)
{
    const auto file = fileName(parser, "open");
    if (!file) {
        return file;
    }
    if (wanted == Wanted::Headless) {
        return Problem(QStringLiteral("--open shows a session in a window; it does not go with --headless"));
    }
    const QStringList others = parser.optionNames() + parser.positionalArguments();
    if (others.size() > 1) {
        return Problem(QStringLiteral("--open FILE stands alone: it only shows the file"));
    }
    return file;
}

} // namespace

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

tl::expected<bool, QString> readCommon(QCommandLineParser &parser, const QStringList &arguments, Wanted &wanted, QString &open)
{
    parser.addOptions({{{QStringLiteral("h"), QStringLiteral("help")}, {}},
                       {{QStringLiteral("V"), QStringLiteral("version")}, {}},
                       flag("headless"),
                       valued("record"),
                       flag("no-record"),
                       valued("open")});
    const auto what = wantedOf(parser, arguments);
    if (!what) {
        return Problem(what.error());
    }
    wanted = *what;
    if (wanted == Wanted::Help || wanted == Wanted::Version) {
        return true;
    }
    if (!isSet(parser, "open")) {
        return false;
    }
    return fileToOpen(parser, wanted).map([&open](const QString &file) {
        open = file;
        return true;
    });
}

tl::expected<RecordingPlace, QString> recordingPlace(const QCommandLineParser &parser, Wanted wanted)
{
    if (isSet(parser, "record") && isSet(parser, "no-record")) {
        return Problem(QStringLiteral("--record and --no-record exclude each other"));
    }
    if (isSet(parser, "record")) {
        return fileName(parser, "record").map([](const QString &file) {
            return RecordingPlace{RecordingPlace::Kind::File, file};
        });
    }
    if (isSet(parser, "no-record")) {
        // A window reads back what it shows: from a file without a name, which is gone when it ends.
        return RecordingPlace{wanted == Wanted::Headless ? RecordingPlace::Kind::Nowhere : RecordingPlace::Kind::Forgotten, {}};
    }
    return RecordingPlace{};
}

} // namespace tincan
