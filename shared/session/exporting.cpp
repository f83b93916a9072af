// SPDX-License-Identifier: MIT
#include "session/exporting.h"

#include <QFileInfo>

#include "session/savejob.h"
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
    SaveRequest request = saveRequest(index);
    request.format = format;
    request.path = out;
    request.application = "Tincan " TINCAN_VERSION;
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
    if (const QString whole = QFileInfo(out).canonicalFilePath();
        !whole.isEmpty() && whole == QFileInfo(in).canonicalFilePath()) {
        return fail(0, CallName::Parse, out.toStdString() + " is the session itself: choose another name to write it to");
    }
    const std::optional<SaveFormat> format = formatOfSuffix(QFileInfo(out).suffix());
    if (!format || *format == SaveFormat::Pcapng
        || *format == SaveFormat::Raw) { // one direction of all peers together is nothing
        return exportPackets(in, out);
    }
    return exportRows(in, out, *format);
}

} // namespace tincan
