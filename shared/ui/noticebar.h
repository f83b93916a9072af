// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include <QHash>
#include <QWidget>

class QVBoxLayout;

namespace tincan {

// What a window says in place, without stopping anybody.
struct NoticeText {
    enum class Weight : std::uint8_t { Hint, Problem };
    QString key;      // a later one with the same key takes its place
    QString headline; // what happened
    QString remedy;   // what to do; may be empty
    Weight weight = Weight::Problem;
    QString actionText = {}; // a button that does it; empty: none
    std::function<void()> action = {};
    int progress = -1; // of what is under way, 0 to 1000; -1: no bar
};

// The place above a conversation where notices stand until they are dismissed. Takes no room while there are none. GUI thread.
class NoticeBar final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kMost = 3; // at a time; the oldest gives way

    explicit NoticeBar(QWidget *parent = nullptr);

    void post(const NoticeText &notice);
    void setProgress(const QString &key, int perMille); // of one with a bar, if it still stands there
    void dismiss(const QString &key);
    int count() const { return static_cast<int>(m_shown.size()); }

private:
    QVBoxLayout *m_layout;
    QHash<QString, QWidget *> m_shown;
    QStringList m_order; // oldest first
};

} // namespace tincan
