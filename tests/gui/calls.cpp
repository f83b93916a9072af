// SPDX-License-Identifier: MIT
// The pane of socket calls, used by hand: whose calls, recv and send on demand, what a call means, copies and programs.
#include "windows.h"

#include <QCheckBox>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>

#include "session/callmodel.h"
#include "ui/theme.h"

using namespace tincan;
using namespace tincan::test;

namespace {

QListView *list(const QWidget &window)
{
    return part<QListView>(window, "socketCalls");
}

QStringList lines(const QWidget &window)
{
    QStringList all;
    const QAbstractItemModel *model = list(window)->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        all << model->index(row, 0).data().toString();
    }
    return all;
}

// The row of the first line with this in it; -1.
int rowWith(const QWidget &window, const QString &text)
{
    const QStringList all = lines(window);
    for (qsizetype row = 0; row < all.size(); ++row) {
        if (all.at(row).contains(text)) {
            return static_cast<int>(row);
        }
    }
    return -1;
}

void clickRow(const QWidget &window, int row)
{
    QListView *view = list(window);
    const QModelIndex index = view->model()->index(row, 0);
    view->scrollTo(index);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());
}

// Opens the menu of the button and picks what bears this name, as a hand would.
void chooseCopy(const QWidget &window, const char *action)
{
    auto *menu = window.findChild<QMenu *>(QStringLiteral("copyCallsMenu"));
    menu->popup(window.mapToGlobal(QPoint(10, 10)));
    auto *entry = menu->findChild<QAction *>(QLatin1String(action));
    QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(entry).center());
}

QString copied(const SessionWindow &window, const char *action)
{
    QGuiApplication::clipboard()->clear();
    chooseCopy(window, action);
    (void)QTest::qWaitFor([&window] {
        return !QGuiApplication::clipboard()->text().isEmpty() || noticed(window).contains(QStringLiteral("nothing to copy"));
    });
    return QGuiApplication::clipboard()->text();
}

void setOn(const QWidget &window, bool on)
{
    auto *box = part<QCheckBox>(window, "traceData");
    if (box->isChecked() != on) {
        QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    }
    QCOMPARE(box->isChecked(), on);
}

// A server that two clients are connected to.
struct Three {
    Server server;
    Client first;
    Client second;
    bool begin()
    {
        return activate(*server.window) && server.start() && first.connectAndWait(server.port()) != kNoPeer
            && second.connectAndWait(server.port()) != kNoPeer
            && QTest::qWaitFor([this] { return server.session.peers()->openCount() == 2; });
    }
};

} // namespace

