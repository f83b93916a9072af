// SPDX-License-Identifier: MIT
#include "session/callmodel.h"

#include <cerrno>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "session/calltext.h"

using namespace tincan;

class CallModelTest : public QObject
{
    Q_OBJECT

private slots:
    void wordsAreThoseOfStrace_data()
    {
        QTest::addColumn<CallInfo>("call");
        QTest::addColumn<QString>("text");
        CallInfo call;
        call = {.call = CallName::Socket,
                .result = 9,
                .a = AF_INET,
                .b = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                .c = IPPROTO_TCP};
        QTest::newRow("socket") << call
                                << QStringLiteral("socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP) = 9");
        call = {.call = CallName::SetSockOpt, .fd = 9, .a = SOL_SOCKET, .b = SO_REUSEADDR, .c = 1};
        QTest::newRow("setsockopt") << call << QStringLiteral("setsockopt(9, SOL_SOCKET, SO_REUSEADDR, 1) = 0");
        call = {.call = CallName::Bind, .fd = 9, .address = Endpoint::ipv4(0, 6666)};
        QTest::newRow("bind") << call << QStringLiteral("bind(9, 0.0.0.0:6666) = 0");
        call.result = -1;
        call.error = EADDRINUSE;
        QTest::newRow("bind fails") << call << QStringLiteral("bind(9, 0.0.0.0:6666) = -1 EADDRINUSE (Address already in use)");
        call = {.call = CallName::Accept, .fd = 9, .result = 14, .address = Endpoint::ipv4(0x7f000001, 53422)};
        QTest::newRow("accept") << call << QStringLiteral("accept4(9) = 14   127.0.0.1:53422");
        call = {.call = CallName::Recv, .fd = 14, .a = 65536};
        QTest::newRow("recv") << call << QStringLiteral("recv(14, 65536) = 0   end of stream: the peer closed its sending side");
        call = {.call = CallName::GetAddrInfo, .result = EAI_NONAME, .error = EAI_NONAME, .text = "nowhere.invalid"};
        QTest::newRow("getaddrinfo") << call
                                     << QStringLiteral(
                                            "getaddrinfo(\"nowhere.invalid\") = EAI_NONAME (Name or service not known)");
        call = {.call = CallName::Shutdown, .fd = 14, .a = SHUT_WR};
        QTest::newRow("shutdown") << call << QStringLiteral("shutdown(14, SHUT_WR) = 0");
    }
    void wordsAreThoseOfStrace()
    {
        QFETCH(CallInfo, call);
        QFETCH(QString, text);
        QCOMPARE(callText(call), text);
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

Q_DECLARE_METATYPE(CallInfo)
QTEST_GUILESS_MAIN(CallModelTest)
#include "callmodel.moc"
