// SPDX-License-Identifier: MIT
// What a person may type into the composer, in every way of composing.
#include <cstdlib>

#include "transcript/payload.h"

using namespace tincan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2) {
        return 0;
    }
    const auto as = static_cast<ComposeAs>(data[0] % 3);
    const auto ending = static_cast<LineEnding>(data[1] % 5);
    const QByteArray typed(reinterpret_cast<const char *>(data) + 2, static_cast<qsizetype>(size) - 2);
    const QString text = QString::fromUtf8(typed);
    const auto bytes = payloadFromText(text, as, ending);
    if (!bytes && (bytes.error().position < 0 || bytes.error().position > text.size())) {
        std::abort();
    }
    // Escapes are the inverse of escaped().
    const auto back = payloadFromText(QString::fromUtf8(escaped(typed)), ComposeAs::Escapes, LineEnding::None);
    if (!back || *back != typed) {
        std::abort();
    }
    return 0;
}
