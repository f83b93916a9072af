// SPDX-License-Identifier: MIT
// Peers and paths that nobody would make on purpose.
#include <QTest>

#include "session/listenerwords.h"
#include "session/peermodel.h"
#include "support/rows.h"

using namespace tincan;
using namespace tincan::test;

class OddPeersTest : public QObject
{
    Q_OBJECT
private slots:
    // As a file may tell it that is not ours, or not whole.
    void whoJoinsTwiceIsOne()
    {
        Index index;
        Rows rows;
        PeerModel model;
        rows.joined(1).joined(1).joined(2).left(1).add(RecordKind::FanOut, kNoPeer, "all");
        model.applyRows(index, rows.append(index));
        QCOMPARE(model.openCount(), 1);
        QCOMPARE(model.peer(0).messagesOut, std::uint64_t{1});
        QCOMPARE(model.find(2)->messagesOut, std::uint64_t{1});
        QCOMPARE(model.find(1)->messagesOut, std::uint64_t{0});
    }

    // What a person is told to try can be pasted into a shell.
    void whatToTryIsQuoted()
    {
        const auto at = [](const char *path) { return Endpoint::unixPath(path); };
        QCOMPARE(tryText(Transport::UnixStream, at("/tmp/a.sock")), QStringLiteral("nc -U /tmp/a.sock"));
        QCOMPARE(tryText(Transport::UnixStream, at("/tmp/it's $HOME")), QStringLiteral("nc -U '/tmp/it'\\''s $HOME'"));
        QCOMPARE(tryText(Transport::UnixStream, at("x\n")), QStringLiteral("nc -U 'x\n'"));
        QCOMPARE(tryText(Transport::UnixDatagram, at("/tmp/a,b")), QStringLiteral("socat - 'UNIX-SENDTO:/tmp/a\\,b'"));
        QCOMPARE(tryText(Transport::UnixSeqpacket, Endpoint::unixAbstract("t")),
                 QStringLiteral("socat - ABSTRACT-CONNECT:t,type=5"));
    }
};
QTEST_GUILESS_MAIN(OddPeersTest)
#include "oddpeers.moc"
