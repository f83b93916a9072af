// SPDX-License-Identifier: MIT
// The panel of socket options: asked for before a start, changed on a live peer, refused by the kernel.
#include "windows.h"

#include <QDialog>
#include <QScrollBar>
#include <QTableView>
#include <QToolButton>

#include "session/optionmodel.h"
#include "session/optionwords.h"
#include "ui/optionpanel.h"

using namespace tincan;
using namespace tincan::test;

namespace {

OptionPanel *panelOf(const QWidget &window)
{
    return window.findChild<OptionPanel *>(QStringLiteral("optionPanel"));
}

bool open(const QWidget &window)
{
    if (!part<QWidget>(window, "socketOptions")->isVisible()) {
        click(window, "moreListenOptions"); // a server's is in the second line of the bar
    }
    click(window, "socketOptions");
    return QTest::qWaitFor([&] { return panelOf(window) && panelOf(window)->isVisible(); }) && activate(*panelOf(window));
}

OptionModel *model(const QWidget &window)
{
    return qobject_cast<OptionModel *>(part<QTableView>(*panelOf(window), "optionTable")->model());
}

QString at(const QWidget &window, SocketOption option, int column)
{
    const OptionModel *options = model(window);
    return options->index(options->rowOf(option), column).data().toString();
}

// Double-clicks the cell, types, and presses Enter.
void ask(const QWidget &window, SocketOption option, const QString &text)
{
    auto *table = part<QTableView>(*panelOf(window), "optionTable");
    const QModelIndex cell = model(window)->index(model(window)->rowOf(option), OptionModel::Asked);
    table->scrollTo(cell);
    const QPoint middle = table->visualRect(cell).center();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, middle);
    QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, middle);
    QTRY_VERIFY(table->findChild<QWidget *>(QStringLiteral("optionEditor")));
    auto *editor = table->findChild<QWidget *>(QStringLiteral("optionEditor"));
    if (auto *choice = qobject_cast<QComboBox *>(editor)) {
        if (choice->isEditable()) {
            choice->lineEdit()->selectAll();
            QTest::keyClicks(choice->lineEdit(), text);
        } else {
            choice->setCurrentText(text);
        }
        QTest::keyClick(editor, Qt::Key_Return);
    } else {
        qobject_cast<QLineEdit *>(editor)->selectAll();
        text.isEmpty() ? QTest::keyClick(editor, Qt::Key_Delete) : QTest::keyClicks(editor, text);
        QTest::keyClick(editor, Qt::Key_Return);
    }
}

} // namespace

class GuiSocketOptionsTest : public QObject
{
    Q_OBJECT

private slots:
    void aLivePeersOptionsAreChanged()
    {
        Server server;
        QVERIFY(server.start());
        Client client;
        QVERIFY(client.connectAndWait(server.port()) != kNoPeer);
        const QWidget &window = *client.window;
        pick(*client.window, nth(client.session, 1));
        QVERIFY(open(window));
        QVERIFY(part<QComboBox>(*panelOf(window), "optionsOf")->currentText().startsWith(QStringLiteral("Peer 127.0.0.1")));
        QTRY_VERIFY(!model(window)->isNext()); // what the kernel has was read
        ask(window, SocketOption::ReceiveBuffer, QStringLiteral("40000"));
        QTRY_COMPARE(at(window, SocketOption::ReceiveBuffer, OptionModel::Kernel), QStringLiteral("80000 bytes"));
        QCOMPARE(at(window, SocketOption::ReceiveBuffer, OptionModel::Asked), QStringLiteral("40000 bytes"));
        QVERIFY(part<QLabel>(*panelOf(window), "optionMeaning")->text().contains(QStringLiteral("doubles")));
        ask(window, SocketOption::Congestion, QStringLiteral("reno"));
        QTRY_COMPARE(at(window, SocketOption::Congestion, OptionModel::Kernel), QStringLiteral("reno"));
        ask(window, SocketOption::Congestion, QStringLiteral("nosuchthing"));
        QTRY_VERIFY2(at(window, SocketOption::Congestion, OptionModel::Problem).startsWith(QStringLiteral("ENOENT — ")),
                     qPrintable(at(window, SocketOption::Congestion, OptionModel::Problem)));
        QCOMPARE(at(window, SocketOption::Congestion, OptionModel::Kernel), QStringLiteral("reno"));
        ask(window, SocketOption::KeepCount, QStringLiteral("1000"));
        QTRY_VERIFY(at(window, SocketOption::KeepCount, OptionModel::Problem).contains(QStringLiteral("from 1 to 127")));
        QTRY_COMPARE(noteTextOfOptions(client.session), 2);
    }

