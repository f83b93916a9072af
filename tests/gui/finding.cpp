// SPDX-License-Identifier: MIT
// Finding in a real window, by mouse and keys.
#include "windows.h"

#include <QTableView>

#include "ui/finder.h"
#include "ui/highlighter.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

namespace {

struct Talk {
    Server server;
    Client client;
    PeerId peer = kNoPeer;

    bool begin()
    {
        if (!server.start() || client.connectAndWait(server.port()) == kNoPeer || !activate(*server.window)) {
            return false;
        }
        peer = nth(server.session, 1);
        return QTest::qWaitFor([this] { return server.session.peers()->rowCount() > 1; });
    }
    // Each is one message, as it stands.
    bool say(const QList<QByteArray> &messages)
    {
        QByteArray all = received(*server.window);
        for (const QByteArray &message : messages) {
            client.session.send({kNoPeer}, message);
            all += message;
            if (!QTest::qWaitFor([&] { return received(*server.window) == all; })) {
                return false;
            }
        }
        return true;
    }
    QWidget &window() { return *server.window; }
    TranscriptView *view() { return server.window->pane()->view(); }
    TranscriptModel *model() { return server.window->pane()->model(); }
    void open() { QTest::keyClick(&window(), Qt::Key_F, Qt::ControlModifier); }
    void look(const QString &what)
    {
        auto *edit = part<QLineEdit>(window(), "findText");
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, what);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(part<QLineEdit>(window(), "findText"), key, modifiers);
    }
    QString count() { return part<QLabel>(window(), "findCount")->text(); }
};

} // namespace

class FindingTest : public QObject
{
    Q_OBJECT

private slots:
    void opensByKeyAndButtonAndCloses()
    {
        Talk talk;
        QVERIFY(talk.begin());
        auto *bar = part<QWidget>(talk.window(), "findBar");
        QVERIFY(!bar->isVisible());
        talk.open();
        QVERIFY(bar->isVisible());
        QTRY_VERIFY(part<QLineEdit>(talk.window(), "findText")->hasFocus());
        talk.key(Qt::Key_Escape);
        QVERIFY(!bar->isVisible());
        QVERIFY(talk.view()->hasFocus());
        click(talk.window(), "find");
        QVERIFY(bar->isVisible());
        click(talk.window(), "findClose");
        QVERIFY(!bar->isVisible());
        QTest::keyClick(&talk.window(), Qt::Key_F3);
        QVERIFY(bar->isVisible());
    }

