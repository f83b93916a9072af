// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

#include "transcript/pattern.h"
#include "transcript/searcher.h"

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace tincan {

class ComboBox;

// Where one says what is to be found: the controls, without what they do. GUI thread.
class FindBar final : public QWidget
{
    Q_OBJECT
public:
    explicit FindBar(QWidget *parent = nullptr);

    QString text() const;
    FindAs findAs() const;
    bool isCaseSensitive() const;
    SearchIn searchIn() const;
    bool isOnlyHits() const;
    bool isListShown() const;

    void focusText();
    void setState(const QString &text);
    void setProblem(const QString &text); // empty: none
    void setCanStop(bool can);
    void setCanStep(bool can);
    std::vector<QWidget *> tabOrder() const;

signals:
    void changed(); // what is to be found
    void stepAsked(int direction);
    void stopAsked();
    void onlyHitsChanged();
    void listChanged();
    void closeAsked();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QHBoxLayout *makeUpper();
    QHBoxLayout *makeLower();
    QToolButton *makeButton(const QString &objectName, const QString &name, const QString &text);

    QLineEdit *m_text;
    QLabel *m_count;
    QLabel *m_problem;
    QToolButton *m_stop;
    QToolButton *m_previous;
    QToolButton *m_next;
    QToolButton *m_close;
    ComboBox *m_findAs;
    QCheckBox *m_case;
    ComboBox *m_direction;
    QToolButton *m_list;
    QToolButton *m_onlyHits;
};

} // namespace tincan
