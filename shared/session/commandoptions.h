// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QCommandLineParser>
#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

#include "base/transport.h"
#include "session/commandline.h"

namespace tincan {

// Single options of a command line, by their long names. Any thread. What is wrong comes back as a sentence without its full
// stop.

QCommandLineOption flag(const char *name);
QCommandLineOption valued(const char *name);

bool isSet(const QCommandLineParser &parser, const char *name);
QString value(const QCommandLineParser &parser, const char *name);
tl::expected<int, QString> wholeNumber(const QCommandLineParser &parser, const char *name, int least, int most);
// One of `words`, by its place; what else it might have been is said.
tl::expected<int, QString> oneOf(const QCommandLineParser &parser, const char *name, const QStringList &words);

// What both programs begin with: parses, and reads --help, --version, --headless and --open. The parser has the program's own
// options already. True: nothing else is to be read.
tl::expected<bool, QString> readCommon(QCommandLineParser &parser, const QStringList &arguments, Wanted &wanted, QString &open);
// --record and --no-record.
tl::expected<RecordingPlace, QString> recordingPlace(const QCommandLineParser &parser, Wanted wanted);
// --transport; nothing where it is not given.
tl::expected<std::optional<Transport>, QString> givenTransport(const QCommandLineParser &parser);

} // namespace tincan
