// SPDX-License-Identifier: MIT
// One at a time: the next is accepted when this one has gone.
#include "support/servinghost.h"

#include <netinet/tcp.h>

using namespace tincan;
using namespace tincan::test;

class ServingOneTest : public QObject
{
    Q_OBJECT

    // Those who wait in the accept queue: tcpi_unacked of a listening socket (tcp(7)).
    static int waiting(ServingHost &host)
    {
        const auto *event = host.waitFor(RecordKind::Listening);
        tcp_info info{};
        socklen_t size = sizeof info;
        ::getsockopt(std::get<ListenInfo>(event->detail).fd, IPPROTO_TCP, TCP_INFO, &info, &size);
        return static_cast<int>(info.tcpi_unacked);
    }

private slots:
    void theOthersWaitInTheQueue()
    {
        ServingHost host;
        const std::uint16_t port = host.serve(Serving::OneAtATime, 1, AnswerMode::Echo);
        std::vector<RawPeer> peers;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(peers.emplace_back(port).isConnected());
            QVERIFY(peers.back().send(QByteArray::number(i)));
        }
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(peers[i].read(1), QByteArray::number(static_cast<int>(i)));
            QVERIFY(host.waitFor(RecordKind::Joined, static_cast<PeerId>(i + 1)));
            QCOMPARE(waiting(host), 2 - static_cast<int>(i));
            QCOMPARE(host.count(RecordKind::Joined), static_cast<int>(i) + 1);
            for (std::size_t later = i + 1; later < 3; ++later) {
                QVERIFY(peers[later].isSilent());
            }
            i % 2 == 0 ? peers[i].close() : peers[i].reset();
        }
        QVERIFY(host.waitFor(RecordKind::Left, 3));
        // In order: each has left before the next one came.
        std::vector<std::pair<RecordKind, PeerId>> order;
        for (const auto &event : host.sink.events()) {
            if (event.kind == RecordKind::Joined || event.kind == RecordKind::Left) {
                order.emplace_back(event.kind, event.peer);
            }
        }
        for (std::size_t i = 0; i < order.size(); ++i) {
            QCOMPARE(order[i].first, i % 2 == 0 ? RecordKind::Joined : RecordKind::Left);
            QCOMPARE(order[i].second, static_cast<PeerId>(i / 2 + 1));
        }
        QCOMPARE(order.size(), 6U);
    }

    void itSaysHowItServes()
    {
        ServingHost host;
        QVERIFY(host.serve(Serving::OneAtATime) != 0);
        const auto *event = host.waitFor(RecordKind::Listening);
        QCOMPARE(std::get<ListenInfo>(event->detail).serving, Serving::OneAtATime);
        QCOMPARE(host.count(RecordKind::Note), 0); // that somebody waits is no news
    }
};
QTEST_GUILESS_MAIN(ServingOneTest)
#include "servingone.moc"
