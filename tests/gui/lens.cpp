// SPDX-License-Identifier: MIT
// The same bytes, cut into messages in other ways, by mouse and keys.
#include "windows.h"

#include <QActionGroup>

#include "ui/lensedit.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// The messages that the server's window shows of what it received.
QByteArrayList messages(const Server &server)
{
    const TranscriptModel &model = *server.window->pane()->model();
    QByteArrayList all;
    for (int row = 0; row < model.count(); ++row) {
        if (model.row(row).kind == RecordKind::Received) {
            all << model.bytes(row, UINT32_MAX);
        }
    }
    return all;
}

// A server to which a client has sent these, each read by itself.
struct Conversation {
    Server server;
    Client client;

    bool say(const QByteArrayList &parts)
    {
        if (!server.start() || client.connectAndWait(server.port()) == kNoPeer) {
            return false;
        }
        return more(parts);
    }
    bool more(const QByteArrayList &parts)
    {
        for (const QByteArray &part : parts) {
            const quint64 before = server.session.totals().bytesIn;
            client.session.send({kNoPeer}, part);
            const auto size = static_cast<quint64>(part.size());
            if (!QTest::qWaitFor([&] { return server.session.totals().bytesIn == before + size; })) {
                return false;
            }
        }
        return true;
    }
    void choose(const QString &lens) const
    {
        auto *combo = part<QComboBox>(*server.window, "lens");
        combo->setFocus();
        QTest::keyClick(combo, Qt::Key_Home);
        for (int step = 0; step < combo->count() && combo->currentText() != lens; ++step) {
            QTest::keyClick(combo, Qt::Key_Down);
        }
        QCOMPARE(combo->currentText(), lens);
    }
};

} // namespace

class LensTest : public QObject
{
    Q_OBJECT

private slots:
    void lines()
    {
        Conversation talk;
        QVERIFY(talk.say({"he", "llo\nwor", "ld\nand"}));
        QCOMPARE(messages(talk.server), (QByteArrayList{"he", "llo\nwor", "ld\nand"}));
        talk.choose(QStringLiteral("Lines"));
        QTRY_COMPARE(messages(talk.server), (QByteArrayList{"hello\n", "world\n", "and"}));
        QVERIFY(!talk.server.window->pane()->lensEdit()->isVisible()); // nothing more to say
        QVERIFY(talk.more({" more\n"}));                               // it goes on as it is
        QTRY_COMPARE(messages(talk.server), (QByteArrayList{"hello\n", "world\n", "and more\n"}));
        talk.choose(QStringLiteral("Reads"));
        QCOMPARE(messages(talk.server).last(), QByteArray(" more\n"));
    }

    void aDelimiterIsTypedWithEscapes()
    {
        Conversation talk;
        QVERIFY(talk.say({"a;b\x1e"
                          "c;",
                          "d"}));
        talk.choose(QStringLiteral("Delimiter"));
        auto *edit = part<QLineEdit>(*talk.server.window, "lensDelimiter");
        QVERIFY(edit->isVisible());
        edit->selectAll();
        QTest::keyClicks(edit, QStringLiteral(";"));
        QTRY_COMPARE(messages(talk.server),
                     (QByteArrayList{"a;",
                                     "b\x1e"
                                     "c;",
                                     "d"}));
        // Half an escape is said, and changes nothing; the rest of it makes it right.
        edit->selectAll();
        QTest::keyClicks(edit, QStringLiteral("\\x1"));
        auto *problem = part<QLabel>(*talk.server.window, "lensProblem");
        QVERIFY(problem->isVisible());
        QVERIFY(problem->text().contains(QStringLiteral("not complete")));
        QTest::keyClicks(edit, QStringLiteral("e"));
        QVERIFY(!problem->isVisible());
        QTRY_COMPARE(messages(talk.server), (QByteArrayList{"a;b\x1e", "c;d"}));
    }

    void lengthHeaders()
    {
        Conversation talk;
        QVERIFY(talk.say({QByteArray("\0\2ab\0", 5), QByteArray("\1c", 2)}));
        talk.choose(QStringLiteral("Length"));
        QTRY_COMPARE(messages(talk.server), (QByteArrayList{QByteArray("\0\2ab", 4), QByteArray("\0\1c", 3)}));
        auto *order = part<QComboBox>(*talk.server.window, "lensByteOrder");
        QTest::keyClick(order, Qt::Key_Down);
        // 0x0200 bytes that have not come yet: one message under way.
        QTRY_COMPARE(messages(talk.server), QByteArrayList{QByteArray("\0\2ab\0\1c", 7)});
    }

    void whatIsInSightStaysThere()
    {
        Conversation talk;
        QByteArrayList parts;
        for (int i = 0; i < 120; ++i) {
            parts << "line " + QByteArray::number(i) + (i % 3 == 2 ? "\n" : ", ");
        }
        QVERIFY(talk.say(parts));
        TranscriptView *view = talk.server.window->pane()->view();
        QTest::keyClick(view, Qt::Key_Home);
        for (int page = 0; page < 2; ++page) {
            QTest::keyClick(view, Qt::Key_PageDown);
        }
        QVERIFY(!view->isAtEnd());
        const RowNumber top = view->model()->number(view->topRow());
        talk.choose(QStringLiteral("Lines"));
        QTRY_COMPARE(view->model()->lensProgress(), 1000);
        const Piece there = view->model()->piece(view->topRow());
        QVERIFY(there.row <= top && top < there.row + 3);
    }

    void theChoiceIsInTheMenuToo()
    {
        Conversation talk;
        QVERIFY(talk.say({"\x02"
                          "a\x03",
                          "x\x02"
                          "b",
                          "\x03"}));
        talk.server.window->actions().cutBy->actions().last()->trigger();
        QCOMPARE(part<QComboBox>(*talk.server.window, "lens")->currentText(), QStringLiteral("STX ETX"));
        QTRY_COMPARE(messages(talk.server),
                     (QByteArrayList{"\x02"
                                     "a\x03",
                                     "x",
                                     "\x02"
                                     "b\x03"}));
    }
};

QTEST_MAIN(LensTest)
#include "lens.moc"
