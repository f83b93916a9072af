// SPDX-License-Identifier: MIT
#include "ui/peerdelegate.h"

#include <QApplication>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>

#include "base/clock.h"
#include "session/listenermodel.h"
#include "session/words.h"
#include "session/wordssockets.h"
#include "transcript/peername.h"
#include "ui/icons.h"
#include "ui/listenerrowplaces.h"
#include "ui/peerfilter.h"
#include "ui/peerrowplaces.h"
#include "ui/theme.h"

namespace tincan {

namespace {

QColor mixed(const QColor &one, const QColor &other, double shareOfOther)
{
    const auto mix = [shareOfOther](int a, int b) { return static_cast<int>(a + (b - a) * shareOfOther); };
    return {mix(one.red(), other.red()), mix(one.green(), other.green()), mix(one.blue(), other.blue())};
}

// How far a row has faded: 0 of a connection that is open, 1 of one that is over for the kernel too. Of one that the kernel still
// keeps it grows for the minute that TIME_WAIT takes.
double fadeOf(const Peer &peer)
{
    if (peer.state != PeerState::Closed && peer.state != PeerState::Failed) {
        return 0;
    }
    constexpr double kMinute = 60e9;
    const auto age = static_cast<double>(wallNanoseconds() - peer.since);
    return peer.isFading() ? std::clamp(0.3 + 0.6 * age / kMinute, 0.3, 0.9) : 1;
}

struct RowColours {
    RowColours(const QStyleOptionViewItem &option, double fade)
    {
        isSelected = option.state.testFlag(QStyle::State_Selected);
        const auto group = option.state.testFlag(QStyle::State_Enabled) ? QPalette::Active : QPalette::Disabled;
        back = option.palette.color(group, isSelected ? QPalette::Highlight : QPalette::Base);
        text = option.palette.color(group, isSelected ? QPalette::HighlightedText : QPalette::Text);
        muted
            = isSelected ? mutedText(option.palette, QPalette::HighlightedText, QPalette::Highlight) : mutedText(option.palette);
        if (isSelected) {
            // On a colour, less is taken off: it stays readable.
            muted = QColor((muted.red() + 2 * text.red()) / 3, (muted.green() + 2 * text.green()) / 3,
                           (muted.blue() + 2 * text.blue()) / 3);
        }
        if (!isSelected) {
            text = mixed(text, muted, fade);
        }
        badge = isSelected ? text : option.palette.color(QPalette::Highlight);
        badgeText = isSelected ? back : option.palette.color(QPalette::HighlightedText);
    }

    bool isSelected = false;
    QColor back, text, muted, badge, badgeText;
};

QString badgeText(uint unread)
{
    return unread > 99 ? QStringLiteral("99+") : QString::number(unread);
}

QSize badgeSize(const RowPlaces &places, uint unread)
{
    const QFontMetrics metrics(places.lowerFont);
    const int height = metrics.height() + 2;
    return {std::max(metrics.horizontalAdvance(badgeText(unread)) + places.pad * 2, height + 4), height};
}

// At the right of a line, of which it takes its room and the gap before it.
void paintBadge(QPainter *painter, QRect &line, const RowPlaces &places, const RowColours &colours, uint unread)
{
    QRect pill(QPoint(0, 0), badgeSize(places, unread));
    const double height = pill.height();
    pill.moveCenter(line.center());
    pill.moveRight(line.right());
    line.setRight(line.right() - pill.width() - places.pad);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.badge);
    painter->drawRoundedRect(pill, height / 2, height / 2);
    painter->setFont(places.lowerFont);
    painter->setPen(colours.badgeText);
    painter->drawText(pill, Qt::AlignCenter, badgeText(unread));
}

// The badge is behind the name; in a list that is narrow it gives way to an address, which says nothing when it is cut.
bool isBadgeLow(const RowPlaces &places, const Peer &peer, const QString &address)
{
    const int wanted = QFontMetrics(places.upperFont).horizontalAdvance(address) + 1 + places.pad;
    return peer.name.isEmpty() && wanted + badgeSize(places, peer.unread).width() > places.upper.width();
}

// `forRest`: pixels that the name leaves to what stands behind it.
void paintUpper(QPainter *painter, QRect room, const RowPlaces &places, const RowColours &colours, const QString &name,
                const QString &rest, int forRest)
{
    const QFontMetrics metrics(places.upperFont);
    // One more: an advance is rounded, and what is a part of a pixel too wide would be elided.
    const int width = std::min(metrics.horizontalAdvance(name) + 1, std::max(0, room.width() - forRest));
    painter->setFont(places.upperFont);
    painter->setPen(colours.text);
    painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      metrics.elidedText(name, Qt::ElideMiddle, width));
    room.setLeft(room.left() + width + places.pad);
    if (const QFontMetrics small(places.lowerFont); !rest.isEmpty() && room.width() > small.averageCharWidth() * 6) {
        painter->setFont(places.lowerFont);
        painter->setPen(colours.muted);
        painter->drawText(room, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                          small.elidedText(rest, Qt::ElideMiddle, room.width()));
    }
}