    void stepsThroughHitsAndAround()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QVERIFY(talk.say({"one needle", "hay", "a needle and a Needle", "hay"}));
        talk.open();
        talk.look(QStringLiteral("needle"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 3"));
        talk.key(Qt::Key_Return);
        QCOMPARE(talk.count(), QStringLiteral("2 of 3"));
        QTest::keyClick(&talk.window(), Qt::Key_F3);
        QCOMPARE(talk.count(), QStringLiteral("3 of 3"));
        click(talk.window(), "findNext");
        QVERIFY2(talk.count().startsWith(QStringLiteral("1 of 3 · from the top")), qPrintable(talk.count()));
        talk.key(Qt::Key_Return, Qt::ShiftModifier);
        QVERIFY2(talk.count().startsWith(QStringLiteral("3 of 3 · from the end")), qPrintable(talk.count()));
        QTest::keyClick(&talk.window(), Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(talk.count(), QStringLiteral("2 of 3"));
        click(talk.window(), "matchCase");
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 2"));
        QVERIFY(talk.say({"needle"})); // it keeps up
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 3"));
        talk.look(QStringLiteral("straw"));
        QTRY_COMPARE(talk.count(), QStringLiteral("none"));
    }

    void hexAndExpressionsAndWhatIsWrongWithThem()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QVERIFY(talk.say({"GET /a", QByteArray("\x01\x02\xff", 3), "GET", " /b"}));
        talk.open();
        part<QComboBox>(talk.window(), "findAs")->setCurrentText(QStringLiteral("Hex"));
        talk.look(QStringLiteral("02 f"));
        auto *problem = part<QLabel>(talk.window(), "findProblem");
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QLatin1String("character 4")), qPrintable(problem->text()));
        QCOMPARE(part<QLineEdit>(talk.window(), "findText")->text(), QStringLiteral("02 f"));
        talk.key(Qt::Key_End);
        QTest::keyClicks(part<QLineEdit>(talk.window(), "findText"), QStringLiteral("f"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 1"));
        QVERIFY(!problem->isVisible());
        part<QComboBox>(talk.window(), "findAs")->setCurrentText(QStringLiteral("Regular expression"));
        talk.look(QStringLiteral("GET\\s+/[ab]("));
        QTRY_VERIFY(problem->isVisible());
        talk.key(Qt::Key_Backspace);
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 2")); // one of them in two reads
    }

    void directions()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QVERIFY(talk.say({"needle"}));
        type(talk.window(), QStringLiteral("needle needle"));
        QTRY_VERIFY(!shown(*talk.server.window, RecordKind::FanOut).isEmpty()
                    || !shown(*talk.server.window, RecordKind::Sent).isEmpty());
        talk.open();
        talk.look(QStringLiteral("needle"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 3"));
        part<QComboBox>(talk.window(), "findDirection")->setCurrentText(QStringLiteral("Sent"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 2"));
        part<QComboBox>(talk.window(), "findDirection")->setCurrentText(QStringLiteral("Received"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 1"));
    }

    void revealsWhatIsDeepInALongMessage()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QByteArray longOne;
        for (int line = 0; line < 700; ++line) {
            longOne += "line " + QByteArray::number(line) + " of a long message\n";
        }
        QList<QByteArray> messages{longOne};
        for (int i = 0; i < 40; ++i) {
            messages << "hay " + QByteArray::number(i) + '\n';
        }
        QVERIFY(talk.say(messages));
        const int row = 2 - static_cast<int>(talk.model()->row(1).kind == RecordKind::Received);
        QVERIFY(talk.view()->rowRect(row).isEmpty());
        talk.open();
        talk.look(QStringLiteral("line 650 of"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 1"));
        int found = -1;
        QTRY_VERIFY([&] {
            found = talk.view()->topRow();
            return !talk.view()->rowRect(found).isEmpty() && talk.model()->row(found).size > 10'000;
        }());
        QVERIFY(talk.view()->moreRect(found).isEmpty()); // it is open as a whole
        QVERIFY(talk.view()->rowRect(found).top() < 0);  // and scrolled to the place
    }

    void onlyHits()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QList<QByteArray> messages;
        for (int i = 0; i < 60; ++i) {
            messages << (i % 10 == 3 ? "needle " : "hay ") + QByteArray::number(i);
        }
        QVERIFY(talk.say(messages));
        const int whole = talk.model()->count();
        talk.open();
        talk.look(QStringLiteral("needle"));
        QTRY_COMPARE(talk.count(), QStringLiteral("6 of 6")); // the one in sight
        click(talk.window(), "onlyHits");
        QTRY_COMPARE(talk.model()->count(), 6);
        QCOMPARE(talk.model()->bytes(2, 100), QByteArray("needle 23"));
        client(talk, "another needle");
        QTRY_COMPARE(talk.model()->count(), 7);
        talk.look(QStringLiteral("needle 4"));
        QTRY_COMPARE(talk.model()->count(), 1);
        talk.look(QStringLiteral("straw"));
        QTRY_COMPARE(talk.model()->count(), 0);
        talk.key(Qt::Key_Escape);
        QCOMPARE(talk.model()->count(), whole + 1);
    }

    // Of what two reads have cut, the message that holds it whole.
    void throughALens()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QVERIFY(talk.say({"one\nnee", "dle two\nth", "ree\na nee", "dle\n"}));
        auto *lens = part<QComboBox>(talk.window(), "lens");
        lens->setFocus();
        QTest::keyClicks(lens, QStringLiteral("Lines"));
        const auto messages = [&] {
            QByteArrayList all;
            for (int row = 0; row < talk.model()->count(); ++row) {
                if (talk.model()->row(row).kind == RecordKind::Received) {
                    all << talk.model()->bytes(row, 100);
                }
            }
            return all;
        };
        QTRY_COMPARE(messages(), (QByteArrayList{"one\n", "needle two\n", "three\n", "a needle\n"}));
        const int whole = talk.model()->count();
        talk.open();
        talk.look(QStringLiteral("needle"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 2"));
        click(talk.window(), "onlyHits");
        QTRY_COMPARE(messages(), (QByteArrayList{"needle two\n", "a needle\n"}));
        const Highlighter marks(talk.server.window->pane()->finder()->search());
        const std::vector<ByteSpan> spans = marks.spans(*talk.model(), 1, 100);
        QCOMPARE(spans.size(), std::size_t{1});
        QCOMPARE(spans[0].from, 2);
        QCOMPARE(spans[0].to, 8);
        for (const QByteArray &read : {QByteArray("no hit\n"), QByteArray("the last nee"), QByteArray("dle is here\n")}) {
            const quint64 before = talk.server.session.totals().bytesIn;
            client(talk, read);
            QTRY_COMPARE(talk.server.session.totals().bytesIn, before + static_cast<quint64>(read.size()));
        }
        QTRY_COMPARE(messages().last(), QByteArray("the last needle is here\n"));
        QCOMPARE(talk.model()->count(), 3);
        QTest::keyClick(lens, Qt::Key_Home); // what is shown is cut anew, and still only hits
        QCOMPARE(lens->currentText(), QStringLiteral("Reads"));
        QTRY_COMPARE(messages(), (QByteArrayList{"one\nnee", "ree\na nee", "the last nee"}));
        QTest::keyClick(lens, Qt::Key_Down);
        talk.key(Qt::Key_Escape);
        QTRY_COMPARE(talk.model()->count(), whole + 2);
    }

    void theListOfHitsLeadsThere()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QList<QByteArray> messages;
        for (int i = 0; i < 60; ++i) {
            messages << (i % 20 == 3 ? "a needle\t" : "hay ") + QByteArray::number(i);
        }
        QVERIFY(talk.say(messages));
        talk.open();
        talk.look(QStringLiteral("needle"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 3")); // around from what is in sight
        click(talk.window(), "findList");
        auto *list = part<QTableView>(talk.window(), "hits");
        QTRY_VERIFY(list->isVisible());
        QCOMPARE(list->model()->rowCount(), 3);
        QCOMPARE(list->model()->index(1, 2).data().toString(), QStringLiteral("a «needle»\\t23"));
        const QModelIndex third = list->model()->index(2, 2);
        list->scrollTo(third);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(third).center());
        QCOMPARE(talk.count(), QStringLiteral("3 of 3"));
        const Place place = talk.server.window->pane()->finder()->search().hits()[2].begin;
        QTRY_VERIFY(!talk.view()->rowRect(talk.model()->rowOf(place)).isEmpty());
        talk.key(Qt::Key_Escape);
        QVERIFY(!list->isVisible());
        QCOMPARE(list->model()->rowCount(), 0);
    }

    void marksAreSeen()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QVERIFY(talk.say({"hay hay needle hay"}));
        const QImage before = talk.view()->viewport()->grab().toImage();
        talk.open();
        talk.look(QStringLiteral("needle"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 1"));
        QVERIFY(talk.view()->viewport()->grab().toImage() != before);
        QTest::keyClick(&talk.window(), Qt::Key_Escape);
    }

    void anotherConversationIsSearchedAtOnce()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QVERIFY(talk.say({"needle", "needle"}));
        talk.open();
        talk.look(QStringLiteral("needle"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 2"));
        QVERIFY(talk.client.connectAndWait(talk.server.port()) != kNoPeer);
        QTRY_COMPARE(talk.server.session.peers()->rowCount(), 3);
        pick(*talk.server.window, nth(talk.server.session, 2));
        QTRY_COMPARE(talk.count(), QStringLiteral("none"));
        pick(*talk.server.window, talk.peer);
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 2"));
    }

    void inTheEncodingOfTheConversation()
    {
        Talk talk;
        QVERIFY(talk.begin());
        QVERIFY(talk.say({QByteArray("caf\xe9 one"), "caf\xc3\xa9 two", "hay"}));
        talk.open();
        paste(talk, QStringLiteral("café"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 1"));
        QCOMPARE(talk.server.window->pane()->finder()->search().hits()[0].size, 5U);
        click(talk.window(), "findList");
        auto *encoding = part<QComboBox>(talk.window(), "encoding");
        encoding->setCurrentText(QStringLiteral("Windows-1252"));
        QTRY_COMPARE(talk.count(), QStringLiteral("1 of 1"));
        QTRY_COMPARE(talk.server.window->pane()->finder()->search().hits()[0].size, 4U);
        auto *list = part<QTableView>(talk.window(), "hits");
        QTRY_COMPARE(list->model()->index(0, 2).data().toString(), QStringLiteral("«café» one"));

        paste(talk, QStringLiteral("温"));
        auto *problem = part<QLabel>(talk.window(), "findProblem");
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().startsWith(QStringLiteral("Windows-1252 has no “温” (character 1)")),
                 qPrintable(problem->text()));
        encoding->setCurrentText(QStringLiteral("UTF-8"));
        QTRY_VERIFY(!problem->isVisible());
        QTRY_COMPARE(talk.count(), QStringLiteral("none"));
    }

private:
    // QTest types ASCII only.
    static void paste(Talk &talk, const QString &what)
    {
        auto *edit = part<QLineEdit>(talk.window(), "findText");
        edit->selectAll();
        edit->insert(what);
    }
    static void client(Talk &talk, const QByteArray &bytes) { talk.client.session.send({kNoPeer}, bytes); }
};

QTEST_MAIN(FindingTest)
#include "finding.moc"
