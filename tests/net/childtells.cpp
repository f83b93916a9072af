// SPDX-License-Identifier: MIT
// A process that serves a peer tells what cannot be, or what is seldom seen. This program plays it itself: what its peer sends
// are its cues.
#include <algorithm>
#include <cstring>

#include "net/childprocess.h"
#include "net/wire.h"
#include "support/servinghost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

std::vector<std::byte> records(FrameKind kind = FrameKind::Records)
{
    std::vector<std::byte> frame;
    WireWriter(frame).put(kind);
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
    writer.progress(progress);
    tell(frame);
}

void tellRecord(RecordKind kind, const Detail &detail, const QByteArray &payload = {}, FrameKind frameKind = FrameKind::Records)
{
    auto frame = records(frameKind);
    WireWriter writer(frame);
    writer.put(RecordHead{.size = static_cast<std::uint32_t>(payload.size()), .kind = static_cast<std::uint8_t>(kind)});
    writer.raw(bytesOf(payload));
    writer.detail(detail);
    tell(frame);
}

// Reads so much of what is relayed, as one does that has little time, and says so.
void readSlowly(std::size_t wanted)
{
    std::vector<std::byte> frame(kMaxFrame);
    while (wanted > 0) {
        pollfd wait{kChildPair, POLLIN, 0};
        ::poll(&wait, 1, -1);
        const ssize_t size = ::recv(kChildPair, frame.data(), frame.size(), 0);
        if (size <= 0) {
            return;
        }
        WireReader reader({frame.data(), static_cast<std::size_t>(size)});
        if (reader.get<FrameKind>() == FrameKind::Relayed) {
            reader.get<std::uint8_t>();
            for (auto left = reader.get<std::uint32_t>(); left > 0; --left) {
                wanted -= reader.get<RelayedHead>().size;
            }
            const timespec moment{0, 2'000'000};
            ::nanosleep(&moment, nullptr);
        }
    }
    ::send(kChildSocket, "done", 4, MSG_NOSIGNAL);
}

constexpr std::size_t kMuch = 32 * 1024 * 1024;

void obey(char cue)
{
    switch (cue) {
    case 's':
        readSlowly(kMuch);
        break;
    case 'l':
        tellRecord(RecordKind::Left, LeftInfo{LeftReason::BothFinished, {}, 0, 0});
        break;
    case 'n':
        tellRecord(RecordKind::Note, NoteInfo{NoteCode::Named, 0, 0, "Anna"});
        break;
    case 'm': // as much as one that keeps borders may
        tellRecord(RecordKind::Received, {}, QByteArray(kMaxMessage, 'm'));
        break;
    case 'c': // and the rest of it never comes
        tellRecord(RecordKind::Received, {}, "in", FrameKind::Part);
        tellRecord(RecordKind::Sent, {}, "out", FrameKind::Part);
        tellRecord(RecordKind::Note, NoteInfo{NoteCode::Named, 0, 0, "Anna"}, {}, FrameKind::Part);
        break;
    case 'p': // of what it has not read
        tellProgress({.handled = 20, .settled = 20});
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

    // A peer, number 1, whose process is this program.
    struct Played {
        ServingHost host;
        RawPeer peer;

        bool begin(AnswerMode mode = AnswerMode::Manual)
        {
            host.run([this] { host.engine.setPeerProgram("/proc/self/exe"); });
            peer = RawPeer(host.serve(Serving::ProcessPerPeer, 1, mode));
            return host.waitFor(RecordKind::Joined, 1) != nullptr;
        }
    };

private slots:
    void noMoreOrdersThanItCanHaveRead()
    {
        Played played;
        QVERIFY(played.begin());
        auto &[host, peer] = played;
        const QByteArray bytes = pattern(200'000);
        for (int i = 0; i < 20; ++i) { // more than the pair holds
            host.send(1, bytes);
        }
        QVERIFY(peer.send("p"));
        QCOMPARE(host.leftReason(1), LeftReason::ChildDied);
        QVERIFY(host.payloads(RecordKind::Refused, 1) == bytes.repeated(20));
    }

    // It ends between two frames of what belongs together: its orders are told by the engine, what else it said is not lost.
    void noOrderTwice()
    {
        Played played;
        QVERIFY(played.begin());
        auto &[host, peer] = played;
        host.send(1, "out");
        host.run([&] { host.engine.note(1, {NoteCode::Named, 0, 0, "Anna"}); });
        QVERIFY(peer.send("c"));
        peer.close();
        QCOMPARE(host.leftReason(1), LeftReason::ChildDied);
        QCOMPARE(host.payloads(RecordKind::Received, 1), QByteArray("in"));
        QCOMPARE(host.count(RecordKind::Sent, 1), 0);
        QCOMPARE(host.payloads(RecordKind::Refused, 1), QByteArray("out"));
        const auto events = host.sink.events();
        QCOMPARE(std::count_if(events.begin(), events.end(),
                               [](const auto &event) {
                                   const auto *note = std::get_if<NoteInfo>(&event.detail);
                                   return note && note->code == NoteCode::Named;
                               }),
                 1);
    }

    // What is relayed waits for it, and then the one who says it.
    void thatItIsSlowAndItMissesNothing()
    {
        Played played;
        QVERIFY(played.begin(AnswerMode::Relay));
        auto &[host, peer] = played;
        const RawPeer sender(host.serve(Serving::EventLoop, 1, AnswerMode::Relay));
        QVERIFY(host.waitFor(RecordKind::Joined, 2));
        QVERIFY(peer.send("s"));
        std::thread writer([&] { sender.send(pattern(kMuch)); });
        const QByteArray answer = peer.read(4);
        writer.join();
        QCOMPARE(answer, QByteArray("done"));
    }

    void aNoteThatComesAfterItsEnd()
    {
        Played played;
        QVERIFY(played.begin());
        auto &[host, peer] = played;
        QVERIFY(peer.send("ln"));
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        QVERIFY(host.waitForNote(NoteCode::Named));
    }

    void whatItMissedIsSaidBeforeItsEnd()
    {
        Played played;
        QVERIFY(played.begin());
        auto &[host, peer] = played;
        const std::vector<std::byte> bytes(13'000'000);
        host.run([&engine = host.engine, &bytes] {
            engine.sendToAll(bytes);
            engine.sendToAll(bytes);
        });
        QVERIFY(peer.send("l"));
        QVERIFY(host.waitFor(RecordKind::Left, 1));
        const auto events = host.sink.events();
        const auto left
            = std::find_if(events.begin(), events.end(), [](const auto &event) { return event.kind == RecordKind::Left; });
        QVERIFY(std::any_of(events.begin(), left, [](const auto &event) {
            const auto *note = std::get_if<NoteInfo>(&event.detail);
            return note && note->code == NoteCode::FanOutRefused && note->a == 1 && note->b == 13'000'000;
        }));
    }

    void nothingIsReceivedThatIsTooLongForAStream()
    {
        Played played;
        QVERIFY(played.begin());
        auto &[host, peer] = played;
        QVERIFY(peer.send("m"));
        QCOMPARE(host.leftReason(1), LeftReason::ChildDied);
        QCOMPARE(host.count(RecordKind::Received, 1), 0);
    }

    void aByteThatIsNoBoolReadsAsOne()
    {
        const std::array<std::byte, 3> bytes = {std::byte{0}, std::byte{1}, std::byte{2}};
        WireReader reader(bytes);
        std::array<int, 3> values{};
        std::generate(values.begin(), values.end(), [&reader] { return static_cast<int>(reader.get<bool>()); });
        QCOMPARE(values, (std::array<int, 3>{0, 1, 1}));
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
