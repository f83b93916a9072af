// SPDX-License-Identifier: MIT
// The way of a process that serves a peer to the engine: what the kernel does not take is told later, whole and in its order.
#include "net/pairsink.h"
#include "net/outbox.h"
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

namespace {

class NoMemory : public RealSyscalls
{
public:
    int failures = 0;
    int error = ENOBUFS;

    ssize_t send(int fd, const void *buffer, size_t size, int flags) override
    {
        if (failures > 0) {
            --failures;
            errno = error;
            return -1;
        }
        return RealSyscalls::send(fd, buffer, size, flags);
    }
};

// Both ends of a pair, the sink of one and an outbox over it.
class Way
{
public:
    explicit Way(std::array<int, 2> ends = makePair())
        : engine(ends[1])
        , child(ends[0])
    {
    }
    void tell(const QByteArray &bytes)
    {
        const std::byte *copy = outbox.copy(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
        outbox.addPayload(RecordKind::Received, 1, copy, static_cast<std::uint32_t>(bytes.size()));
    }
    // Turns of the loop until nothing waits any more, or nothing comes for some seconds.
    void run()
    {
        EventLoop::TimerId limit = loop.runAt(Clock::now() + std::chrono::seconds(10), [this] { loop.stop(); });
        loop.run([this] {
            if (sink.isEmpty()) {
                loop.stop();
            }
            return TimePoint::max();
        });
        loop.cancel(limit);
    }
    // The next frame; empty where there is none.
    QByteArray frame() const
    {
        QByteArray bytes(kMaxFrame, Qt::Uninitialized);
        const ssize_t size = ::recv(engine.get(), bytes.data(), kMaxFrame, MSG_DONTWAIT);
        bytes.truncate(std::max<qsizetype>(size, 0));
        return bytes;
    }

private:
    static std::array<int, 2> makePair()
    {
        std::array<int, 2> ends{-1, -1};
        ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data());
        return ends;
    }

public:
    NoMemory sys;
    EventLoop loop;
    UniqueFd engine;
    UniqueFd child;
    PairSink sink{loop, sys, child.get()};
    Outbox outbox{sink};
};

// The payloads in a frame of records.
QByteArrayList payloads(const QByteArray &frame)
{
    QByteArrayList found;
    WireReader reader(std::as_bytes(std::span(frame.constData(), static_cast<std::size_t>(frame.size()))));
    reader.get<FrameKind>();
    while (!reader.atEnd()) {
        const auto head = reader.get<RecordHead>();
        const auto bytes = reader.take(head.size);
        found << QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
        reader.detail();
    }
    return found;
}

} // namespace

class PairSinkTest : public QObject
{
    Q_OBJECT

private slots:
    void waitsWhereTheKernelHasNoMemory_data()
    {
        QTest::addColumn<int>("error");
        QTest::newRow("ENOBUFS") << ENOBUFS;
        QTest::newRow("ENOMEM") << ENOMEM;
    }
    void waitsWhereTheKernelHasNoMemory()
    {
        QFETCH(int, error);
        Way way;
        way.sys.error = error;
        way.sys.failures = 3;
        for (const char *text : {"one", "two", "three"}) {
            way.tell(text);
            way.outbox.publish();
        }
        QVERIFY(!way.sink.isEmpty());
        QVERIFY(!way.sink.wantsRoom()); // of which the kernel would say at once, and again, that it is there
        way.run();
        QVERIFY(way.sink.isEmpty());
        QCOMPARE(way.sys.failures, 0);
        for (const char *text : {"one", "two", "three"}) {
            QCOMPARE(payloads(way.frame()), QByteArrayList{text});
        }
        QVERIFY(!way.sink.isBroken());
    }

    // Whoever reads only some of them can tell.
    void whatTakesSeveralFramesIsMarked()
    {
        Way way;
        way.sink.setProgress([] { return Progress{.handled = 3, .settled = 1, .early = {3}}; });
        const QByteArray bytes = pattern(60'000);
        way.tell(bytes);
        way.tell(bytes);
        way.outbox.publish();
        const QByteArray first = way.frame();
        const QByteArray last = way.frame();
        QCOMPARE(static_cast<FrameKind>(first.at(0)), FrameKind::Part);
        QCOMPARE(static_cast<FrameKind>(last.at(0)), FrameKind::Records);
        QVERIFY(payloads(first) == QByteArrayList{bytes});
        WireReader reader(std::as_bytes(std::span(last.constData(), static_cast<std::size_t>(last.size()))));
        reader.get<FrameKind>();
        reader.take(reader.get<RecordHead>().size);
        reader.detail();
        QCOMPARE(reader.get<RecordHead>().kind, kProgress);
        QVERIFY(reader.progress() == (Progress{.handled = 3, .settled = 1, .early = {3}}));
        QVERIFY(reader.isSound() && reader.atEnd());
    }

    void aFullPairSaysWhenThereIsRoom()
    {
        Way way;
        const QByteArray bytes = pattern(60'000);
        int told = 0;
        for (; way.sink.isEmpty(); ++told) {
            way.tell(bytes);
            way.outbox.publish();
        }
        QVERIFY(way.sink.wantsRoom());
        for (int i = 0; i < told; ++i) {
            QVERIFY(payloads(way.frame()) == QByteArrayList{bytes});
            way.sink.flush();
        }
        QVERIFY(way.sink.isEmpty());
    }
};
QTEST_GUILESS_MAIN(PairSinkTest)
#include "pairsink.moc"
