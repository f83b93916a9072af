// SPDX-License-Identifier: MIT
#include "session/exporting.h"

#include <cerrno>

#include <QFileInfo>

#include "session/words.h"
#include "transcript/exporter.h"
#include "transcript/saver.h"
#include "transcript/sessionfiles.h"

namespace tincan {

namespace {

constexpr std::size_t kRowsAtOnce = 20'000;

Result<QString> exportPackets(const QString &in, const QString &out)
{
    return exportFull(in, out).map([&](const ExportResult &done) {
        QString said = QStringLiteral("%1 packets written to %2").arg(done.packets).arg(out);
        if (done.messages > 0) {
            said += QStringLiteral(
                        "\n%1 messages of Unix sockets, of which there are no packets: in blocks that Tincan opens again")
                        .arg(done.messages);
        }
        if (done.cutBytes > 0) {
            said += QStringLiteral("\n%1 bytes of a torn last block left out").arg(done.cutBytes);
        }
        return said;
    });
}

Result<QString> exportRows(const QString &in, const QString &out, SaveFormat format)
{
    const Result<std::unique_ptr<RowSource>> source = openAnySession(in);
    if (!source) {
        return tl::unexpected(source.error());
    }
    Index index;
    RowBatch rows;
    for (bool isMore = true; isMore;) {
        const Result<bool> more = (*source)->readRows(rows, kRowsAtOnce);
        if (!more) {
            return tl::unexpected(more.error());
        }
        isMore = *more;
        index.append(rows);
        rows.clear();
    }
    SaveRequest request;
    request.format = format;
    request.rows = index.rows();
    request.details = index.details();
    request.conversation = ConversationView(request.rows);
    request.path = out;
    request.application = "Tincan " TINCAN_VERSION;
    request.words
        = [](const Row &row, const Detail &detail, const RowContext &context) { return noteText(row, detail, context); };
    return save(request, **source).map([&](const SaveResult &done) {
        QString said = QStringLiteral("%1 messages and %2 events written to %3").arg(done.messages).arg(done.events).arg(out);
        if (done.incomplete > 0) {
            said += QStringLiteral("\n%1 messages are not whole: their bytes were not recorded, or are no longer kept")
                        .arg(done.incomplete);
        }
        if (const std::uint64_t cut = (*source)->report().cutBytes; cut > 0) {
            said += QStringLiteral("\n%1 bytes of a torn last block left out").arg(cut);
        }
        return said;
    });
}

} // namespace

Result<QString> exportSession(const QString &in, const QString &out)
{
    const std::optional<SaveFormat> format = formatOfSuffix(QFileInfo(out).suffix());
    if (!format || *format == SaveFormat::Pcapng
        || *format == SaveFormat::Raw) { // one direction of all peers together is nothing
        return exportPackets(in, out);
    }
    const QString whole = QFileInfo(out).canonicalFilePath();
    if (!whole.isEmpty() && whole == QFileInfo(in).canonicalFilePath()) {
        return fail(EINVAL, CallName::Open, out.toStdString());
    }
    return exportRows(in, out, *format);
}

} // namespace tincan
