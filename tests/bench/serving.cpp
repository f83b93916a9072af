// SPDX-License-Identifier: MIT
// Tincan's engine and recorder as a program of its own: echoes, records everything, in one of the ways to serve.
//   serving PORT loop|loops|one|thread|process FILE        until SIGTERM
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <netinet/in.h>

#include <QCoreApplication>

#include "session/netthread.h"
#include "transcript/recorder.h"

using namespace tincan;

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::fprintf(stderr, "usage: see the head of serving.cpp\n");
        return 2;
    }
    sigset_t ends; // before the threads begin, which inherit it
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    const QCoreApplication application(argc, argv);
    static_cast<void>(raiseDescriptorLimit());
    ListenOptions options{.address = Endpoint::ipv4(INADDR_LOOPBACK, static_cast<std::uint16_t>(std::atoi(argv[1])))};
    const std::string way = argv[2];
    options.serving = way == "one" ? Serving::OneAtATime
        : way == "thread"          ? Serving::ThreadPerPeer
        : way == "process"         ? Serving::ProcessPerPeer
                                   : Serving::EventLoop;
    options.loops = way == "loops" ? 2 : 1;

    Recorder recorder;
    RecordingPlace place;
    place.kind = RecordingPlace::Kind::File;
    place.path = QString::fromLocal8Bit(argv[3]);
    place.rows = false;
    if (!recorder.open(place, QStringLiteral("bench"))) {
        std::fprintf(stderr, "serving: %s cannot be written\n", argv[3]);
        return 1;
    }
    recorder.start();
    {
        NetThread net(recorder);
        net.engine().setPeerProgram(TINCAN_PEER);
        net.engine().post([&engine = net.engine(), options] {
            Limits limits;
            limits.afterFin = std::chrono::milliseconds(100);
            engine.setLimits(limits);
            engine.setAnswer({.mode = AnswerMode::Echo});
            engine.listen(options);
        });
        net.start();
        int signal = 0;
        sigwait(&ends, &signal);
    }
    recorder.finish();
}
