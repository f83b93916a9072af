// SPDX-License-Identifier: MIT
#pragma once

#include "net/unixconnection.h"

namespace tincan {

// A connection of a Unix seqpacket socket: what one send(2) sends, one recv(2) returns, whole. Each message is one record, also
// an empty one; none is ever joined with another, or cut. Loop thread only.
//
// recvmsg(2) returns 0 for an empty message and for the end alike. So each message is to bring the time of its arrival along
// (SO_TIMESTAMPNS, socket(7)), which the end does not. SO_PASSCRED would do as well, but gives a socket a name of its own.
class SeqpacketConnection final : public UnixConnection
{
public:
    SeqpacketConnection(NetContext &context, PeerId id, int fd, PeerInfo info, OptionStore options,
                        std::shared_ptr<UnixPath> path);

    bool keepsBorders() const noexcept override { return true; }
    // Refused{TooLong} beyond kMaxMessage, or what SO_SNDBUF allows.
    void send(std::span<const std::byte> bytes) override;
    std::size_t sendMessages(std::span<const iovec> messages, std::vector<std::size_t> &failed) override;

protected:
    bool sendOrQueue(const std::byte *data, std::uint32_t size, bool byPerson) override;
    bool readOnce() override;
    bool readRest(bool endIsFin, std::size_t most) override;
    void flush() override;

private:
    enum class Outcome : std::uint8_t { Done, NotNow, TooLong, Failed };
    enum class Got : std::uint8_t { Message, Nothing, End, Failed };
    Outcome sendMessage(const iovec &message); // NotNow also where it is held back on purpose
    Outcome handMessage(const iovec &message);
    Got receiveMessage(std::size_t &size);
};

} // namespace tincan
