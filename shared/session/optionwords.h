// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QString>
#include <QStringList>

#include "base/socketoptions.h"

namespace tincan {

// Socket options in words, for the panel and for settings. Any thread.

QString optionName(SocketOption option); // "SO_RCVBUF"
// What it does, in one or two sentences, and the man page that says more.
QString optionMeaning(SocketOption option);

QString optionText(const OptionValue &value); // "on", "65536 bytes", "cubic"
// As it is typed: without a unit.
QString optionEditText(const OptionValue &value);

// What was typed, or why it cannot be that: "a number from 1 to 127". Empty, and what is no value, are none.
struct TypedOption {
    std::optional<OptionValue> value;
    QString problem;
};
TypedOption typedOption(SocketOption option, const QString &text);

// "EPERM — Operation not permitted"
QString optionErrorText(int error);

// For settings: "SO_RCVBUF=65536". What is no option, or no value of it, is left out.
QStringList optionsToList(const OptionValues &options);
OptionValues optionsFromList(const QStringList &list);

// The algorithms of TCP_CONGESTION that this kernel offers (/proc/sys/net/ipv4/tcp_available_congestion_control; tcp(7)).
QStringList congestionAlgorithms();

} // namespace tincan
