// SPDX-License-Identifier: MIT
#pragma once

#include <QComboBox>

namespace tincan {

// A combo box with a name for those who cannot see it, and that can be typed into through the accessibility bus where it is
// editable (Qt offers that for its line edit only). GUI thread.
class ComboBox final : public QComboBox
{
    Q_OBJECT
public:
    // `name` is the accessible name, and its description as well: on Linux, Qt announces a combo box by its current text.
    ComboBox(const QString &objectName, const QString &name, QWidget *parent = nullptr);

    // As addItem(), with a tool tip.
    void addChoice(const QString &text, const QVariant &value, const QString &toolTip = {});
    // As setEditable(true), with the line edit named as well.
    void makeEditable();
    // Where there is little room, it is as wide as what is chosen; its list stays as wide as it is.
    void setShrinkable();
    // Selects the item with this data; leaves it as it is where there is none.
    void chooseData(const QVariant &value);

    QSize minimumSizeHint() const override;
    void showPopup() override;

signals:
    void aboutToShowPopup();

private:
    bool m_isShrinkable = false;
};

} // namespace tincan
