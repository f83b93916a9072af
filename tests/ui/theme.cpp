// SPDX-License-Identifier: MIT
#include "ui/theme.h"

#include <cmath>

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QStyleOptionButton>
#include <QTest>

using namespace tincan;

class ThemeTest : public QObject
{
    Q_OBJECT

private:
    // Relative luminance, as WCAG defines it.
    static double luminance(const QColor &colour)
    {
        const auto linear = [](float part) {
            const double value = part;
            return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
    }

private slots:
    void aDisabledFieldIsStillSeen_data()
    {
        QTest::addColumn<Theme>("theme");
        QTest::newRow("light") << Theme::Light;
        QTest::newRow("dark") << Theme::Dark;
    }

    void aDisabledFieldIsStillSeen()
    {
        QFETCH(Theme, theme);
        applyTheme(theme);
        QWidget window;
        window.resize(200, 60);
        QLineEdit field(&window);
        field.setGeometry(20, 20, 160, 26);
        field.setEnabled(false);
        window.show();
        const QImage image = window.grab().toImage();
        const int around = image.pixelColor(5, 33).lightness();
        const int inside = image.pixelColor(100, 33).lightness();
        const int frame = image.pixelColor(20, 33).lightness();
        // A few steps apart are one shade to the eye.
        const QByteArray seen = QByteArray::number(around) + ' ' + QByteArray::number(frame) + ' ' + QByteArray::number(inside);
        QVERIFY2(std::abs(frame - around) >= 10 && std::abs(frame - inside) >= 25, seen.constData());
    }

    // WCAG 2.1, 1.4.11: 3 to 1 at least, against what is around it.
    void aCheckBoxHasAFrame_data() { aDisabledFieldIsStillSeen_data(); }
    void aCheckBoxHasAFrame()
    {
        QFETCH(Theme, theme);
        applyTheme(theme);
        QWidget window;
        window.resize(200, 60);
        QCheckBox box(QStringLiteral("Box"), &window);
        box.setGeometry(20, 20, 160, 26);
        QStyleOptionButton option;
        option.initFrom(&box);
        const QRect indicator = box.style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, &box).translated(box.pos());
        for (const bool checked : {false, true}) {
            box.setChecked(checked);
            const QImage image = window.grab().toImage();
            const double around = luminance(image.pixelColor(5, 33));
            for (const QPoint at :
                 {QPoint(indicator.left(), indicator.center().y()), QPoint(indicator.center().x(), indicator.top()),
                  QPoint(indicator.right(), indicator.center().y()), QPoint(indicator.center().x(), indicator.bottom())}) {
                const double frame = luminance(image.pixelColor(at));
                const double contrast = (std::max(frame, around) + 0.05) / (std::min(frame, around) + 0.05);
                QVERIFY2(contrast >= 3, QByteArray::number(contrast).constData());
            }
        }
    }
};

QTEST_MAIN(ThemeTest)
#include "theme.moc"
