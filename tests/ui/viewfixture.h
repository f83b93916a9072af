// SPDX-License-Identifier: MIT
#pragma once

#include <QTest>

#include "support/rows.h"
#include "ui/transcriptview.h"

namespace tincan::test {

// A view of one conversation, on the screen, fed by hand.
struct ViewFixture {
    Index index;
    Rows rows;
    TranscriptModel model;
    TranscriptView view;

    explicit ViewFixture(PeerId conversation = 1)
        : model(index, rows, conversation)
    {
        view.resize(600, 400);
        view.setModel(&model);
        view.show();
    }
    bool onScreen() { return QTest::qWaitForWindowExposed(&view); }

    void apply()
    {
        rows.append(index);
        model.refresh();
    }
    // Peer 1 joins and says "line 0", "line 1" …
    void lines(int count, int from = 0)
    {
        if (model.count() == 0) {
            rows.joined(1, 53422);
        }
        for (int i = from; i < from + count; ++i) {
            rows.received(1, "line " + QByteArray::number(i) + "\n");
        }
        apply();
    }
    // Everything that was asked to happen soon has happened.
    void look()
    {
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
    }
    bool inSight(int row)
    {
        look();
        return !view.rowRect(row).isEmpty();
    }
    void click(int row, Qt::KeyboardModifiers keys = {})
    {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, keys, view.bubbleRect(row).center());
    }
};

} // namespace tincan::test
