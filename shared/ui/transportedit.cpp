// SPDX-License-Identifier: MIT
#include "ui/transportedit.h"

#include "session/listenerwords.h"
#include "session/wordssockets.h"
#include "ui/combobox.h"

namespace tincan {

ComboBox *makeTransportEdit(const QString &objectName, QWidget *parent)
{
    auto *edit = new ComboBox(objectName, QStringLiteral("Transport"), parent);
    for (const Transport transport : kTransports) {
        edit->addChoice(transportName(transport), static_cast<int>(transport), transportMeaning(transport));
    }
    edit->setToolTip(QStringLiteral("The kind of socket"));
    edit->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    edit->setMinimumContentsLength(11);
    edit->setShrinkable();
    return edit;
}

Transport transportOf(const ComboBox &edit)
{
    return static_cast<Transport>(edit.currentData().toInt());
}

} // namespace tincan
