// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QTreeWidget>

#include "session/kernelfacts.h"

namespace tincan {

// Numbers under headings; what each of them means is its tool tip. What is too long goes on in the next line. Ctrl+C copies what
// is selected. GUI thread.
class FactList final : public QTreeWidget
{
    Q_OBJECT
public:
    explicit FactList(QWidget *parent = nullptr);

    // What is the same as before is left alone: the selection and the place stay.
    void setFacts(const QList<KernelFact> &facts);
    // The value that stands beside a label; empty where there is none.
    QString value(const QString &label) const;

public slots:
    void copy() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build(const QList<KernelFact> &facts);
    void share();
    QHash<QString, QTreeWidgetItem *> m_items; // by group and label
    QStringList m_keys;
    int m_labels = 0; // pixels that the widest label takes
};

} // namespace tincan
