// SPDX-License-Identifier: MIT
// What a ConversationPane does because there may be two of them.
#include "ui/conversationpane.h"

#include <QHBoxLayout>
#include <QToolButton>

#include "session/livesession.h"
#include "ui/combobox.h"
#include "ui/composer.h"
#include "ui/elidedlabel.h"
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

// Of the controls in the header, with their words left out.
int ConversationPane::controlsWidth() const
{
    int width = 0;
    for (int at = 0; at < m_controls->count(); ++at) {
        const QWidget *control = m_controls->itemAt(at)->widget();
        if (control->isHidden()) {
            continue;
        }
        const auto *button = qobject_cast<const QToolButton *>(control);
        const bool isSplit = button && button->popupMode() == QToolButton::MenuButtonPopup;
        width += button                   ? m_save->sizeHint().width() * (isSplit ? 3 : 2) / 2
            : control->minimumWidth() > 0 ? control->minimumWidth()
                                          : control->minimumSizeHint().width();
        width += m_controls->spacing();
    }
    return width;
}

// The title above the controls where beside them there would be no room for it.
void ConversationPane::layHeader()
{
    const bool isStacked = minimumWidth() > 0 && width() < controlsWidth() + fontMetrics().averageCharWidth() * 24;
    m_header->setDirection(isStacked ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void ConversationPane::setSharing(bool shares)
{
    // What is chosen in them is short, whatever they have to offer.
    for (ComboBox *combo : {m_showAs, m_encoding, m_lens->kindEdit()}) {
        combo->setMinimumWidth(shares ? fontMetrics().averageCharWidth() * 9 : 0);
    }
    setMinimumWidth(shares ? controlsWidth() : 0);
    layHeader();
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
