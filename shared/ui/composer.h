// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

#include "transcript/payload.h"
#include "ui/sentmemory.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace tincan {

class ComboBox;
class MessageEdit;

// Where a message is written: the text, how it becomes bytes, what is appended, and the button. GUI thread.
class Composer final : public QWidget
{
    Q_OBJECT
public:
    explicit Composer(QWidget *parent = nullptr);

    // Whose draft and history are used.
    void setConversation(PeerId conversation);
    // Those a message will go to, in the words of the field's hint ("127.0.0.1:53422"); what is sent enters the history of each.
    // `whyNot` tells why nobody would receive it, and is empty where somebody would.
    void setRecipients(const std::vector<PeerId> &recipients, const QString &hint, const QString &whyNot);

    bool isEmpty() const;
    // Whether a message to it was begun and not sent.
    bool hasDraft(PeerId conversation) const;
    ComposeAs composeAs() const;
    void setComposeAs(ComposeAs as);
    // What text is written in; UTF-8 at first.
    void setEncoding(const Encoding &encoding);
    LineEnding lineEnding() const;
    void setLineEnding(LineEnding ending);
    void focusMessage();
    MessageEdit *edit() const { return m_edit; }
    std::vector<QWidget *> tabOrder() const;

signals:
    // Before it is looked at whether anybody would receive it: the last chance to call setRecipients().
    void aboutToSend();
    void sendAsked(const QByteArray &bytes);

private:
    QWidget *makeChoices();
    QWidget *makePasteGuard();
    void submit();
    void sendText(const QString &text, bool isTyped);
    void guardPaste(const QString &text, int lines);
    void endPaste();
    void walkHistory(int step, bool *taken);
    void showProblem(const PayloadError &error);
    void setProblem(const QString &text);

    MessageEdit *m_edit;
    ComboBox *m_composeAs;
    ComboBox *m_lineEnding;
    QPushButton *m_send;
    QLabel *m_problem;
    QWidget *m_pasteGuard = nullptr; // made when it is first needed
    QLabel *m_pasteText = nullptr;
    QString m_pasted;
    SentMemory m_memory;
    std::vector<PeerId> m_recipients;
    QString m_whyNot;
    PeerId m_conversation = kNoPeer;
    const Encoding *m_encoding = &utf8();
};

// What is wrong with a text that does not make bytes, in words.
QString payloadErrorText(const PayloadError &error);

} // namespace tincan
