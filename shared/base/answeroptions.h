// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace tincan {

// What the server does by itself with what it receives. The rules themselves are in net; usable from any thread.
enum class AnswerMode : std::uint8_t { Manual, Echo, Ok, Relay };

// What is done on our side when a peer has finished sending (its FIN came).
//   Automatic  Echo and OK!!! have nothing more to say once the queue is empty and finish too; Manual and Relay stay open
//   KeepOpen   our side stays open (CLOSE_WAIT) until the person ends it
//   Finish     once what is queued has been sent, our side finishes too
enum class AfterFin : std::uint8_t { Automatic, KeepOpen, Finish };

struct AnswerOptions {
    AnswerMode mode = AnswerMode::Manual;
    bool prefixSender = false; // Relay: "address:port: " before each line
    AfterFin afterFin = AfterFin::Automatic;

    friend bool operator==(const AnswerOptions &, const AnswerOptions &) = default;
};

} // namespace tincan
