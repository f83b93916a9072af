// SPDX-License-Identifier: MIT
// One HTML file that needs nothing else and loads nothing. What a peer wrote is text in it, never markup, and what could act on
// the text around it is an escape.
#include "transcript/runtext.h"
#include "transcript/savedtext.h"

namespace tincan {

namespace {

constexpr char kBegin[] = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%TITLE%</title>
<style>
:root { --back: #fff; --text: #1b1e22; --muted: #68707a; --in: #eef0f3; --out: #dbe9fb; --bad: #fbe0de; }
@media (prefers-color-scheme: dark) {
:root { --back: #1b1e22; --text: #e6e8eb; --muted: #98a1ab; --in: #2a2f36; --out: #1f3a5c; --bad: #55302e; }
}
body { background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; margin: 1.5em auto; max-width: 60em;
padding: 0 1em; }
h1 { font-size: 1.2em; }
div { margin: .5em 0; content-visibility: auto; contain-intrinsic-size: auto 3em; }
.head, .note { color: var(--muted); font-size: .85em; }
.note { text-align: center; }
.out, .bad { padding-left: 15%; }
.in { padding-right: 15%; }
pre { background: var(--in); border-radius: .5em; display: inline-block; font: inherit; margin: .1em 0 0; max-width: 100%;
overflow-wrap: anywhere; padding: .35em .7em; unicode-bidi: isolate; white-space: pre-wrap; box-sizing: border-box; }
.out pre { background: var(--out); }
.bad pre { background: var(--bad); }
i { color: var(--muted); font-style: normal; font-size: .9em; }
</style>
</head>
<body>
<h1>%TITLE%</h1>
)";

QByteArray markup(const QString &text)
{
    return text.toHtmlEscaped().toUtf8().replace('\'', "&#39;");
}

class HtmlWriter final : public SaveWriter
{
public:
    explicit HtmlWriter(const SaveContext &context)
        : SaveWriter(context)
        , m_text(this->context())
    {
    }

    void begin() override
    {
        const PeerId peer = request().conversation.peer();
        const QString with = peer == kNoPeer
            ? QStringLiteral("Session")
            : QStringLiteral("Conversation of %1 with %2")
                  .arg(QString::fromUtf8(peers().local(peer)), QString::fromUtf8(peers().remote(peer)));
        out().add(QByteArray(kBegin).replace("%TITLE%", markup(with)));
    }

    void add(const SavedRow &row) override
    {
        const Row &here = row.row;
        if (!hasPayload(here.kind)) {
            const QByteArray peer = request().conversation.peer() == kNoPeer && here.kind != RecordKind::Joined
                ? peers().remote(here.peer) + ' '
                : QByteArray();
            out().add("<div class=\"note\">" + m_time.text(here.time) + " · "
                      + markup(QString::fromUtf8(peer) + peers().words(here)) + "</div>\n");
            return;
        }
        const bool isRefused = here.kind == RecordKind::Refused;
        out().add(here.kind == RecordKind::Received ? "<div class=\"in\">"
                      : isRefused                   ? "<div class=\"bad\">"
                                                    : "<div class=\"out\">");
        out().add("<span class=\"head\">" + m_time.text(here.time) + " · " + head(here) + " · " + QByteArray::number(here.size)
                  + " bytes" + (row.isWhole ? QByteArray() : ", " + missingText(row)) + "</span><br>\n<pre>");
        if (here.size == 0) {
            out().add("<i>empty</i>");
        } else {
            addRuns(m_text.decode(row));
        }
        out().add("</pre></div>\n");
    }

    void end() override { out().add("</body>\n</html>\n"); }

private:
    QByteArray head(const Row &row) const
    {
        QString text = row.kind == RecordKind::Received ? QStringLiteral("received from ")
            : row.kind == RecordKind::Refused           ? QStringLiteral("refused to ")
                                                        : QStringLiteral("sent to ");
        text += QString::fromUtf8(peers().otherSide(row));
        if (row.kind == RecordKind::FanOut && row.peer != kNoPeer) {
            text += QStringLiteral(", relayed from ") + QString::fromUtf8(peers().remote(row.peer));
        } else if (row.kind == RecordKind::Refused) {
            text += QStringLiteral(" (%1)").arg(peers().words(row));
        }
        return markup(text);
    }

    void addRuns(const TextRuns &runs)
    {
        for (const TextRun &run : runs) {
            if (run.kind == TextRun::Kind::Plain) {
                out().add(markup(run.text));
            } else {
                out().add("<i>" + markup(run.text) + "</i>");
            }
            if (run.kind == TextRun::Kind::LineEnd && &run != &runs.back()) {
                out().add("\n");
            }
        }
    }

    SavedText m_text;
    SavedTime m_time{SavedTime::As::Local};
};

} // namespace

std::unique_ptr<SaveWriter> makeHtmlWriter(const SaveContext &context)
{
    return std::make_unique<HtmlWriter>(context);
}

} // namespace tincan
