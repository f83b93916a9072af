// SPDX-License-Identifier: MIT
// Each recv and send of one peer is among the calls, on demand, with the beginning of its bytes; of nobody else, and no longer
// than it is wanted.
#include <QTest>

#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

template<typename Host>
QList<CallInfo> dataCalls(const Host &host, PeerId peer)
{
    QList<CallInfo> calls;
    for (const auto &event : host.sink.events()) {
        const auto *call = std::get_if<CallInfo>(&event.detail);
        const bool isData = call
            && (call->call == CallName::Recv || call->call == CallName::Send || call->call == CallName::SendMsg
                || call->call == CallName::RecvMsg);
        if (isData && event.peer == peer) {
            calls << *call;
        }
    }
    return calls;
}

} // namespace

class TraceDataTest : public QObject
{
    Q_OBJECT

private slots:
    void onDemandAndOfOnePeer()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        QVERIFY(port != 0);
        host.run([&] { host.engine.setAnswer({AnswerMode::Echo}); });
        const RawPeer first(port);
        const RawPeer second(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        QVERIFY(first.send("before") && first.read(6) == "before");
        QVERIFY(dataCalls(host, 1).isEmpty());

        host.run([&] { host.engine.traceData(1); });
        const QByteArray longer = "a longer one\n" + QByteArray(100, '\0');
        QVERIFY(first.send(longer) && first.read(longer.size()) == longer);
        QVERIFY(second.send("other") && second.read(5) == "other");
        QTRY_COMPARE(dataCalls(host, 1).size(), 2);
        const QList<CallInfo> calls = dataCalls(host, 1);
        QCOMPARE(calls[0].call, CallName::Recv);
        QCOMPARE(calls[0].result, longer.size());
        QCOMPARE(calls[0].b, static_cast<int>(MSG_DONTWAIT));
        QVERIFY(calls[0].a >= longer.size());
        QCOMPARE(QByteArray::fromStdString(calls[0].text), longer.first(32));
        QCOMPARE(calls[1].call, CallName::Send);
        QCOMPARE(calls[1].a, static_cast<int>(longer.size()));
        QCOMPARE(calls[1].b, static_cast<int>(MSG_DONTWAIT | MSG_NOSIGNAL));
        QCOMPARE(QByteArray::fromStdString(calls[1].text), longer.first(32));
        QVERIFY(calls[1].nanoseconds > 0);
        QVERIFY(dataCalls(host, 2).isEmpty());

        host.run([&] { host.engine.traceData(2); }); // one at a time
        QVERIFY(first.send("after") && first.read(5) == "after");
        QVERIFY(second.send("mine") && second.read(4) == "mine");
        QTRY_COMPARE(dataCalls(host, 2).size(), 2);
        QCOMPARE(dataCalls(host, 1).size(), 2);

        host.run([&] { host.engine.traceData(kNoPeer); });
        QVERIFY(second.send("quiet") && second.read(5) == "quiet");
        QVERIFY(first.send("quiet") && first.read(5) == "quiet");
        QCOMPARE(dataCalls(host, 1).size() + dataCalls(host, 2).size(), 4);
    }

    // It is noted in any case; then not twice.
    void theEndIsThereOnce()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        const RawPeer first(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.traceData(1); });
        first.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        const QList<CallInfo> calls = dataCalls(host, 1);
        QCOMPARE(calls.size(), 1);
        QCOMPARE(calls[0].result, 0L);
    }

    // A connection that is traced before it is there.
    void fromItsBeginning()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        const PeerId peer = host.engine.reservePeer();
        host.run([&] {
            host.engine.traceData(peer);
            host.engine.connectTo(peer, {.host = "127.0.0.1", .port = port});
        });
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        host.send(peer, "hello");
        QTRY_COMPARE(dataCalls(host, peer).size(), 1);
        QCOMPARE(dataCalls(host, peer).first().text, std::string("hello"));
    }
};

QTEST_GUILESS_MAIN(TraceDataTest)
#include "tracedata.moc"
