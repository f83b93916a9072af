// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/record.h"

namespace tincan {

// What a peer is called where its address would stand; one line, made to be read, not to be parsed. Any thread.
//   IP                     127.0.0.1:53422
//   Unix, with a name      /run/app.sock, @abstract
//   Unix, without one      socat[4242]#14: the program, its pid, our descriptor; as far as they are known, and unix#14 where
//                          there is no program. Who connects seldom has a name (unix(7))
// What a name could do to a line or a terminal (control characters, marks that turn the direction of what follows, bytes that are
// no UTF-8) is written as \x1b, \u{202e}.
std::string peerText(const PeerInfo &info);

// The same care for any text that others have chosen.
std::string plainText(std::string_view text);

} // namespace tincan
