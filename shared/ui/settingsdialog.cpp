// SPDX-License-Identifier: MIT
#include "ui/settingsdialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/combobox.h"
#include "ui/settings.h"

namespace tincan {

SettingsDialog::SettingsDialog(Settings &settings, For program, QWidget *parent)
    : QDialog(parent)
    , m_settings(settings)
{
    setObjectName(QStringLiteral("settings"));
    setWindowTitle(QStringLiteral("Settings"));
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    program == For::Server ? addServerRows(form) : addClientRows(form);
    addWaits(form);
    auto *hint = new QLabel(QStringLiteral("Changes apply at once."), this);
    hint->setForegroundRole(QPalette::PlaceholderText);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(hint);
    layout->addWidget(buttons);
    layout->setSizeConstraint(QLayout::SetFixedSize);
}

QSpinBox *SettingsDialog::addNumber(QFormLayout *form, const QString &label, const QString &objectName, const QString &suffix,
                                    int least, int most, int value)
{
    auto *edit = new QSpinBox(this);
    edit->setObjectName(objectName);
    edit->setRange(least, most);
    edit->setSuffix(suffix);
    edit->setValue(value);
    edit->setAccessibleName(label);
    edit->setKeyboardTracking(false); // half a number is no setting
    form->addRow(label, edit);
    return edit;
}

void SettingsDialog::addServerRows(QFormLayout *form)
{
    auto *afterFin = new ComboBox(QStringLiteral("afterFin"), QStringLiteral("When a peer finishes sending"), this);
    afterFin->addChoice(QStringLiteral("Echo and OK!!! finish too"), static_cast<int>(AfterFin::Automatic));
    afterFin->addChoice(QStringLiteral("Stay open until disconnected"), static_cast<int>(AfterFin::KeepOpen));
    afterFin->addChoice(QStringLiteral("Always finish too"), static_cast<int>(AfterFin::Finish));
    afterFin->chooseData(static_cast<int>(m_settings.answer().afterFin));
    form->addRow(afterFin->accessibleName(), afterFin);
    connect(afterFin, &QComboBox::currentIndexChanged, this, [this, afterFin] {
        AnswerOptions answer = m_settings.answer();
        answer.afterFin = static_cast<AfterFin>(afterFin->currentData().toInt());
        m_settings.setAnswer(answer);
        emit changed();
    });

    auto *most = addNumber(form, QStringLiteral("Most peers at a time"), QStringLiteral("maxPeers"), {}, 0, 1'000'000,
                           m_settings.session().maxPeers);
    most->setSpecialValueText(QStringLiteral("as many as there are descriptors"));
    connect(most, &QSpinBox::valueChanged, this, [this](int value) {
        SessionSettings session = m_settings.session();
        session.maxPeers = value;
        m_settings.setSession(session);
        emit changed();
    });
    auto *backlog = addNumber(form, QStringLiteral("Backlog of listen(2), at the next start"), QStringLiteral("backlog"), {}, 0,
                              65'535, m_settings.backlog());
    connect(backlog, &QSpinBox::valueChanged, this, [this](int value) {
        m_settings.setBacklog(value);
        emit changed();
    });
}

void SettingsDialog::addClientRows(QFormLayout *form)
{
    auto *limit = addNumber(form, QStringLiteral("Time limit for connecting"), QStringLiteral("connectLimit"),
                            QStringLiteral(" s"), 1, 600, m_settings.connectMilliseconds() / 1000);
    connect(limit, &QSpinBox::valueChanged, this, [this](int value) {
        m_settings.setConnectMilliseconds(value * 1000);
        emit changed();
    });
}

void SettingsDialog::addWaits(QFormLayout *form)
{
    const SessionSettings now = m_settings.session();
    const auto row
        = [&](const QString &label, const QString &name, const QString &suffix, int least, int most, int value, auto take) {
              auto *edit = addNumber(form, label, name, suffix, least, most, value);
              connect(edit, &QSpinBox::valueChanged, this, [this, take](int chosen) {
                  SessionSettings session = m_settings.session();
                  take(session, chosen);
                  m_settings.setSession(session);
                  emit changed();
              });
          };
    row(QStringLiteral("Bytes that may wait for a peer"), QStringLiteral("sendQueue"), QStringLiteral(" KiB"), 64,
        4 * 1024 * 1024, static_cast<int>(now.sendQueueBytes / 1024),
        [](SessionSettings &session, int chosen) { session.sendQueueBytes = static_cast<quint64>(chosen) * 1024; });
    row(QStringLiteral("Disconnecting: wait for what is queued"), QStringLiteral("drainWait"), QStringLiteral(" s"), 0, 600,
        now.drainMilliseconds / 1000, [](SessionSettings &session, int chosen) { session.drainMilliseconds = chosen * 1000; });
    row(QStringLiteral("Disconnecting: wait for the peer's FIN"), QStringLiteral("finWait"), QStringLiteral(" s"), 0, 600,
        now.afterFinMilliseconds / 1000,
        [](SessionSettings &session, int chosen) { session.afterFinMilliseconds = chosen * 1000; });
}

} // namespace tincan
