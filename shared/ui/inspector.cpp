// SPDX-License-Identifier: MIT
#include "ui/inspector.h"

#include <algorithm>

#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include "session/kernelwords.h"
#include "session/peermodel.h"
#include "session/session.h"
#include "ui/elidedlabel.h"
#include "ui/listenerbox.h"
#include "ui/peerinspector.h"
#include "ui/plot.h"
#include "ui/theme.h"

namespace tincan {

namespace {

// What does not fit is scrolled to: a small window stays a small window.
QScrollArea *scrolled(QWidget *page)
{
    auto *area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(page);
    return area;
}

} // namespace

Inspector::Inspector(Session &session, const QString &everybody, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_everybody(everybody)
    , m_watch(session)
    , m_title(new ElidedLabel(this))
    , m_error(new QLabel(this))
    , m_pages(new QStackedWidget(this))
    , m_peerPage(new PeerInspector)
{
    m_title->setObjectName(QStringLiteral("inspectorTitle"));
    m_error->setObjectName(QStringLiteral("inspectorError"));
    m_error->setAccessibleName(QStringLiteral("Why nothing is known"));
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::PlainText);
    m_error->hide();
    m_pages->addWidget(scrolled(makeAllPage()));
    m_pages->addWidget(scrolled(m_peerPage));
    // The pages are scrolled up and down, never sideways.
    m_pages->setMinimumWidth(m_peerPage->minimumSizeHint().width() + style()->pixelMetric(QStyle::PM_ScrollBarExtent) + 4);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 4);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addWidget(m_error);
    layout->addWidget(m_pages, 1);
    connect(&m_watch, &KernelWatch::told, this, &Inspector::refresh);
    if (!m_session.live()) { // while its file is read there is more with each batch
        connect(&m_session, &Session::rowsAdded, this, [this] {
            if (isVisible()) {
                refresh();
            }
        });
    }
    refresh();
}

Inspector::~Inspector()
{
    disconnect(&m_watch, nullptr, this, nullptr);
}

QWidget *Inspector::makeAllPage()
{
    auto *page = new QWidget;
    m_nobodyListens
        = new QLabel(QStringLiteral("Nothing listens. Choose a connection to see what the kernel knows of it."), page);
    m_nobodyListens->setWordWrap(true);
    m_throughput = new Plot(QStringLiteral("Throughput"), rateText, page);
    m_throughput->setObjectName(QStringLiteral("throughputOfAll"));
    if (!m_session.live()) {
        m_nobodyListens->setText(QStringLiteral("This is a recording. Choose a connection to see what was recorded of it."));
        m_throughput->hide();
    }
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins({});
    layout->setSpacing(12);
    layout->addWidget(m_nobodyListens);
    m_listenerLayout = new QVBoxLayout;
    m_listenerLayout->setSpacing(12);
    layout->addLayout(m_listenerLayout);
    layout->addWidget(m_throughput);
    layout->addStretch(1);
    return page;
}

QSize Inspector::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 52, fontMetrics().height() * 40};
}

void Inspector::setPeer(PeerId peer)
{
    if (m_peer == peer) {
        return;
    }
    m_peer = peer;
    if (isVisible()) {
        look();
        refresh();
    }
}

void Inspector::look()
{
    if (m_session.live()) {
        m_watch.look(m_peer);
    }
}

void Inspector::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    look();
    refresh();
}

void Inspector::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_watch.look(std::nullopt);
}

void Inspector::refresh()
{
    const Peer *peer = m_peer == kNoPeer ? nullptr : m_session.peers()->find(m_peer);
    m_pages->setCurrentIndex(peer ? 1 : 0);
    m_title->setText(peer ? PeerModel::titleText(*peer) : m_everybody, {});
    m_title->setSpoken(QStringLiteral("Inspector of ") + m_title->text());
    showError();
    if (peer && m_session.live()) {
        m_peerPage->show(*peer, m_watch.view(), m_watch.history());
    } else if (peer) {
        m_peerPage->showRecorded(*peer);
    } else if (m_session.live()) {
        showAll();
    }
}

void Inspector::showError()
{
    m_error->setVisible(m_watch.error().has_value());
    if (m_watch.error()) {
        m_error->setText(notToldText(*m_watch.error()));
    }
}

void Inspector::showAll()
{
    showListeners();
    PlotSeries in{QStringLiteral("in"), goodColour(), {}};
    PlotSeries out{QStringLiteral("out"), waitingColour(), {}, true};
    for (const Throughput &rate : throughputOf(m_watch.history())) {
        in.points.push_back({rate.time, rate.in});
        out.points.push_back({rate.time, rate.out});
    }
    m_throughput->setSeries({std::move(in), std::move(out)});
}

// One box a listener, in the order in which they began.
void Inspector::showListeners()
{
    const std::vector<ListenInfo> &now = m_session.listenInfos();
    const auto isShown = [](const ListenerBox *box, const ListenInfo &info) { return box->isOf(info); };
    if (!std::equal(m_boxes.begin(), m_boxes.end(), now.begin(), now.end(), isShown)) {
        for (ListenerBox *box : m_boxes) {
            box->hide();
            box->deleteLater();
        }
        m_boxes.clear();
        for (const ListenInfo &info : now) {
            auto *box = new ListenerBox(info);
            connect(box, &ListenerBox::pauseAcceptingAsked, this,
                    [this, id = info.id](bool paused) { emit pauseAcceptingAsked(id, paused); });
            m_listenerLayout->addWidget(box);
            m_boxes.push_back(box);
        }
    }
    m_nobodyListens->setVisible(m_boxes.empty());
    for (ListenerBox *box : m_boxes) {
        box->setPaused(m_session.isAcceptingPaused(box->id()));
        for (const KernelListener &view : m_watch.listeners()) {
            if (view.id == box->id()) {
                box->setView(view);
            }
        }
    }
}

} // namespace tincan
