// SPDX-License-Identifier: MIT
#pragma once

#include <QFileDialog>

#include "transcript/saver.h"

class QGridLayout;

namespace tincan {

class ComboBox;

// Asks where to save, and what and how. Not modal. GUI thread.
class SaveDialog final : public QFileDialog
{
    Q_OBJECT
public:
    // `selected`: how many rows may be saved instead of all; 0: no such choice.
    SaveDialog(const QString &title, int selected, QWidget *parent);

    void suggest(const QString &folder, const QString &baseName, SaveFormat format);

    // What was chosen. A suffix that was typed and is known says more than the list of formats.
    QString path() const;
    SaveFormat format() const;
    SaveDirection direction() const;
    bool isOnlySelected() const;

private:
    void addRow(QGridLayout *grid, const QString &label, ComboBox *box);
    void showDirection();

    ComboBox *m_rows;
    ComboBox *m_direction;
};

} // namespace tincan
