// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QString>

#include "base/endpoint.h"

namespace tincan {

struct LocalAddress {
    QString address;   // "192.168.1.37", "fe80::1%eth0"
    QString interface; // "eth0"
};

// The addresses of this computer's interfaces that are up, IPv4 first; without those of the loopback interface. Empty where
// the system will not say. Any thread; does not block.
std::vector<LocalAddress> localAddresses();

} // namespace tincan
