// SPDX-License-Identifier: MIT
#include "ui/settingsdialog.h"

#include <algorithm>

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/combobox.h"
#include "ui/settings.h"

namespace tincan {

namespace {

constexpr int kMebi = 1024; // KiB

// A number of KiB, said in MiB where it is whole ones. Typed without a unit, it is of the one that stands there.
class SizeEdit final : public QSpinBox
{
public:
    using QSpinBox::QSpinBox;
    void stepBy(int steps) override
    {
        const bool wholeOnes = value() >= kMebi && value() + steps * kMebi >= kMebi;
        setValue(value() + steps * (wholeOnes ? kMebi : kLeast));
    }

protected:
    QString textFromValue(int value) const override
    {
        return value % kMebi == 0 ? QStringLiteral("%1 MiB").arg(value / kMebi) : QStringLiteral("%1 KiB").arg(value);
    }
    int valueFromText(const QString &text) const override
    {
        return static_cast<int>(std::clamp<qint64>(kibibytes(text), minimum(), maximum()));
    }
    QValidator::State validate(QString &text, int & /*position*/) const override
    {
        if (!form().match(text).hasMatch()) {
            return QValidator::Invalid;
        }
        const qint64 typed = kibibytes(text);
        return typed >= minimum() && typed <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
    }

private:
    static constexpr int kLeast = 64; // the step below 1 MiB
    static const QRegularExpression &form()
    {
        static const QRegularExpression form(QStringLiteral("^\\s*(\\d{0,7})\\s*(?:([KM])(?:i(?:B)?)?)?\\s*$"),
                                             QRegularExpression::CaseInsensitiveOption);
        return form;
    }
    qint64 kibibytes(const QString &text) const
    {
        const QRegularExpressionMatch match = form().match(text);
        const QString unit = match.captured(2).toUpper();
        const bool isMebi = unit.isEmpty() ? value() % kMebi == 0 : unit == u'M';
        return match.captured(1).toLongLong() * (isMebi ? kMebi : 1);
    }
};

// Qt's own hint leaves no room beside the text.
void giveRoom(QSpinBox *edit)
{
    edit->setMinimumWidth(edit->sizeHint().width() + 2 * edit->fontMetrics().averageCharWidth());
}

} // namespace

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
    addHistory(form);
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
    edit->setSuffix(suffix);
    addRow(form, label, objectName, edit);
    edit->setRange(least, most);
    edit->setValue(value);
    giveRoom(edit);
    return edit;
}

void SettingsDialog::addRow(QFormLayout *form, const QString &label, const QString &objectName, QSpinBox *edit)
{
    edit->setObjectName(objectName);
    edit->setAccessibleName(label);
    edit->setKeyboardTracking(false); // half a number is no setting
    form->addRow(label, edit);
}

void SettingsDialog::addSendQueue(QFormLayout *form)
{
    auto *edit = new SizeEdit(this);
    addRow(form, QStringLiteral("Bytes that may wait for a peer"), QStringLiteral("sendQueue"), edit);
    edit->setRange(64, 4 * kMebi * kMebi);
    edit->setValue(static_cast<int>(m_settings.session().sendQueueBytes / 1024));
    giveRoom(edit);
    connect(edit, &QSpinBox::valueChanged, this, [this](int chosen) {
        SessionSettings session = m_settings.session();
        session.sendQueueBytes = static_cast<quint64>(chosen) * 1024;
        m_settings.setSession(session);
        emit changed();
    });
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
    most->setSpecialValueText(QStringLiteral("no limit"));
    most->setToolTip(QStringLiteral("0: as many connections as there are descriptors. Of datagrams each socket knows 10 000 "
                                    "addresses then; after that the one that was quiet longest is forgotten"));
    giveRoom(most);
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
    addSendQueue(form);
    row(QStringLiteral("Disconnecting: wait for what is queued"), QStringLiteral("drainWait"), QStringLiteral(" s"), 0, 600,
        now.drainMilliseconds / 1000, [](SessionSettings &session, int chosen) { session.drainMilliseconds = chosen * 1000; });
    row(QStringLiteral("Disconnecting: wait for the peer's FIN"), QStringLiteral("finWait"), QStringLiteral(" s"), 0, 600,
        now.afterFinMilliseconds / 1000,
        [](SessionSettings &session, int chosen) { session.afterFinMilliseconds = chosen * 1000; });
}

// What is kept of sessions. It is looked at when a program starts.
void SettingsDialog::addHistory(QFormLayout *form)
{
    constexpr int kGibi = 30;
    const Retention now = m_settings.retention();
    auto *days = addNumber(form, QStringLiteral("Keep sessions for"), QStringLiteral("keepDays"), QStringLiteral(" days"), 0,
                           36'500, now.days);
    days->setSpecialValueText(QStringLiteral("ever"));
    auto *all = addNumber(form, QStringLiteral("All kept sessions together: at most"), QStringLiteral("keepGiB"),
                          QStringLiteral(" GiB"), 0, 1024 * 1024, static_cast<int>(now.mostBytes >> kGibi));
    all->setSpecialValueText(QStringLiteral("as much as there is room"));
    giveRoom(all);
    auto *one = addNumber(form, QStringLiteral("Size of one session, from the next start on: at most"),
                          QStringLiteral("sessionGiB"), QStringLiteral(" GiB"), 1, 1024, m_settings.sessionGiB());
    for (QSpinBox *edit : {days, all}) {
        edit->setToolTip(QStringLiteral("What is too old or too much is removed when a program starts, the oldest first"));
        connect(edit, &QSpinBox::valueChanged, this, [this, days, all] {
            m_settings.setRetention({days->value(), static_cast<quint64>(all->value()) << kGibi});
            emit changed();
        });
    }
    one->setToolTip(
        QStringLiteral("Beyond that the oldest messages of a session go. It counts for sessions that begin from now on: "
                       "the one that is running keeps its limit"));
    connect(one, &QSpinBox::valueChanged, this, [this](int limit) {
        m_settings.setSessionGiB(limit);
        emit changed();
    });
}

} // namespace tincan
