// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <QString>

#include "base/endpoint.h"
#include "base/result.h"

namespace tincan {

// What the sentences of session/words* are made of. Any thread.

inline QString text(std::string_view from)
{
    return QString::fromUtf8(from.data(), static_cast<qsizetype>(from.size()));
}

inline QString text(const Endpoint &endpoint)
{
    return text(endpoint.toString());
}

// How a sentence about a failed call begins: "bind: EADDRINUSE — ".
inline QString opening(CallName call, int code)
{
    return text(callName(call)) + QLatin1String(": ") + text(errnoName(code)) + QStringLiteral(" — ");
}

inline QString opening(const Error &error)
{
    return opening(error.call, error.code);
}

} // namespace tincan
