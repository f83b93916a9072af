// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>

#include "session/search.h"
#include "transcript/encoding.h"

namespace tincan {

// What a search has found, a row a hit: when, whose, and the bytes with those around them, which are read only for rows that are
// looked at. Never reset. GUI thread.
class HitModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Peer, Context };

    // All outlive the model.
    HitModel(const Search &search, const Index &index, const PayloadSource &source, QObject *parent = nullptr);

    // While it is not followed it is empty, and costs nothing.
    void setFollowed(bool followed);
    // What the bytes are read in.
    void setEncoding(const Encoding &encoding) { m_encoding = &encoding; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void take(qsizetype from);
    void empty();
    QString whose(const Row &row) const;
    QString context(const Hit &hit) const;

    const Search &m_search;
    const Index &m_index;
    const PayloadSource &m_source;
    const Encoding *m_encoding = &utf8();
    int m_count = 0;
    bool m_followed = false;
};

} // namespace tincan
