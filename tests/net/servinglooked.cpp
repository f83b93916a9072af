// SPDX-License-Identifier: MIT
// What can be asked of a peer, in each way to serve: its socket's options, and how much waits for it. And what is too long for
// it.
#include "support/servinghost.h"
#include "support/unixpeers.h"

using namespace tincan;
using namespace tincan::test;

namespace {

std::optional<OptionState> stateOf(ServingHost &host, PeerId peer, SocketOption option)
{
    std::mutex mutex;
    std::optional<std::vector<OptionState>> states;
    host.run([&] {
        host.engine.readOptions(peer, [&](std::vector<OptionState> told) {
            const std::lock_guard lock(mutex);
            states = std::move(told);
        });
    });
    if (!QTest::qWaitFor([&] { return std::lock_guard(mutex), states.has_value(); }, 20'000)) {
        std::abort(); // what is told refers to this
    }
    for (const OptionState &state : *states) {
        if (state.option == option) {
            return state;
        }
    }
    return {};
}

} // namespace

class ServingLookedTest : public QObject
{
    Q_OBJECT

    static const Way &way()
    {
        QFETCH_GLOBAL(int, way);
        return kWays[static_cast<std::size_t>(way)];
    }

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<int>("way");
        for (std::size_t i = 0; i < kWays.size(); ++i) {
            QTest::newRow(kWays[i].name) << static_cast<int>(i);
        }
    }

    void theOptionsOfItsSocket()
    {
        ServingHost host;
        host.run([&] {
            ListenOptions options{.address = *Endpoint::fromAddress("127.0.0.1", 0)};
            options.serving = way().serving;
            options.loops = way().loops;
            options.options = {{SocketOption::KeepAlive, 1, {}}};
            host.engine.listen(options);
        });
        const auto *event = host.waitFor(RecordKind::Listening);
        QVERIFY(event);
        const std::uint16_t port = std::get<ListenInfo>(event->detail).local.port();
        const RawPeer first(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer second(port); // with two loops, in the other one
        QVERIFY(host.waitFor(RecordKind::Joined, 2));

        const auto kept = stateOf(host, 2, SocketOption::KeepAlive);
        QVERIFY(kept);
        QCOMPARE(kept->now.value, 1);
        QVERIFY(kept->asked);
        QCOMPARE(kept->asked->value, 1);
        host.run([&] { host.engine.setOption(2, {SocketOption::KeepIdle, 77, {}}); });
        const auto idle = stateOf(host, 2, SocketOption::KeepIdle);
        QVERIFY(idle);
        QCOMPARE(idle->now.value, 77);
        QVERIFY(idle->asked);
        QCOMPARE(idle->getError, 0);
        const auto name = stateOf(host, 2, SocketOption::Congestion);
        QVERIFY(name);
        QVERIFY(!name->now.text.empty());
        QVERIFY(!name->asked);
        QVERIFY(!stateOf(host, 99, SocketOption::KeepAlive));
    }

    void howMuchWaits()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(way().serving, way().loops);
        const RawPeer first(port);
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const RawPeer peer(port, "127.0.0.1", 4096);
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        const QByteArray bytes = pattern(12 * 1024 * 1024);
        const auto queued = [&host] {
            std::size_t bytesQueued = 0;
            host.run([&] { bytesQueued = host.engine.queued(2); });
            return bytesQueued;
        };
        QCOMPARE(queued(), 0U);
        host.send(2, bytes);
        QVERIFY(queued() > 1024 * 1024);
        QVERIFY(host.waitForNote(NoteCode::PeerNotReading));
        QVERIFY(queued() > 1024 * 1024);
        QVERIFY(queued() < static_cast<std::size_t>(bytes.size()));
        QVERIFY(peer.read(bytes.size()) == bytes);
        QTRY_COMPARE(queued(), 0U);
    }

    void aMessageToAllThatIsTooLong()
    {
        const UnixFolder folder;
        ServingHost host;
        ListenOptions options;
        options.serving = way().serving;
        options.loops = way().loops;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixSeqpacket, AnswerMode::Manual, options));
        std::vector<RawPeer> peers;
        for (PeerId i = 1; i <= 3; ++i) {
            peers.emplace_back(connectUnix(folder.path(), SOCK_SEQPACKET));
            QVERIFY(host.waitFor(RecordKind::Joined, i));
        }
        const QByteArray bytes = pattern(kMaxMessage + 1);
        host.sendToAll(bytes);
        for (PeerId i = 1; i <= 3; ++i) {
            const auto *refused = host.waitFor(RecordKind::Refused, i);
            QVERIFY(refused);
            QCOMPARE(std::get<RefusedInfo>(refused->detail).reason, RefusedReason::TooLong);
            QTRY_VERIFY(host.payloads(RecordKind::Refused, i) == bytes);
        }
    }
};
QTEST_GUILESS_MAIN(ServingLookedTest)
#include "servinglooked.moc"
