// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <QColor>
#include <QString>
#include <QWidget>

#include "ui/plotscale.h"

namespace tincan {

struct PlotPoint {
    std::int64_t time = 0; // ns
    double value = 0;
};

struct PlotSeries {
    QString name;
    QColor colour;
    std::vector<PlotPoint> points; // oldest first
    bool dashed = false;           // told apart without colour
};

// Curves over the last minutes. The pointer reads the values at a time; those who hear get a summary. GUI thread.
class Plot final : public QWidget
{
    Q_OBJECT
public:
    // `format` writes a value ("1.2 MB/s").
    Plot(const QString &title, std::function<QString(double)> format, QWidget *parent = nullptr);

    void setSeries(std::vector<PlotSeries> series);
    // What the line above the curves says: the values under the pointer, else the newest ones.
    QString reading() const;
    QString summary() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    PlotScale scale() const;
    QRectF area() const;
    void paintFrame(QPainter &painter, const PlotScale &scale) const;
    const PlotPoint *pointAt(const PlotSeries &series, std::int64_t time) const;

    QString m_title;
    std::function<QString(double)> m_format;
    std::vector<PlotSeries> m_series;
    std::optional<double> m_pointer; // its x
};

} // namespace tincan
