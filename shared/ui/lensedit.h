// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

#include "transcript/lens.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace tincan {

class ComboBox;

// What is a message: the choice of a lens, and below it a line with what that lens needs to know. The choice stands where its
// owner puts it (kindEdit()); the widget itself is the line, hidden while there is nothing to say. GUI thread.
class LensEdit final : public QWidget
{
    Q_OBJECT
public:
    explicit LensEdit(QWidget *parent = nullptr);

    ComboBox *kindEdit() const { return m_kind; }
    Lens lens() const { return m_lens; }
    // All of it, whatever the choice: what is not chosen waits for being so.
    void setLens(const Lens &lens);
    // How far cutting has come, 0 to 1000; 1000: nothing is said.
    void showProgress(int thousandths);
    std::vector<QWidget *> tabOrder() const;

signals:
    // Never with a lens that cannot be: what is typed wrongly is said, and the last right one stays.
    void lensChanged(const tincan::Lens &lens);

private:
    void makeChoices();
    QWidget *group(const std::vector<QWidget *> &widgets);
    void takeDelimiter();
    void take();
    void show();

    ComboBox *m_kind;
    QLineEdit *m_delimiter;
    QLabel *m_problem;
    ComboBox *m_headerSize;
    ComboBox *m_byteOrder;
    QSpinBox *m_headerOffset;
    QCheckBox *m_inclusive;
    QSpinBox *m_gap;
    QWidget *m_delimiterGroup;
    QWidget *m_headerGroup;
    QWidget *m_gapGroup;
    QLabel *m_progress;
    Lens m_lens;
    bool m_setting = false;
};

} // namespace tincan
