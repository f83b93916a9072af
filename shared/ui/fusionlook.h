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
    // What says that a button has a menu stands in the middle of its side, with room of its own: Fusion has it in a corner, like
    // something left over.
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override;
};

} // namespace tincan
