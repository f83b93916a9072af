// SPDX-License-Identifier: MIT
#include "ui/statusline.h"

#include <QFileInfo>
#include <QLabel>
#include <QPainter>
#include <QTimer>

#include "session/peermodel.h"
#include "session/words.h"
#include "ui/elidedlabel.h"
#include "ui/peerlist.h"
#include "ui/theme.h"

namespace tincan {

namespace {

QString rateText(double bytes, double messages)
{
    QString text = formatBytes(static_cast<quint64>(bytes)) + QLatin1String("/s");
    if (messages >= 0.5) {
        text += QStringLiteral(", %L1 msg/s").arg(messages, 0, 'f', 0);
    }
    return text;
}

} // namespace

StatusLine::StatusLine(Session &session, const PeerWords &words, QWidget *parent)
    : QStatusBar(parent)
    , m_session(session)
    , m_one(words.one)
    , m_many(words.many)
    , m_state(new ElidedLabel(this))
    , m_dot(new QLabel(this))
    , m_peers(new ElidedLabel(this))
    , m_rates(new ElidedLabel(this))
    , m_recording(new ElidedLabel(this))
    , m_timer(new QTimer(this))
{
    m_state->setObjectName(QStringLiteral("sessionState"));
    m_peers->setObjectName(QStringLiteral("peerCount"));
    m_rates->setObjectName(QStringLiteral("rates"));
    m_recording->setObjectName(QStringLiteral("recording"));
    m_recording->setElideMode(Qt::ElideMiddle);
    for (ElidedLabel *label : {m_state, m_peers, m_rates}) {
        label->setWholeAlways();
    }
    m_state->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setContentsMargins(6, 0, 0, 0);
    addWidget(m_dot);
    addWidget(m_state, 1);
    if (m_session.live()) {
        addPermanentWidget(m_peers);
        addPart(m_rates);
        addPart(m_recording);
    } else { // nothing moves
        m_peers->hide();
        m_rates->hide();
        m_recording->hide();
    }

    m_clock.start();
    m_timer->setInterval(kTickMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &StatusLine::tick);
    if (LiveSession *live = m_session.live()) {
        connect(live, &LiveSession::keptChanged, this, &StatusLine::updateRecording);
        connect(&m_session, &Session::rowsAdded, this, &StatusLine::wake);
        connect(m_session.peers(), &PeerModel::openCountChanged, this, &StatusLine::wake);
        showPeers();
        showRates({}, {kTickMilliseconds, {}});
        updateRecording();
    }
}

void StatusLine::addPart(QWidget *part)
{
    addPermanentWidget(new QLabel(QStringLiteral("·"), this));
    addPermanentWidget(part);
}

void StatusLine::setState(const QColor &colour, const QString &text)
{
    const int side = fontMetrics().ascent();
    const qreal scale = devicePixelRatioF();
    QPixmap dot(QSize(side, side) * scale);
    dot.setDevicePixelRatio(scale);
    dot.fill(Qt::transparent);
    QPainter painter(&dot);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QRectF(side * 0.15, side * 0.15, side * 0.7, side * 0.7));
    painter.end();
    m_dot->setPixmap(dot);
    m_state->setText({}, text);
}

void StatusLine::updateRecording()
{
    const LiveSession *live = m_session.live();
    if (!live) {
        return; // what is read from a file says so itself
    }
    const QString path = live->recordingPath();
    const QString what = live->isKept() ? QStringLiteral("recording to ") : QStringLiteral("not kept: ");
    m_recording->setText({}, path.isEmpty() ? QStringLiteral("not recorded") : what + QFileInfo(path).fileName());
    m_recording->setWhole(path);
    if (!path.isEmpty()) {
        m_recording->setSpoken(what + path);
    }
}

void StatusLine::setRecordingFailed(const QString &why)
{
    m_recording->setText(QStringLiteral("recording has failed"), {});
    m_recording->setWhole(why);
}

void StatusLine::wake()
{
    if (!m_timer->isActive()) {
        // What was before this is the start of the second that is looked at.
        m_timer->start();
        showPeers();
    }
}

void StatusLine::tick()
{
    const Sample now{m_clock.elapsed(), m_session.totals()};
    const Sample &first = m_samples[m_taken < kSamples ? 0 : m_taken % kSamples];
    showRates(m_taken == 0 ? Sample{now.at - kTickMilliseconds, {}} : first, now);
    const bool isQuiet = m_taken > 0 && first.totals.messagesIn == now.totals.messagesIn
        && first.totals.messagesOut == now.totals.messagesOut && m_taken >= kSamples;
    m_samples[m_taken % kSamples] = now;
    ++m_taken;
    showPeers();
    if (isQuiet) {
        m_timer->stop();
        m_samples[0] = now;
        m_taken = 1;
    }
}

void StatusLine::showPeers()
{
    const int count = m_session.peers()->openCount();
    m_peers->setText({}, QStringLiteral("%1 %2").arg(count).arg(count == 1 ? m_one : m_many));
}

void StatusLine::showRates(const Sample &from, const Sample &to)
{
    const double seconds = static_cast<double>(std::max<qint64>(to.at - from.at, 1)) / 1000;
    const auto perSecond
        = [seconds](std::uint64_t before, std::uint64_t after) { return static_cast<double>(after - before) / seconds; };
    const QString in
        = rateText(perSecond(from.totals.bytesIn, to.totals.bytesIn), perSecond(from.totals.messagesIn, to.totals.messagesIn));
    const QString out = rateText(perSecond(from.totals.bytesOut, to.totals.bytesOut),
                                 perSecond(from.totals.messagesOut, to.totals.messagesOut));
    const QString text = QStringLiteral("↓ %1   ↑ %2").arg(in, out);
    if (text != m_rates->text()) {
        m_rates->setText({}, text);
        m_rates->setSpoken(QStringLiteral("receiving %1, sending %2").arg(in, out));
    }
}

} // namespace tincan
