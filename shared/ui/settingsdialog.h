// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class QFormLayout;
class QSpinBox;

namespace tincan {

class ComboBox;
class Settings;

// The bounds and waits that a person may set; they apply as they are changed. Not modal. GUI thread.
class SettingsDialog final : public QDialog
{
    Q_OBJECT
public:
    enum class For : std::uint8_t { Server, Client };
    // `settings` outlives the dialog.
    SettingsDialog(Settings &settings, For program, QWidget *parent = nullptr);

signals:
    void changed();

private:
    void addServerRows(QFormLayout *form);
    void addClientRows(QFormLayout *form);
    void addWaits(QFormLayout *form);
    void addHistory(QFormLayout *form);
    void addSendQueue(QFormLayout *form);
    static void addRow(QFormLayout *form, const QString &label, const QString &objectName, QSpinBox *edit);
    QSpinBox *addNumber(QFormLayout *form, const QString &label, const QString &objectName, const QString &suffix, int least,
                        int most, int value);
    Settings &m_settings;
};

} // namespace tincan
