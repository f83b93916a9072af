// SPDX-License-Identifier: MIT
#include "ui/theme.h"

#include <QApplication>
#include <QStyle>
#include <QStyleFactory>

#include "ui/fusionlook.h"

namespace tincan {

namespace {

// The colours of one palette, in the order in which they are said.
struct Shades {
    QRgb window, base, alternate, button, text, placeholder, disabled, highlight, highlightedText, link, tip, mid, disabledBase;
};

constexpr Shades kLight{0xfff6f7f9, 0xffffffff, 0xfff0f2f5, 0xfff4f5f7, 0xff1b1f24, 0xff6e7781, 0xff9aa1a9,
                        0xff0a7d4f, 0xffffffff, 0xff08643f, 0xffffffff, 0xffc9ccd1, 0xfff0f2f5};
constexpr Shades kDark{0xff23272c, 0xff1b1e22, 0xff2a2f36, 0xff3a4047, 0xffe6e9ec, 0xff8b949e, 0xff6b737c,
                       0xff1f6f50, 0xffffffff, 0xff6fd3a7, 0xff31363c, 0xff15181b, 0xff31373e};

QPalette paletteOf(const Shades &shades)
{
    QPalette palette(QColor(shades.button), QColor(shades.window));
    palette.setColor(QPalette::Base, QColor(shades.base));
    palette.setColor(QPalette::AlternateBase, QColor(shades.alternate));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, QColor(shades.text));
        palette.setColor(QPalette::Disabled, role, QColor(shades.disabled));
    }
    palette.setColor(QPalette::PlaceholderText, QColor(shades.placeholder));
    palette.setColor(QPalette::Highlight, QColor(shades.highlight));
    palette.setColor(QPalette::HighlightedText, QColor(shades.highlightedText));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(shades.disabled));
    palette.setColor(QPalette::Link, QColor(shades.link));
    palette.setColor(QPalette::ToolTipBase, QColor(shades.tip));
    palette.setColor(QPalette::Mid, QColor(shades.mid));
    // Not the window's own: of a dark one, Fusion's frame is too near to it to be seen alone.
    palette.setColor(QPalette::Disabled, QPalette::Base, QColor(shades.disabledBase));
    return palette;
}

// What the program was started with, before anything of ours was applied.
struct SystemLook {
    QString style = QApplication::style()->name();
    QPalette palette = QApplication::palette();
    // Fusion with Fusion's own palette is what Qt falls back to where no desktop says anything.
    bool isFallback
        = style.compare(QLatin1String("fusion"), Qt::CaseInsensitive) == 0 && palette == QApplication::style()->standardPalette();
};

const SystemLook &systemLook()
{
    static const SystemLook look;
    return look;
}

void useStyle(const QString &name)
{
    if (name.compare(QLatin1String("fusion"), Qt::CaseInsensitive) == 0) {
        if (!qobject_cast<FusionLook *>(QApplication::style())) {
            QApplication::setStyle(new FusionLook);
        }
    } else if (QApplication::style()->name().compare(name, Qt::CaseInsensitive) != 0) {
        QApplication::setStyle(QStyleFactory::create(name));
    }
}

} // namespace

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

void applyTheme(Theme theme)
{
    const SystemLook &system = systemLook();
    if (theme == Theme::System && !system.isFallback) {
        useStyle(system.style);
        QApplication::setPalette(QPalette()); // the desktop's, and whatever that becomes
        return;
    }
    useStyle(QStringLiteral("fusion"));
    const bool dark = theme == Theme::Dark || (theme == Theme::System && isDark(system.palette));
    QApplication::setPalette(paletteOf(dark ? kDark : kLight));
}

Theme themeFromEnvironment(Theme otherwise)
{
    const QByteArray asked = qgetenv("TINCAN_THEME").toLower();
    if (asked == "dark") {
        return Theme::Dark;
    }
    return asked == "light" ? Theme::Light : otherwise;
}

QColor goodColour()
{
    return {10, 157, 99};
}

QColor waitingColour()
{
    return {217, 142, 4};
}

QColor badColour()
{
    return {207, 68, 58};
}

QColor quietColour()
{
    return {139, 148, 158};
}

QColor stateColour(PeerState state)
{
    switch (state) {
    case PeerState::Established:
        return goodColour();
    case PeerState::Connecting:
    case PeerState::CloseWait:
    case PeerState::FinWait:
        return waitingColour();
    case PeerState::Failed:
        return badColour();
    case PeerState::Closed:
        break;
    }
    return quietColour();
}

QColor mutedText(const QPalette &palette, QPalette::ColorRole text, QPalette::ColorRole behind)
{
    const QColor front = palette.color(text);
    const QColor back = palette.color(behind);
    constexpr double kShare = 0.62;
    const auto mix = [](int a, int b) { return static_cast<int>(a * kShare + b * (1 - kShare)); };
    return {mix(front.red(), back.red()), mix(front.green(), back.green()), mix(front.blue(), back.blue())};
}

} // namespace tincan
