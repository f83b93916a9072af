// SPDX-License-Identifier: MIT
#include "ui/statediagram.h"

#include <algorithm>
#include <cmath>

#include <QAccessible>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "session/kernelwords.h"
#include "ui/statemap.h"
#include "ui/theme.h"

namespace tincan {

namespace {

QColor colourOf(TcpState state)
{
    switch (state) {
    case TcpState::Established:
        return goodColour();
    case TcpState::Closed:
    case TcpState::TimeWait:
    case TcpState::Unknown:
        return quietColour();
    default:
        return waitingColour();
    }
}

TcpState stateAt(int place)
{
    return place == StateMap::kEnd ? TcpState::Closed : static_cast<TcpState>(place);
}

void paintHead(QPainter &painter, const QLineF &line, double most)
{
    const double size = std::min(most, line.length() * 0.7);
    const QLineF back = QLineF(line.p2(), line.p1()).unitVector();
    const QPointF way = back.p2() - back.p1();
    const QPointF side(-way.y(), way.x());
    const QPolygonF head({line.p2(), line.p2() + way * size + side * size * 0.5, line.p2() + way * size - side * size * 0.5});
    painter.setBrush(painter.pen().color());
    painter.drawPolygon(head);
}

QString toolTipOf(int place)
{
    const TcpState state = stateAt(place);
    QString text = tcpStateWord(state) + QStringLiteral(": ") + tcpStateMeaning(state);
    for (const StateArrow &arrow : stateArrows()) {
        if (arrow.from == state && place != StateMap::kEnd) {
            text += QStringLiteral("\n%1 → %2").arg(QString::fromLatin1(arrow.event), tcpStateWord(arrow.to));
        }
    }
    return text;
}

// The painter of one diagram.
class Painting
{
public:
    Painting(QPainter &painter, const StateMap &map, const std::vector<TcpState> &way, const QWidget &of)
        : m_painter(painter)
        , m_map(map)
        , m_way(way)
        , m_places(StateMap::placesOf(way))
        , m_palette(of.palette())
        , m_font(of.font())
    {
    }

    void paint()
    {
        paintArrows();
        paintWay();
        for (int place = 1; place <= StateMap::kEnd; ++place) {
            paintBox(place);
        }
    }

private:
    QColor line() const { return mutedText(m_palette, QPalette::WindowText, QPalette::Window); }

    void paintArrows()
    {
        QColor faint = line();
        faint.setAlphaF(0.55F);
        m_painter.setPen(QPen(faint, 1));
        for (const QLineF &arrow : m_map.arrows()) {
            m_painter.drawLine(arrow);
            paintHead(m_painter, arrow, 5);
        }
    }

    void paintWay()
    {
        const QColor lit = m_palette.color(QPalette::Link);
        for (std::size_t at = 1; at < m_way.size(); ++at) {
            const int arrow = StateMap::arrowBetween(m_way[at - 1], m_way[at]);
            if (arrow >= 0) {
                m_painter.setPen(QPen(lit, 2.4));
                const QLineF &drawn = m_map.arrows()[static_cast<std::size_t>(arrow)];
                m_painter.drawLine(drawn);
                paintHead(m_painter, drawn, 8);
            } else { // a reset, or a time-out
                m_painter.setPen(QPen(badColour(), 2, Qt::DashLine));
                m_painter.setBrush(Qt::NoBrush);
                const QPolygonF cut = m_map.shortcut(m_way[at - 1]);
                m_painter.drawPolyline(cut);
                m_painter.setPen(QPen(badColour(), 1));
                paintHead(m_painter, {cut[cut.size() - 2], cut.back()}, 8);
            }
        }
    }

    void paintBox(int place)
    {
        const QRectF &box = m_map.box(place);
        if (box.isEmpty()) {
            return;
        }
        const bool isCurrent = !m_places.empty() && m_places.back() == place;
        const bool wasThere = std::find(m_places.begin(), m_places.end(), place) != m_places.end();
        const QColor lit = m_palette.color(QPalette::Link);
        QFont font = fittingFont();
        font.setBold(isCurrent);
        QColor text = line();
        m_painter.setPen(QPen(wasThere ? lit : line(), wasThere ? 1.6 : 1));
        m_painter.setBrush(m_palette.color(QPalette::Base));
        if (isCurrent) {
            const QColor colour = colourOf(m_way.back());
            m_painter.setPen(QPen(colour.darker(130), 1.6));
            m_painter.setBrush(colour);
            // The theme's colours are of a middle lightness: black or white, whichever is further away.
            text = qGray(colour.rgb()) > 128 ? QColor(Qt::black) : QColor(Qt::white);
        } else if (wasThere) {
            text = m_palette.color(QPalette::Text);
        }
        m_painter.drawRoundedRect(box, 4, 4);
        m_painter.setFont(font);
        m_painter.setPen(text);
        m_painter.drawText(box, Qt::AlignCenter, tcpStateWord(stateAt(place)));
    }

    // The longest word fits in bold.
    QFont fittingFont() const
    {
        QFont font = m_font;
        font.setBold(true);
        const double room = m_map.box(TcpState::Established).width();
        const double wanted = QFontMetricsF(font).horizontalAdvance(QStringLiteral("ESTABLISHED")) + 6;
        if (wanted > room && font.pointSizeF() > 0) {
            font.setPointSizeF(std::max(4.0, font.pointSizeF() * room / wanted));
        }
        return font;
    }

    QPainter &m_painter;
    const StateMap &m_map;
    const std::vector<TcpState> &m_way;
    std::vector<int> m_places;
    QPalette m_palette;
    QFont m_font;
};

} // namespace

StateDiagram::StateDiagram(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(QStringLiteral("TCP state diagram"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setSizePolicy(policy);
}

void StateDiagram::setWay(const std::vector<TcpState> &way)
{
    if (way == m_way) {
        return;
    }
    m_way = way;
    QStringList words;
    for (const TcpState state : way) {
        words << tcpStateWord(state);
    }
    setAccessibleDescription(
        words.isEmpty() ? QString() : QStringLiteral("In %1. The way: %2").arg(words.back(), words.join(QLatin1String(", "))));
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
    update();
}

QSize StateDiagram::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {metrics.averageCharWidth() * 46, metrics.height() * 14};
}

QSize StateDiagram::minimumSizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {metrics.averageCharWidth() * 28, metrics.height() * 12};
}

bool StateDiagram::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto *help = static_cast<QHelpEvent *>(event);
    const int place = StateMap(rect()).placeAt(help->pos());
    if (place < 0) {
        QToolTip::hideText();
    } else {
        QToolTip::showText(help->globalPos(), toolTipOf(place), this, StateMap(rect()).box(place).toRect());
    }
    return true;
}

void StateDiagram::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const StateMap map(rect());
    Painting(painter, map, m_way, *this).paint();
}

} // namespace tincan
