// SPDX-License-Identifier: MIT
#pragma once

#include "session/commandline.h"

namespace tincan {

// The addresses on a command line. Any thread. What is wrong comes back as a sentence.

// HOST:PORT, [IPV6]:PORT, HOST and PORT, a path or @name; each with or without "udp:" and the like before it. `into` may have a
// transport already.
tl::expected<void, QString> readTarget(QStringList words, ClientCommandLine &into);

// Of both command lines: whether what is to be a path was not rather meant as an address, or a port. Such a file is "./6666".
tl::expected<void, QString> checkPath(const Endpoint &address, Transport transport);

// Where its socket is bound: ADDRESS:PORT, or a path where the transport wants one.
tl::expected<Endpoint, QString> readLocal(const QString &text, Transport transport);

QString transportWordOf(Transport transport); // "unix-dgram"

} // namespace tincan
