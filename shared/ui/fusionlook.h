// SPDX-License-Identifier: MIT
#pragma once

#include <QProxyStyle>

namespace tincan {

// Fusion, with frames of check boxes and radio buttons that are seen on any palette: Fusion makes them of the window's colour, a
// little darker, which on a dark one is nothing (WCAG 2.1, 1.4.11: a contrast of 3 at least). GUI thread.
class FusionLook final : public QProxyStyle
{
    Q_OBJECT
public:
    FusionLook();

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
};

} // namespace tincan
