// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include "session/listenrequest.h"

class QLabel;

namespace tincan {

class ListenEdit;

// Asks for one more address to listen on. Its controls are called as the window's, with "other" before ("otherAddress"). Not modal:
// the server goes on. GUI thread.
class ListenerDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit ListenerDialog(QWidget *parent);

signals:
    void asked(const tincan::ListenRequest &request);

private:
    void ask();

    ListenEdit *m_listen;
    QLabel *m_problem;
};

} // namespace tincan
