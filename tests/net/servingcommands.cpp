// SPDX-License-Identifier: MIT
// What else is asked of one peer works in each way to serve: faults on purpose, socket options, recv and send on demand.
#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

class ServingCommandsTest : public QObject
{
    Q_OBJECT

    // Two peers, of which only the second is meant.
    struct Pair {
        ServingHost host;
        std::vector<RawPeer> peers;
        int faultsSet = 0;

        bool join(AnswerMode mode)
        {
            QFETCH_GLOBAL(int, way);
            const Way &chosen = kWays[static_cast<std::size_t>(way)];
            const std::uint16_t port = host.serve(chosen.serving, chosen.loops, mode);
            for (PeerId id = 1; id <= 2; ++id) {
                peers.emplace_back(port);
                if (!host.waitFor(RecordKind::Joined, id)) {
                    return false;
                }
            }
            return true;
        }
        // Returns when they are in force, wherever that is: the note goes the same way behind them.
        bool setFaults(const Faults &faults)
        {
            host.run([&] {
                host.engine.setFaults(2, faults);
                host.engine.note(2, {NoteCode::FaultsChanged, 0, 0, {}});
            });
            ++faultsSet;
            return QTest::qWaitFor([this] { return noted(NoteCode::FaultsChanged) == faultsSet; }, 20'000);
        }
        int noted(NoteCode code) const
        {
            int count = 0;
            for (const auto &event : host.sink.events()) {
                const auto *note = std::get_if<NoteInfo>(&event.detail);
                count += static_cast<int>(note && note->code == code);
            }
            return count;
        }
        // What was told last; nothing where it was told nothing.
        std::optional<OptionState> option(PeerId peer, SocketOption option)
        {
            std::mutex mutex;
            bool isTold = false;
            std::vector<OptionState> states;
            host.run([&] {
                host.engine.readOptions(peer, [&](std::vector<OptionState> told) {
                    const std::lock_guard lock(mutex);
                    states = std::move(told);
                    isTold = true;
                });
            });
            static_cast<void>(QTest::qWaitFor(
                [&] {
                    const std::lock_guard lock(mutex);
                    return isTold;
                },
                20'000));
            for (const OptionState &state : states) {
                if (state.option == option) {
                    return state;
                }
            }
            return {};
        }
        int dataCalls(PeerId peer) const
        {
            int count = 0;
            for (const auto &event : host.sink.events()) {
                const auto *call = std::get_if<CallInfo>(&event.detail);
                const bool isData = call && (call->call == CallName::Recv || call->call == CallName::Send);
                count += static_cast<int>(isData && event.peer == peer && call->text == "traced");
            }
            return count;
        }
    };

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<int>("way");
        for (std::size_t i = 0; i < kWays.size(); ++i) {
            QTest::newRow(kWays[i].name) << static_cast<int>(i);
        }
    }

    void aPeerIsResetAfterSoManyBytes()
    {
        Pair pair;
        QVERIFY(pair.join(AnswerMode::Manual));
        QVERIFY(pair.setFaults({.stopAfterBytes = 10, .resetAtStop = true}));
        pair.host.send(1, "1234567890abcdef");
        pair.host.send(2, "1234567890abcdef");
        QCOMPARE(pair.host.leftReason(2), LeftReason::ResetByUs);
        QVERIFY(pair.host.waitForNote(NoteCode::FaultsStopped));
        QCOMPARE(std::get<LeftInfo>(pair.host.waitFor(RecordKind::Left, 2)->detail).unsentBytes, std::uint64_t(6));
        QCOMPARE(pair.peers[0].read(16), QByteArray("1234567890abcdef"));
        QCOMPARE(pair.host.count(RecordKind::Left, 1), 0);
    }

    void oneIsSentNoMoreWhileTheOthersAre()
    {
        Pair pair;
        QVERIFY(pair.join(AnswerMode::Echo));
        QVERIFY(pair.setFaults({.pieceBytes = 2, .stopAfterBytes = 5}));
        for (const RawPeer &peer : pair.peers) {
            QVERIFY(peer.send("12345678"));
        }
        QCOMPARE(pair.peers[1].read(5), QByteArray("12345"));
        QVERIFY(pair.host.waitForNote(NoteCode::FaultsStopped));
        QCOMPARE(pair.peers[0].read(8), QByteArray("12345678"));
        QVERIFY(pair.peers[1].isSilent());
        QVERIFY(pair.setFaults({})); // and what was held back goes out
        QCOMPARE(pair.peers[1].read(3), QByteArray("678"));
    }

    void delaysLoseNothing()
    {
        Pair pair;
        QVERIFY(pair.join(AnswerMode::Echo));
        QVERIFY(pair.setFaults({.delayMilliseconds = 30, .jitterMilliseconds = 10}));
        QVERIFY(pair.peers[1].send("first "));
        QVERIFY(pair.host.waitFor(RecordKind::Received, 2));
        QVERIFY(pair.peers[1].send("second"));
        QCOMPARE(pair.peers[1].read(12), QByteArray("first second"));
        QTRY_COMPARE(pair.host.payloads(RecordKind::Sent, 2), QByteArray("first second"));
    }

    void optionsAreSetAndRead()
    {
        Pair pair;
        QVERIFY(pair.join(AnswerMode::Manual));
        const auto before = pair.option(2, SocketOption::ReceiveBuffer);
        QFETCH_GLOBAL(int, way);
        if (!before && kWays[static_cast<std::size_t>(way)].serving == Serving::ProcessPerPeer) {
            QSKIP("what another process's socket has is not told");
        }
        QVERIFY(before && !before->asked);
        pair.host.run([&] { pair.host.engine.setOption(2, {SocketOption::ReceiveBuffer, 40'000, {}}); });
        QVERIFY(pair.host.waitForNote(NoteCode::OptionSet));
        const auto changed = pair.option(2, SocketOption::ReceiveBuffer);
        QVERIFY(changed && changed->asked);
        QCOMPARE(changed->asked->value, 40'000);
        QCOMPARE(changed->now.value, 80'000);
        QVERIFY(pair.option(1, SocketOption::ReceiveBuffer)->now.value != 80'000);
        pair.host.run([&] { pair.host.engine.setOption(2, {SocketOption::Congestion, 0, "no-such-thing"}); });
        QTRY_COMPARE(pair.option(2, SocketOption::Congestion)->setError, ENOENT);
        QVERIFY(!pair.option(99, SocketOption::Congestion)); // nobody
    }

    void bothDirectionsEndAtOnce()
    {
        Pair pair;
        QVERIFY(pair.join(AnswerMode::Manual));
        pair.host.send(2, "bye");
        pair.host.run([&] { pair.host.engine.shutdownBoth(2); });
        QCOMPARE(pair.peers[1].read(3), QByteArray("bye"));
        QVERIFY(pair.peers[1].atEnd());
        QCOMPARE(pair.host.leftReason(2), LeftReason::DisconnectedByUs);
        QCOMPARE(pair.host.count(RecordKind::Finished, 2), 1);
        QCOMPARE(pair.host.count(RecordKind::Left, 1), 0);
    }

    void recvAndSendOnDemand()
    {
        Pair pair;
        QVERIFY(pair.join(AnswerMode::Echo));
        const auto talk = [&pair] {
            for (const RawPeer &peer : pair.peers) {
                if (!peer.send("traced") || peer.read(6) != "traced") {
                    return false;
                }
            }
            return true;
        };
        QVERIFY(talk());
        pair.host.run([&] {
            pair.host.engine.traceData(2);
            pair.host.engine.note(2, {NoteCode::Other, 0, 0, "heard"}); // behind it
        });
        QVERIFY(pair.host.waitForNote(NoteCode::Other));
        QVERIFY(talk());
        QTRY_COMPARE(pair.dataCalls(2), 2);
        QCOMPARE(pair.dataCalls(1), 0);
        QCOMPARE(pair.host.count(RecordKind::Received, 2), 2);
    }
};
QTEST_GUILESS_MAIN(ServingCommandsTest)
#include "servingcommands.moc"
