// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QWidget>

#include "base/kernelview.h"

namespace tincan {

// The state diagram of TCP (RFC 9293, figure 5), with the way that a connection has gone lit up and the state in which it is.
// What a state means, and what leads out of it, is its tool tip. GUI thread.
class StateDiagram final : public QWidget
{
    Q_OBJECT
public:
    explicit StateDiagram(QWidget *parent = nullptr);

    // As stateWay() gives it. Empty: none is lit.
    void setWay(const std::vector<TcpState> &way);
    const std::vector<TcpState> &way() const { return m_way; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<TcpState> m_way;
};

} // namespace tincan
