// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <QString>

#include "base/result.h"
#include "transcript/conversationview.h"
#include "transcript/encoding.h"
#include "transcript/payloadsource.h"

namespace tincan {

enum class SaveFormat : std::uint8_t { Pcapng, Text, Html, Csv, JsonLines, Raw, HexDump };
// Of SaveFormat::Raw.
enum class SaveDirection : std::uint8_t { Received, Sent };

// What a file's suffix stands for ("pcapng", "txt", "html", "csv", "jsonl", "bin", "hex"; case does not matter), and the other
// way round. Any thread.
std::optional<SaveFormat> formatOfSuffix(const QString &suffix);
QString suffixOf(SaveFormat format);

// A name that was given to an address, for a name-resolution block. The port does not matter.
struct NamedAddress {
    Endpoint address;
    std::string name;
};

// What is to be saved: rows as they were when this was made. The index that the views are of outlives the saving.
struct SaveRequest {
    SaveFormat format = SaveFormat::Text;
    SaveDirection direction = SaveDirection::Received;
    ConversationView conversation;
    BlockListView<Row> rows; // of the whole session, whatever the conversation
    BlockListView<Detail> details;
    RowNumber first = 0;                // only rows with these numbers
    RowNumber last = UINT32_MAX;        // this one included
    QString path;                       // an existing file gives way when all is written, not before
    const Encoding *encoding = &utf8(); // what text, HTML, CSV and JSON Lines read the bytes in; the files themselves are UTF-8
    std::string application;            // what a pcapng file says it was written by
    std::vector<NamedAddress> names;

    // The words for a row that is no message, or for why one was refused: text for people is not made in this layer.
    // `context` is Index::contextOf(). Called in the thread that saves.
    using Words = std::function<QString(const Row &row, const Detail &detail, const RowContext &context)>;
    Words words;
};

struct SaveResult {
    std::uint64_t messages = 0;
    std::uint64_t events = 0;
    std::uint64_t incomplete = 0; // messages whose bytes were not recorded, are no longer kept or cannot be read
    int incompleteError = 0;      // errno's value of the first of them

    friend bool operator==(const SaveResult &, const SaveResult &) = default;
};

// Writes it to a file beside `path`, and renames that at the end: what fails or is cancelled leaves an old file as it was.
// Any thread (of the pool); memory does not grow with the number of messages. `progress` is called with 0 to 1000 now and then
// and ends the work by returning false. Error: of the file, with its path; ECANCELED where progress() said so.
Result<SaveResult> save(const SaveRequest &request, const PayloadSource &payloads, const std::function<bool(int)> &progress = {});

} // namespace tincan
