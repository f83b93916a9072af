// SPDX-License-Identifier: MIT
// Saving by keys and mouse: the dialog, the formats, how it ends.
#include "windows.h"

#include <QAbstractFileIconProvider>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProgressBar>
#include <QPushButton>
#include <QScopeGuard>
#include <QSemaphore>
#include <QThreadPool>
#include <QUrl>

#include "session/workpool.h"
#include "support/saverequests.h"
#include "ui/savedialog.h"
#include "ui/transcriptview.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// A client's window with one connection over which "to them" was sent and "from them" came.
struct Talk {
    Server server;
    Client client;
    QTemporaryDir folder;

    bool begin() const
    {
        return server.start() && client.connectAndWait(server.port()) != kNoPeer && activate(*client.window) && talk();
    }
    bool talk() const
    {
        type(*client.window, QStringLiteral("to them"));
        if (!QTest::qWaitFor([this] { return received(*server.window) == "to them\n"; })) {
            return false;
        }
        type(*server.window, QStringLiteral("from them"));
        return QTest::qWaitFor([this] { return received(*client.window) == "from them\n"; });
    }
    QString path(const QString &name) const { return folder.filePath(name); }
    void keys(const QKeySequence &sequence) const { QTest::keySequence(client.window.get(), sequence); }
    SaveDialog *dialog() const { return client.window->findChild<SaveDialog *>(QStringLiteral("saveDialog")); }
    // Pastes the path as a person would, and presses Save.
    void saveAs(const QString &path) const
    {
        auto *name = dialog()->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
        name->selectAll();
        name->insert(path); // as pasted: typing opens the completer, which takes the click that follows
        auto *buttons = dialog()->findChild<QDialogButtonBox *>();
        QAbstractButton *save = buttons->button(QDialogButtonBox::Save);
        QTRY_VERIFY(save->isEnabled());
        QTest::mouseClick(save, Qt::LeftButton);
    }
    bool says(const QString &text) const
    {
        return QTest::qWaitFor([&] { return noticed(*client.window).contains(text); });
    }
};

// Instead of a file manager.
class Opened : public QObject
{
    Q_OBJECT
public:
    QUrl url;
public slots:
    void open(const QUrl &asked) { url = asked; }
};

} // namespace

class SavingTest : public QObject
{
    Q_OBJECT

private slots:
    void ctrlSSavesTheConversation()
    {
        Talk t;
        QVERIFY(t.begin());
        t.keys(QKeySequence(Qt::CTRL | Qt::Key_S));
        QTRY_VERIFY(t.dialog() && t.dialog()->isVisible());
        QVERIFY(!t.dialog()->isModal());
        const QString suggested = t.dialog()->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"))->text();
        QVERIFY2(suggested.startsWith(QStringLiteral("127.0.0.1-%1-20").arg(t.server.port())), qPrintable(suggested));
        QVERIFY2(suggested.endsWith(QStringLiteral(".pcapng")), qPrintable(suggested));
        const QString path = t.path(QStringLiteral("talk.csv"));
        t.saveAs(path);
        QVERIFY(t.says(QStringLiteral("Saved 2 messages to ") + path));
        QVERIFY(contents(path).startsWith("time,peer,"));
        QVERIFY(contents(path).contains("\"from them\n\""));
        QTRY_VERIFY(!t.dialog());

        Opened opened;
        QDesktopServices::setUrlHandler(QStringLiteral("file"), &opened, "open");
        pressNoticeAction(*t.client.window);
        QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
        QCOMPARE(opened.url, QUrl::fromLocalFile(t.folder.path()));
    }

    // Over what is suggested, with names that complete it on the list below, as a person would.
    void thePathIsTyped()
    {
        Talk t;
        QVERIFY(t.begin());
        QFile other(t.path(QStringLiteral("typed.csv.before")));
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.close();
        t.keys(QKeySequence(Qt::CTRL | Qt::Key_S));
        QTRY_VERIFY(t.dialog() && t.dialog()->isVisible());
        QVERIFY(QTest::qWaitForWindowActive(t.dialog()));
        auto *name = t.dialog()->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
        QTRY_VERIFY(name->hasFocus());
        const QString path = t.path(QStringLiteral("typed.csv"));
        QTest::keyClicks(name, path);
        QCOMPARE(name->text(), path);
        QTest::keyClick(name, Qt::Key_Return);
        QVERIFY(t.says(QStringLiteral("Saved 2 messages to ") + path));
        QVERIFY(contents(path).startsWith("time,peer,"));
    }

    // Which would take for ever with some, and long with many on a slow network.
    void theDialogReadsNoFiles()
    {
        Talk t;
        QVERIFY(t.begin());
        t.keys(QKeySequence(Qt::CTRL | Qt::Key_S));
        QTRY_VERIFY(t.dialog());
        QFile page(t.path(QStringLiteral("page")));
        QVERIFY(page.open(QIODevice::WriteOnly));
        page.write("%PDF-1.4");
        page.close();
        const QAbstractFileIconProvider *icons = t.dialog()->iconProvider();
        QCOMPARE(icons->type(QFileInfo(page.fileName())), QStringLiteral("file"));
        QCOMPARE(icons->type(QFileInfo(t.folder.path())), QStringLiteral("Folder"));
    }

    // Nor is the folder where it failed the one that the next one begins in.
    void aFolderThatFailedIsNotRemembered()
    {
        Talk t;
        QVERIFY(t.begin());
        const QString before = t.client.settings.saveFolder();
        t.keys(QKeySequence(Qt::CTRL | Qt::Key_S));
        QTRY_VERIFY(t.dialog());
        t.saveAs(QStringLiteral("/proc/x.txt"));
        QVERIFY(t.says(QStringLiteral("ENOENT")));
        QCOMPARE(t.client.settings.saveFolder(), before);
    }

