// SPDX-License-Identifier: MIT
#include "ui/optionpanel.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShowEvent>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include "session/optionwords.h"
#include "session/peermodel.h"
#include "ui/combobox.h"
#include "ui/settings.h"

namespace tincan {

namespace {

// Switches and algorithms are chosen from a list, numbers are typed.
class OptionDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem & /*option*/, const QModelIndex &index) const override
    {
        const auto *model = qobject_cast<const OptionModel *>(index.model());
        const auto option = static_cast<SocketOption>(index.data(OptionModel::OptionRole).toInt());
        const OptionInfo &info = optionInfo(option);
        const QString name = QStringLiteral("optionEditor");
        if (info.form == OptionForm::Number) {
            auto *edit = new QLineEdit(parent);
            edit->setObjectName(name);
            edit->setAccessibleName(optionName(option));
            edit->setPlaceholderText(QStringLiteral("%1 to %2").arg(info.least).arg(info.most));
            return edit;
        }
        auto *edit = new ComboBox(name, optionName(option), parent);
        if (model && model->isNext()) {
            edit->addItem(QString()); // the system's default
        }
        edit->addItems(info.form == OptionForm::Switch ? QStringList{QStringLiteral("on"), QStringLiteral("off")}
                                                       : congestionAlgorithms());
        if (info.form == OptionForm::Text) {
            edit->makeEditable();
        }
        return edit;
    }
    // Once: the table is read back while somebody types, and what is being typed is not to be lost for that.
    void setEditorData(QWidget *editor, const QModelIndex &index) const override
    {
        constexpr const char *kIsSet = "isSet";
        if (editor->property(kIsSet).toBool()) {
            return;
        }
        editor->setProperty(kIsSet, true);
        const QString text = index.data(Qt::EditRole).toString();
        if (auto *line = qobject_cast<QLineEdit *>(editor)) {
            line->setText(text);
        } else if (auto *choice = qobject_cast<ComboBox *>(editor)) {
            choice->setCurrentIndex(choice->findText(text));
            if (choice->isEditable()) {
                choice->setEditText(text);
            }
        }
    }
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override
    {
        const auto *line = qobject_cast<QLineEdit *>(editor);
        const auto *choice = qobject_cast<ComboBox *>(editor);
        const QString typed = line ? line->text() : choice ? choice->currentText() : QString();
        if (typed != index.data(Qt::EditRole).toString()) { // left as it was, it is not asked for
            model->setData(index, typed, Qt::EditRole);
        }
    }
};

QVariant holderData(OptionHolder holder)
{
    return QVariantList{holder.peer, holder.listener};
}

} // namespace

OptionPanel::OptionPanel(LiveSession &session, Settings &settings, OptionModel::Of next, QWidget *parent)
    : QDialog(parent)
    , m_session(session)
    , m_settings(settings)
    , m_next(next)
    , m_model(new OptionModel(this))
    , m_of(new ComboBox(QStringLiteral("optionsOf"), QStringLiteral("Options of"), this))
    , m_table(new QTableView(this))
    , m_meaning(new QLabel(this))
    , m_hint(new QLabel(this))
{
    setObjectName(QStringLiteral("optionPanel"));
    setWindowTitle(QStringLiteral("Socket options"));
    makeTable();
    m_meaning->setObjectName(QStringLiteral("optionMeaning"));
    for (QLabel *label : {m_meaning, m_hint}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_meaning->setMinimumHeight(fontMetrics().lineSpacing() * 3);
    m_meaning->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    auto *again = new QPushButton(QStringLiteral("&Read again"), this);
    again->setObjectName(QStringLiteral("optionsRead"));
    again->setAutoDefault(false);
    again->setToolTip(QStringLiteral("getsockopt(2) of each of them"));
    auto *top = new QHBoxLayout;
    auto *label = new QLabel(QStringLiteral("Options &of:"), this);
    label->setBuddy(m_of);
    top->addWidget(label);
    top->addWidget(m_of, 1);
    top->addWidget(again);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_hint);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_meaning);
    resize(fontMetrics().averageCharWidth() * 130, fontMetrics().lineSpacing() * 36);
    connect(again, &QPushButton::clicked, this, &OptionPanel::showChosen);
    connect(m_of, &QComboBox::currentIndexChanged, this, &OptionPanel::showChosen);
    connect(m_model, &OptionModel::valueAsked, this, &OptionPanel::ask);
    connect(m_model, &OptionModel::valueTakenBack, this, &OptionPanel::takeBack);
    connect(&session, &Session::listenInfosChanged, this, &OptionPanel::fillHolders);
    connect(&session, &LiveSession::optionNoted, this, &OptionPanel::read);
    fillHolders();
}

void OptionPanel::makeTable()
{
    m_table->setObjectName(QStringLiteral("optionTable"));
    m_table->setAccessibleName(QStringLiteral("Socket options"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new OptionDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                             | QAbstractItemView::AnyKeyPressed);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->setWordWrap(true);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    const int letter = fontMetrics().averageCharWidth();
    m_table->setColumnWidth(OptionModel::Name, letter * 21);
    m_table->setColumnWidth(OptionModel::Asked, letter * 18);
    m_table->setColumnWidth(OptionModel::Kernel, letter * 17);
    m_table->setColumnWidth(OptionModel::Problem, letter * 22);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &OptionPanel::showMeaning);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &OptionPanel::showProblems);
    connect(m_model, &QAbstractItemModel::modelReset, this, &OptionPanel::showProblems);
}

