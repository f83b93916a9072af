// SPDX-License-Identifier: MIT
#include "ui/menubutton.h"

#include <QAccessibleWidget>
#include <QMenu>

namespace tincan {

namespace {

// A tool button that has a menu. Where that is beside what the button does, the button can be pressed too.
class AccessibleMenuButton final : public QAccessibleWidget
{
public:
    explicit AccessibleMenuButton(QToolButton *button)
        : QAccessibleWidget(button, QAccessible::ButtonMenu)
    {
    }

    int childCount() const override { return isPressable() ? 1 : 0; } // as Qt's own
    QAccessibleInterface *child(int index) const override
    {
        return index == 0 && isPressable() ? QAccessible::queryAccessibleInterface(button()->menu()) : nullptr;
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        return isPressable() && child->object() == button()->menu() ? 0 : -1;
    }

    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.hasPopup = true;
        state.pressed = button()->isDown();
        return state;
    }

    QStringList actionNames() const override
    {
        QStringList names;
        if (!button()->isEnabled()) {
            return names;
        }
        if (isPressable()) {
            names << pressAction();
        }
        return names << showMenuAction() << QAccessibleWidget::actionNames();
    }
    // An open menu, or a question that is asked, runs a loop of its own: that waits until the caller has its answer.
    void doAction(const QString &action) override
    {
        if (!button()->isEnabled()) {
            return;
        }
        if (action == pressAction() && isPressable()) {
            QMetaObject::invokeMethod(button(), &QAbstractButton::click, Qt::QueuedConnection);
        } else if (action == showMenuAction()) {
            QMetaObject::invokeMethod(button(), &QToolButton::showMenu, Qt::QueuedConnection);
        } else {
            QAccessibleWidget::doAction(action);
        }
    }

private:
    QToolButton *button() const { return static_cast<QToolButton *>(widget()); }
    bool isPressable() const { return button()->menu() && button()->popupMode() == QToolButton::MenuButtonPopup; }
};

QAccessibleInterface *makeAccessible(const QString & /*className*/, QObject *object)
{
    auto *button = qobject_cast<QToolButton *>(object);
    return button && button->menu() ? new AccessibleMenuButton(button) : nullptr;
}

} // namespace

void giveMenu(QToolButton *button, QMenu *menu, QToolButton::ToolButtonPopupMode mode)
{
    static const bool known = (QAccessible::installFactory(makeAccessible), true);
    Q_UNUSED(known)
    button->setMenu(menu);
    button->setPopupMode(mode);
    // The interface may have been asked for, and kept, when it had no menu.
    if (QAccessibleInterface *before = QAccessible::queryAccessibleInterface(button)) {
        QAccessible::deleteAccessibleInterface(QAccessible::uniqueId(before));
    }
}

} // namespace tincan
