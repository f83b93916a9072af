// SPDX-License-Identifier: MIT
#include "session/callmodel.h"

#include <cerrno>

#include <sys/socket.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace tincan;

class CallModelTest : public QObject
{
    Q_OBJECT

private slots:
    void rolesOfACall()
    {
        CallModel model;
        PeerInfo peer;
        peer.local = Endpoint::ipv4(0x7f000001, 6666);
        peer.remote = Endpoint::ipv4(0x7f000001, 53422);
        peer.fd = 14;
        model.setWhoIs([&peer](PeerId id) { return id == 3 ? &peer : nullptr; });
        const CallInfo ended{.call = CallName::Shutdown, .fd = 14, .a = SHUT_WR, .nanoseconds = 15'000};
        const CallInfo failed{
            .call = CallName::Bind, .fd = 9, .result = -1, .error = EADDRINUSE, .address = Endpoint::ipv4(0, 6666)};
        const CallInfo other{.call = CallName::Close, .fd = 15};
        model.append({{0, 3, ended}, {0, kNoPeer, failed}, {0, 3, other}});
        QVERIFY(model.index(0).data().toString().endsWith(
            QStringLiteral("  shutdown(14<TCP:[127.0.0.1:6666->127.0.0.1:53422]>, SHUT_WR) = 0 <0.000015>")));
        QCOMPARE(model.index(0).data(CallModel::PeerRole).toUInt(), 3U);
        QVERIFY(!model.index(0).data(CallModel::FailedRole).toBool());
        QVERIFY(model.index(1).data(CallModel::FailedRole).toBool());
        QVERIFY(model.index(1).data(CallModel::MeaningRole).toString().contains(QStringLiteral("is taken")));
        QVERIFY2(model.index(2).data().toString().endsWith(QStringLiteral("  close(15) = 0")),
                 "an attempt that it did not become");
    }

    void keepsTheLatest()
    {
        CallModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        std::vector<RowBatch::Call> calls(CallModel::kMost - 1);
        model.append(calls);
        QCOMPARE(inserted.count(), 1);
        calls.resize(3);
        calls.back().info.fd = 77;
        model.append(calls);
        QCOMPARE(model.rowCount(), CallModel::kMost);
        QCOMPARE(model.call(CallModel::kMost - 1).info.fd, 77);
        calls.resize(CallModel::kMost + 10U);
        calls.back().info.fd = 78;
        model.append(calls);
        QCOMPARE(model.rowCount(), CallModel::kMost);
        QCOMPARE(model.call(CallModel::kMost - 1).info.fd, 78);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(CallModelTest)
#include "callmodel.moc"
