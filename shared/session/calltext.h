// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QString>
#include <QStringList>

#include "base/record.h"

namespace tincan {

// The call in strace's words, with its arguments decoded and how long it took (strace -T), where that was measured:
//   bind(9, {sa_family=AF_INET, sin_port=htons(6666), sin_addr=inet_addr("0.0.0.0")}, 16) = -1 EADDRINUSE (Address already in
//   use) <0.000041>
// recv and send are written as they are called in C; the kernel's own names for them are recvfrom and sendto.
// `peer`: what is at the descriptor ("TCP:[127.0.0.1:6666->127.0.0.1:53422]"), written behind it as by strace -yy where no other
// argument tells; empty: nothing. Any thread.
//
// What the fields of CallInfo mean beyond what base/record.h says:
//   setsockopt   SO_LINGER: text "{1, 5}", or c: the seconds (below 0: off); a membership: address the group, or text
//                "239.1.2.3%eth0"; getsockopt: c, or text of what is no integer
//   recv, send   result or a: the length; text: the beginning of the bytes. Where text is empty and something went over, they
//   were
//                not noted. recvmsg, sendmsg also: c the number of pieces (below 0: with a control
//                message that asks for time stamps), address the msg_name
//   socketpair   fd and result the two descriptors (b, c: type and protocol); posix_spawn: result the pid, text the program
//   chmod        a: the mode; ioctl: b the request, c the answer
QString callText(const CallInfo &call, const QString &peer = {});

// Bytes as strace writes them: "\"he\\0\\0011\"", with "..." behind them where `isCut`. Any thread.
QString straceString(QByteArrayView bytes, bool isCut = false);

// "{sa_family=AF_INET, sin_port=htons(6666), sin_addr=inet_addr("0.0.0.0")}". Any thread.
QString straceAddress(const Endpoint &endpoint, bool isMapped = false); // isMapped: as ::ffff:192.0.2.1

// What is at the descriptor of a peer, as by strace -yy: "TCP:[127.0.0.1:6666->127.0.0.1:53422]". Any thread.
QString descriptorText(const PeerInfo &peer);

// Whether it went wrong: nothing to say of calls that are only not done yet (EINPROGRESS, EAGAIN). Any thread.
bool isFailure(const CallInfo &call);

} // namespace tincan
