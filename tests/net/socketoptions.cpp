// SPDX-License-Identifier: MIT
// Options of sockets: what is asked for, and what the kernel makes of it.
#include <optional>

#include <netinet/tcp.h>

#include "net/optionstore.h"
#include "net/tracedcalls.h"
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

// Refuses what root may do.
class Refusing : public RealSyscalls
{
public:
    std::atomic<int> refusedLevel = -1;
    std::atomic<int> refusedName = -1;

    int setsockopt(int fd, int level, int name, const void *value, socklen_t size) override
    {
        if (level == refusedLevel && name == refusedName) {
            errno = EPERM;
            return -1;
        }
        return RealSyscalls::setsockopt(fd, level, name, value, size);
    }
};

template<typename Host>
std::vector<OptionState> optionsOf(Host &host, PeerId peer)
{
    std::vector<OptionState> states;
    host.run([&] { host.engine.readOptions(peer, [&](std::vector<OptionState> told) { states = std::move(told); }); });
    return states;
}

template<typename Host>
std::vector<OptionState> optionsOfListener(Host &host, ListenerId listener)
{
    std::vector<OptionState> states;
    host.run(
        [&] { host.engine.readListenerOptions(listener, [&](std::vector<OptionState> told) { states = std::move(told); }); });
    return states;
}

std::optional<OptionState> stateOf(const std::vector<OptionState> &states, SocketOption option)
{
    for (const OptionState &state : states) {
        if (state.option == option) {
            return state;
        }
    }
    return {};
}

// What the kernel is expected to answer to a value.
struct Expected {
    OptionValue value;
    int now;
};

