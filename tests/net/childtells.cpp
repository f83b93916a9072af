// SPDX-License-Identifier: MIT
// A process that serves a peer tells what cannot be, or what is seldom seen. This program plays it itself: what its peer sends
// are its cues.
#include <cstring>

#include "net/childprocess.h"
#include "net/wire.h"
#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

std::vector<std::byte> records()
{
    std::vector<std::byte> frame;
    WireWriter(frame).put(FrameKind::Records);
    return frame;
}

void tell(const std::vector<std::byte> &frame)
{
    ::send(kChildPair, frame.data(), frame.size(), MSG_NOSIGNAL);
}

void tellProgress(const Progress &progress)
{
    auto frame = records();
    WireWriter writer(frame);
    writer.put(RecordHead{.kind = kProgress});
    writer.put(progress);
    tell(frame);
}

void obey(char cue)
{
    switch (cue) {
    case 'p': // of what it has not read
        tellProgress({20, 20, 0, 0, 0});
        break;
    default:
        break;
    }
}

int play()
{
    char cue = 0;
    ssize_t count = 0;
    do {
        pollfd wait{kChildSocket, POLLIN, 0};
        ::poll(&wait, 1, -1);
        count = ::recv(kChildSocket, &cue, 1, 0);
        if (count == 1) {
            obey(cue);
        }
    } while (count == 1 || (count < 0 && (errno == EAGAIN || errno == EINTR)));
    return 0;
}

} // namespace

class ChildTellsTest : public QObject
{
    Q_OBJECT

    static void play(ServingHost &host)
    {
        host.run([&] { host.engine.setPeerProgram("/proc/self/exe"); });
    }

private slots:
    void noMoreOrdersThanItCanHaveRead()
    {
        ServingHost host;
        play(host);
        const RawPeer peer(host.serve(Serving::ProcessPerPeer));
        QVERIFY(host.waitFor(RecordKind::Joined, 1));
        const QByteArray bytes = pattern(200'000);
        for (int i = 0; i < 20; ++i) { // more than the pair holds
            host.send(1, bytes);
        }
        QVERIFY(peer.send("p"));
        QCOMPARE(host.leftReason(1), LeftReason::ChildDied);
        QVERIFY(host.payloads(RecordKind::Refused, 1) == bytes.repeated(20));
    }
};

int main(int argc, char **argv)
{
    if (argc == 2 && std::strcmp(argv[1], "--serve-peer") == 0) {
        return play();
    }
    QCoreApplication application(argc, argv);
    ChildTellsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "childtells.moc"