class CallsTest : public QObject
{
    Q_OBJECT

private slots:
    void ofTheSelectedPeer()
    {
        Three talk;
        QVERIFY(talk.begin());
        const QWidget &window = *talk.server.window;
        auto *of = part<QComboBox>(window, "callsOf");
        QCOMPARE(of->accessibleDescription(), QStringLiteral("Calls of"));
        QTRY_VERIFY(rowWith(window, QStringLiteral("accept4(")) >= 0);
        QVERIFY(rowWith(window, QStringLiteral("listen(")) >= 0);
        const qsizetype all = lines(window).size();
        pick(*talk.server.window, nth(talk.server.session, 1));
        QCOMPARE(lines(window).size(), all); // until it is asked for
        of->setFocus();
        QTest::keyClick(of, Qt::Key_Down);
        QVERIFY(rowWith(window, QStringLiteral("listen(")) < 0);
        QCOMPARE(lines(window).filter(QStringLiteral("accept4(")).size(), 1);
        const QString firstPort = QStringLiteral("htons(%1)").arg(talk.server.session.peers()->peer(1).remote.port());
        QVERIFY(rowWith(window, firstPort) >= 0);
        pick(*talk.server.window, nth(talk.server.session, 2)); // it follows
        QVERIFY(rowWith(window, firstPort) < 0);
        QCOMPARE(lines(window).filter(QStringLiteral("accept4(")).size(), 1);
        type(*talk.server.window, QStringLiteral("x"));
        QTest::keyClick(part<QWidget>(window, "message"), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(rowWith(window, QStringLiteral(", SHUT_WR) = 0 <")) >= 0);
        QVERIFY(lines(window).filter(QStringLiteral("SHUT_WR")).first().contains(QStringLiteral("<TCP:[127.0.0.1:")));
        pick(*talk.server.window, kNoPeer);
        QVERIFY(lines(window).size() > all);
        QVERIFY(rowWith(window, QStringLiteral("listen(")) >= 0);
    }

    void recvAndSendOnDemand()
    {
        Three talk;
        QVERIFY(talk.begin());
        const QWidget &window = *talk.server.window;
        pick(*talk.server.window, nth(talk.server.session, 1));
        type(*talk.first.window, QStringLiteral("before"));
        QTRY_VERIFY(received(*talk.server.window).contains("before"));
        QCOMPARE(rowWith(window, QStringLiteral("recv(")), -1);
        setOn(window, true);
        type(*talk.server.window, QStringLiteral("mine"));
        // Where the acknowledgement is timed, it is sendmsg(2): that can ask for it.
        QTRY_VERIFY(rowWith(window, QStringLiteral("MSG_DONTWAIT|MSG_NOSIGNAL) = 5 <")) >= 0);
        QVERIFY(rowWith(window, QStringLiteral("\"mine\\n\", ")) >= 0);
        type(*talk.first.window, QStringLiteral("while it is on"));
        QTRY_VERIFY(rowWith(window, QStringLiteral(">, \"while it is on\\n\", ")) >= 0);
        type(*talk.second.window, QStringLiteral("of another"));
        QTRY_COMPARE(talk.server.session.peers()->peer(2).messagesIn, 1U);
        QCOMPARE(rowWith(window, QStringLiteral("of another")), -1);
        pick(*talk.server.window, nth(talk.server.session, 2)); // it follows
        QVERIFY(QTest::qWaitFor(
            [&] { // nothing tells when the net thread has heard of it
                type(*talk.second.window, QStringLiteral("now it is"));
                return QTest::qWaitFor([&] { return rowWith(window, QStringLiteral("\"now it is\\n\"")) >= 0; }, 500);
            },
            20'000));
        setOn(window, false);
        type(*talk.server.window, QStringLiteral("sent after"));
        QTRY_VERIFY(received(*talk.second.window).contains("sent after"));
        QCOMPARE(rowWith(window, QStringLiteral("sent after")), -1);
    }

    void nothingWhileHidden()
    {
        Three talk;
        QVERIFY(talk.begin());
        const QWidget &window = *talk.server.window;
        pick(*talk.server.window, nth(talk.server.session, 1));
        setOn(window, true);
        const qsizetype all = lines(window).size();
        QVERIFY(all > 0);
        QTest::keyClick(part<QWidget>(window, "message"), Qt::Key_F9);
        QCOMPARE(lines(window).size(), 0);
        type(*talk.server.window, QStringLiteral("unseen"));
        QTRY_VERIFY(received(*talk.first.window).contains("unseen"));
        QTest::keyClick(part<QWidget>(window, "message"), Qt::Key_F9);
        QCOMPARE(lines(window).size(), all);
        type(*talk.server.window, QStringLiteral("seen"));
        QTRY_VERIFY(rowWith(window, QStringLiteral("\"seen\\n\"")) >= 0);
        QCOMPARE(rowWith(window, QStringLiteral("unseen")), -1);
    }

    void whatACallMeans()
    {
        Server taken;
        QVERIFY(taken.start());
        Server server;
        QVERIFY(activate(*server.window));
        part<QSpinBox>(*server.window, "port")->setValue(taken.port());
        click(*server.window, "startStop");
        QTRY_VERIFY(rowWith(*server.window, QStringLiteral("EADDRINUSE")) >= 0);
        const int row = rowWith(*server.window, QStringLiteral("EADDRINUSE"));
        const QAbstractItemModel *model = list(*server.window)->model();
        QCOMPARE(model->index(row, 0).data(Qt::ForegroundRole).value<QColor>(), badColour());
        QVERIFY(!model->index(0, 0).data(Qt::ForegroundRole).isValid());
        auto *meaning = part<QLabel>(*server.window, "callMeaning");
        QCOMPARE(meaning->text(), QStringLiteral("Select a call to read what it did."));
        clickRow(*server.window, row);
        QVERIFY2(meaning->text().contains(QStringLiteral("is taken by another socket. Stop it, or choose another port")),
                 qPrintable(meaning->text()));
        QVERIFY(meaning->text().endsWith(QStringLiteral("See bind(2), ip(7).")));
        clickRow(*server.window, 0);
        QVERIFY(meaning->text().startsWith(QStringLiteral("socket makes a socket")));
    }

    void copies()
    {
        Three talk;
        QVERIFY(talk.begin());
        pick(*talk.first.window, nth(talk.first.session, 1));
        type(*talk.first.window, QStringLiteral("say \"hi\""));
        QTRY_VERIFY(received(*talk.server.window).contains("hi"));
        QTRY_VERIFY(shown(*talk.first.window, RecordKind::Sent).contains("hi"));
        SessionWindow &window = *talk.first.window;
        QVERIFY(activate(window));
        const QString text = copied(window, "copyCallsText");
        QCOMPARE(text.split(u'\n', Qt::SkipEmptyParts), lines(window));
        QVERIFY(text.contains(QStringLiteral("connect(")));
        clickRow(window, 0);
        QGuiApplication::clipboard()->clear();
        QTest::keyClick(list(window), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), lines(window).first() + u'\n');

        const QString port = QString::number(talk.server.port());
        const QString c = copied(window, "copyC");
        QVERIFY2(c.contains(QStringLiteral("int main(void)")) && c.contains(QStringLiteral("\"say \\\"hi\\\"\\n\"")),
                 qPrintable(c));
        QVERIFY(c.contains(QStringLiteral("htons(%1)").arg(port)) && c.contains(QStringLiteral("IPPROTO_TCP, TCP_NODELAY")));
        const QString python = copied(window, "copyPython");
        QVERIFY2(python.contains(QStringLiteral("sock.sendall(b\"say \\\"hi\\\"\\n\")")), qPrintable(python));
        const QString nc = copied(window, "copyNc");
        QVERIFY2(nc.contains(QStringLiteral("printf 'say \"hi\"\\n' |\nnc ")), qPrintable(nc));
        QVERIFY(nc.contains(QStringLiteral("127.0.0.1 ") + port));
        // the other side of it
        QVERIFY(copied(*talk.server.window, "copyC").contains(QStringLiteral("check(listen(listener, ")));
    }

    void savesAProgram()
    {
        Three talk;
        QVERIFY(talk.begin());
        SessionWindow &window = *talk.first.window;
        QVERIFY(activate(window));
        const QTemporaryDir folder;
        for (const char *suffix : {"c", "py", "sh"}) {
            chooseCopy(window, "saveProgram");
            QFileDialog *dialog = nullptr;
            QTRY_VERIFY((dialog = window.findChild<QFileDialog *>(QStringLiteral("saveProgramDialog"))));
            const QString path = folder.filePath(QStringLiteral("mine.") + QLatin1String(suffix));
            auto *name = dialog->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
            name->setText(path);
            QTest::keyClick(name, Qt::Key_Return);
            QTRY_VERIFY(QFile::exists(path));
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(file.readAll().contains("Made by Tincan: the connection to 127.0.0.1:"));
            QCOMPARE(file.permissions().testFlag(QFile::ExeOwner), QLatin1String(suffix) != QLatin1String("c"));
            QVERIFY2(noticed(window).contains(path), qPrintable(noticed(window)));
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
        chooseCopy(window, "saveProgram");
        QFileDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = window.findChild<QFileDialog *>(QStringLiteral("saveProgramDialog"))));
        emit dialog->fileSelected(QStringLiteral("/nowhere/at/all.c"));
        QVERIFY2(noticed(window).contains(QStringLiteral("could not be written")), qPrintable(noticed(window)));
        dialog->reject();
    }

    void ofNothingThereIsNothing()
    {
        Client client;
        QVERIFY(activate(*client.window));
        QVERIFY(copied(*client.window, "copyC").isEmpty());
        QVERIFY(noticed(*client.window).contains(QStringLiteral("nothing to copy")));
    }
};

QTEST_MAIN(CallsTest)
#include "calls.moc"
