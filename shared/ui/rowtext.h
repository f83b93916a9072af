// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "session/transcriptmodel.h"

namespace tincan {

enum class ShowAs : std::uint8_t { Text, Hex, Both };
// The times beside the rows. SincePrevious: what has passed since the row above.
enum class TimesAs : std::uint8_t { Off, Time, DateAndMicroseconds, SincePrevious };

// A row in words, for the view, for the clipboard and for those who cannot see it. GUI thread.

// "received 14:02:13.118 from 127.0.0.1:53422: hello\n", line ends and the like as escapes; a note's time and text.
QString spokenText(const TranscriptModel &model, int row);

// What a row that is no message says. Among the rows of all peers, with whose it is in front.
QString noteLine(const TranscriptModel &model, int row);

// What stands in place of the payload of a message that has none: "(empty datagram)".
QString emptyRowText(const TranscriptModel &model, int row);

// What stands over a bubble: whom it came from or went to. Empty in a conversation with one peer, but for what was relayed.
QString whoText(const TranscriptModel &model, int row);

// "received from 127.0.0.1:53422", "sent to all peers": a message's way.
QString wayText(const TranscriptModel &model, int row);

// "14:02:13.118", "2026-11-21 14:02:13.118042", "+1.204 ms"; empty where times are off. The first row has nothing above it, and
// says when it was.
QString timeText(const TranscriptModel &model, int row, TimesAs times);

// "14:02:13.118 · 14 B ✓✓ 0.3 ms", with what became of a sent one.
QString sideText(const TranscriptModel &model, int row, TimesAs times = TimesAs::Time);

// What became of a sent row, in a sentence for those who cannot see the ticks; empty for others.
QString spokenDelivery(const TranscriptModel &model, int row);

enum class CopyAs : std::uint8_t { Text, Hex, TextWithTimes, HexWithTimes, CArray, CArrayWithTimes };
// The messages of these rows, each from a new line on; notes only with times. Bytes that are no character stay escapes in a text.
// What would be more than some 64 MiB or 200 000 rows is left out, and that is said.
QString copyText(const TranscriptModel &model, int first, int last, CopyAs as);

} // namespace tincan
