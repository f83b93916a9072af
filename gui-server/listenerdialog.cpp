// SPDX-License-Identifier: MIT
#include "listenerdialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/combobox.h"
#include "ui/endpointedit.h"
#include "ui/listenedit.h"

namespace tincan {

ListenerDialog::ListenerDialog(QWidget *parent)
    : QDialog(parent)
    , m_listen(new ListenEdit(QStringLiteral("other"), this))
    , m_problem(new QLabel(this))
{
    setObjectName(QStringLiteral("listenerDialog"));
    setWindowTitle(QStringLiteral("Listen on another address too"));
    EndpointEdit *endpoint = m_listen->endpointEdit();
    endpoint->hideLabel();
    endpoint->portEdit()->setFixedWidth(endpoint->portEdit()->fontMetrics().averageCharWidth() * 9);
    endpoint->setPort(0);
    m_problem->setObjectName(QStringLiteral("listenerProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto *listen = new QPushButton(QStringLiteral("&Listen"), this);
    listen->setObjectName(QStringLiteral("otherListen"));
    listen->setAccessibleName(QStringLiteral("Listen"));
    listen->setDefault(true);
    buttons->addButton(listen, QDialogButtonBox::ActionRole);
    connect(listen, &QPushButton::clicked, this, &ListenerDialog::ask);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *form = new QFormLayout;
    const auto label = [this](const QString &text, QWidget *buddy) {
        auto *made = new QLabel(text, this);
        made->setBuddy(buddy);
        return made;
    };
    form->addRow(label(QStringLiteral("&Transport"), m_listen->transportEdit()), m_listen->transportEdit());
    form->addRow(label(QStringLiteral("&Address"), endpoint->hostEdit()), endpoint);
    form->addRow(m_listen->serveLabel(), m_listen->serveEdit());
    form->addRow(QString(), m_listen->more());
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addStretch();
    layout->addWidget(buttons);
    m_listen->more()->show();
    setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    m_listen->transportEdit()->setFocus(Qt::OtherFocusReason);
    connect(m_listen, &ListenEdit::changed, m_problem, &QWidget::hide);
}

void ListenerDialog::ask()
{
    const auto request = m_listen->request();
    if (!request) {
        m_problem->setText(request.error() + u'.');
        m_problem->show();
        m_listen->endpointEdit()->hostEdit()->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_problem->hide();
    hide();
    emit asked(*request);
}

} // namespace tincan
