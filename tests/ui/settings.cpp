// SPDX-License-Identifier: MIT
#include "ui/settings.h"

#include <QFile>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "ui/program.h"
#include "ui/settingsdialog.h"

using namespace tincan;

class SettingsTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString file() const { return m_folder.filePath(QStringLiteral("test.ini")); }

private slots:
    // Both were kept under one key once.
    void wherePathsWereKeptBefore()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("test.ini")));
        settings.setFrom(*unixEndpoint(QStringLiteral("/tmp/me.sock")));
        QCOMPARE(settings.from(), Endpoint());
        QCOMPARE(settings.fromPath(), *unixEndpoint(QStringLiteral("/tmp/me.sock")));
        settings.setFromPath(*unixEndpoint(QStringLiteral("/tmp/other.sock")));
        settings.setFrom(Endpoint::ipv4(0x7f000001, 7));
        QCOMPARE(settings.fromPath(), *unixEndpoint(QStringLiteral("/tmp/other.sock")));
        settings.setFromPath({});
        QCOMPARE(settings.fromPath(), Endpoint());
    }

    void cleanup() { QFile::remove(file()); }

    void defaults()
    {
        const Settings settings(file());
        QCOMPARE(settings.address(), QStringLiteral("127.0.0.1"));
        QCOMPARE(settings.port(), 6666);
        QCOMPARE(settings.answer(), AnswerOptions{});
        QCOMPARE(settings.lineEnding(), LineEnding::Lf);
        QCOMPARE(settings.theme(), Theme::System);
        QCOMPARE(settings.session().sendQueueBytes, SessionSettings{}.sendQueueBytes);
    }

    void theSizeOfASessionIsItsLimit()
    {
        Settings settings(file());
        QCOMPARE(placeWithin({}, settings).limits.totalBytes, RecordingLimits{}.totalBytes);
        settings.setSessionGiB(7);
        const RecordingPlace place = placeWithin({RecordingPlace::Kind::Forgotten, {}}, settings);
        QCOMPARE(place.limits.totalBytes, 7 * kGibibyte);
        QCOMPARE(place.kind, RecordingPlace::Kind::Forgotten);
        QCOMPARE(place.limits.freeBytes, RecordingLimits{}.freeBytes);
    }

    void comeBack()
    {
        {
            Settings settings(file());
            settings.setAddress(QStringLiteral("::"));
            settings.setPort(0);
            settings.setAnswer({AnswerMode::Relay, true, AfterFin::KeepOpen});
            settings.setLineEnding(LineEnding::CrLf);
            settings.setTheme(Theme::Dark);
            settings.addHost(QStringLiteral("one"));
            settings.addHost(QStringLiteral("two"));
            settings.addHost(QStringLiteral("one"));
            settings.setGeometry("\0\1\2");
        }
        const Settings settings(file());
        QCOMPARE(settings.address(), QStringLiteral("::"));
        QCOMPARE(settings.port(), 0);
        QCOMPARE(settings.answer(), (AnswerOptions{AnswerMode::Relay, true, AfterFin::KeepOpen}));
        QCOMPARE(settings.lineEnding(), LineEnding::CrLf);
        QCOMPARE(settings.theme(), Theme::Dark);
        QCOMPARE(settings.hosts().mid(0, 2), (QStringList{QStringLiteral("one"), QStringLiteral("two")}));
        QCOMPARE(settings.hosts().count(QStringLiteral("one")), 1);
        QCOMPARE(settings.geometry(), QByteArray("\0\1\2"));
    }

    void nonsenseReadsAsTheDefault()
    {
        QFile raw(file());
        QVERIFY(raw.open(QIODevice::WriteOnly));
        raw.write("[endpoint]\nport=99999\n[server]\nanswer=17\nbacklog=many\n[conversation]\nlineEnding=-1\n");
        raw.close();
        const Settings settings(file());
        QCOMPARE(settings.port(), 6666);
        QCOMPARE(settings.answer().mode, AnswerMode::Manual);
        QCOMPARE(settings.backlog(), SOMAXCONN);
        QCOMPARE(settings.lineEnding(), LineEnding::Lf);
    }

    void theDialogAppliesAtOnce()
    {
        Settings settings(file());
        SettingsDialog dialog(settings, SettingsDialog::For::Server);
        QSignalSpy changed(&dialog, &SettingsDialog::changed);
        dialog.findChild<QSpinBox *>(QStringLiteral("drainWait"))->setValue(42);
        dialog.findChild<QSpinBox *>(QStringLiteral("maxPeers"))->setValue(7);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(settings.session().drainMilliseconds, 42'000);
        QCOMPARE(settings.session().maxPeers, 7);
    }

    void sizesAreSaidInWholeMebibytes()
    {
        Settings settings(file());
        SettingsDialog dialog(settings, SettingsDialog::For::Server);
        dialog.show();
        auto *size = dialog.findChild<QSpinBox *>(QStringLiteral("sendQueue"));
        const auto typed = [&](const QString &text) {
            size->selectAll();
            QTest::keyClicks(size, text);
            QTest::keyClick(size, Qt::Key_Return);
            return size->text();
        };
        QCOMPARE(size->text(), QStringLiteral("16 MiB"));
        QCOMPARE(typed(QStringLiteral("32")), QStringLiteral("32 MiB")); // in what stood there
        QCOMPARE(settings.session().sendQueueBytes, quint64{32} * 1024 * 1024);
        QCOMPARE(typed(QStringLiteral("1500 kib")), QStringLiteral("1500 KiB"));
        QCOMPARE(typed(QStringLiteral("2m")), QStringLiteral("2 MiB"));
        QTest::keyClick(size, Qt::Key_Up);
        QCOMPARE(size->text(), QStringLiteral("3 MiB"));
        QCOMPARE(typed(QStringLiteral("512K")), QStringLiteral("512 KiB"));
        QCOMPARE(settings.session().sendQueueBytes, quint64{512} * 1024);
    }

    void theSpecialValueHasRoom()
    {
        Settings settings(file());
        SettingsDialog dialog(settings, SettingsDialog::For::Server);
        dialog.show();
        for (const auto *edit : dialog.findChildren<QSpinBox *>()) {
            const int text = edit->fontMetrics().horizontalAdvance(edit->text());
            const auto *line = edit->findChild<QLineEdit *>();
            QVERIFY2(line->width() >= text + edit->fontMetrics().averageCharWidth(), qPrintable(edit->objectName()));
        }
    }

    void keptSessions()
    {
        Settings settings(file());
        QCOMPARE(settings.retention().days, 30);
        QCOMPARE(settings.retention().mostBytes, quint64{20} << 30U);
        QCOMPARE(settings.sessionGiB(), 4);
        QCOMPARE(settings.lastStart(), 0);
        for (int file = 1; file <= 20; ++file) {
            settings.addOpenedFile(QStringLiteral("/f%1").arg(file));
        }
        settings.addOpenedFile(QStringLiteral("/f10"));
        QCOMPARE(settings.openedFiles().size(), 15);
        QCOMPARE(settings.openedFiles().mid(0, 2), (QStringList{QStringLiteral("/f10"), QStringLiteral("/f20")}));

        SettingsDialog dialog(settings, SettingsDialog::For::Client);
        QSignalSpy changed(&dialog, &SettingsDialog::changed);
        const auto enter = [&dialog](const char *name, const QString &value) {
            auto *edit = dialog.findChild<QSpinBox *>(QLatin1String(name));
            edit->selectAll();
            QTest::keyClicks(edit, value);
            QTest::keyClick(edit, Qt::Key_Return);
        };
        enter("keepDays", QStringLiteral("7"));
        enter("keepGiB", QStringLiteral("2"));
        enter("sessionGiB", QStringLiteral("1"));
        QCOMPARE(settings.retention().days, 7);
        QCOMPARE(settings.retention().mostBytes, quint64{2} << 30U);
        QCOMPARE(settings.sessionGiB(), 1);
        QCOMPARE(changed.size(), 3);
    }
};

QTEST_MAIN(SettingsTest)
#include "settings.moc"
