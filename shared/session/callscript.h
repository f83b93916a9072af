// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include <QByteArray>
#include <QString>

#include "base/answeroptions.h"
#include "base/record.h"
#include "transcript/index.h"
#include "transcript/payloadsource.h"

namespace tincan {

// One thing that was done on a connection once it was there.
struct CallStep {
    enum class Kind : std::uint8_t {
        Send,      // bytes
        Await,     // what the peer sent, before we went on: `size` bytes of a stream, `count` messages otherwise
        AwaitEnd,  // the peer's FIN
        SetOption, // option
        Shutdown,  // how
        Close,     // in an orderly way
        Reset,     // SO_LINGER 0 and close
    };
    Kind kind = Kind::Send;
    QByteArray bytes;
    std::uint64_t size = 0; // of Send: the whole length, where `bytes` is only its beginning; of Await
    int count = 0;
    int how = 0;
    CallInfo option;
};

// What one connection was, from its making to its end.
struct CallTalk {
    QString title;                 // "127.0.0.1:53422", with its name
    Endpoint local;                // was bound before connect; empty: the kernel chose
    Endpoint remote;               // empty: not known (of a Unix peer)
    std::vector<CallInfo> options; // set before connect, in order
    std::vector<CallStep> steps;
    bool isStillOpen = false; // it had not ended yet
    bool failed = false;      // it never came about
    bool isCut = false;       // more was done than is in `steps`
};

// What a program must do to do the same as a session, or as one of its connections.
struct CallScript {
    Transport transport = Transport::Tcp;
    bool isServer = false;
    Endpoint local; // listened on
    int backlog = 0;
    std::vector<CallInfo> options;          // of the listening socket, in order
    AnswerMode answer = AnswerMode::Manual; // Relay is played as what was sent
    std::vector<CallTalk> talks;            // of a server that answers by a rule: none
    int leftOut = 0;                        // connections more than kMostTalks, or of other listeners
    int otherListeners = 0;                 // that are not in it: a program has one

    bool isEmpty() const { return !isServer && talks.empty(); }

    static constexpr int kMostTalks = 8;
    static constexpr std::size_t kMostSteps = 200;      // a connection
    static constexpr qsizetype kMostBytes = 2048;       // of a message; its program would be hard to read
    static constexpr qsizetype kMostAltogether = 65536; // of a connection
};

// What a script is made of, as it is when this is made: the index outlives it. GUI thread; then any one thread's.
struct CallScriptRequest {
    std::vector<RowBatch::Call> calls; // all that are kept
    BlockListView<Row> rows;
    BlockListView<Detail> details;
    PeerId peer = kNoPeer; // kNoPeer: of the session
};

// Goes through all rows, twice: not for the GUI thread (see CallScriptJob). `isWanted` is asked now and then; when it says no,
// the script is empty. Any one thread.
CallScript makeCallScript(const CallScriptRequest &request, const PayloadSource &payloads,
                          const std::function<bool()> &isWanted = {});

} // namespace tincan
