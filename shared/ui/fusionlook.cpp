// SPDX-License-Identifier: MIT
#include "ui/fusionlook.h"

#include <QPainter>
#include <QStyleOption>

#include "ui/theme.h"

namespace tincan {

namespace {

constexpr int kArrow = 8; // pixels, as Fusion's own
constexpr int kArrowRoom = kArrow + 4;

// A button of which a menu is all that it has.
const QStyleOptionToolButton *menuButton(const QStyleOption *option)
{
    const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
    const bool isIt = button && button->features.testFlag(QStyleOptionToolButton::HasMenu)
        && !button->features.testFlag(QStyleOptionToolButton::MenuButtonPopup);
    return isIt ? button : nullptr;
}

} // namespace

FusionLook::FusionLook()
    : QProxyStyle(QStringLiteral("fusion"))
{
}

void FusionLook::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                               const QWidget *widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool isBox = element == PE_IndicatorCheckBox;
    const bool isFocused = option->state.testFlag(State_HasFocus) && option->state.testFlag(State_KeyboardFocusChange);
    if ((!isBox && element != PE_IndicatorRadioButton) || isFocused) { // what has the focus has a frame of its own
        return;
    }
    painter->save();
    painter->setPen(mutedText(option->palette, QPalette::WindowText, QPalette::Window));
    painter->setBrush(Qt::NoBrush);
    if (isBox) {
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
    } else {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->drawEllipse(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5));
    }
    painter->restore();
}

void FusionLook::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                    const QWidget *widget) const
{
    const QStyleOptionToolButton *button = control == CC_ToolButton ? menuButton(option) : nullptr;
    if (!button) {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        return;
    }
    QStyleOptionToolButton plain = *button;
    plain.features.setFlag(QStyleOptionToolButton::HasMenu, false);
    QProxyStyle::drawComplexControl(control, &plain, painter, widget);
    plain.rect = QRect(0, 0, kArrow, kArrow);
    plain.rect.moveCenter(QPoint(option->rect.right() - kArrowRoom / 2, option->rect.center().y() + 1));
    drawPrimitive(PE_IndicatorArrowDown, &plain, painter, widget);
}

QSize FusionLook::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    const QSize whole = QProxyStyle::sizeFromContents(type, option, size, widget);
    return type == CT_ToolButton && menuButton(option) ? whole + QSize(kArrowRoom, 0) : whole;
}

} // namespace tincan
