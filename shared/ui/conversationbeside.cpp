// SPDX-License-Identifier: MIT
// What a ConversationPane does because there may be two of them.
#include "ui/conversationpane.h"

#include <QToolButton>

#include "session/livesession.h"
#include "ui/combobox.h"
#include "ui/composer.h"
#include "ui/icons.h"
#include "ui/lensedit.h"
#include "ui/transcriptview.h"

namespace tincan {

QToolButton *ConversationPane::makeClose()
{
    auto *button = new QToolButton(this);
    button->setObjectName(QStringLiteral("closeBeside"));
    button->setAccessibleName(QStringLiteral("Close this conversation"));
    button->setToolTip(QStringLiteral("Close this conversation (Ctrl+Shift+W); the connection stays"));
    button->setIcon(icon(QLatin1String("close")));
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoRaise(true);
    connect(button, &QToolButton::clicked, this, &ConversationPane::closeAsked);
    return button;
}

void ConversationPane::lookAs(const ConversationPane &other)
{
    m_encodings = other.m_encodings;
    m_defaultEncoding = other.m_defaultEncoding;
    m_clearedTo = other.m_clearedTo;
    setShowAs(other.showAs());
    m_lens->setLens(other.m_lens->lens());
    m_view->setZoom(other.m_view->zoom());
    m_composer->setComposeAs(other.m_composer->composeAs());
    m_composer->setLineEnding(other.m_composer->lineEnding());
    open(m_conversation);
}

void ConversationPane::focusIt()
{
    if (m_session.live()) {
        m_composer->focusMessage();
    } else {
        m_view->setFocus(Qt::OtherFocusReason);
    }
}

} // namespace tincan
