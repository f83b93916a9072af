// SPDX-License-Identifier: MIT
// The state diagram: nothing overlaps, every step is an arrow, the way is said and drawn.
#include "ui/statediagram.h"

#include <QTest>

#include "ui/statemap.h"

using namespace tincan;

class StateDiagramTest : public QObject
{
    Q_OBJECT

private slots:
    void boxesStandApart_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("small") << QSize(220, 180);
        QTest::newRow("side pane") << QSize(340, 280);
        QTest::newRow("large") << QSize(900, 700);
    }
    void boxesStandApart()
    {
        QFETCH(QSize, size);
        const QRectF area(QPointF(0, 0), size);
        const StateMap map(area);
        for (int one = 1; one <= StateMap::kEnd; ++one) {
            QVERIFY(area.contains(map.box(one)));
            QCOMPARE(map.placeAt(map.box(one).center()), one);
            for (int other = one + 1; other <= StateMap::kEnd; ++other) {
                QVERIFY(!map.box(one).intersects(map.box(other)));
            }
        }
        QCOMPARE(map.placeAt(area.topLeft()), -1);
    }

    void arrowsCrossNoOtherBox()
    {
        const StateMap map(QRectF(0, 0, 340, 280));
        QCOMPARE(map.arrows().size(), stateArrows().size());
        for (std::size_t at = 0; at < map.arrows().size(); ++at) {
            const StateArrow &arrow = stateArrows()[at];
            for (int place = 1; place <= StateMap::kEnd; ++place) {
                const bool isEnd = place == StateMap::kEnd && arrow.to == TcpState::Closed;
                if (place == static_cast<int>(arrow.from) || place == static_cast<int>(arrow.to) || isEnd) {
                    continue;
                }
                for (int step = 1; step < 20; ++step) {
                    QVERIFY2(!map.box(place).contains(map.arrows()[at].pointAt(step / 20.0)),
                             qPrintable(QStringLiteral("arrow %1 crosses %2").arg(at).arg(place)));
                }
            }
        }
    }

    void theEndStandsAtTheBottom()
    {
        using enum TcpState;
        const std::vector<int> places = StateMap::placesOf({Closed, SynSent, Established, Closed});
        QCOMPARE(places.front(), static_cast<int>(Closed));
        QCOMPARE(places.back(), StateMap::kEnd);
        QVERIFY(StateMap::arrowBetween(SynSent, Established) >= 0);
        QCOMPARE(StateMap::arrowBetween(Established, Closed), -1);
        const StateMap map(QRectF(0, 0, 340, 280));
        QVERIFY(map.box(StateMap::kEnd).top() > map.box(Established).bottom());
        QCOMPARE(map.shortcut(Established).size(), 4);
    }

    void theWayIsSaidAndDrawn()
    {
        using enum TcpState;
        StateDiagram diagram;
        diagram.resize(340, 280);
        const QImage nothing = diagram.grab().toImage();
        diagram.setWay({Closed, Listen, SynReceived, Established});
        const QImage open = diagram.grab().toImage();
        QVERIFY(open != nothing);
        QCOMPARE(diagram.accessibleDescription(),
                 QStringLiteral("In ESTABLISHED. The way: CLOSED, LISTEN, SYN_RCVD, ESTABLISHED"));
        // The state in which it is stands out.
        const StateMap map(QRectF(0, 0, 340, 280));
        const QPoint corner = map.box(Established).topLeft().toPoint() + QPoint(6, 4);
        QVERIFY(open.pixelColor(corner) != nothing.pixelColor(corner));
        diagram.setWay({Closed, Listen, SynReceived, Established, Closed});
        QVERIFY(diagram.grab().toImage() != open);
        QVERIFY(diagram.accessibleDescription().startsWith(QStringLiteral("In CLOSED")));
    }
};

QTEST_MAIN(StateDiagramTest)
#include "statediagram.moc"
