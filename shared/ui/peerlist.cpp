// SPDX-License-Identifier: MIT
#include "ui/peerlist.h"

#include <algorithm>

#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QTimer>
#include <QVBoxLayout>

#include "session/listenermodel.h"
#include "ui/peerdelegate.h"
#include "ui/peerfilter.h"

namespace tincan {

namespace {

bool hasAll(const std::vector<PeerId> &chosen)
{
    return std::find(chosen.begin(), chosen.end(), kNoPeer) != chosen.end();
}

// Selecting all of a filtered list means the rows that are seen, not "all peers", which would be those that are hidden too.
class PeerView final : public QListView
{
public:
    PeerView(const PeerFilter *filter, QWidget *parent)
        : QListView(parent)
        , m_filter(filter)
    {
    }
    void selectAll() override
    {
        if (m_filter->text().isEmpty()) {
            QListView::selectAll();
        } else if (const int last = m_filter->rowCount() - 1; last > 0) {
            const QItemSelection seen(m_filter->index(1, 0), m_filter->index(last, 0));
            selectionModel()->select(seen, QItemSelectionModel::ClearAndSelect);
        }
    }

private:
    const PeerFilter *m_filter;
};

} // namespace

PeerList::PeerList(PeerModel *peers, const PeerWords &words, QWidget *parent, ListenerModel *listeners)
    : QWidget(parent)
    , m_peers(peers)
    , m_words(words)
    , m_filter(new PeerFilter(peers, words.all, listeners, this))
    , m_filterEdit(new QLineEdit(this))
    , m_view(new PeerView(m_filter, this))
    , m_ages(new QTimer(this))
{
    m_filterEdit->setObjectName(QStringLiteral("peerFilter"));
    m_filterEdit->setAccessibleName(QStringLiteral("Filter peers"));
    m_filterEdit->setClearButtonEnabled(true);
    setUpView();
    m_view->setMinimumWidth(PeerDelegate::leastWidth(font()) + 2 * m_view->frameWidth());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(6);
    layout->addWidget(m_filterEdit);
    layout->addWidget(m_view);

    m_filterEdit->installEventFilter(this);
    connect(m_filterEdit, &QLineEdit::textChanged, this, &PeerList::applyFilter);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PeerList::takeChoice);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &PeerList::takeChoice);
    connect(m_view, &QAbstractItemView::clicked, this, [this](const QModelIndex &index) {
        if (m_filter->isPeer(index) && m_chosen.size() == 1 && QGuiApplication::keyboardModifiers() == Qt::NoModifier) {
            emit picked();
        }
    });
    connect(m_view, &QAbstractItemView::activated, this, [this](const QModelIndex &index) { // Enter in the list
        if (m_filter->isPeer(index)) {
            emit picked();
        }
    });
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    connect(m_peers, &QAbstractItemModel::rowsInserted, this, &PeerList::updatePlaceholder);
    connect(m_peers, &QAbstractItemModel::rowsRemoved, this, &PeerList::updatePlaceholder);
    m_ages->setInterval(1000);
    connect(m_ages, &QTimer::timeout, m_view->viewport(), qOverload<>(&QWidget::update));
    updatePlaceholder();
    showChoice();
}

void PeerList::setUpView()
{
    m_view->setObjectName(QStringLiteral("peers"));
    m_view->setAccessibleName(m_words.list);
    m_view->setModel(m_filter);
    auto *delegate = new PeerDelegate(m_view);
    m_view->setItemDelegate(delegate);
    connect(delegate, &PeerDelegate::listenerToggled, this, &PeerList::listenerToggled);
    m_view->setUniformItemSizes(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->setTextElideMode(Qt::ElideMiddle);
}

void PeerList::updatePlaceholder()
{
    const int count = m_peers->rowCount() - 1;
    m_filterEdit->setPlaceholderText(
        count == 0 ? QStringLiteral("Filter %1…").arg(m_words.many)
                   : QStringLiteral("Filter %1 %2…").arg(count).arg(count == 1 ? m_words.one : m_words.many));
}

// The view's selection and current row, as ids.
void PeerList::takeChoice()
{
    if (m_holding) {
        return;
    }
    std::vector<PeerId> chosen;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (const QModelIndex index = m_filter->index(row, 0); m_filter->isPeer(index)) {
                chosen.push_back(m_filter->idOf(index));
            }
        }
    }
    const QModelIndex at = m_view->currentIndex();
    if (listenerAt(at) != kNoListener && chosen.size() < 2) {
        // What was chosen stays, and the keys go on from the listener's row.
        showChoice();
        const bool held = std::exchange(m_holding, true);
        m_view->selectionModel()->setCurrentIndex(at, QItemSelectionModel::NoUpdate);
        m_holding = held;
        return;
    }
    if (chosen.empty()) {
        showChoice(); // a click beside the rows: what was chosen stays
        return;
    }
    PeerId current = m_filter->idOf(m_view->currentIndex());
    if (const bool isEverything = chosen.size() == static_cast<std::size_t>(m_peers->rowCount()) && chosen.size() > 1;
        isEverything || chosen == std::vector<PeerId>{kNoPeer} || (chosen.size() > 1 && current == kNoPeer && hasAll(chosen))) {
        chosen.assign(1, kNoPeer);
        current = kNoPeer;
    } else if (hasAll(chosen)) {
        // Somebody was added to "all": then they are meant, not all.
        std::erase(chosen, kNoPeer);
        m_holding = true;
        m_view->selectionModel()->select(m_filter->index(0, 0), QItemSelectionModel::Deselect);
        m_holding = false;
    }
    if (std::find(chosen.begin(), chosen.end(), current) == chosen.end()) {
        current = chosen.front();
    }
    if (chosen != m_chosen || current != m_current) {
        m_chosen = std::move(chosen);
        m_current = current;
        emit choiceChanged();
    }
}

