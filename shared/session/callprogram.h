// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "session/callscript.h"

namespace tincan {

// Languages in which a session is written as a program.
enum class ProgramKind : std::uint8_t {
    C,      // compiles with gcc -Wall -Wextra -Werror
    Python, // 3.8 and newer, the socket module
    Nc,     // a script of the shell around nc (OpenBSD's), ncat or socat
};
inline constexpr std::array kProgramKinds = {ProgramKind::C, ProgramKind::Python, ProgramKind::Nc};

// A whole program that does what the script tells; empty where that is nothing. What came is printed. Pure; any thread.
QString programText(ProgramKind kind, const CallScript &script);

QString programSuffix(ProgramKind kind); // "c", "py", "sh"

// One each, as programText() calls them.
QString cProgram(const CallScript &script);
QString pythonProgram(const CallScript &script);
QString ncProgram(const CallScript &script);

// The title of a program, for its first comment: "the connection to 127.0.0.1:6666".
QString scriptTitle(const CallScript &script);

// What is to be said before a connection's steps: that it was still open, that it never came about … Empty: nothing.
QString talkRemark(const CallTalk &talk);
// Of setsockopt(2), as the manual calls it: "SOL_SOCKET", "IPPROTO_TCP"; a number where it has no name.
QString levelName(int level);
// An option that a program must do without, and why; empty where it can be set.
QString leftOutRemark(const CallInfo &option);
// "5000 bytes were sent; these are the first 2048"; empty where they are all there.
QString cutRemark(const CallStep &step);

} // namespace tincan
