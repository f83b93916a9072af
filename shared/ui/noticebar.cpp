// SPDX-License-Identifier: MIT
#include "ui/noticebar.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

#include "ui/icons.h"
#include "ui/theme.h"

namespace tincan {

namespace {

// One notice: a tinted strip with a coloured edge.
class NoticeStrip final : public QFrame
{
    Q_OBJECT
public:
    NoticeStrip(const NoticeText &notice, QWidget *parent)
        : QFrame(parent)
        , m_icon(new QLabel(this))
        , m_weight(notice.weight)
    {
        showIcon();
        setObjectName(QStringLiteral("notice"));
        setAccessibleName(spoken(notice));
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(14, 6, 6, 6);
        row->setSpacing(10);
        row->addWidget(m_icon, 0, Qt::AlignTop);
        row->addLayout(makeTexts(notice), 1);
        if (notice.progress >= 0) {
            m_bar = new QProgressBar(this);
            m_bar->setObjectName(QStringLiteral("noticeProgress"));
            m_bar->setAccessibleName(QStringLiteral("Progress"));
            m_bar->setRange(0, 1000);
            m_bar->setValue(notice.progress);
            m_bar->setMaximumWidth(fontMetrics().averageCharWidth() * 30);
            row->addWidget(m_bar);
        }
        if (!notice.actionText.isEmpty()) {
            auto *act = new QPushButton(notice.actionText, this);
            act->setObjectName(QStringLiteral("noticeAction"));
            connect(act, &QPushButton::clicked, this, notice.action);
            row->addWidget(act);
        }
        auto *close = new QToolButton(this);
        close->setObjectName(QStringLiteral("noticeDismiss"));
        close->setAccessibleName(QStringLiteral("Dismiss"));
        close->setToolTip(QStringLiteral("Dismiss"));
        close->setIcon(icon(QLatin1String("close")));
        close->setAutoRaise(true);
        connect(close, &QToolButton::clicked, this, &NoticeStrip::dismissed);
        row->addWidget(close, 0, Qt::AlignTop);
    }

    void setProgress(int perMille)
    {
        if (m_bar) {
            m_bar->setValue(perMille);
        }
    }
    bool says(const NoticeText &notice) const { return accessibleName() == spoken(notice) && m_weight == notice.weight; }

signals:
    void dismissed();

protected:
    void changeEvent(QEvent *event) override
    {
        QFrame::changeEvent(event);
        if (event->type() == QEvent::PaletteChange) {
            showIcon();
        }
    }
    void paintEvent(QPaintEvent * /*event*/) override
    {
        QPainter painter(this);
        QColor back = edgeColour();
        back.setAlphaF(isDark(palette()) ? 0.22F : 0.12F);
        painter.fillRect(rect(), back);
        painter.fillRect(QRect(0, 0, 4, height()), edgeColour());
    }

private:
    static QString spoken(const NoticeText &notice)
    {
        if (notice.remedy.isEmpty()) {
            return notice.headline;
        }
        return notice.headline + (notice.headline.endsWith(u'.') ? QStringLiteral(" ") : QStringLiteral(". ")) + notice.remedy;
    }
    QColor edgeColour() const { return m_weight == NoticeText::Weight::Problem ? badColour() : waitingColour(); }

    void showIcon()
    {
        const bool isProblem = m_weight == NoticeText::Weight::Problem;
        m_icon->setPixmap(
            icon(isProblem ? QLatin1String("problem") : QLatin1String("notice")).pixmap(QSize(16, 16), devicePixelRatioF()));
    }

    QVBoxLayout *makeTexts(const NoticeText &notice)
    {
        auto *texts = new QVBoxLayout;
        texts->setSpacing(2);
        const auto line = [&](const QString &text, bool isStrong) {
            auto *label = new QLabel(text, this);
            label->setTextFormat(Qt::PlainText);
            label->setWordWrap(true);
            label->setTextInteractionFlags(Qt::TextSelectableByMouse);
            QFont font = label->font();
            font.setBold(isStrong);
            label->setFont(font);
            texts->addWidget(label);
        };
        line(notice.headline, true);
        if (!notice.remedy.isEmpty()) {
            line(notice.remedy, false);
        }
        return texts;
    }

    QLabel *m_icon;
    QProgressBar *m_bar = nullptr;
    NoticeText::Weight m_weight;
};

QAccessibleInterface *makeAccessible(const QString & /*className*/, QObject *object)
{
    auto *strip = qobject_cast<NoticeStrip *>(object);
    return strip ? new QAccessibleWidget(strip, QAccessible::AlertMessage, strip->accessibleName()) : nullptr;
}

} // namespace

NoticeBar::NoticeBar(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    static const bool known = (QAccessible::installFactory(makeAccessible), true);
    Q_UNUSED(known)
    setObjectName(QStringLiteral("notices"));
    m_layout->setContentsMargins({});
    m_layout->setSpacing(1);
    hide();
}

void NoticeBar::post(const NoticeText &notice)
{
    if (const auto *shown = qobject_cast<const NoticeStrip *>(m_shown.value(notice.key)); shown && shown->says(notice)) {
        return; // it stands there already, perhaps with the pointer over its button
    }
    dismiss(notice.key);
    if (m_order.size() >= kMost) {
        dismiss(QString(m_order.first()));
    }
    auto *strip = new NoticeStrip(notice, this);
    connect(strip, &NoticeStrip::dismissed, this, [this, key = notice.key] { dismiss(key); });
    m_layout->addWidget(strip);
    strip->show();
    m_shown.insert(notice.key, strip);
    m_order.append(notice.key);
    show();
    if (QAccessible::isActive()) {
        QAccessibleEvent said(strip, QAccessible::Alert);
        QAccessible::updateAccessibility(&said);
    }
}

void NoticeBar::setProgress(const QString &key, int perMille)
{
    if (auto *strip = qobject_cast<NoticeStrip *>(m_shown.value(key))) {
        strip->setProgress(perMille);
    }
}

void NoticeBar::dismiss(const QString &key)
{
    QWidget *strip = m_shown.take(key);
    if (!strip) {
        return;
    }
    m_order.removeOne(key);
    m_layout->removeWidget(strip);
    strip->hide();
    strip->deleteLater(); // its own button may have asked
    setVisible(!m_order.isEmpty());
}

} // namespace tincan

#include "noticebar.moc"