// Puts chosen() into the view, as far as the filter shows it.
void PeerList::showChoice()
{
    const bool held = std::exchange(m_holding, true);
    QItemSelection selection;
    for (const PeerId id : m_chosen) {
        if (const QModelIndex index = m_filter->indexOf(id); index.isValid()) {
            selection.select(index, index);
        }
    }
    QItemSelectionModel *model = m_view->selectionModel();
    model->select(selection, QItemSelectionModel::ClearAndSelect);
    model->setCurrentIndex(m_filter->indexOf(m_current), QItemSelectionModel::NoUpdate);
    m_holding = held;
}

void PeerList::applyFilter(const QString &text)
{
    m_holding = true;
    m_filter->setText(text);
    m_holding = false;
    showChoice();
    emit filterChanged();
}

int PeerList::hiddenCount() const
{
    if (m_filter->text().isEmpty()) {
        return 0;
    }
    int hidden = 0;
    const auto look = [&](const Peer *peer, bool counts) {
        hidden += static_cast<int>(peer && counts && !m_filter->indexOf(peer->id).isValid());
    };
    if (isAllChosen()) {
        for (int row = 1; row < m_peers->rowCount(); ++row) {
            look(&m_peers->peer(row), m_peers->peer(row).isOpen());
        }
    } else {
        for (const PeerId id : m_chosen) {
            look(m_peers->find(id), true);
        }
    }
    return hidden;
}

ListenerId PeerList::listenerAt(const QModelIndex &index) const
{
    const ListenerView *listener = index.isValid() ? m_filter->listener(index) : nullptr;
    return listener ? listener->id : kNoListener;
}

bool PeerList::takeViewKey(int key)
{
    const ListenerId listener = listenerAt(m_view->currentIndex());
    const bool toggles = key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_Enter;
    if (listener == kNoListener || !toggles) {
        return false;
    }
    emit listenerToggled(listener);
    return true;
}

// The menu of a peer's row is made of the view's actions.
bool PeerList::takeMenuEvent(const QContextMenuEvent *event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index
        = isByKey ? m_view->currentIndex() : m_view->indexAt(m_view->viewport()->mapFromGlobal(event->globalPos()));
    const ListenerId listener = listenerAt(index);
    if (listener != kNoListener) {
        emit listenerMenuAsked(
            listener, isByKey ? m_view->viewport()->mapToGlobal(m_view->visualRect(index).center()) : event->globalPos());
    }
    return listener != kNoListener;
}

bool PeerList::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress && takeViewKey(static_cast<QKeyEvent *>(event)->key())) {
        return true;
    }
    if ((watched == m_view || watched == m_view->viewport()) && event->type() == QEvent::ContextMenu) {
        return takeMenuEvent(static_cast<QContextMenuEvent *>(event));
    }
    if (watched == m_filterEdit && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if ((key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier && takeFilterKey(key->key())) {
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

// What is typed there leads on: into the list, to the first that matches, or back to the message.
bool PeerList::takeFilterKey(int key)
{
    switch (key) {
    case Qt::Key_Down:
        chooseFirstMatch();
        m_view->setFocus(Qt::OtherFocusReason);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        chooseFirstMatch();
        break;
    case Qt::Key_Escape:
        m_filterEdit->clear();
        break;
    default:
        return false;
    }
    emit picked();
    return true;
}

// Where nothing was typed, what is chosen stays.
void PeerList::chooseFirstMatch()
{
    if (!m_filter->text().isEmpty()) {
        chooseNth(1);
    }
}

std::vector<PeerId> PeerList::onScreen() const
{
    std::vector<PeerId> ids;
    const QRect seen = m_view->viewport()->rect();
    for (QModelIndex index = m_view->indexAt(seen.topLeft()); isVisible() && index.isValid();
         index = index.siblingAtRow(index.row() + 1)) {
        if (m_view->visualRect(index).top() > seen.bottom()) {
            break;
        }
        ids.push_back(m_filter->idOf(index));
    }
    return ids;
}

void PeerList::clearClosed()
{
    m_holding = true;
    m_peers->clearClosed();
    m_holding = false;
    std::erase_if(m_chosen, [this](PeerId id) { return m_peers->rowOf(id) < 0; });
    const bool isCurrentGone = m_peers->rowOf(m_current) < 0;
    if (m_chosen.empty()) {
        m_chosen.assign(1, kNoPeer);
    }
    if (isCurrentGone) {
        m_current = m_chosen.front();
    }
    showChoice();
    emit choiceChanged();
}

void PeerList::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_ages->start();
}

void PeerList::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_ages->stop();
}

} // namespace tincan