    void theButtonSavesRawBytesOfOneDirection()
    {
        Talk t;
        QVERIFY(t.begin());
        QCOMPARE(part<QAbstractButton>(*t.client.window, "save")->accessibleName(), QStringLiteral("Save"));
        click(*t.client.window, "save");
        QTRY_VERIFY(t.dialog());
        auto *direction = part<QComboBox>(*t.dialog(), "saveDirection");
        QVERIFY(!direction->isEnabled());
        auto *type = t.dialog()->findChild<QComboBox *>(QStringLiteral("fileTypeCombo"));
        QTest::keyClicks(type, QStringLiteral("The bytes"));
        QTRY_VERIFY(direction->isEnabled());
        QTest::keyClicks(direction, QStringLiteral("Sent"));
        t.saveAs(t.path(QStringLiteral("sent"))); // the suffix is added
        QVERIFY(t.says(QStringLiteral("Saved 1 message to ")));
        QCOMPARE(contents(t.path(QStringLiteral("sent.bin"))), QByteArray("to them\n"));
    }

    void onlyWhatIsSelected()
    {
        Talk t;
        QVERIFY(t.begin());
        TranscriptView *view = t.client.window->pane()->view();
        const TranscriptModel &model = *t.client.window->pane()->model();
        int row = 0;
        while (model.row(row).kind != RecordKind::Received) {
            ++row;
        }
        QTRY_VERIFY(!view->bubbleRect(row).isEmpty());
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->bubbleRect(row).center());
        t.keys(QKeySequence(Qt::CTRL | Qt::Key_S));
        QTRY_VERIFY(t.dialog());
        auto *rows = part<QComboBox>(*t.dialog(), "saveRows");
        QVERIFY(rows->isEnabled());
        QTest::keyClick(rows, Qt::Key_Down);
        t.saveAs(t.path(QStringLiteral("one.txt")));
        QVERIFY(t.says(QStringLiteral("Saved 1 message to ")));
        const QByteArray text = contents(t.path(QStringLiteral("one.txt")));
        QCOMPARE(text.count('\n'), 1);
        QVERIFY(text.endsWith(": from them\\n\n"));
    }

    void theSessionHasAllConversations()
    {
        Talk t;
        QVERIFY(t.begin());
        QVERIFY(t.client.connectAndWait(t.server.port()) != kNoPeer);
        pick(*t.client.window, nth(t.client.session, 2));
        QVERIFY(activate(*t.client.window));
        t.keys(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S));
        QTRY_VERIFY(t.dialog());
        QVERIFY(!part<QComboBox>(*t.dialog(), "saveRows")->isEnabled());
        t.saveAs(t.path(QStringLiteral("all.jsonl")));
        QVERIFY(t.says(QStringLiteral("Saved 2 messages to ")));
        QList<QByteArray> lines = contents(t.path(QStringLiteral("all.jsonl"))).split('\n');
        QVERIFY(lines.takeLast().isEmpty());
        int joined = 0;
        for (const QByteArray &line : lines) {
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            QVERIFY(!object.isEmpty());
            if (object[QStringLiteral("kind")].toString() == QStringLiteral("joined")) {
                QVERIFY(object[QStringLiteral("words")].toString().startsWith(QStringLiteral("connected")));
                ++joined;
            }
        }
        QCOMPARE(joined, 2);
    }

    void whatFailsSaysWhyAndAsksAgain()
    {
        Talk t;
        QVERIFY(t.begin());
        t.keys(QKeySequence(Qt::CTRL | Qt::Key_S));
        QTRY_VERIFY(t.dialog());
        t.saveAs(t.path(QStringLiteral("no/folder/x.txt")));
        QVERIFY(t.says(QStringLiteral("ENOENT")));
        QVERIFY(noticed(*t.client.window).contains(QStringLiteral("no/folder/x.txt")));
        QTRY_VERIFY(!t.dialog());
        pressNoticeAction(*t.client.window);
        QTRY_VERIFY(t.dialog());
        t.saveAs(t.path(QStringLiteral("x.txt")));
        QVERIFY(t.says(QStringLiteral("Saved 2 messages")));
    }

    void itCanBeCancelledWhileTheWindowAnswers()
    {
        Talk t;
        QVERIFY(t.begin());
        // Nothing of the pool is free: the saving is under way until that is over.
        QSemaphore taken;
        QSemaphore release;
        QThreadPool *pool = &workPool();
        const int threads = pool->maxThreadCount();
        for (int i = 0; i < threads; ++i) {
            pool->start([&] {
                taken.release();
                release.acquire();
            });
        }
        taken.acquire(threads);
        const QScopeGuard freed([&] {
            release.release(threads);
            pool->waitForDone();
        });
        t.keys(QKeySequence(Qt::CTRL | Qt::Key_S));
        QTRY_VERIFY(t.dialog());
        const QString path = t.path(QStringLiteral("never.html"));
        t.saveAs(path);
        QVERIFY(t.says(QStringLiteral("Saving to ") + path));
        QVERIFY(part<QProgressBar>(*t.client.window, "noticeProgress")->isVisible());
        type(*t.client.window, QStringLiteral("meanwhile"));
        QTRY_VERIFY(received(*t.server.window).contains("meanwhile"));
        pressNoticeAction(*t.client.window);
        release.release(threads);
        QVERIFY(t.says(QStringLiteral("was cancelled")));
        QVERIFY(!QFile::exists(path));
        QCOMPARE(QDir(t.folder.path()).entryList(QDir::Files).size(), 0);
    }
};

QTEST_MAIN(SavingTest)
#include "saving.moc"
