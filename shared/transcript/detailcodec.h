// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>

#include "base/record.h"
#include "transcript/bytebuffer.h"

namespace tincan {

// Details to bytes and back, for the custom blocks of a session file: the variant's index in one byte, then its members in order;
// integers little-endian, texts and lists with their length in 32 bits before them. Any thread.
void encodeDetail(const Detail &detail, ByteBuffer &into);

// Nothing where the bytes are none that encodeDetail() makes.
std::optional<Detail> decodeDetail(std::span<const std::byte> bytes);

} // namespace tincan
