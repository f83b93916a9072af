// SPDX-License-Identifier: MIT
#include "ui/conversationpane.h"

#include <QApplication>
#include <QMenu>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include "session/livesession.h"
#include "session/peermodel.h"
#include "session/transcriptmodel.h"
#include "ui/combobox.h"
#include "ui/composer.h"
#include "ui/detailpane.h"
#include "ui/elidedlabel.h"
#include "ui/faultsstrip.h"
#include "ui/findbar.h"
#include "ui/finder.h"
#include "ui/lensedit.h"
#include "ui/menubutton.h"
#include "ui/paneheader.h"
#include "ui/peerlist.h"
#include "ui/sessionactions.h"
#include "ui/settings.h"
#include "ui/transcriptview.h"

namespace tincan {

ConversationPane::ConversationPane(Session &session, const PeerWords &words, const SessionActions &actions, QWidget *parent,
                                   Role role)
    : QWidget(parent)
    , m_session(session)
    , m_words(words)
    , m_role(role)
    , m_title(new ElidedLabel(this))
    , m_showAs(new ComboBox(QStringLiteral("showAs"), QStringLiteral("Show as"), this))
    , m_save(makeButton(actions.saveConversation, QStringLiteral("save"), QStringLiteral("Save")))
    , m_encoding(new ComboBox(QStringLiteral("encoding"), QStringLiteral("Encoding"), this))
    , m_find(makeButton(actions.find, QStringLiteral("find"), QStringLiteral("Find")))
    , m_finish(makeButton(actions.finishSending, QStringLiteral("finishSending"), QStringLiteral("Finish sending")))
    , m_disconnect(makeButton(actions.disconnect, QStringLiteral("disconnect"), QStringLiteral("Disconnect")))
    , m_lens(new LensEdit(this))
    , m_faults(new FaultsStrip(session, actions.faults, this))
    , m_view(new TranscriptView(this))
    , m_detail(new DetailPane(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_finder(new Finder(session, m_view, this))
    , m_composer(new Composer(this))
    , m_header(makeHeader(actions))
{
    m_view->setObjectName(QStringLiteral("transcript"));
    m_view->setAccessibleName(QStringLiteral("Transcript"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(6);
    layout->addWidget(m_header);
    layout->addWidget(m_faults);
    layout->addWidget(m_lens);
    layout->addWidget(m_finder->bar());
    for (QWidget *part : std::initializer_list<QWidget *>{m_view, m_finder->list(), m_detail}) {
        m_splitter->addWidget(part);
    }
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setChildrenCollapsible(false);
    m_detail->hide();
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_composer);
    connect(m_showAs, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_view->setShowAs(static_cast<ShowAs>(index));
        emit showAsChanged(index);
    });
    connect(m_lens, &LensEdit::lensChanged, this, &ConversationPane::reopen);
    connect(m_encoding, &QComboBox::currentIndexChanged, this,
            [this](int index) { setEncoding(encodings()[static_cast<std::size_t>(index)]); });
    connectDetail();
    connect(m_composer, &Composer::aboutToSend, this, &ConversationPane::showRecipients);
    connect(m_composer, &Composer::sendAsked, this, &ConversationPane::send);
    connect(m_finder, &Finder::filterAsked, this, &ConversationPane::filter);
    if (!m_session.live()) { // nothing can be sent, nothing ended
        for (QWidget *part : std::initializer_list<QWidget *>{m_finish, m_disconnect, m_composer}) {
            part->hide();
        }
        m_view->setFollowing(false); // it is read from its beginning
    }
    open(kNoPeer);
    refresh();
}

ConversationPane::~ConversationPane()
{
    m_view->setModel(nullptr); // before the model goes
}

PaneHeader *ConversationPane::makeHeader(const SessionActions &actions)
{
    m_title->setObjectName(QStringLiteral("conversationTitle"));
    m_title->setElideMode(Qt::ElideMiddle);
    m_showAs->addItems({QStringLiteral("Text"), QStringLiteral("Hex"), QStringLiteral("Text and hex")});
    m_showAs->setToolTip(QStringLiteral("How the bytes are shown"));
    for (const Encoding &encoding : encodings()) {
        m_encoding->addChoice(QString::fromLatin1(encoding.name), indexOf(encoding), QString::fromLatin1(encoding.use));
    }
    m_encoding->setToolTip(QStringLiteral("What the bytes are read in, and what you type is written in"));
    m_encoding->setMaxVisibleItems(30);
    auto *ways = new QMenu(m_disconnect);
    ways->setObjectName(QStringLiteral("waysToEnd"));
    ways->setToolTipsVisible(true);
    ways->addActions(actions.waysToEnd());
    ways->addSeparator();
    ways->addAction(actions.disconnectAll);
    giveMenu(m_disconnect, ways, QToolButton::MenuButtonPopup);

    auto *header = new PaneHeader(m_title, this);
    for (ComboBox *choice : {m_showAs, m_encoding, m_lens->kindEdit()}) {
        choice->setShrinkable();
        header->addChoice(choice);
    }
    header->addWordedButton(m_find);
    header->addButton(m_save);
    header->addWordedButton(m_finish);
    header->addWordedButton(m_disconnect);
    if (m_role == Role::Beside) {
        m_close = makeClose();
        header->addButton(m_close);
    }
    return header;
}

QToolButton *ConversationPane::makeButton(QAction *action, const QString &objectName, const QString &name)
{
    auto *button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setObjectName(objectName);
    button->setAccessibleName(name);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoRaise(true);
    return button;
}

void ConversationPane::setChoice(PeerId conversation, const std::vector<PeerId> &chosen, int hidden)
{
    m_chosen = chosen;
    if (conversation != m_conversation) {
        open(conversation);
    }
    refresh(hidden);
}

void ConversationPane::open(PeerId conversation)
{
    if (m_model) {
        m_readUpTo.insert(m_conversation, m_session.index().size());
    }
    m_conversation = conversation;
    m_finder->setConversation(conversation, m_clearedTo.value(conversation));
    m_filtered = false;
    m_wanted.reset();
    useModel();
    showMarker();
    m_composer->setConversation(conversation);
    m_detail->showNothing(); // what it showed is of another one
    applyEncoding();
    if (m_role == Role::Beside) {
        return; // what is known of the one that is looked at is asked for the first one's
    }
    m_session.peers()->setCurrent(conversation);
    if (LiveSession *live = m_session.live()) {
        live->timeDelivery(conversation);
    }
}

void ConversationPane::refresh(int hidden)
{
    m_hidden = hidden;
    showHeader();
    m_faults->showOf(m_conversation);
    showRecipients();
}

void ConversationPane::connectDetail()
{
    connect(m_view, &TranscriptView::selectionChanged, this, &ConversationPane::followSelection);
    connect(m_view, &TranscriptView::detailAsked, this, [this](bool byKey) {
        showDetail(true);
        if (byKey) {
            m_detail->focusBytes();
        }
    });
    connect(m_view, &TranscriptView::zoomChanged, m_detail, &DetailPane::setZoom);
    connect(m_detail, &DetailPane::closed, this, [this] { showDetail(false); });
}

void ConversationPane::followSelection()
{
    const int row = m_view->currentRow();
    if (m_detail->isVisibleTo(this) && row >= 0) {
        m_detail->showRow(*m_model, row); // once nothing is selected, the last one stays
    }
}

void ConversationPane::showDetail(bool shown)
{
    if (shown == m_detail->isVisibleTo(this)) {
        return;
    }
    const bool hadFocus = m_detail->isAncestorOf(QApplication::focusWidget());
    m_detail->setVisible(shown);
    if (shown) {
        m_detail->showNothing();
        followSelection();
    } else if (hadFocus) {
        m_view->setFocus(Qt::OtherFocusReason);
    }
    emit detailShown(shown);
}

bool ConversationPane::isDetailShown() const
{
    return m_detail->isVisibleTo(this);
}

void ConversationPane::saveSplitters(Settings &settings) const
{
    if (m_detail->isVisibleTo(this)) {
        settings.setSplitter(QStringLiteral("detail"), m_splitter->saveState());
    }
    settings.setSplitter(QStringLiteral("detailSides"), m_detail->splitterState());
}

void ConversationPane::restoreSplitters(const Settings &settings)
{
    if (!m_splitter->restoreState(settings.splitter(QStringLiteral("detail")))) {
        m_splitter->setSizes({300, 110, 200});
    }
    m_detail->restoreSplitter(settings.splitter(QStringLiteral("detailSides")));
}

const Encoding &ConversationPane::encodingOf(PeerId conversation) const
{
    return *m_encodings.value(conversation, m_defaultEncoding);
}

void ConversationPane::setEncoding(const Encoding &encoding)
{
    m_encodings.insert(m_conversation, &encoding);
    applyEncoding();
}

void ConversationPane::setDefaultEncoding(const Encoding &encoding)
{
    m_defaultEncoding = &encoding;
    applyEncoding();
}

void ConversationPane::applyEncoding()
{
    const Encoding &encoding = this->encoding();
    const QSignalBlocker blocker(m_encoding); // it was not chosen by hand
    m_encoding->setCurrentIndex(indexOf(encoding));
    m_model->setEncoding(encoding);
    m_composer->setEncoding(encoding);
    m_detail->setEncoding(encoding);
    m_finder->setEncoding(encoding);
    emit encodingChanged();
}

int ConversationPane::showAs() const
{
    return m_showAs->currentIndex();
}

void ConversationPane::setShowAs(int index)
{
    m_showAs->setCurrentIndex(index);
}

std::vector<QWidget *> ConversationPane::tabOrder() const
{
    std::vector<QWidget *> order{m_showAs, m_encoding};
    const auto add = [&order](const std::vector<QWidget *> &more) { order.insert(order.end(), more.begin(), more.end()); };
    add(m_lens->tabOrder());
    add({m_find, m_save, m_finish, m_disconnect});
    if (m_close) {
        order.push_back(m_close);
    }
    add(m_faults->tabOrder());
    add(m_finder->bar()->tabOrder());
    add({m_view, m_finder->list()});
    add(m_detail->tabOrder());
    add(m_composer->tabOrder());
    return order;
}

} // namespace tincan
