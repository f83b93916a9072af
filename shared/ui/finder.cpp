// SPDX-License-Identifier: MIT
#include "ui/finder.h"

#include <algorithm>
#include <utility>

#include <QHeaderView>
#include <QTableView>

#include "session/session.h"
#include "ui/findbar.h"
#include "ui/findwords.h"
#include "ui/hitmodel.h"
#include "ui/transcriptview.h"

namespace tincan {

namespace {

constexpr int kTyping = 150;              // milliseconds after the last key
constexpr std::size_t kAdmitted = 20'000; // hits at a time: some milliseconds

} // namespace

Finder::Finder(Session &session, TranscriptView *view, QWidget *parent)
    : QObject(parent)
    , m_session(session)
    , m_view(view)
    , m_search(session.index(), session.payloads())
    , m_highlighter(m_search)
    , m_hits(new HitModel(m_search, session.index(), session.payloads(), this))
    , m_bar(new FindBar(parent))
{
    makeList(parent);
    m_bar->hide();
    m_bar->setCanStep(false);
    m_typed.setSingleShot(true);
    m_typed.setInterval(kTyping);
    m_admit.setSingleShot(true);
    m_view->setHighlighter(&m_highlighter);
    connectAll();
}

Finder::~Finder()
{
    m_search.disconnect(this);
}

QWidget *Finder::list() const
{
    return m_list;
}

void Finder::makeList(QWidget *parent)
{
    m_list = new QTableView(parent);
    m_list->setObjectName(QStringLiteral("hits"));
    m_list->setAccessibleName(QStringLiteral("List of hits"));
    m_list->setModel(m_hits);
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setShowGrid(false);
    m_list->setWordWrap(false);
    m_list->setTabKeyNavigation(false);
    m_list->verticalHeader()->hide();
    m_list->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_list->verticalHeader()->setDefaultSectionSize(m_list->fontMetrics().height() + 4);
    m_list->horizontalHeader()->setStretchLastSection(true);
    m_list->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const int letter = m_list->fontMetrics().averageCharWidth();
    m_list->setColumnWidth(HitModel::Time, letter * 16);
    m_list->setColumnWidth(HitModel::Peer, letter * 28);
    m_list->hide();
}

void Finder::connectAll()
{
    connect(&m_session, &Session::rowsAdded, &m_search, &Search::goOn);
    connect(m_bar, &FindBar::changed, this, [this] { m_typed.start(); });
    connect(&m_typed, &QTimer::timeout, this, [this] { restart(true); });
    connect(m_bar, &FindBar::stepAsked, this, &Finder::step);
    connect(m_bar, &FindBar::stopAsked, &m_search, &Search::cancel);
    connect(m_bar, &FindBar::closeAsked, this, &Finder::close);
    connect(m_bar, &FindBar::onlyHitsChanged, this, [this] { showFilter(false); });
    connect(m_bar, &FindBar::listChanged, this, &Finder::showList);
    connect(&m_admit, &QTimer::timeout, this, &Finder::admitSome);
    connect(&m_search, &Search::hitsChanged, this, &Finder::hitsChanged);
    connect(&m_search, &Search::hitsCleared, this, [this] { m_view->marksChanged(); });
    connect(&m_search, &Search::progressed, this, &Finder::showState);
    connect(&m_search, &Search::finished, this, [this] {
        if (m_anchor) {
            lookAtFirst(); // all there are stand before it
        }
        m_isFirstTime = false;
        showState();
    });
    const auto jump = [this](const QModelIndex &index) {
        if (index.isValid()) {
            m_wrapped.clear();
            look(static_cast<std::size_t>(index.row()));
        }
    };
    connect(m_list, &QAbstractItemView::clicked, this, jump);
    connect(m_list, &QAbstractItemView::activated, this, jump);
}

void Finder::setConversation(PeerId conversation, RowNumber first)
{
    m_isFiltered = false;
    m_model = nullptr;
    m_isNew = true;
    forgetCurrent();
    m_search.setConversation(conversation, first);
}

void Finder::setModel(TranscriptModel *model)
{
    const bool isNew = std::exchange(m_isNew, false);
    m_model = model;
    m_admitted = 0;
    if (m_isFiltered) {
        admitSome();
    } else if (isNew && !m_bar->isHidden()) {
        restart(false);
    }
}

void Finder::setEncoding(const Encoding &encoding)
{
    if (&encoding == std::exchange(m_encoding, &encoding)) {
        return;
    }
    m_hits->setEncoding(encoding);
    if (!m_bar->isHidden()) {
        restart(false);
    }
}

void Finder::open()
{
    const bool wasHidden = m_bar->isHidden();
    m_bar->show();
    m_bar->focusText();
    if (wasHidden) {
        restart(false);
        showList();
    }
}

void Finder::close()
{
    m_typed.stop();
    m_bar->hide();
    m_list->hide();
    m_hits->setFollowed(false);
    forgetCurrent();
    m_search.clear();
    showFilter(false);
    showState();
    m_view->setFocus(Qt::OtherFocusReason);
}

void Finder::restart(bool reveals)
{
    m_typed.stop();
    forgetCurrent();
    const auto pattern = Pattern::make(m_bar->findAs(), m_bar->text(), m_bar->isCaseSensitive(), encoderOf(*m_encoding));
    m_bar->setProblem(pattern ? QString() : patternErrorText(pattern.error(), *m_encoding));
    m_isFirstTime = true;
    m_reveals = reveals;
    m_anchor = inSight().value_or(Place{});
    if (pattern) {
        m_search.find(*pattern, m_bar->searchIn());
    } else {
        m_search.clear();
    }
    showFilter(true);
    showState();
}

void Finder::hitsChanged(qsizetype from)
{
    m_admitted = std::min(m_admitted, static_cast<std::size_t>(from));
    if (m_isFiltered && !m_admit.isActive()) {
        admitSome();
    }
    if (m_anchor && m_search.hits().firstFrom(*m_anchor) < m_search.hits().size()) {
        lookAtFirst();
    }
    m_view->marksChanged();
}

// The first from where it began, or, where there is none, the very first.
void Finder::lookAtFirst()
{
    const Place anchor = *m_anchor;
    m_anchor.reset();
    const std::size_t size = m_search.hits().size();
    if (size > 0) {
        const std::size_t at = m_search.hits().firstFrom(anchor);
        look(at < size ? at : 0, m_reveals);
    }
}

// `isNew`: something else is looked for, so that what was shown before is no hit any more.
void Finder::showFilter(bool isNew)
{
    const bool wanted = m_bar->isOnlyHits() && !m_bar->isHidden() && m_search.isActive();
    if (wanted == m_isFiltered && !(wanted && isNew)) {
        return;
    }
    m_isFiltered = wanted;
    m_admit.stop();
    emit filterAsked(wanted);
    m_view->marksChanged();
    if (const qsizetype at = current(); at >= 0) {
        look(static_cast<std::size_t>(at));
    }
}

void Finder::admitSome()
{
    if (!m_model || !m_isFiltered) {
        return;
    }
    const HitList &hits = m_search.hits();
    std::vector<Place> places;
    const std::size_t end = std::min(hits.size(), m_admitted + kAdmitted);
    for (; m_admitted < end; ++m_admitted) {
        if (places.empty() || places.back().row != hits[m_admitted].begin.row || m_model->hasLens()) {
            places.push_back(hits[m_admitted].begin);
        }
    }
    m_model->admit(places);
    if (m_admitted < hits.size()) {
        m_admit.start(0);
    }
}

void Finder::showList()
{
    const bool isShown = m_bar->isListShown() && !m_bar->isHidden();
    const bool wasInSight = m_highlighter.current() && isCurrentInSight();
    m_list->setVisible(isShown);
    m_hits->setFollowed(isShown);
    if (isShown) { // once it has taken its room from the conversation
        QMetaObject::invokeMethod(
            this, [this, wasInSight] { lookAgain(wasInSight); }, Qt::QueuedConnection);
    }
}

void Finder::lookAgain(bool reveals)
{
    if (const qsizetype at = current(); at >= 0) {
        look(static_cast<std::size_t>(at), reveals);
    }
}

void Finder::showState()
{
    m_bar->setState(searchStateText(m_search, current(), m_isFirstTime) + m_wrapped);
    m_bar->setCanStop(m_search.isRunning() && m_isFirstTime);
    m_bar->setCanStep(m_search.hits().size() > 0);
}

// Where the first row in sight begins.
std::optional<Place> Finder::inSight() const
{
    if (!m_model || m_model->count() == 0) {
        return {};
    }
    const Piece top = m_model->piece(std::clamp(m_view->topRow(), 0, m_model->count() - 1));
    return Place{top.row, top.from};
}

qsizetype Finder::current() const
{
    const HitList &hits = m_search.hits();
    if (!m_highlighter.current()) {
        return -1;
    }
    const std::size_t at = hits.firstFrom(*m_highlighter.current());
    return at < hits.size() && hits[at].begin == *m_highlighter.current() ? static_cast<qsizetype>(at) : -1;
}

bool Finder::isCurrentInSight() const
{
    const int row = m_model ? m_model->rowOf(*m_highlighter.current()) : -1;
    return row >= 0 && !m_view->rowRect(row).isEmpty();
}

void Finder::step(int direction)
{
    if (m_bar->isHidden()) {
        open();
        return;
    }
    if (m_typed.isActive()) { // what was typed counts already
        restart(true);
        return;
    }
    const auto size = static_cast<qsizetype>(m_search.hits().size());
    if (size == 0) {
        return;
    }
    qsizetype at = current();
    if (at >= 0 && isCurrentInSight()) {
        at += direction;
    } else {
        const auto here = static_cast<qsizetype>(m_search.hits().firstFrom(inSight().value_or(Place{})));
        at = direction > 0 ? here : here - 1;
    }
    m_wrapped = at >= size ? QStringLiteral(" · from the top again")
        : at < 0           ? QStringLiteral(" · from the end again")
                           : QString();
    m_anchor.reset();
    look(static_cast<std::size_t>((at + size) % size));
}

void Finder::look(std::size_t hit, bool reveals)
{
    const Place place = m_search.hits()[hit].begin;
    m_anchor.reset();
    m_highlighter.setCurrent(place);
    if (const int row = m_model && reveals ? m_model->rowOf(place) : -1; row >= 0) {
        const auto offset = m_highlighter.offset(*m_model, row, place);
        m_view->reveal(row, static_cast<std::uint32_t>(std::max<std::int64_t>(0, offset.value_or(0))));
    }
    if (m_list->isVisible() && static_cast<int>(hit) < m_hits->rowCount()) {
        m_list->selectRow(static_cast<int>(hit));
    }
    m_view->marksChanged();
    showState();
}

void Finder::forgetCurrent()
{
    m_anchor.reset();
    m_wrapped.clear();
    m_highlighter.setCurrent({});
}

} // namespace tincan
