// SPDX-License-Identifier: MIT
#include "session/connectoptions.h"

#include <algorithm>

#include <net/if.h>

#include "net/multicast.h"

namespace tincan {

namespace {

void takeInterface(ConnectOptions &options)
{
    const auto percent = options.host.find('%');
    if (percent == std::string::npos) {
        return;
    }
    const Result<Endpoint> group = Endpoint::fromAddress(options.host.substr(0, percent), 0);
    const unsigned interface = ::if_nametoindex(options.host.substr(percent + 1).c_str());
    if (group && group->family() == Endpoint::Family::IPv4 && interface != 0) {
        options.host.resize(percent);
        options.multicastInterface = interface;
    }
}

} // namespace

ConnectOptions connectOptions(const ConnectRequest &request)
{
    ConnectOptions options;
    options.host = request.host.toStdString();
    options.port = isUnix(request.transport) ? quint16{0} : request.port;
    options.local = request.local;
    options.timeout = std::chrono::milliseconds(request.timeoutMilliseconds);
    options.transport = request.transport;
    options.options = request.options;
    options.connected = request.connected;
    if (request.transport != Transport::Udp) {
        return options;
    }
    takeInterface(options);
    const Result<Endpoint> address = Endpoint::fromAddress(options.host, 0);
    const bool isAsked = std::any_of(options.options.begin(), options.options.end(),
                                     [](const OptionValue &value) { return value.option == SocketOption::Broadcast; });
    if (address && !isAsked && isBroadcast(*address)) {
        options.options.push_back({SocketOption::Broadcast, 1, {}});
    }
    return options;
}

ListenOptions listenOptions(const ListenRequest &request)
{
    ListenOptions options;
    options.address = request.address;
    options.backlog = request.backlog;
    options.transport = request.transport;
    options.serving = isDatagram(request.transport) ? Serving::EventLoop : request.serving;
    options.loops = request.loops;
    options.options = request.options;
    options.pathMode = isUnix(request.transport) ? request.pathMode : -1;
    if (request.transport == Transport::Udp) {
        for (const GroupRequest &group : request.groups) {
            options.groups.push_back({group.group, group.interface});
        }
    }
    return options;
}

} // namespace tincan
