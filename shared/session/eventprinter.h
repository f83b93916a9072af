// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/batch.h"
#include "session/outputwriter.h"

namespace tincan {

// What a headless server says: a line an event, for people and for scripts.
//
//   listening ADDRESS                of TCP; else with the transport's word: "listening udp ADDRESS", "listening unix PATH"
//   joined PEER                      its address; a Unix peer without one is as peerText() says, blanks as \x20
//   received PEER BYTES "text"       escaped as in C (see escaped() in transcript/payload.h)
//   sent PEER BYTES "text"
//   relayed PEER BYTES "text"        to everybody else; "sent all …" for a message to all
//   refused PEER BYTES "text"
//   peer-finished PEER               its FIN has come
//   finished PEER                    our FIN is sent
//   left PEER REASON
//   note …                           of one peer: "note PEER: …"
//   stopped                          of one of several listeners: as in its listening line, "stopped udp ADDRESS"
//
// Used in one thread at a time: the recorder's, as its tap.
class EventPrinter
{
public:
    // `out` outlives it. Once that fails, nothing more is written. `several`: there is more than one listener.
    explicit EventPrinter(OutputWriter &out, bool several = false);

    void print(const Batch &batch);

private:
    void printRecord(const Batch &batch, const Record &record);
    void payload(const char *word, std::string_view whom, const Record &record);
    void event(const char *word, const Record &record);
    void note(const Record &record, const NoteInfo &note);
    struct Known {
        std::string name;
        Transport transport = Transport::Tcp;
    };
    const Known &known(PeerId peer) const;

    std::string m_lines;
    std::unordered_map<PeerId, Known> m_known; // those that are there: a server may see any number of peers come and go
    std::vector<std::string> m_listeners;      // by listener id
    OutputWriter &m_out;
    bool m_several;
    bool m_isLost = false;
    bool m_listening = false;
};

} // namespace tincan