// A peer with a name keeps room for its address, whatever the name's length: half of the line at most.
void paintNamed(QPainter *painter, const QRect &room, const RowPlaces &places, const RowColours &colours, const Peer &peer)
{
    const QString address = PeerModel::addressText(peer);
    const int wanted = QFontMetrics(places.lowerFont).horizontalAdvance(address) + places.pad + 1;
    paintUpper(painter, room, places, colours, peer.name, address, std::min(wanted, room.width() / 2));
}

// Between the parts of what is said of a row; the first of them matters most.
QString dot()
{
    return QStringLiteral(" · ");
}

// As many of the parts as there is room for, whole.
QString fittingParts(const QString &text, const QFontMetrics &metrics, int width)
{
    QString fitting = text;
    while (metrics.horizontalAdvance(fitting) > width && fitting.contains(dot())) {
        fitting.truncate(fitting.lastIndexOf(dot()));
    }
    return metrics.elidedText(fitting, Qt::ElideRight, width);
}

// What marks a peer that something is done to on purpose: dark on amber whatever the theme, or the selection. Returns the room it
// took, with the gap behind it. It is a sign only where there is no room for the state as well.
int paintFaults(QPainter *painter, const QRect &room, const RowPlaces &places, const QString &state)
{
    QString word = QStringLiteral("faults");
    const QFontMetrics metrics(places.lowerFont);
    if (metrics.horizontalAdvance(word + state.section(dot(), 0, 0)) + places.pad * 3 > room.width()) {
        word = QStringLiteral("!");
    }
    QRect pill(room.left(), 0, metrics.horizontalAdvance(word) + places.pad * 2, metrics.height() + 1);
    pill.moveCenter(QPoint(pill.center().x(), room.center().y()));
    painter->setPen(Qt::NoPen);
    painter->setBrush(QColor(0xf2, 0xb0, 0x3c));
    painter->drawRoundedRect(pill, 3, 3);
    painter->setFont(places.lowerFont);
    painter->setPen(QColor(0x20, 0x18, 0x08));
    painter->drawText(pill, Qt::AlignCenter, word);
    return pill.width() + places.pad;
}

void paintLower(QPainter *painter, QRect room, const RowPlaces &places, const RowColours &colours, const QString &state,
                const QString &bytes)
{
    const QFontMetrics metrics(places.lowerFont);
    painter->setFont(places.lowerFont);
    painter->setPen(colours.muted);
    const int forBytes = metrics.horizontalAdvance(bytes) + places.pad;
    // The bytes give way to the state's name.
    if (metrics.horizontalAdvance(state.section(dot(), 0, 0)) + forBytes <= room.width()) {
        painter->drawText(room, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, bytes);
        room.setRight(room.right() - forBytes);
    }
    painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, fittingParts(state, metrics, room.width()));
}

