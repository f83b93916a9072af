// SPDX-License-Identifier: MIT
#include "ui/findbar.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

#include "ui/combobox.h"
#include "ui/icons.h"
#include "ui/theme.h"

namespace tincan {

FindBar::FindBar(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLineEdit(this))
    , m_count(new QLabel(this))
    , m_problem(new QLabel(this))
    , m_stop(makeButton(QStringLiteral("findStop"), QStringLiteral("Stop searching"), {}))
    , m_previous(makeButton(QStringLiteral("findPrevious"), QStringLiteral("Find previous"), QStringLiteral("▲")))
    , m_next(makeButton(QStringLiteral("findNext"), QStringLiteral("Find next"), QStringLiteral("▼")))
    , m_close(makeButton(QStringLiteral("findClose"), QStringLiteral("Close the find bar"), {}))
    , m_findAs(new ComboBox(QStringLiteral("findAs"), QStringLiteral("Find as"), this))
    , m_case(new QCheckBox(QStringLiteral("Match case"), this))
    , m_direction(new ComboBox(QStringLiteral("findDirection"), QStringLiteral("Direction"), this))
    , m_list(makeButton(QStringLiteral("findList"), QStringLiteral("Hits"), QStringLiteral("Hits")))
    , m_onlyHits(makeButton(QStringLiteral("onlyHits"), QStringLiteral("Only hits"), QStringLiteral("Only hits")))
{
    setObjectName(QStringLiteral("findBar"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(4);
    layout->addLayout(makeUpper());
    layout->addLayout(makeLower());
    m_problem->setObjectName(QStringLiteral("findProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    QPalette colours = m_problem->palette();
    colours.setColor(QPalette::WindowText, badColour());
    m_problem->setPalette(colours);
    m_problem->hide();
    layout->addWidget(m_problem);
    connect(m_text, &QLineEdit::textChanged, this, &FindBar::changed);
    connect(m_findAs, &QComboBox::currentIndexChanged, this, [this] {
        m_case->setEnabled(findAs() != FindAs::Hex); // bytes have none
        emit changed();
    });
    connect(m_case, &QCheckBox::toggled, this, &FindBar::changed);
    connect(m_direction, &QComboBox::currentIndexChanged, this, &FindBar::changed);
    connect(m_stop, &QToolButton::clicked, this, &FindBar::stopAsked);
    connect(m_previous, &QToolButton::clicked, this, [this] { emit stepAsked(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { emit stepAsked(1); });
    connect(m_list, &QToolButton::toggled, this, &FindBar::listChanged);
    connect(m_onlyHits, &QToolButton::toggled, this, &FindBar::onlyHitsChanged);
    connect(m_close, &QToolButton::clicked, this, &FindBar::closeAsked);
}

QHBoxLayout *FindBar::makeUpper()
{
    m_text->setObjectName(QStringLiteral("findText"));
    m_text->setAccessibleName(QStringLiteral("Find what"));
    m_text->setPlaceholderText(QStringLiteral("Find in this conversation"));
    m_text->setClearButtonEnabled(true);
    m_count->setObjectName(QStringLiteral("findCount"));
    m_count->setTextFormat(Qt::PlainText);
    m_count->setAccessibleName(QStringLiteral("Hits found"));
    m_stop->setIcon(icon(QLatin1String("cancel")));
    m_stop->hide();
    m_close->setIcon(icon(QLatin1String("close")));
    m_previous->setToolTip(QStringLiteral("Find previous (Shift+F3, Shift+Enter)"));
    m_next->setToolTip(QStringLiteral("Find next (F3, Enter)"));
    m_close->setToolTip(QStringLiteral("Close (Esc)"));
    auto *upper = new QHBoxLayout;
    upper->setSpacing(4);
    upper->addWidget(m_text, 1);
    upper->addWidget(m_count);
    upper->addWidget(m_stop);
    upper->addWidget(m_previous);
    upper->addWidget(m_next);
    upper->addWidget(m_close);
    return upper;
}

QHBoxLayout *FindBar::makeLower()
{
    m_findAs->addChoice(QStringLiteral("Text"), static_cast<int>(FindAs::Text));
    m_findAs->addChoice(QStringLiteral("Hex"), static_cast<int>(FindAs::Hex), QStringLiteral("0d 0a; ?? is any byte"));
    m_findAs->addChoice(QStringLiteral("Regular expression"), static_cast<int>(FindAs::Regex),
                        QStringLiteral("RE2's syntax; \\xff is a byte, ^ and $ are at line ends"));
    m_case->setObjectName(QStringLiteral("matchCase"));
    m_direction->addChoice(QStringLiteral("Both"), static_cast<int>(SearchIn::Both), QStringLiteral("Received and sent"));
    m_direction->addChoice(QStringLiteral("Received"), static_cast<int>(SearchIn::Received));
    m_direction->addChoice(QStringLiteral("Sent"), static_cast<int>(SearchIn::Sent));
    m_direction->setToolTip(QStringLiteral("In which direction"));
    m_list->setCheckable(true);
    m_list->setToolTip(QStringLiteral("Lists all hits below the conversation"));
    m_onlyHits->setCheckable(true);
    m_onlyHits->setToolTip(QStringLiteral("Hides the messages in which nothing was found"));
    auto *lower = new QHBoxLayout;
    lower->setSpacing(6);
    lower->addWidget(m_findAs);
    lower->addWidget(m_direction);
    lower->addWidget(m_case);
    lower->addStretch(1);
    lower->addWidget(m_list);
    lower->addWidget(m_onlyHits);
    return lower;
}

QToolButton *FindBar::makeButton(const QString &objectName, const QString &name, const QString &text)
{
    auto *button = new QToolButton(this);
    button->setObjectName(objectName);
    button->setAccessibleName(name);
    button->setText(text);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoRaise(true);
    return button;
}

QString FindBar::text() const
{
    return m_text->text();
}

FindAs FindBar::findAs() const
{
    return static_cast<FindAs>(m_findAs->currentData().toInt());
}

bool FindBar::isCaseSensitive() const
{
    return m_case->isChecked();
}

SearchIn FindBar::searchIn() const
{
    return static_cast<SearchIn>(m_direction->currentData().toInt());
}

bool FindBar::isOnlyHits() const
{
    return m_onlyHits->isChecked();
}

bool FindBar::isListShown() const
{
    return m_list->isChecked();
}

void FindBar::focusText()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void FindBar::setState(const QString &text)
{
    m_count->setText(text);
}

void FindBar::setProblem(const QString &text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    m_text->setAccessibleDescription(text);
}

void FindBar::setCanStop(bool can)
{
    m_stop->setVisible(can);
}

void FindBar::setCanStep(bool can)
{
    m_previous->setEnabled(can);
    m_next->setEnabled(can);
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) {
        emit closeAsked();
    } else if (isEnter && m_text->hasFocus()) {
        emit stepAsked((event->modifiers() & Qt::ShiftModifier) != 0 ? -1 : 1);
    } else {
        QWidget::keyPressEvent(event);
    }
}

std::vector<QWidget *> FindBar::tabOrder() const
{
    return {m_text, m_stop, m_previous, m_next, m_close, m_findAs, m_direction, m_case, m_list, m_onlyHits};
}

} // namespace tincan
