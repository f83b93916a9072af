// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/ids.h"
#include "base/socketoptions.h"

namespace tincan {

struct ListenOptions;
struct MulticastGroup;

// A socket at which peers arrive, of whatever transport. Loop thread only.
class ListenSocket
{
public:
    ListenSocket() = default;
    ListenSocket(const ListenSocket &) = delete;
    ListenSocket &operator=(const ListenSocket &) = delete;
    virtual ~ListenSocket() = default;

    // Makes, names and opens it. Records Listening, or ListenFailed and then returns false.
    virtual bool open(const ListenOptions &options) = 0;
    virtual void close() = 0;

    // There is room again, where there was none.
    virtual void resume() = 0;
    // The recorder is behind: while it is so, nobody is let in.
    virtual void setPaused(bool paused) = 0;
    // The person wants nobody to be accepted for a while.
    virtual void setAcceptingPaused(bool paused) = 0;

    // Of UDP: joins or leaves a group.
    virtual void setMember(const MulticastGroup & /*group*/, bool /*member*/) { }

    virtual std::vector<OptionState> readOptions() const { return {}; }
    // False where the kernel refuses it.
    virtual bool setOption(const OptionValue & /*value*/) { return false; }

    virtual int descriptor() const noexcept = 0; // -1 while it is not open
};

} // namespace tincan
