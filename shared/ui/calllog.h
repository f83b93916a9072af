// SPDX-License-Identifier: MIT
#pragma once

#include <QListView>

class QAbstractItemModel;
class QTimer;

namespace tincan {

// The socket calls that were made, in strace's words, as they come. Follows the end while it is at the end. GUI thread.
class CallLog final : public QListView
{
    Q_OBJECT
public:
    // `calls` outlives the list.
    explicit CallLog(QAbstractItemModel *calls, QWidget *parent = nullptr);

public slots:
    // The selected lines, to the clipboard.
    void copy() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpMenu();
    void followEnd();
    bool m_isAtEnd = true;
    QTimer *m_follow;
};

} // namespace tincan
