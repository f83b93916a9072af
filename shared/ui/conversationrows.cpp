// SPDX-License-Identifier: MIT
// Which rows a ConversationPane shows: cut in another way, only those that were found, from the last clearing on.
#include "ui/conversationpane.h"

#include "session/session.h"
#include "session/transcriptmodel.h"
#include "ui/finder.h"
#include "ui/lensedit.h"
#include "ui/transcriptview.h"

namespace tincan {

namespace {

// The first row of the model that is not before `number` in the index.
int rowFrom(const TranscriptModel &model, RowNumber number)
{
    int low = 0;
    int high = model.count();
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (model.number(middle) < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool isOurs(const Row &row)
{
    return row.kind == RecordKind::Sent || row.kind == RecordKind::Refused
        || (row.kind == RecordKind::FanOut && row.peer == kNoPeer);
}

} // namespace

// The conversation as it is to be looked at now.
void ConversationPane::useModel()
{
    ConversationOptions options(m_conversation);
    options.lens = m_lens->lens();
    options.firstRow = m_clearedTo.value(m_conversation);
    options.filtered = m_filtered;
    std::unique_ptr<TranscriptModel> model = m_session.openConversation(options);
    model->setEncoding(encoding());
    m_view->setModel(model.get());
    m_model = std::move(model); // the one before it goes only now that nobody looks at it
    connect(m_model.get(), &TranscriptModel::lensProgressed, this, [this] {
        m_lens->showProgress(m_model->lensProgress());
        goToWanted();
    });
    m_lens->showProgress(m_model->lensProgress());
    m_finder->setModel(m_model.get()); // which may ask for another one at once
}

// Only what was found, or everything. What is in sight stays there, where it is shown.
void ConversationPane::filter(bool filtered)
{
    m_filtered = filtered;
    reopen();
    if (filtered) {
        m_wanted.reset(); // it may never be shown
    }
}

// The same conversation, looked at in another way: what is in sight stays there.
void ConversationPane::reopen()
{
    if (!m_wanted && !m_view->isAtEnd() && m_model->count() > 0) {
        const Piece top = m_model->piece(m_view->topRow());
        m_wanted = Place{top.row, top.from};
    }
    useModel();
    goToWanted();
}

void ConversationPane::goToWanted()
{
    const int row = m_wanted ? m_model->rowOf(*m_wanted) : -1;
    if (row >= 0) {
        m_wanted.reset();
        m_view->showAtTop(row);
    }
}

ConversationPane::Cleared ConversationPane::clear()
{
    constexpr int kMostCounted = 1'000'000; // beyond that, rows will do: nobody waits for the difference
    Cleared cleared{m_conversation, m_clearedTo.value(m_conversation), m_model->count(), false};
    if (cleared.count <= kMostCounted) {
        int messages = 0;
        for (int row = 0; row < m_model->count(); ++row) {
            messages += static_cast<int>(isMessage(m_model->row(row).kind));
        }
        cleared.count = messages;
        cleared.isMessages = true;
    }
    m_clearedTo.insert(m_conversation, m_session.index().size());
    open(m_conversation);
    return cleared;
}

void ConversationPane::showFrom(PeerId conversation, RowNumber firstRow)
{
    m_clearedTo.insert(conversation, firstRow);
    if (conversation == m_conversation) {
        open(conversation);
    }
}

// A line where the reading stopped.
void ConversationPane::showMarker()
{
    const auto left = m_readUpTo.constFind(m_conversation);
    int row = left == m_readUpTo.constEnd() ? 0 : rowFrom(*m_model, *left);
    while (row > 0 && row < m_model->count() && isOurs(m_model->row(row))) {
        ++row; // what one has sent oneself is no news
    }
    m_view->setMarker(row > 0 && row < m_model->count() ? row : -1);
}

} // namespace tincan
