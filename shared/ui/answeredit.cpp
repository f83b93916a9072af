// SPDX-License-Identifier: MIT
#include "ui/answeredit.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>

#include "ui/combobox.h"

namespace tincan {

AnswerEdit::AnswerEdit(QWidget *parent)
    : QWidget(parent)
    , m_mode(new ComboBox(QStringLiteral("answer"), QStringLiteral("Answer"), this))
    , m_prefix(new QCheckBox(QStringLiteral("&Name the sender"), this))
{
    const auto add = [this](AnswerMode mode, const QString &text, const QString &meaning) {
        m_mode->addChoice(text, static_cast<int>(mode), meaning);
    };
    add(AnswerMode::Manual, QStringLiteral("Manual"), QStringLiteral("Nothing by itself: you answer"));
    add(AnswerMode::Echo, QStringLiteral("Echo"), QStringLiteral("The same bytes back"));
    add(AnswerMode::Ok, QStringLiteral("OK!!!"), QStringLiteral("“OK!!!” for each message; “exit” ends the connection"));
    add(AnswerMode::Relay, QStringLiteral("Relay"), QStringLiteral("What one peer sends goes to all the others"));
    m_mode->setToolTip(QStringLiteral("What the server does by itself; may be changed while it runs"));
    m_prefix->setObjectName(QStringLiteral("prefixSender"));
    m_prefix->setToolTip(QStringLiteral("Puts the sender's address:port before each line that is relayed"));

    auto *label = new QLabel(QStringLiteral("Ans&wer"), this);
    label->setBuddy(m_mode);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_mode);
    row->addWidget(m_prefix);
    showPrefix();

    connect(m_mode, &QComboBox::currentIndexChanged, this, [this] {
        showPrefix();
        emit answerChanged();
    });
    connect(m_prefix, &QCheckBox::toggled, this, &AnswerEdit::answerChanged);
}

void AnswerEdit::showPrefix()
{
    m_prefix->setVisible(answer().mode == AnswerMode::Relay);
}

AnswerOptions AnswerEdit::answer() const
{
    AnswerOptions answer;
    answer.mode = static_cast<AnswerMode>(m_mode->currentData().toInt());
    answer.prefixSender = m_prefix->isChecked();
    answer.afterFin = m_afterFin;
    return answer;
}

void AnswerEdit::setAnswer(const AnswerOptions &answer)
{
    m_afterFin = answer.afterFin;
    m_mode->chooseData(static_cast<int>(answer.mode));
    m_prefix->setChecked(answer.prefixSender);
}

QWidget *AnswerEdit::modeEdit() const
{
    return m_mode;
}

QWidget *AnswerEdit::prefixEdit() const
{
    return m_prefix;
}

} // namespace tincan
