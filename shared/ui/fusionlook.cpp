// SPDX-License-Identifier: MIT
#include "ui/fusionlook.h"

#include <QPainter>
#include <QStyleOption>

#include "ui/theme.h"

namespace tincan {

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

} // namespace tincan
