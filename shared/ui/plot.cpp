// SPDX-License-Identifier: MIT
#include "ui/plot.h"

#include <algorithm>

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include "session/words.h"
#include "ui/theme.h"

namespace tincan {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kGap = 2 * kSecond; // longer without a sample: nobody looked, and no line is drawn
constexpr std::array<std::int64_t, 3> kSpans = {60 * kSecond, 120 * kSecond, 300 * kSecond};

QFont smallOf(const QFont &font)
{
    QFont small = font;
    small.setPointSizeF(font.pointSizeF() > 0 ? font.pointSizeF() * 0.9 : 8);
    return small;
}

} // namespace

Plot::Plot(const QString &title, std::function<QString(double)> format, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_format(std::move(format))
{
    setAccessibleName(title);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void Plot::setSeries(std::vector<PlotSeries> series)
{
    m_series = std::move(series);
    setAccessibleDescription(summary());
    update();
}

QRectF Plot::area() const
{
    const int line = QFontMetrics(smallOf(font())).height();
    return QRectF(rect()).adjusted(1, line + 3, -1, -2);
}

PlotScale Plot::scale() const
{
    PlotScale scale;
    scale.area = area();
    std::int64_t first = INT64_MAX;
    double most = 0;
    scale.end = 0;
    for (const PlotSeries &series : m_series) {
        for (const PlotPoint &point : series.points) {
            first = std::min(first, point.time);
            scale.end = std::max(scale.end, point.time);
            most = std::max(most, point.value);
        }
    }
    std::int64_t span = kSpans.back();
    for (const std::int64_t one : kSpans) {
        if (scale.end - first <= one) {
            span = one;
            break;
        }
    }
    scale.begin = scale.end - span;
    scale.most = niceCeiling(most);
    return scale;
}

const PlotPoint *Plot::pointAt(const PlotSeries &series, std::int64_t time) const
{
    const PlotPoint *nearest = nullptr;
    for (const PlotPoint &point : series.points) {
        if (std::abs(point.time - time) <= kGap && (!nearest || std::abs(point.time - time) < std::abs(nearest->time - time))) {
            nearest = &point;
        }
    }
    return nearest;
}

QString Plot::reading() const
{
    const PlotScale scale = this->scale();
    const std::int64_t time = m_pointer ? scale.timeAt(*m_pointer) : scale.end;
    QStringList parts;
    for (const PlotSeries &series : m_series) {
        if (const PlotPoint *point = pointAt(series, time)) {
            parts << (series.name + u' ' + m_format(point->value)).trimmed();
        }
    }
    if (parts.isEmpty()) {
        return m_title + QStringLiteral(": –");
    }
    const QString when
        = m_pointer ? QStringLiteral(", %1 ago").arg(formatDuration(std::max<std::int64_t>(0, scale.end - time))) : QString();
    return m_title + QStringLiteral(": ") + parts.join(QLatin1String(", ")) + when;
}

QString Plot::summary() const
{
    QStringList parts;
    for (const PlotSeries &series : m_series) {
        if (series.points.empty()) {
            continue;
        }
        const auto most = std::max_element(series.points.begin(), series.points.end(),
                                           [](const PlotPoint &a, const PlotPoint &b) { return a.value < b.value; });
        parts << QStringLiteral("%1 %2 now, at most %3")
                     .arg(series.name, m_format(series.points.back().value), m_format(most->value))
                     .trimmed();
    }
    return parts.isEmpty() ? QStringLiteral("nothing yet") : parts.join(QLatin1String("; "));
}

QSize Plot::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {metrics.averageCharWidth() * 40, metrics.height() * 5};
}

QSize Plot::minimumSizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {metrics.averageCharWidth() * 20, metrics.height() * 4};
}

void Plot::paintFrame(QPainter &painter, const PlotScale &scale) const
{
    const QFont small = smallOf(font());
    const QFontMetrics metrics(small);
    painter.setFont(small);
    painter.setPen(palette().color(QPalette::WindowText));
    const QRect head(0, 0, width(), metrics.height());
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(reading(), Qt::ElideRight, width()));
    painter.fillRect(scale.area, palette().color(QPalette::Base));
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(scale.area);
    painter.setPen(mutedText(palette(), QPalette::WindowText, QPalette::Window));
    const QRectF inner = scale.area.adjusted(4, 1, -4, -1);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, m_format(scale.most));
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignBottom, formatDuration(scale.end - scale.begin) + QStringLiteral(" ago"));
}

void Plot::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    const PlotScale scale = this->scale();
    paintFrame(painter, scale);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(scale.area);
    for (const PlotSeries &series : m_series) {
        QPainterPath path;
        std::int64_t before = INT64_MIN;
        for (const PlotPoint &point : series.points) {
            const QPointF at(scale.x(point.time), scale.y(point.value));
            before == INT64_MIN || point.time - before > kGap ? path.moveTo(at) : path.lineTo(at);
            before = point.time;
        }
        painter.setPen(QPen(series.colour, 1.6, series.dashed ? Qt::DashLine : Qt::SolidLine));
        painter.drawPath(path);
    }
    if (m_pointer) {
        painter.setPen(QPen(mutedText(palette(), QPalette::WindowText, QPalette::Window), 1));
        painter.drawLine(QPointF(*m_pointer, scale.area.top()), QPointF(*m_pointer, scale.area.bottom()));
    }
}

void Plot::mouseMoveEvent(QMouseEvent *event)
{
    m_pointer = std::clamp(event->position().x(), area().left(), area().right());
    update();
}

void Plot::leaveEvent(QEvent * /*event*/)
{
    m_pointer.reset();
    update();
}

} // namespace tincan
