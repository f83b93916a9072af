// SPDX-License-Identifier: MIT
#include "ui/icons.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

// Resources of a static library are linked only where somebody asks for them, and that outside of a namespace.
static void initResources()
{
    Q_INIT_RESOURCE(tincan);
}

namespace tincan {

namespace {

QString pathOf(QStringView name)
{
    static const bool ready = (initResources(), true);
    Q_UNUSED(ready)
    return QStringLiteral(":/tincan/icons/") + name.toString() + QStringLiteral(".svg");
}

// Renders an SVG with `currentColor` replaced by the palette's colour at that moment.
class TintedEngine final : public QIconEngine
{
public:
    explicit TintedEngine(const QString &name)
        : m_name(name)
    {
    }

    QIconEngine *clone() const override { return new TintedEngine(m_name); }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal scale = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, scaledPixmap(rect.size() * scale, mode, state, scale));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    // `size` is in device pixels.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State /*state*/, qreal scale) override
    {
        const QColor colour = colourFor(mode);
        const QString key = QStringLiteral("tincan:%1:%2x%3:%4:%5")
                                .arg(m_name)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(colour.rgba(), 8, 16, QLatin1Char('0'))
                                .arg(scale);
        QPixmap drawn;
        if (!QPixmapCache::find(key, &drawn)) {
            drawn = render(size, colour);
            drawn.setDevicePixelRatio(scale);
            QPixmapCache::insert(key, drawn);
        }
        return drawn;
    }

private:
    static QColor colourFor(QIcon::Mode mode)
    {
        const QPalette palette = QApplication::palette();
        switch (mode) {
        case QIcon::Disabled:
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        case QIcon::Selected:
            return palette.color(QPalette::HighlightedText);
        case QIcon::Normal:
        case QIcon::Active:
            break;
        }
        return palette.color(QPalette::ButtonText);
    }

    QPixmap render(const QSize &size, const QColor &colour) const
    {
        QPixmap canvas(size);
        canvas.fill(Qt::transparent);
        QFile file(pathOf(m_name));
        if (file.open(QIODevice::ReadOnly)) {
            QByteArray drawing = file.readAll();
            drawing.replace("currentColor", colour.name().toLatin1());
            QSvgRenderer renderer(drawing);
            QPainter painter(&canvas);
            renderer.render(&painter);
        }
        return canvas;
    }

    QString m_name;
};

} // namespace

QIcon icon(QLatin1String name)
{
    return QIcon(new TintedEngine(name));
}

QIcon programIcon(const QString &name)
{
    // Drawn here, so that no image plugin has to be there when the program runs.
    QSvgRenderer renderer(pathOf(name));
    QIcon drawn;
    for (const int side : {16, 32, 48, 64}) {
        QPixmap canvas(side, side);
        canvas.fill(Qt::transparent);
        QPainter painter(&canvas);
        renderer.render(&painter);
        painter.end();
        drawn.addPixmap(canvas);
    }
    return drawn;
}

} // namespace tincan
