// SPDX-License-Identifier: MIT
#include "session/commandline.h"

#include <cstdio>

namespace tincan {

QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i) {
        arguments << QString::fromLocal8Bit(argv[i]);
    }
    return arguments;
}

QString versionText(const QString &program)
{
    return program + QLatin1String(" " TINCAN_VERSION "\n");
}

void printError(const QString &program, const QString &text)
{
    std::fprintf(stderr, "%s: %s\n", qPrintable(program), qPrintable(text));
}

} // namespace tincan
