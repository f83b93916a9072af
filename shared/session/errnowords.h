// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "base/endpoint.h"
#include "base/result.h"

namespace tincan {

// What an errno of a socket call means there, and what to do about it: one table for the windows, the call log and the command
// line. Sentences without the error's name, ending in a full stop; where nothing is known, the C library's words. Any thread.
struct ErrnoWords {
    QString name;         // "ECONNREFUSED", "EAI_NONAME"
    QString meaning;      // "nobody listens on 127.0.0.1:6666: the computer is there, and refused."
    QString remedy;       // "Start the server first, or check the port."; may be empty
    bool isKnown = false; // the table has it
};

// `at`: what the call was about; empty: it is spoken of in general. Of getaddrinfo `code` is the EAI_ value and `host` the name.
ErrnoWords errnoWords(CallName call, int code, const Endpoint &at = {}, const QString &host = {});

} // namespace tincan