    void theNextStartAsksForThem()
    {
        Server server;
        const QWidget &window = *server.window;
        QVERIFY(open(window));
        QCOMPARE(part<QComboBox>(*panelOf(window), "optionsOf")->currentText(), QStringLiteral("The next listener"));
        ask(window, SocketOption::SendBuffer, QStringLiteral("30000"));
        QTRY_COMPARE(at(window, SocketOption::SendBuffer, OptionModel::Asked), QStringLiteral("30000 bytes"));
        QCOMPARE(server.settings.socketOptions(), QStringList{QStringLiteral("SO_SNDBUF=30000")});
        QVERIFY(server.start());
        QTRY_COMPARE(part<QComboBox>(*panelOf(window), "optionsOf")->count(), 2);
        part<QComboBox>(*panelOf(window), "optionsOf")->setCurrentIndex(1);
        QTRY_COMPARE(at(window, SocketOption::SendBuffer, OptionModel::Kernel), QStringLiteral("60000 bytes"));
        // What is of use only before bind(2) cannot be changed any more.
        const int row = model(window)->rowOf(SocketOption::ReuseAddress);
        QVERIFY(!model(window)->index(row, OptionModel::Asked).flags().testFlag(Qt::ItemIsEditable));
        click(window, "startStop");
        QTRY_COMPARE(part<QComboBox>(*panelOf(window), "optionsOf")->count(), 1);
        ask(window, SocketOption::SendBuffer, QString()); // taken back
        QTRY_COMPARE(server.settings.socketOptions(), QStringList());
    }

    void closedItAsksNobody()
    {
        Server server;
        const QWidget &window = *server.window;
        QVERIFY(server.start());
        QVERIFY(open(window));
        part<QComboBox>(*panelOf(window), "optionsOf")->setCurrentIndex(1);
        QTRY_VERIFY(!model(window)->isNext());
        panelOf(window)->close();
        int changes = 0;
        connect(model(window), &QAbstractItemModel::dataChanged, this, [&changes] { ++changes; });
        connect(model(window), &QAbstractItemModel::modelReset, this, [&changes] { ++changes; });
        const OptionHolder listener{kNoPeer, server.session.listenInfos().front().id};
        server.session.setOption(listener, {SocketOption::SendBuffer, 30'000, {}});
        QTRY_COMPARE(noteTextOfOptions(server.session), 1);
        bool isTold = false; // after whatever the panel would have asked
        server.session.readOptions(listener, this, [&isTold](const std::vector<OptionState> &) { isTold = true; });
        QTRY_VERIFY(isTold);
        QCOMPARE(changes, 0);
        QVERIFY(open(window));
        QTRY_COMPARE(at(window, SocketOption::SendBuffer, OptionModel::Kernel), QStringLiteral("60000 bytes"));
    }

    // Every word of what an option is for can be read without a mouse over it.
    void meaningsAreWhole()
    {
        Server server;
        const QWidget &window = *server.window;
        QVERIFY(open(window));
        auto *table = part<QTableView>(*panelOf(window), "optionTable");
        QVERIFY(table->isColumnHidden(OptionModel::Problem)); // nothing went wrong
        QVERIFY(!table->horizontalScrollBar()->isVisible());
        const int margin = 2 * (table->style()->pixelMetric(QStyle::PM_FocusFrameHMargin) + 1);
        for (int row = 0; row < model(window)->rowCount(); ++row) {
            const QRect cell = table->visualRect(model(window)->index(row, OptionModel::Meaning));
            const QString text = model(window)->index(row, OptionModel::Meaning).data().toString();
            const QRect needed
                = table->fontMetrics().boundingRect(QRect(0, 0, cell.width() - margin, 10'000), Qt::TextWordWrap, text);
            QVERIFY2(needed.height() <= cell.height() && needed.width() <= cell.width(), qPrintable(text));
        }
    }

    void whatIsKeptIsAskedForTheNextTime()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("client.ini")));
        settings.setSocketOptions({QStringLiteral("TCP_USER_TIMEOUT=12345"), QStringLiteral("nonsense")});
        ClientSession session;
        QVERIFY(session.begin(kForgotten, QStringLiteral("test")));
        ClientWindow window(session, settings);
        QCOMPARE(session.options(), (OptionValues{{SocketOption::UserTimeout, 12345, {}}}));
        window.close();
    }

private:
    static int noteTextOfOptions(const Session &session)
    {
        int notes = 0;
        for (RowNumber number = 0; number < session.index().size(); ++number) {
            const auto *note = session.index().detailOf<NoteInfo>(session.index().row(number));
            notes += static_cast<int>(note && note->code == NoteCode::OptionSet);
        }
        return notes;
    }
};
QTEST_MAIN(GuiSocketOptionsTest)
#include "socketoptions.moc"
