// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QDialog>

#include "base/faults.h"
#include "base/ids.h"

class QCheckBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace tincan {

class ComboBox;
class LiveSession;

// What is done wrong on purpose to the chosen peers, until it is cleared. Not modal: it follows the choice. GUI thread.
class FaultsPanel final : public QDialog
{
    Q_OBJECT
public:
    // `session` outlives it. `many`: "peers".
    FaultsPanel(LiveSession &session, const QString &many, QWidget *parent = nullptr);

    // Those that it is about (kNoPeer among them: all that are open). What is being entered stays while they are the same.
    void setPeers(const std::vector<PeerId> &chosen);
    // Their states may have changed.
    void refresh();

    Faults faults() const;
    void setFaults(const Faults &faults);

private:
    void makeForm(QFormLayout *form);
    QSpinBox *addNumber(QFormLayout *form, const QString &label, const QString &objectName, const QString &suffix,
                        const QString &none, const QString &toolTip);
    QWidget *makeButtons();
    std::vector<PeerId> openOnes() const;
    void apply(const Faults &faults);

    LiveSession &m_session;
    QString m_many;
    std::vector<PeerId> m_chosen;
    QLabel *m_who;
    QLabel *m_now;
    ComboBox *m_preset;
    QSpinBox *m_pace = nullptr;
    QSpinBox *m_delay = nullptr;
    QSpinBox *m_jitter = nullptr;
    QSpinBox *m_pieces = nullptr;
    QSpinBox *m_stop = nullptr;
    QCheckBox *m_reset;
    QDoubleSpinBox *m_drop;
    QPushButton *m_apply = nullptr;
    QPushButton *m_clear = nullptr;
};

} // namespace tincan