// Room for what went wrong is there where something did.
void OptionPanel::showProblems()
{
    bool any = false;
    for (int row = 0; row < m_model->rowCount() && !any; ++row) {
        any = !m_model->index(row, OptionModel::Problem).data().toString().isEmpty();
    }
    m_table->setColumnHidden(OptionModel::Problem, !any);
}

OptionHolder OptionPanel::chosen() const
{
    const QVariantList ids = m_of->currentData().toList();
    return ids.size() == 2 ? OptionHolder{ids.front().toUInt(), ids.back().toUInt()} : OptionHolder();
}

// What is chosen stays so where it is still there.
void OptionPanel::fillHolders()
{
    const OptionHolder before = chosen();
    {
        const QSignalBlocker blocker(m_of);
        m_of->clear();
        m_of->addItem(m_next == OptionModel::Of::Listeners ? QStringLiteral("The next listener")
                                                           : QStringLiteral("The next connection"),
                      holderData({}));
        for (const ListenInfo &listener : m_session.listenInfos()) {
            m_of->addItem(QStringLiteral("Listener ") + QString::fromStdString(listener.local.toString()),
                          holderData({kNoPeer, listener.id}));
        }
        if (const Peer *peer = m_peer == kNoPeer ? nullptr : m_session.peers()->find(m_peer); peer && peer->isOpen()) {
            m_of->addItem(QStringLiteral("Peer ") + PeerModel::titleText(*peer), holderData({m_peer, kNoListener}));
        }
        // Who looks at a peer looks at the next one that is chosen as well.
        const OptionHolder wanted = before.peer != kNoPeer ? OptionHolder{m_peer, kNoListener} : before;
        m_of->setCurrentIndex(std::max(0, m_of->findData(holderData(wanted))));
    }
    if (!(chosen() == before)) {
        showChosen();
    }
}

void OptionPanel::setPeer(PeerId peer)
{
    if (peer != m_peer) {
        m_peer = peer;
        fillHolders();
        if (const int at = m_of->findData(holderData({m_peer, kNoListener})); m_peer != kNoPeer && at >= 0) {
            m_of->setCurrentIndex(at);
        }
    }
}

void OptionPanel::refresh()
{
    const Peer *peer = m_peer == kNoPeer ? nullptr : m_session.peers()->find(m_peer);
    const bool isListed = m_peer != kNoPeer && m_of->findData(holderData({m_peer, kNoListener})) >= 0;
    if (isListed != (peer && peer->isOpen())) {
        fillHolders();
    }
}

void OptionPanel::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (!event->spontaneous()) {
        showChosen();
    }
}

void OptionPanel::showChosen()
{
    m_model->forgetTyped();
    if (chosen() == OptionHolder()) {
        m_hint->setText(
            QStringLiteral("Asked for before bind(2), from the next start or connect on. What a socket of its kind cannot "
                           "have is passed over."));
        m_model->showNext(m_next, m_session.options());
    } else {
        m_hint->setText(
            QStringLiteral("Of an open socket: changed at once, and read back from the kernel. What is of use only before "
                           "bind(2) cannot be changed any more."));
        read();
    }
    showMeaning();
}

void OptionPanel::read()
{
    const OptionHolder holder = chosen();
    if (holder == OptionHolder() || !isVisible()) { // closed, it asks nobody
        return;
    }
    if (m_reading == holder) { // each peer that is accepted may tell of several options
        m_readAgain = true;
        return;
    }
    m_reading = holder; // another that does not answer, as a process that stands still, is waited for no longer
    m_readAgain = false;
    m_session.readOptions(holder, this, [this, holder](const std::vector<OptionState> &states) {
        if (chosen() == holder) {
            m_model->showOpen(states);
            showMeaning();
        }
        if (m_reading != holder) {
            return;
        }
        m_reading = {};
        if (std::exchange(m_readAgain, false)) {
            read();
        }
    });
}

void OptionPanel::showMeaning()
{
    const QModelIndex current = m_table->currentIndex();
    m_meaning->setText(!current.isValid() ? QStringLiteral("Choose an option to read what it does.")
                                          : current.siblingAtColumn(OptionModel::Name).data().toString() + QStringLiteral(": ")
                               + current.siblingAtColumn(OptionModel::Meaning).data().toString());
}

void OptionPanel::ask(const OptionValue &value)
{
    if (const OptionHolder holder = chosen(); !(holder == OptionHolder())) {
        m_session.setOption(holder, value);
        read();
        return;
    }
    OptionValues options = m_session.options();
    std::erase_if(options, [&](const OptionValue &one) { return one.option == value.option; });
    options.push_back(value);
    keep(options);
}

void OptionPanel::takeBack(SocketOption option)
{
    OptionValues options = m_session.options();
    std::erase_if(options, [&](const OptionValue &one) { return one.option == option; });
    keep(options);
}

void OptionPanel::keep(const OptionValues &options)
{
    m_session.setOptions(options);
    m_settings.setSocketOptions(optionsToList(options));
    m_model->showNext(m_next, options);
}

} // namespace tincan