void paintDot(QPainter *painter, const RowPlaces &places, const RowColours &colours, const Peer &peer, bool isAll)
{
    const QColor colour = isAll ? quietColour() : stateColour(peer.state);
    const bool hollow = !isAll && !peer.isOpen() && !peer.isFading();
    painter->setOpacity(isAll ? 1 : 1 - 0.7 * (hollow ? 0 : fadeOf(peer)));
    painter->setBrush(hollow ? QBrush(Qt::NoBrush) : QBrush(colour));
    // On the selection's own green a green dot would vanish.
    painter->setPen(colours.isSelected || hollow ? QPen(hollow && !colours.isSelected ? colour : colours.text, 1.2)
                                                 : QPen(Qt::NoPen));
    painter->drawEllipse(places.dot);
    painter->setOpacity(1);
}

QColor listenerColour(ListenerView::State state)
{
    switch (state) {
    case ListenerView::State::Listening:
        return goodColour();
    case ListenerView::State::Starting:
    case ListenerView::State::Stopping:
        return waitingColour();
    case ListenerView::State::Failed:
        return badColour();
    case ListenerView::State::Stopped:
        break;
    }
    return quietColour();
}

void paintToggle(QPainter *painter, const QStyleOptionViewItem &option, const QRect &rect, const ListenerView &listener)
{
    const bool isBusy = listener.state == ListenerView::State::Starting || listener.state == ListenerView::State::Stopping;
    QStyleOptionToolButton button;
    button.rect = rect;
    button.palette = option.palette;
    button.features = QStyleOptionToolButton::None;
    button.subControls = QStyle::SC_ToolButton;
    button.state = isBusy ? QStyle::State_None : QStyle::State_Enabled | QStyle::State_Raised | QStyle::State_AutoRaise;
    button.icon = icon(listener.isActive() ? QLatin1String("stop") : QLatin1String("start"));
    button.iconSize = button.rect.size() * 2 / 3;
    button.toolButtonStyle = Qt::ToolButtonIconOnly;
    QApplication::style()->drawComplexControl(QStyle::CC_ToolButton, &button, painter, option.widget);
}

void paintListener(QPainter *painter, const QStyleOptionViewItem &option, const PeerFilter &model, const QModelIndex &index)
{
    const ListenerView &listener = *model.listener(index);
    const ListenerPlaces places(option.rect, option.font, listener);
    const RowColours colours(option, !listener.isActive() && !listener.past);
    // A shade of the window: it is no peer, and begins a group.
    painter->fillRect(option.rect, option.palette.color(QPalette::AlternateBase));
    painter->setPen(option.palette.color(QPalette::Mid));
    painter->drawLine(option.rect.topLeft(), option.rect.topRight());
    const QColor colour = listenerColour(listener.state);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour);
    painter->drawRect(QRectF(option.rect.left(), option.rect.top() + 1, places.row.pad / 2.0 + 1, option.rect.height() - 1));
    const QString title = index.data().toString();
    const QString state = model.stateText(index);
    if (places.isTight) {
        const QString transport = transportName(listener.asked.transport);
        paintUpper(painter, places.upper, places.row, colours, title.mid(transport.size() + 1), {}, 0);
        paintLower(painter, places.lower, places.row, colours, transport + dot() + state, {});
    } else {
        paintUpper(painter, places.upper, places.row, colours, title, {}, 0);
        paintLower(painter, places.lower, places.row, colours, state, {});
    }
    if (!places.toggle.isEmpty()) {
        paintToggle(painter, option, places.toggle, listener);
    }
}

void paintFocus(QPainter *painter, const QStyleOptionViewItem &option, const QColor &back)
{
    if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange)) {
        QStyleOptionFocusRect focus;
        focus.QStyleOption::operator=(option);
        focus.backgroundColor = back;
        QApplication::style()->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, painter, option.widget);
    }
}

} // namespace

