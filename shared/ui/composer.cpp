// SPDX-License-Identifier: MIT
#include "ui/composer.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include "session/words.h"
#include "ui/combobox.h"
#include "ui/icons.h"
#include "ui/messageedit.h"
#include "ui/theme.h"

namespace tincan {

namespace {

void addComposeAs(ComboBox *combo)
{
    combo->addChoice(QStringLiteral("Text"), static_cast<int>(ComposeAs::Text),
                     QStringLiteral("What is typed is sent, in the conversation’s encoding"));
    combo->addChoice(QStringLiteral("Text with escapes"), static_cast<int>(ComposeAs::Escapes),
                     QStringLiteral("As in C: \\n \\r \\t \\0 \\e \\\\ \\x1b \\u00e9 …"));
    combo->addChoice(QStringLiteral("Hex"), static_cast<int>(ComposeAs::Hex),
                     QStringLiteral("Pairs of hex digits: 48 65 6c 6c 6f"));
}

void addLineEndings(ComboBox *combo)
{
    combo->addChoice(QStringLiteral("None"), static_cast<int>(LineEnding::None), QStringLiteral("Nothing is appended"));
    combo->addChoice(QStringLiteral("LF"), static_cast<int>(LineEnding::Lf),
                     QStringLiteral("\\n is appended: what nc and most programs expect"));
    combo->addChoice(QStringLiteral("CR"), static_cast<int>(LineEnding::Cr), QStringLiteral("\\r is appended"));
    combo->addChoice(QStringLiteral("CRLF"), static_cast<int>(LineEnding::CrLf),
                     QStringLiteral("\\r\\n is appended: HTTP, SMTP and other internet protocols"));
    combo->addChoice(QStringLiteral("NUL"), static_cast<int>(LineEnding::Nul), QStringLiteral("A zero byte is appended"));
}

} // namespace

QString payloadErrorText(const PayloadError &error)
{
    const QString where = QStringLiteral(" (character %1)").arg(error.position + 1);
    switch (error.kind) {
    case PayloadError::Kind::UnknownEscape:
        return QStringLiteral("“%1” is no escape%2. For a backslash itself write \\\\").arg(error.offending, where);
    case PayloadError::Kind::IncompleteEscape:
        return QStringLiteral("The escape “%1” is not complete%2").arg(error.offending, where);
    case PayloadError::Kind::CodePointTooLarge:
        return QStringLiteral("“%1” is no character of Unicode%2").arg(error.offending, where);
    case PayloadError::Kind::NotHex:
        return QStringLiteral("“%1” is no hex digit%2").arg(error.offending, where);
    case PayloadError::Kind::OddHexDigits:
        return QStringLiteral("A byte has two hex digits; “%1” stands alone%2").arg(error.offending, where);
    case PayloadError::Kind::NotInEncoding:
        return QStringLiteral(
                   "%1 has no character “%2”%3. Choose an encoding that has it (UTF-8 has every one), or write its bytes "
                   "as escapes: \\xHH")
            .arg(QString::fromLatin1(error.encoding->name), error.offending, where);
    }
    return {};
}

Composer::Composer(QWidget *parent)
    : QWidget(parent)
    , m_edit(new MessageEdit(this))
    , m_composeAs(new ComboBox(QStringLiteral("composeAs"), QStringLiteral("Compose as"), this))
    , m_lineEnding(new ComboBox(QStringLiteral("lineEnding"), QStringLiteral("Line ending"), this))
    , m_send(new QPushButton(icon(QLatin1String("send")), QStringLiteral("Send"), this))
    , m_problem(new QLabel(this))
{
    m_problem->setObjectName(QStringLiteral("messageProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(0, 0, 0, 6); // apart from what stands below
    m_problem->hide();

    auto *layout = new QGridLayout(this);
    layout->setContentsMargins({});
    layout->setHorizontalSpacing(6);
    layout->setVerticalSpacing(4);
    layout->addWidget(m_edit, 1, 0);
    layout->addWidget(makeChoices(), 1, 1);
    layout->addWidget(m_problem, 2, 0, 1, 2);
    layout->setColumnStretch(0, 1);

    connect(m_edit, &MessageEdit::submitted, this, &Composer::submit);
    connect(m_edit, &MessageEdit::historyAsked, this, &Composer::walkHistory);
    connect(m_edit, &MessageEdit::manyLinesPasted, this, &Composer::guardPaste);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] { setProblem({}); });
    connect(m_send, &QPushButton::clicked, this, &Composer::submit);
    for (ComboBox *combo : {m_composeAs, m_lineEnding}) {
        connect(combo, &QComboBox::currentIndexChanged, this, [this] { setProblem({}); });
    }
}

QWidget *Composer::makeChoices()
{
    addComposeAs(m_composeAs);
    addLineEndings(m_lineEnding);
    m_composeAs->setToolTip(QStringLiteral("How what you type becomes bytes"));
    m_lineEnding->setToolTip(QStringLiteral("What is appended to each message"));
    m_send->setObjectName(QStringLiteral("send"));
    m_send->setAccessibleName(QStringLiteral("Send"));
    m_send->setDefault(true); // how it looks; Enter is the message's own

    auto *column = new QWidget(this);
    auto *grid = new QGridLayout(column);
    grid->setContentsMargins({});
    grid->setSpacing(6);
    grid->addWidget(m_composeAs, 0, 0);
    grid->addWidget(m_lineEnding, 0, 1);
    grid->addWidget(m_send, 1, 0, 1, 2);
    grid->setRowStretch(2, 1);
    return column;
}

QWidget *Composer::makePasteGuard()
{
    auto *guard = new QWidget(this);
    guard->setObjectName(QStringLiteral("pasteGuard"));
    guard->setAutoFillBackground(true);
    guard->setBackgroundRole(QPalette::AlternateBase);
    auto *row = new QHBoxLayout(guard);
    row->setContentsMargins(8, 4, 8, 4);
    m_pasteText = new QLabel(guard);
    m_pasteText->setTextFormat(Qt::PlainText);
    row->addWidget(m_pasteText, 1);
    const auto button = [&](const QString &text, const QString &name) {
        auto *made = new QPushButton(text, guard);
        made->setObjectName(name);
        row->addWidget(made);
        return made;
    };
    auto *send = button(QStringLiteral("Send as one message"), QStringLiteral("pasteSend"));
    auto *paste = button(QStringLiteral("Paste"), QStringLiteral("pasteInsert"));
    auto *cancel = button(QStringLiteral("Cancel"), QStringLiteral("pasteCancel"));
    cancel->setShortcut(Qt::Key_Escape);
    cancel->setAccessibleName(QStringLiteral("Cancel paste"));
    connect(send, &QPushButton::clicked, this, [this] {
        const QString text = m_pasted;
        endPaste();
        sendText(text, false);
    });
    connect(paste, &QPushButton::clicked, this, [this] {
        m_edit->insertPlainText(m_pasted);
        endPaste();
    });
    connect(cancel, &QPushButton::clicked, this, &Composer::endPaste);
    static_cast<QGridLayout *>(layout())->addWidget(guard, 0, 0, 1, 2);
    setTabOrder(m_edit, send); // the second of the two is moved: the message stays where it is in the window's order
    setTabOrder(send, paste);
    setTabOrder(paste, cancel);
    return guard;
}

void Composer::guardPaste(const QString &text, int lines)
{
    if (!m_pasteGuard) {
        m_pasteGuard = makePasteGuard();
    }
    m_pasted = text;
    const auto bytes = static_cast<quint64>(text.toUtf8().size());
    m_pasteText->setText(QStringLiteral("Paste %1 lines (%2)?").arg(lines).arg(formatBytes(bytes)));
    m_pasteGuard->show();
    m_pasteGuard->findChild<QPushButton *>(QStringLiteral("pasteInsert"))->setFocus(Qt::OtherFocusReason);
}

void Composer::endPaste()
{
    m_pasted.clear();
    m_edit->setFocus(Qt::OtherFocusReason);
    m_pasteGuard->hide();
}

void Composer::setConversation(PeerId conversation)
{
    if (m_pasteGuard && m_pasteGuard->isVisible()) {
        endPaste();
    }
    m_memory.keepDraft(m_conversation, m_edit->text());
    m_conversation = conversation;
    m_memory.startWalk(conversation);
    m_edit->setText(m_memory.draft(conversation));
}

void Composer::setRecipients(const std::vector<PeerId> &recipients, const QString &hint, const QString &whyNot)
{
    m_recipients = recipients;
    m_whyNot = whyNot;
    if (whyNot.isEmpty()) {
        m_edit->setHint(QStringLiteral("Message to ") + hint, QStringLiteral("   (Enter sends, Shift+Enter starts a new line)"));
    } else {
        m_edit->setHint(whyNot, {});
    }
    m_send->setEnabled(whyNot.isEmpty());
    m_send->setToolTip(whyNot.isEmpty() ? QStringLiteral("Send to %1 (Enter)").arg(hint) : whyNot);
}

void Composer::submit()
{
    sendText(m_edit->text(), true);
}

void Composer::sendText(const QString &text, bool isTyped)
{
    emit aboutToSend();
    if (!m_whyNot.isEmpty()) {
        setProblem(m_whyNot);
        return;
    }
    const auto bytes = payloadFromText(text, composeAs(), lineEnding(), *m_encoding);
    if (!bytes) {
        if (!isTyped) {
            m_edit->setText(text);
        }
        showProblem(bytes.error());
        return;
    }
    if (bytes->isEmpty()) {
        setProblem(QStringLiteral("There is nothing to send: no text, and no line ending is appended"));
        return;
    }
    for (const PeerId peer : m_recipients) {
        m_memory.addSent(peer, text);
    }
    m_memory.startWalk(m_conversation);
    if (isTyped) {
        m_edit->clear();
    }
    emit sendAsked(*bytes);
}

void Composer::showProblem(const PayloadError &error)
{
    setProblem(payloadErrorText(error));
    QTextCursor at = m_edit->textCursor();
    const int end = m_edit->document()->characterCount() - 1;
    at.setPosition(std::clamp(static_cast<int>(error.position), 0, end));
    at.setPosition(std::clamp(static_cast<int>(error.position + error.offending.size()), 0, end), QTextCursor::KeepAnchor);
    m_edit->setTextCursor(at);
    m_edit->setFocus(Qt::OtherFocusReason);
}

void Composer::setProblem(const QString &text)
{
    if (text == m_problem->text() && text.isEmpty() == m_problem->isHidden()) {
        return;
    }
    QPalette palette = this->palette();
    palette.setColor(QPalette::WindowText, isDark(palette) ? badColour().lighter(135) : badColour().darker(115));
    m_problem->setPalette(palette);
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

void Composer::walkHistory(int step, bool *taken)
{
    if (const std::optional<QString> text = m_memory.walk(step, m_edit->text())) {
        m_edit->setText(*text);
        *taken = true;
    }
}

bool Composer::isEmpty() const
{
    return m_edit->document()->isEmpty();
}

bool Composer::hasDraft(PeerId conversation) const
{
    return conversation == m_conversation ? !isEmpty() : !m_memory.draft(conversation).isEmpty();
}

ComposeAs Composer::composeAs() const
{
    return static_cast<ComposeAs>(m_composeAs->currentData().toInt());
}

void Composer::setComposeAs(ComposeAs as)
{
    m_composeAs->chooseData(static_cast<int>(as));
}

void Composer::setEncoding(const Encoding &encoding)
{
    if (&encoding != m_encoding) {
        m_encoding = &encoding;
        setProblem({});
    }
}

LineEnding Composer::lineEnding() const
{
    return static_cast<LineEnding>(m_lineEnding->currentData().toInt());
}

void Composer::setLineEnding(LineEnding ending)
{
    m_lineEnding->chooseData(static_cast<int>(ending));
}

void Composer::focusMessage()
{
    m_edit->setFocus(Qt::OtherFocusReason);
}

std::vector<QWidget *> Composer::tabOrder() const
{
    return {m_edit, m_composeAs, m_lineEnding, m_send};
}

} // namespace tincan
