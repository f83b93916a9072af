// SPDX-License-Identifier: MIT
// Socket options as a table: what is asked for, what the kernel has, what is refused, and what cannot be meant.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "session/optionmodel.h"
#include "session/optionwords.h"
#include "session/serversession.h"

using namespace tincan;

namespace {

QString at(const OptionModel &model, SocketOption option, int column)
{
    return model.index(model.rowOf(option), column).data().toString();
}

} // namespace

class OptionModelTest : public QObject
{
    Q_OBJECT

private slots:
    void everyOptionHasAMeaningAndItsManPage()
    {
        for (const OptionInfo &info : optionTable()) {
            const QString meaning = optionMeaning(info.option);
            QVERIFY2(meaning.contains(QStringLiteral("(7)")), qPrintable(meaning));
            QVERIFY(meaning.count(QStringLiteral(". ")) <= 3);
            QVERIFY(!optionName(info.option).isEmpty());
        }
    }

    void whatIsTyped_data()
    {
        QTest::addColumn<int>("option");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("text"); // of the value; empty: none
        QTest::addColumn<bool>("isProblem");
        const auto row = [](SocketOption option, const char *typed, const char *text, bool isProblem = false) {
            QTest::addRow("%s %s", optionInfo(option).name.data(), typed)
                << static_cast<int>(option) << QString::fromUtf8(typed) << QString::fromUtf8(text) << isProblem;
        };
        row(SocketOption::NoDelay, "on", "on");
        row(SocketOption::NoDelay, "0", "off");
        row(SocketOption::NoDelay, "perhaps", "", true);
        row(SocketOption::NoDelay, "", "");
        row(SocketOption::ReceiveBuffer, "65536", "65536 bytes");
        row(SocketOption::ReceiveBuffer, "65536 bytes", "65536 bytes");
        row(SocketOption::ReceiveBuffer, "-1", "", true);
        row(SocketOption::ReceiveBuffer, "99999999999", "", true);
        row(SocketOption::KeepCount, "128", "", true);
        row(SocketOption::KeepIdle, " 10 s ", "10 s");
        row(SocketOption::Linger, "off", "off");
        row(SocketOption::Linger, "0", "0 s");
        row(SocketOption::Dscp, "64", "", true);
        row(SocketOption::Congestion, "Reno", "reno");
        row(SocketOption::Congestion, "a name that is far too long", "", true);
    }
    void whatIsTyped()
    {
        QFETCH(int, option);
        QFETCH(QString, typed);
        QFETCH(QString, text);
        QFETCH(bool, isProblem);
        const TypedOption found = typedOption(static_cast<SocketOption>(option), typed);
        QCOMPARE(!found.problem.isEmpty(), isProblem);
        QCOMPARE(found.value ? optionText(*found.value) : QString(), text);
    }

    void settingsKeepWhatIsAskedFor()
    {
        const OptionValues options{{SocketOption::ReceiveBuffer, 4096, {}},
                                   {SocketOption::Linger, -1, {}},
                                   {SocketOption::KeepAlive, 1, {}},
                                   {SocketOption::Congestion, 0, "reno"}};
        QCOMPARE(optionsFromList(optionsToList(options)), options);
        QVERIFY(optionsFromList({QStringLiteral("SO_NOTHING=1"), QStringLiteral("SO_RCVBUF"), QStringLiteral("SO_RCVBUF=x"),
                                 QStringLiteral("=1"), QString()})
                    .empty());
    }

    void theNextOneAsksFor()
    {
        OptionModel model;
        const QAbstractItemModelTester tester(&model);
        model.showNext(OptionModel::Of::Listeners, {{SocketOption::KeepAlive, 1, {}}});
        QCOMPARE(model.rowCount(), static_cast<int>(kSocketOptions));
        QCOMPARE(at(model, SocketOption::KeepAlive, OptionModel::Asked), QStringLiteral("on"));
        QCOMPARE(at(model, SocketOption::NoDelay, OptionModel::Asked), QStringLiteral("system’s default"));
        const QSignalSpy asked(&model, &OptionModel::valueAsked);
        const QSignalSpy takenBack(&model, &OptionModel::valueTakenBack);
        const auto type = [&](SocketOption option, const char *text) {
            return model.setData(model.index(model.rowOf(option), OptionModel::Asked), QString::fromUtf8(text), Qt::EditRole);
        };
        QVERIFY(type(SocketOption::ReusePort, "on"));
        QCOMPARE(asked.count(), 1);
        QVERIFY(!type(SocketOption::KeepCount, "1000"));
        QCOMPARE(asked.count(), 1);
        QVERIFY(at(model, SocketOption::KeepCount, OptionModel::Problem).contains(QStringLiteral("from 1 to 127")));
        QVERIFY(type(SocketOption::KeepAlive, ""));
        QCOMPARE(takenBack.count(), 1);
        model.showNext(OptionModel::Of::Connections, {});
        QCOMPARE(model.rowOf(SocketOption::DeferAccept), -1);
    }

    void theKernelDoublesABuffer()
    {
        qRegisterMetaType<OptionValue>();
        ServerSession session;
        QVERIFY(session.begin({RecordingPlace::Kind::Forgotten, {}}, QStringLiteral("test")));
        session.setOptions({{SocketOption::SendBuffer, 50'000, {}}});
        session.start(Endpoint::ipv4(0x7f000001, 0), 5);
        QTRY_COMPARE(session.listenInfos().size(), std::size_t(1));
        const OptionHolder holder{kNoPeer, session.listenInfos().front().id};
        OptionModel model;
        const auto read = [&] { session.readOptions(holder, &model, [&](const auto &states) { model.showOpen(states); }); };
        read();
        QTRY_COMPARE(at(model, SocketOption::SendBuffer, OptionModel::Asked), QStringLiteral("50000 bytes"));
        QCOMPARE(at(model, SocketOption::SendBuffer, OptionModel::Kernel), QStringLiteral("100000 bytes"));
        QCOMPARE(at(model, SocketOption::ReceiveBuffer, OptionModel::Asked), QStringLiteral("system’s default"));
        QVERIFY(
            !model.flags(model.index(model.rowOf(SocketOption::ReuseAddress), OptionModel::Asked)).testFlag(Qt::ItemIsEditable));
        session.setOption(holder, {SocketOption::Congestion, 0, "no-such-thing"});
        read();
        QTRY_VERIFY2(at(model, SocketOption::Congestion, OptionModel::Problem).startsWith(QStringLiteral("ENOENT — ")),
                     qPrintable(at(model, SocketOption::Congestion, OptionModel::Problem)));
        session.setOption(holder, {SocketOption::KeepIdle, 33, {}});
        read();
        QTRY_COMPARE(at(model, SocketOption::KeepIdle, OptionModel::Kernel), QStringLiteral("33 s"));
        session.stop();
        QTRY_VERIFY(session.listenInfos().empty());
    }
};
QTEST_GUILESS_MAIN(OptionModelTest)
#include "optionmodel.moc"
