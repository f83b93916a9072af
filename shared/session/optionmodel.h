// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QAbstractTableModel>
#include <QHash>

#include "base/socketoptions.h"

namespace tincan {

// Socket options as a table: of a socket that is open, with what its kernel made of them, or what the next one is to ask for. It
// changes nothing by itself: what is typed is told by valueAsked(), and there once it is shown again. GUI thread.
class OptionModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Asked, Kernel, Problem, Meaning, kColumns };
    enum Role {
        OptionRole = Qt::UserRole, // SocketOption as int
        FormRole,                  // OptionForm as int
    };
    enum class Of : std::uint8_t { Listeners, Connections };

    using QAbstractTableModel::QAbstractTableModel;

    // What the next one of these asks for. An empty text takes a wish back.
    void showNext(Of of, const OptionValues &asked);
    // What an open socket has. Only what can be changed at any time is editable.
    void showOpen(const std::vector<OptionState> &states);
    bool isNext() const noexcept { return m_isNext; }
    // What was wrong with what was typed is no matter any more: another socket is looked at.
    void forgetTyped() { m_problems.clear(); }

    int rowOf(SocketOption option) const; // -1 where it is not shown
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    // Qt::EditRole of the column Asked. False where it is no value; why stands in the column Problem then.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

signals:
    void valueAsked(const tincan::OptionValue &value);
    void valueTakenBack(tincan::SocketOption option); // of the next one

private:
    void show(std::vector<OptionState> states, bool isNext);
    QString shownText(const OptionState &state, int column) const;
    QString problemText(const OptionState &state) const;

    std::vector<OptionState> m_states;
    QHash<int, QString> m_problems; // of what was typed last, by option
    bool m_isNext = true;
};

} // namespace tincan
