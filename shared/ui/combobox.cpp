// SPDX-License-Identifier: MIT
#include "ui/combobox.h"

#include <algorithm>

#include <QAbstractItemView>
#include <QAccessibleWidget>
#include <QLineEdit>
#include <QStyleOptionComboBox>

namespace tincan {

namespace {

// An editable combo box on the accessibility bus: as Qt's own, with the text of its line edit to be read and written.
class AccessibleComboBox final : public QAccessibleWidget
{
public:
    explicit AccessibleComboBox(ComboBox *combo)
        : QAccessibleWidget(combo, QAccessible::ComboBox)
    {
    }

    ComboBox *combo() const { return static_cast<ComboBox *>(widget()); }

    int childCount() const override { return 2; }
    QAccessibleInterface *child(int index) const override
    {
        switch (index) {
        case 0:
            return QAccessible::queryAccessibleInterface(combo()->view());
        case 1:
            return edit();
        default:
            return nullptr;
        }
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        if (child->object() == combo()->view()) {
            return 0;
        }
        return child->object() == combo()->lineEdit() ? 1 : -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        QAccessibleInterface *line = edit();
        return line && line->rect().contains(x, y) ? line : nullptr;
    }
    QAccessibleInterface *focusChild() const override
    {
        return combo()->hasFocus() || combo()->lineEdit()->hasFocus() ? edit() : nullptr;
    }

    QString text(QAccessible::Text what) const override
    {
        if (what == QAccessible::Name || what == QAccessible::Value) {
            return combo()->currentText();
        }
        return QAccessibleWidget::text(what);
    }
    void setText(QAccessible::Text what, const QString &text) override
    {
        if (what == QAccessible::Value) {
            combo()->setEditText(text);
        } else {
            QAccessibleWidget::setText(what, text);
        }
    }
    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.expandable = true;
        state.expanded = combo()->view()->isVisible();
        state.editable = true;
        return state;
    }

    QStringList actionNames() const override { return {showMenuAction(), pressAction()}; }
    void doAction(const QString &action) override
    {
        if (action != showMenuAction() && action != pressAction()) {
            return;
        }
        combo()->view()->isVisible() ? combo()->hidePopup() : combo()->showPopup();
    }
    QStringList keyBindingsForAction(const QString & /*action*/) const override { return {}; }

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::TextInterface || type == QAccessible::EditableTextInterface) {
            QAccessibleInterface *line = edit();
            return line ? line->interface_cast(type) : nullptr;
        }
        return QAccessibleWidget::interface_cast(type);
    }

private:
    QAccessibleInterface *edit() const { return QAccessible::queryAccessibleInterface(combo()->lineEdit()); }
};

QAccessibleInterface *makeAccessible(const QString & /*className*/, QObject *object)
{
    auto *combo = qobject_cast<ComboBox *>(object);
    return combo && combo->isEditable() ? new AccessibleComboBox(combo) : nullptr;
}

} // namespace

ComboBox::ComboBox(const QString &objectName, const QString &name, QWidget *parent)
    : QComboBox(parent)
{
    static const bool known = (QAccessible::installFactory(makeAccessible), true);
    Q_UNUSED(known)
    setObjectName(objectName);
    setAccessibleName(name);
    setAccessibleDescription(name);
}

void ComboBox::addChoice(const QString &text, const QVariant &value, const QString &toolTip)
{
    addItem(text, value);
    if (!toolTip.isEmpty()) {
        setItemData(count() - 1, toolTip, Qt::ToolTipRole);
    }
}

void ComboBox::makeEditable()
{
    setEditable(true);
    setInsertPolicy(QComboBox::NoInsert);
    lineEdit()->setAccessibleName(accessibleName());
    // The interface may have been asked for, and kept, when it was not yet editable.
    if (QAccessibleInterface *before = QAccessible::queryAccessibleInterface(this)) {
        QAccessible::deleteAccessibleInterface(QAccessible::uniqueId(before));
    }
}

void ComboBox::setShrinkable()
{
    m_isShrinkable = true;
    connect(this, &QComboBox::currentTextChanged, this, &QWidget::updateGeometry);
}

void ComboBox::chooseData(const QVariant &value)
{
    if (const int at = findData(value); at >= 0) {
        setCurrentIndex(at);
    }
}

QSize ComboBox::minimumSizeHint() const
{
    const QSize least = QComboBox::minimumSizeHint();
    if (!m_isShrinkable) {
        return least;
    }
    constexpr int kLetters = 5;
    QStyleOptionComboBox option;
    initStyleOption(&option);
    // What is chosen is whole.
    const int letters = std::max(fontMetrics().averageCharWidth() * kLetters, fontMetrics().horizontalAdvance(currentText()) + 2);
    const QSize text(letters, fontMetrics().height());
    const int width = style()->sizeFromContents(QStyle::CT_ComboBox, &option, text, this).width();
    return {std::min(width, least.width()), least.height()};
}

void ComboBox::showPopup()
{
    emit aboutToShowPopup();
    if (m_isShrinkable) {
        view()->setMinimumWidth(sizeHint().width());
    }
    QComboBox::showPopup();
}

} // namespace tincan
