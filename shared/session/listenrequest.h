// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include <QString>

#include <sys/socket.h>

#include <tl/expected.hpp>

#include "base/endpoint.h"
#include "base/serving.h"
#include "base/socketoptions.h"
#include "base/transport.h"

namespace tincan {

// A multicast group (RFC 1112, RFC 4291), and the interface by which it is joined; 0: the kernel chooses by its routes.
struct GroupRequest {
    Endpoint group; // port 0
    unsigned interface = 0;

    friend bool operator==(const GroupRequest &, const GroupRequest &) = default;
};

// Where to listen, and how: what net/engine.h calls ListenOptions, for Qt code. A value.
struct ListenRequest {
    Endpoint address; // IP, Unix path or abstract name, as the transport wants
    Transport transport = Transport::Tcp;
    int backlog = SOMAXCONN;              // of transports with connections
    Serving serving = Serving::EventLoop; // likewise
    int loops = 1;                        // of Serving::EventLoop
    OptionValues options;
    int pathMode = -1;                // permissions of a Unix path (0600 …); -1: as the umask has it
    std::vector<GroupRequest> groups; // of UDP

    friend bool operator==(const ListenRequest &, const ListenRequest &) = default;
};

inline constexpr int kMostLoops = 64;

// Where to connect, and from where: what net/engine.h calls ConnectOptions. A value.
struct ConnectRequest {
    QString host; // a name, an address; a path or "@name" of Unix sockets. "239.1.2.3%eth0" sends to a group by that interface
    quint16 port = 0;
    Transport transport = Transport::Tcp;
    Endpoint local; // bound before connect; empty: the kernel chooses. 0.0.0.0 and :: stand for each other
    int timeoutMilliseconds = 10'000;
    OptionValues options;
    bool connected = true; // of datagrams, see ConnectOptions

    friend bool operator==(const ConnectRequest &, const ConnectRequest &) = default;
};

// Those that follow: any thread. What is wrong comes back as a sentence without its full stop.

// "udp:0.0.0.0:7000", "unix:/run/x.sock"; TCP stands without a prefix: "127.0.0.1:6666". parseListenTarget() reads it.
QString listenTargetText(const ListenRequest &request);

// ADDRESS:PORT, PORT (of 127.0.0.1), a path, or @name, with or without the transport's word and a colon before it. Without it,
// `transport` is meant where it is given; else a path is of a Unix stream socket, all else of TCP.
tl::expected<ListenRequest, QString> parseListenTarget(const QString &text, std::optional<Transport> transport);

// A path or "@name". Error: why it can be none (too long for sun_path, empty).
tl::expected<Endpoint, QString> unixEndpoint(const QString &text);
// As typed on a command line: begins with "/", "./", "../" or "@".
bool looksLikePath(const QString &text);

// "239.1.2.3, 239.1.2.4%eth0, [ff02::1%eth0]"; groupsText() writes it.
tl::expected<std::vector<GroupRequest>, QString> parseGroups(const QString &text);
QString groupsText(const std::vector<GroupRequest> &groups);

// Permissions in octal: "0600", "660". Error: no such number, or more than 0777.
tl::expected<int, QString> parseMode(const QString &text);

// For a settings file: everything but the options, in one line. Nothing where it makes no sense.
QString storedText(const ListenRequest &request);
std::optional<ListenRequest> requestOf(const QString &stored);

} // namespace tincan
