// SPDX-License-Identifier: MIT
#include "ui/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QTest>

using namespace tincan;

class ThemeTest : public QObject
{
    Q_OBJECT

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
};

QTEST_MAIN(ThemeTest)
#include "theme.moc"
