// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "base/faults.h"
#include "base/record.h"
#include "net/hoststate.h"

namespace tincan {

class PeerHost;

// What is asked of a peer, or of all of one loop, wherever it is served: in the engine's own loop, in another thread's, or in a
// process of its own. A value: it is executed, posted or written (net/wire.h).
struct Command {
    enum class Kind : std::uint8_t {
        Send,          // bytes
        SendToSome,    // bytes, to peers
        FinishSending, //
        Disconnect,    //
        Reset,         //
        Abort,         //
        EndReceiving,  //
        ShutdownBoth,  //
        SetOption,     // option
        ReadOptions,   // optionsTold
        StopReading,   // on
        SetFaults,     // faults
        Note,          // note
        SetState,      // state
        OnDrained,     // drained
        GoOn,          // nothing is waited for any more: streams are read again
    };
    Kind kind = Kind::Send;
    PeerId peer = kNoPeer;
    bool on = false;
    Faults faults;
    std::vector<std::byte> bytes;
    std::vector<PeerId> peers;
    NoteInfo note;
    HostState state;
    OptionValue option;
    std::function<void()> drained; // called in the thread that executes it
    OptionsTold optionsTold;       // likewise
};

// Thread of the loop that `host` belongs to. A peer that is not there: nothing happens, but for what is to be sent, which is
// Refused.
void execute(PeerHost &host, const Command &command);
// What of `state` differs is brought into force.
void apply(PeerHost &host, const HostState &state);

} // namespace tincan
