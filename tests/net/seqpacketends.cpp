// SPDX-License-Identifier: MIT
// Unix seqpacket sockets: how they end, clients of ours, what is sent along with a message, and a program from Debian.
#include <QStandardPaths>

#include "support/seqpackets.h"
#include "support/talkingprogram.h"

using namespace tincan;
using namespace tincan::test;

class SeqpacketEndsTest : public QObject
{
    Q_OBJECT

private slots:
    void halfCloseEachWay()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        peer.finish();
        QVERIFY(host.waitFor(RecordKind::PeerFinished, 1));
        host.send(1, "I still may");
        QCOMPARE(receiveMessage(peer), QByteArray("I still may"));
        host.run([&] { host.engine.finishSending(1); });
        QVERIFY(peer.atEnd());
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
    }

    void whatHasArrivedIsReadBeforeTheEnd()
    {
        EngineHost host;
        const UnixFolder folder;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixSeqpacket));
        const RawPeer peer(connectUnix(folder.path(), SOCK_SEQPACKET));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        host.sink.setCongested(true); // nothing is read until the end
        host.run([] {});
        host.run([] {});
        const int large = 1'000'000;
        ::setsockopt(peer.fd(), SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
        int count = 0;
        while (::send(peer.fd(), "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) {
            ++count;
        }
        QVERIFY2(count > 256, qPrintable(QString::number(count)));
        host.run([&] { host.engine.disconnect(1); });
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QCOMPARE(host.count(RecordKind::Received, 1), count);
    }

    void aClientOfOurs()
    {
        const UnixFolder folder;
        const UniqueFd listener = listenUnix(folder.path(), SOCK_SEQPACKET);
        EngineHost host;
        const PeerId peer = connectTo(host, folder.path(), Transport::UnixSeqpacket);
        const RawPeer server(UniqueFd(::accept(listener.get(), nullptr, nullptr)));
        QVERIFY(host.waitFor(RecordKind::Joined, peer));
        QVERIFY(sendMessage(server, ""));
        QVERIFY(sendMessage(server, "x"));
        QTRY_COMPARE(host.count(RecordKind::Received, peer), 2);
        host.send(peer, "y");
        QCOMPARE(receiveMessage(server), QByteArray("y"));
        QCOMPARE(joined(host, peer).process.pid, static_cast<int>(::getpid()));
        QVERIFY(joined(host, peer).local.isEmpty()); // no name was made up
    }

    // A message may bring descriptors along (SCM_RIGHTS). Nobody wants them here, and none may be left open.
    void descriptorsThatAreSentAlongAreNotKept()
    {
        const UnixFolder folder;
        EngineHost host;
        const RawPeer peer = peerOf(host, folder);
        const qsizetype before = openDescriptors();
        for (int i = 0; i < 20; ++i) {
            QVERIFY(sendDescriptors(peer.fd(), 1));
        }
        QTRY_COMPARE(host.count(RecordKind::Received, 1), 20);
        QCOMPARE(openDescriptors(), before);
    }

    void withSocat()
    {
        const QString socat = QStandardPaths::findExecutable(QStringLiteral("socat"));
        if (socat.isEmpty()) {
            QSKIP("socat is not installed");
        }
        const UnixFolder folder;
        EngineHost host;
        QVERIFY(listenAt(host, folder.path(), Transport::UnixSeqpacket, AnswerMode::Echo));
        TalkingProgram program(socat,
                               {QStringLiteral("-t5"), QStringLiteral("STDIO"),
                                QStringLiteral("UNIX-CONNECT:%1,type=5").arg(QString::fromStdString(folder.path()))});
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        QVERIFY(program.says("hello\n"));
        QVERIFY(program.hears("hello\n"));
        QCOMPARE(program.end(), 0);
        QCOMPARE(program.heard(), QByteArray("hello\n"));
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
        QCOMPARE(joined(host, 1).process.program, std::string("socat"));
    }
};
QTEST_GUILESS_MAIN(SeqpacketEndsTest)
#include "seqpacketends.moc"