QSize PeerDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex & /*index*/) const
{
    return {leastWidth(option.font), RowPlaces::heightFor(option.font)};
}

int PeerDelegate::leastWidth(const QFont &font)
{
    return RowPlaces::leastWidth(font);
}

void PeerDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = qobject_cast<const PeerFilter *>(index.model());
    if (!model) {
        return;
    }
    if (model->listener(index)) {
        painter->save();
        paintListener(painter, option, *model, index);
        painter->restore();
        paintFocus(painter, option, option.palette.color(QPalette::AlternateBase));
        return;
    }
    const Peer &peer = model->peer(index);
    const bool isAll = peer.id == kNoPeer;
    const RowPlaces places(option.rect, option.font);
    const RowColours colours(option, isAll ? 0 : fadeOf(peer));

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(option.rect, colours.back);
    paintDot(painter, places, colours, peer, isAll);
    QRect upper = places.upper;
    QRect lower = places.lower;
    if (!isAll && peer.unread > 0) {
        const bool isLow = isBadgeLow(places, peer, index.data().toString());
        paintBadge(painter, isLow ? lower : upper, places, colours, peer.unread);
    }
    if (peer.name.isEmpty()) {
        const QString origin = isAll ? QString() : PeerFilter::originText(peer);
        paintUpper(painter, upper, places, colours, index.data().toString(), origin, 0);
    } else {
        paintNamed(painter, upper, places, colours, peer);
    }
    const QString state = model->stateText(index);
    if (!isAll && peer.isOpen() && !peer.faults.isEmpty()) {
        lower.setLeft(lower.left() + paintFaults(painter, lower, places, state));
    }
    paintLower(painter, lower, places, colours, state, formatBytes(peer.bytesIn + peer.bytesOut));
    painter->restore();

    paintFocus(painter, option, colours.back);
}

bool PeerDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                               const QModelIndex &index)
{
    const auto *filter = qobject_cast<const PeerFilter *>(index.model());
    const ListenerView *listener = filter ? filter->listener(index) : nullptr;
    if (!listener || listener->retired || listener->past) {
        return QStyledItemDelegate::editorEvent(event, model, option, index);
    }
    const bool isPress = event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonDblClick;
    if (!isPress && event->type() != QEvent::MouseButtonRelease) {
        return false;
    }
    const auto *mouse = static_cast<const QMouseEvent *>(event);
    if (mouse->button() != Qt::LeftButton || !ListenerPlaces(option.rect, option.font, *listener).toggle.contains(mouse->pos())) {
        return false;
    }
    if (!isPress) {
        emit listenerToggled(listener->id);
    }
    return true;
}

QWidget *PeerDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem & /*option*/, const QModelIndex & /*index*/) const
{
    auto *edit = new QLineEdit(parent);
    edit->setObjectName(QStringLiteral("peerName"));
    edit->setAccessibleName(QStringLiteral("Peer name"));
    edit->setPlaceholderText(QStringLiteral("Name"));
    edit->setToolTip(QStringLiteral("Enter keeps the name, an empty one is none, Esc leaves it as it was"));
    edit->setMaxLength(kLongestPeerName * 2); // in code units; what is too long in characters is cut
    edit->setFrame(true);
    return edit;
}

// Once: the row changes all the time while traffic flows, and what is being typed is not to be lost for that.
void PeerDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    constexpr const char *kIsSet = "isSet";
    if (!editor->property(kIsSet).toBool()) {
        editor->setProperty(kIsSet, true);
        QStyledItemDelegate::setEditorData(editor, index);
    }
}

void PeerDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex & /*index*/) const
{
    const RowPlaces places(option.rect, option.font);
    const int height = std::min(editor->sizeHint().height(), option.rect.height());
    QRect room(places.upper.left() - places.pad, 0, places.upper.width() + 2 * places.pad, height);
    room.moveTop(std::max(option.rect.top(), places.upper.center().y() - height / 2));
    editor->setGeometry(room);
}

} // namespace tincan