const std::vector<Expected> kListenerValues = {
    {{SocketOption::ReuseAddress, 1, {}}, 1},
    {{SocketOption::ReusePort, 1, {}}, 1},
    {{SocketOption::KeepAlive, 1, {}}, 1},
    {{SocketOption::KeepIdle, 61, {}}, 61},
    {{SocketOption::KeepInterval, 11, {}}, 11},
    {{SocketOption::KeepCount, 4, {}}, 4},
    {{SocketOption::NoDelay, 0, {}}, 0},
    {{SocketOption::SendBuffer, 30'000, {}}, 60'000},
    {{SocketOption::ReceiveBuffer, 40'000, {}}, 80'000},
    {{SocketOption::Linger, 3, {}}, 3},
    {{SocketOption::UserTimeout, 12'345, {}}, 12'345},
    {{SocketOption::HopLimit, 33, {}}, 33},
    {{SocketOption::Dscp, 46, {}}, 46},
    {{SocketOption::Congestion, 0, "reno"}, 0},
};

OptionValues valuesOf(const std::vector<Expected> &expected)
{
    OptionValues values;
    for (const Expected &one : expected) {
        values.push_back(one.value);
    }
    return values;
}

void compare(const std::vector<OptionState> &states, const std::vector<Expected> &expected)
{
    for (const Expected &one : expected) {
        const auto state = stateOf(states, one.value.option);
        const QByteArray name(optionInfo(one.value.option).name.data());
        QVERIFY2(state, name.constData());
        QVERIFY2(state->asked == one.value, name.constData());
        QVERIFY2(state->setError == 0 && state->getError == 0, name.constData());
        if (one.value.option == SocketOption::Congestion) {
            QCOMPARE(state->now.text, one.value.text);
        } else {
            QVERIFY2(state->now.value == one.now, (name + " is " + QByteArray::number(state->now.value)).constData());
        }
    }
}

template<typename Host>
const CallInfo *callOf(const Host & /*host*/, const std::vector<CollectingSink::Event> &events, int level, int name)
{
    for (const auto &event : events) {
        const auto *call = std::get_if<CallInfo>(&event.detail);
        if (call && call->call == CallName::SetSockOpt && call->a == level && call->b == name) {
            return call;
        }
    }
    return nullptr;
}

} // namespace

class SocketOptionsTest : public QObject
{
    Q_OBJECT

private:
    static std::uint16_t listen(EngineHost<> &host, const char *address, OptionValues values)
    {
        host.run([&] { host.engine.listen({.address = *Endpoint::fromAddress(address, 0), .options = std::move(values)}); });
        const auto *event = host.waitFor(RecordKind::Listening);
        return event ? std::get<ListenInfo>(event->detail).local.port() : 0;
    }
    static void addresses()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("IPv4") << QByteArray("127.0.0.1");
        QTest::newRow("IPv6") << QByteArray("::1");
    }

private slots:
    void whatIsAskedOfAListenerIsInheritedByPeers_data() { addresses(); }
    void whatIsAskedOfAListenerIsInheritedByPeers()
    {
        QFETCH(QByteArray, address);
        EngineHost host;
        auto expected = kListenerValues;
        expected.push_back({{SocketOption::FastOpen, 5, {}}, 5});
        expected.push_back({{SocketOption::DeferAccept, 3, {}}, 3});
        const std::uint16_t port = listen(host, address.constData(), valuesOf(expected));
        QVERIFY(port != 0);
        compare(optionsOfListener(host, 1), expected);

        const RawPeer peer(port, address.constData());
        QVERIFY(peer.send("x")); // or TCP_DEFER_ACCEPT lets it wait
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const auto states = optionsOf(host, 1);
        compare(states, kListenerValues);
        QVERIFY(!stateOf(states, SocketOption::DeferAccept)); // of listeners only
        QVERIFY(!stateOf(states, SocketOption::Broadcast));   // of datagrams only
    }

    void whatIsAskedOfAConnection_data() { addresses(); }
    void whatIsAskedOfAConnection()
    {
        QFETCH(QByteArray, address);
        EngineHost host;
        const std::uint16_t port = listen(host, address.constData(), {});
        auto expected = kListenerValues;
        expected.push_back({{SocketOption::FastOpen, 1, {}}, 1});
        ConnectOptions options{.host = address.toStdString(), .port = port};
        options.options = valuesOf(expected);
        const PeerId peer = host.connectTo(options);
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        compare(optionsOf(host, peer), expected);
    }

    void withoutAWordOursAreSetAndTheRestIsTheSystems()
    {
        EngineHost host;
        QVERIFY(listen(host, "::", {}) != 0);
        const auto states = optionsOfListener(host, 1);
        QCOMPARE(stateOf(states, SocketOption::ReuseAddress)->now.value, 1);
        QCOMPARE(stateOf(states, SocketOption::NoDelay)->now.value, 1);
        QCOMPARE(stateOf(states, SocketOption::V6Only)->now.value, 0);
        QVERIFY(!stateOf(states, SocketOption::KeepAlive)->asked);
        QCOMPARE(stateOf(states, SocketOption::Linger)->now.value, -1);
        QVERIFY(!stateOf(states, SocketOption::Congestion)->now.text.empty());
        QVERIFY(stateOf(states, SocketOption::ReceiveBuffer)->now.value > 0);
    }

    void v6OnlyIsAsTheOptionSays()
    {
        EngineHost host;
        const std::uint16_t port = listen(host, "::", {{SocketOption::V6Only, 1, {}}});
        QVERIFY(port != 0);
        QCOMPARE(stateOf(optionsOfListener(host, 1), SocketOption::V6Only)->now.value, 1);
        const auto *event = host.waitFor(RecordKind::Listening);
        QVERIFY(!std::get<ListenInfo>(event->detail).dualStack);
        QVERIFY(!RawPeer(port).isConnected());
    }

    // A socket of both families gets what IP has two names for by both.
    void aDualStackSocketIsSetForBothFamilies()
    {
        EngineHost host;
        const std::uint16_t port = listen(host, "::", {{SocketOption::HopLimit, 44, {}}, {SocketOption::Dscp, 10, {}}});
        QVERIFY(port != 0);
        const RawPeer four(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer six(port, "::1");
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        for (const PeerId peer : {1U, 2U}) {
            const auto states = optionsOf(host, peer);
            QCOMPARE(stateOf(states, SocketOption::HopLimit)->now.value, 44);
            QCOMPARE(stateOf(states, SocketOption::Dscp)->now.value, 10);
        }
        const auto events = host.sink.events();
        QVERIFY(callOf(host, events, IPPROTO_IP, IP_TTL));
        QVERIFY(callOf(host, events, IPPROTO_IPV6, IPV6_UNICAST_HOPS));
        QCOMPARE(callOf(host, events, IPPROTO_IP, IP_TOS)->c, 40);
        QCOMPARE(callOf(host, events, IPPROTO_IPV6, IPV6_TCLASS)->c, 40);
    }

    void aRefusedValueIsToldAndListeningGoesOn_data()
    {
        QTest::addColumn<int>("option");
        QTest::addColumn<int>("value");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("error");
        const auto row = [](const char *name, SocketOption option, int value, const char *text, int error) {
            QTest::newRow(name) << static_cast<int>(option) << value << QByteArray(text) << error;
        };
        row("idle of 0", SocketOption::KeepIdle, 0, "", EINVAL);
        row("idle too long", SocketOption::KeepIdle, 40'000, "", EINVAL);
        row("hop limit of 0", SocketOption::HopLimit, 0, "", EINVAL);
        row("unknown algorithm", SocketOption::Congestion, 0, "no-such-thing", ENOENT);
        row("negative timeout", SocketOption::UserTimeout, -1, "", EINVAL);
    }
    void aRefusedValueIsToldAndListeningGoesOn()
    {
        QFETCH(int, option);
        QFETCH(int, value);
        QFETCH(QByteArray, text);
        QFETCH(int, error);
        EngineHost host;
        const OptionValue asked{static_cast<SocketOption>(option), value, text.toStdString()};
        const std::uint16_t port = listen(host, "127.0.0.1", {asked});
        QVERIFY(port != 0);
        const auto state = stateOf(optionsOfListener(host, 1), asked.option);
        QVERIFY(state);
        QCOMPARE(state->setError, error);
        QVERIFY(state->asked == asked);
        QCOMPARE(state->getError, 0); // what is in force is told all the same
        int told = 0;
        for (const auto &event : host.sink.events()) {
            const auto *call = std::get_if<CallInfo>(&event.detail);
            told = call && call->call == CallName::SetSockOpt && call->error != 0 ? call->error : told;
        }
        QCOMPARE(told, error);
        QVERIFY(RawPeer(port).isConnected());
    }

    void whatTheSystemForbids()
    {
        EngineHost<Refusing> host;
        host.sys.refusedLevel = IPPROTO_TCP;
        host.sys.refusedName = TCP_CONGESTION;
        host.run([&] {
            host.engine.listen({.address = Endpoint::ipv4(0x7f000001, 0), .options = {{SocketOption::Congestion, 0, "reno"}}});
        });
        QVERIFY(host.waitFor(RecordKind::Listening));
        QCOMPARE(stateOf(optionsOfListener(host, 1), SocketOption::Congestion)->setError, EPERM);
    }

    // What bind(2) would mean depends on it: better not at all than otherwise than asked.
    void withoutWhatBindDependsOnNobodyListens()
    {
        EngineHost<Refusing> host;
        host.sys.refusedLevel = SOL_SOCKET;
        host.sys.refusedName = SO_REUSEPORT;
        host.run([&] {
            host.engine.listen({.address = Endpoint::ipv4(0x7f000001, 0), .options = {{SocketOption::ReusePort, 1, {}}}});
        });
        const auto *failed = host.waitFor(RecordKind::ListenFailed);
        QVERIFY(failed);
        QCOMPARE(std::get<FailureInfo>(failed->detail).error.call, CallName::SetSockOpt);
        QCOMPARE(std::get<FailureInfo>(failed->detail).error.code, EPERM);
    }

    void twoMayShareAPortWhereBothSaySo()
    {
        EngineHost host;
        const std::uint16_t port = listen(host, "127.0.0.1", {{SocketOption::ReusePort, 1, {}}});
        host.run([&] {
            host.engine.listen({.address = Endpoint::ipv4(0x7f000001, port), .options = {{SocketOption::ReusePort, 1, {}}}});
        });
        QVERIFY(host.waitFor(RecordKind::Listening, kNoPeer, 2));
    }

    void anOptionIsSetWhileTheConnectionLives()
    {
        EngineHost host;
        const RawPeer peer(host.listen());
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.run([&] { host.engine.setOption(1, {SocketOption::HopLimit, 7, {}}); });
        const auto *note = host.waitForNote(NoteCode::OptionSet);
        QVERIFY(note);
        QCOMPARE(note->peer, 1U);
        QCOMPARE(std::get<NoteInfo>(note->detail).a, static_cast<std::int64_t>(SocketOption::HopLimit));
        QCOMPARE(std::get<NoteInfo>(note->detail).b, 7);
        auto state = stateOf(optionsOf(host, 1), SocketOption::HopLimit);
        QCOMPARE(state->now.value, 7);
        QCOMPARE(state->asked->value, 7);

        host.run([&] { host.engine.setOption(1, {SocketOption::HopLimit, 300, {}}); });
        state = stateOf(optionsOf(host, 1), SocketOption::HopLimit);
        QCOMPARE(state->now.value, 7);
        QCOMPARE(state->asked->value, 300);
        QCOMPARE(state->setError, EINVAL);
    }

    // Two bits of the field are not ours to set (RFC 3168).
    void dscpLeavesTheEcnBitsAlone()
    {
        const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        const int before = 0x02;
        QCOMPARE(::setsockopt(fd.get(), IPPROTO_IP, IP_TOS, &before, sizeof before), 0);
        RealSyscalls sys;
        CollectingSink sink;
        Outbox outbox(sink);
        TracedCalls calls(sys, outbox);
        OptionStore store;
        QCOMPARE(store.set(calls, fd.get(), Transport::Udp, AF_INET, false, {SocketOption::Dscp, 46, {}}), 0);
        int now = 0;
        socklen_t size = sizeof now;
        QCOMPARE(::getsockopt(fd.get(), IPPROTO_IP, IP_TOS, &now, &size), 0);
        QCOMPARE(now, (46 << 2) | 0x02);
    }

    void whatDatagramsHave_data()
    {
        QTest::addColumn<int>("family");
        QTest::newRow("IPv4") << AF_INET;
        QTest::newRow("IPv6") << AF_INET6;
    }
    void whatDatagramsHave()
    {
        QFETCH(int, family);
        const UniqueFd fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        RealSyscalls sys;
        CollectingSink sink;
        Outbox outbox(sink);
        TracedCalls calls(sys, outbox);
        OptionStore store;
        QCOMPARE(OptionStore::familyOf(sys, fd.get()), family);
        const OptionValues values{{SocketOption::Broadcast, 1, {}},
                                  {SocketOption::MulticastHops, 5, {}},
                                  {SocketOption::MulticastLoop, 0, {}},
                                  {SocketOption::NoDelay, 1, {}}}; // which it has not
        for (const OptionTime time : {OptionTime::BeforeBind, OptionTime::Always}) {
            QCOMPARE(store.apply(calls, fd.get(), Transport::Udp, family, true, values, time), 0);
        }
        const auto states = store.read(sys, fd.get(), Transport::Udp, family, true);
        QCOMPARE(stateOf(states, SocketOption::Broadcast)->now.value, 1);
        QCOMPARE(stateOf(states, SocketOption::MulticastHops)->now.value, 5);
        QCOMPARE(stateOf(states, SocketOption::MulticastLoop)->now.value, 0);
        QVERIFY(!stateOf(states, SocketOption::NoDelay));
        QCOMPARE(stateOf(states, SocketOption::V6Only).has_value(), family == AF_INET6);
    }

    void whereThereIsNoSocketNothingIsTold()
    {
        EngineHost host;
        QVERIFY(optionsOf(host, 99).empty());
        QVERIFY(optionsOfListener(host, 99).empty());
        host.run([&] { host.engine.setOption(99, {SocketOption::NoDelay, 1, {}}); });
        host.run([&] { host.engine.setListenerOption(99, {SocketOption::NoDelay, 1, {}}); });
        QCOMPARE(host.count(RecordKind::Note), 0);
    }
};
QTEST_GUILESS_MAIN(SocketOptionsTest)
#include "socketoptions.moc"
