// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include "base/answeroptions.h"

class QCheckBox;

namespace tincan {

class ComboBox;

// What the server does by itself with what it receives. GUI thread.
class AnswerEdit final : public QWidget
{
    Q_OBJECT
public:
    explicit AnswerEdit(QWidget *parent = nullptr);

    AnswerOptions answer() const;
    void setAnswer(const AnswerOptions &answer);

    QWidget *modeEdit() const;
    QWidget *prefixEdit() const;

signals:
    void answerChanged();

private:
    void showPrefix();
    ComboBox *m_mode;
    QCheckBox *m_prefix;
    AfterFin m_afterFin = AfterFin::Automatic; // chosen in the settings
};

} // namespace tincan
