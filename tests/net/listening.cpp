// SPDX-License-Identifier: MIT
// Where one may listen, and what is said where not.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

class ListeningTest : public QObject
{
    Q_OBJECT

private slots:
    void aTakenPortNamesItsHolder()
    {
        EngineHost first;
        const std::uint16_t port = first.listen();
        EngineHost second;
        second.run([&] { second.engine.listen({.address = Endpoint::ipv4(0x7f000001, port)}); });
        const auto *failed = second.waitFor(RecordKind::ListenFailed);
        QVERIFY(failed);
        const auto &info = std::get<FailureInfo>(failed->detail);
        QCOMPARE(info.error.code, EADDRINUSE);
        QCOMPARE(info.owner.pid, static_cast<int>(::getpid()));
        QVERIFY(!info.owner.program.empty());
    }

    void anAddressOfSomebodyElse()
    {
        EngineHost host;
        host.run([&] { host.engine.listen({.address = Endpoint::ipv4(0xc0000201, 0)}); });
        const auto *failed = host.waitFor(RecordKind::ListenFailed);
        QVERIFY(failed);
        QCOMPARE(std::get<FailureInfo>(failed->detail).error.code, EADDRNOTAVAIL);
    }

    void bothFamiliesWhereAsked()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Echo, "::");
        if (port == 0) {
            QSKIP("this machine has no IPv6");
        }
        const RawPeer v4(port);
        QVERIFY(v4.isConnected());
        const auto *joined = host.waitFor(RecordKind::Joined, 1);
        QVERIFY(joined);
        // What goes over the wire is IPv4, and so it is shown.
        QCOMPARE(std::get<PeerInfo>(joined->detail).remote.family(), Endpoint::Family::IPv4);
        QCOMPARE(std::get<PeerInfo>(joined->detail).local.addressText(), std::string("127.0.0.1"));
        const RawPeer v6(port, "::1");
        QVERIFY(v6.send("six"));
        QCOMPARE(v6.read(3), QByteArray("six"));
    }

    void oneFamilyWhereNot()
    {
        EngineHost host;
        const std::uint16_t port = host.listen(AnswerMode::Echo, "::1");
        if (port == 0) {
            QSKIP("this machine has no IPv6");
        }
        QVERIFY(!RawPeer(port).isConnected());
        QVERIFY(RawPeer(port, "::1").isConnected());
    }

    void theLimitOfPeersLetsThemWait()
    {
        EngineHost host;
        Limits limits;
        limits.maxPeers = 2;
        host.setLimits(limits);
        const std::uint16_t port = host.listen(AnswerMode::Echo);
        RawPeer first(port);
        const RawPeer second(port);
        const RawPeer third(port);
        QVERIFY(third.isConnected()); // by the kernel: it waits in the accept queue
        QVERIFY(third.send("me too"));
        QVERIFY(host.waitForNote(NoteCode::PeerLimitReached));
        QCOMPARE(host.count(RecordKind::Joined), 2);
        first.close();
        QCOMPARE(third.read(6), QByteArray("me too"));
    }

    void thePortIsFreeAtOnceAfterwards()
    {
        EngineHost host;
        const std::uint16_t port = host.listen();
        const RawPeer peer(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.stopAll(); }); // our side closes first: TIME_WAIT stays with us
        QVERIFY(peer.atEnd());
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::Stopped));
        host.run([&] { host.engine.listen({.address = Endpoint::ipv4(0x7f000001, port)}); });
        QVERIFY(host.waitFor(RecordKind::Listening, kNoPeer, 2));
    }

    void theCallsAreThere()
    {
        EngineHost host;
        QVERIFY(host.listen() != 0);
        QList<CallName> calls;
        for (const auto &event : host.sink.events()) {
            if (const auto *call = std::get_if<CallInfo>(&event.detail)) {
                QCOMPARE(call->error, 0);
                calls << call->call;
            }
        }
        const QList<CallName> expected{CallName::Socket, CallName::SetSockOpt, CallName::SetSockOpt,
                                       CallName::Bind,   CallName::Listen,     CallName::GetSockName};
        QCOMPARE(calls, expected);
    }
};
QTEST_GUILESS_MAIN(ListeningTest)
#include "listening.moc"
