// SPDX-License-Identifier: MIT
#include "session/optionmodel.h"

#include <algorithm>
#include <array>
#include <utility>

#include "session/optionwords.h"

namespace tincan {

void OptionModel::showNext(Of of, const OptionValues &asked)
{
    std::vector<OptionState> states;
    for (const OptionInfo &info : optionTable()) {
        if (of == Of::Listeners ? !info.listeners : !info.connections) {
            continue;
        }
        OptionState state;
        state.option = info.option;
        const auto found = std::find_if(asked.begin(), asked.end(), [&](const auto &one) { return one.option == info.option; });
        if (found != asked.end()) {
            state.asked = *found;
        }
        states.push_back(std::move(state));
    }
    show(std::move(states), true);
}

void OptionModel::showOpen(const std::vector<OptionState> &states)
{
    show(states, false);
}

// The same rows as before only change: who is at one of them stays there.
void OptionModel::show(std::vector<OptionState> states, bool isNext)
{
    const auto sameOption = [](const OptionState &a, const OptionState &b) { return a.option == b.option; };
    const bool isSame
        = isNext == m_isNext && std::equal(states.begin(), states.end(), m_states.begin(), m_states.end(), sameOption);
    if (isSame) {
        m_states = std::move(states);
        if (!m_states.empty()) {
            emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
        }
        return;
    }
    beginResetModel();
    m_states = std::move(states);
    m_isNext = isNext;
    m_problems.clear();
    endResetModel();
}

int OptionModel::rowOf(SocketOption option) const
{
    const auto found = std::find_if(m_states.begin(), m_states.end(), [&](const auto &state) { return state.option == option; });
    return found == m_states.end() ? -1 : static_cast<int>(found - m_states.begin());
}

int OptionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_states.size());
}

int OptionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(kColumns);
}

QString OptionModel::problemText(const OptionState &state) const
{
    if (const auto typed = m_problems.constFind(static_cast<int>(state.option)); typed != m_problems.constEnd()) {
        return *typed;
    }
    return optionErrorText(state.setError != 0 ? state.setError : state.getError);
}

QString OptionModel::shownText(const OptionState &state, int column) const
{
    switch (column) {
    case Name:
        return optionName(state.option);
    case Asked:
        return state.asked ? optionText(*state.asked) : QStringLiteral("system’s default");
    case Kernel:
        return m_isNext || state.getError != 0 ? QStringLiteral("—") : optionText(state.now);
    case Problem:
        return problemText(state);
    case Meaning:
        return optionMeaning(state.option);
    default:
        return {};
    }
}

QVariant OptionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const OptionState &state = m_states[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return shownText(state, index.column());
    case Qt::EditRole:
        if (state.asked) {
            return optionEditText(*state.asked);
        }
        return m_isNext || state.getError != 0 ? QString() : optionEditText(state.now);
    case Qt::ToolTipRole:
        return index.column() == Problem ? problemText(state) : optionMeaning(state.option);
    case Qt::AccessibleTextRole:
        return optionName(state.option) + QStringLiteral(": ") + shownText(state, index.column());
    case OptionRole:
        return static_cast<int>(state.option);
    case FormRole:
        return static_cast<int>(optionInfo(state.option).form);
    default:
        return {};
    }
}

QVariant OptionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static const std::array titles = {QStringLiteral("Option"), QStringLiteral("Asked for"), QStringLiteral("The kernel has"),
                                      QStringLiteral("Error"), QStringLiteral("What it does")};
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= kColumns) {
        return {};
    }
    return titles.at(static_cast<std::size_t>(section));
}

Qt::ItemFlags OptionModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || index.column() != Asked) {
        return flags;
    }
    const OptionState &state = m_states[static_cast<std::size_t>(index.row())];
    return m_isNext || optionInfo(state.option).time == OptionTime::Always ? flags | Qt::ItemIsEditable : flags;
}

bool OptionModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !flags(index).testFlag(Qt::ItemIsEditable)) {
        return false;
    }
    const OptionState &state = m_states[static_cast<std::size_t>(index.row())];
    const SocketOption option = state.option;
    const TypedOption typed = typedOption(option, value.toString());
    if (typed.problem.isEmpty()) {
        m_problems.remove(static_cast<int>(option));
    } else {
        m_problems.insert(static_cast<int>(option), typed.problem);
    }
    emit dataChanged(index.siblingAtColumn(0), index.siblingAtColumn(kColumns - 1));
    if (!typed.problem.isEmpty()) {
        return false;
    }
    if (typed.value) {
        emit valueAsked(*typed.value);
    } else if (m_isNext) {
        emit valueTakenBack(option);
    }
    return true;
}

} // namespace tincan
