// SPDX-License-Identifier: MIT
// Of session/livesession.h: what is done to the sockets of single peers.
#include "session/livesession.h"

#include <QCoreApplication>
#include <QPointer>

#include "net/engine.h"
#include "session/faultwords.h"
#include "session/peermodel.h"

namespace tincan {

void LiveSession::endReceiving(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.endReceiving(peer);
        }
    });
}

void LiveSession::shutdownBoth(const std::vector<PeerId> &peers)
{
    post([peers](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.shutdownBoth(peer);
        }
    });
}

void LiveSession::stopReading(const std::vector<PeerId> &peers, bool stopped)
{
    post([peers, stopped](Engine &engine) {
        for (const PeerId peer : peers) {
            engine.stopReading(peer, stopped);
        }
    });
}

void LiveSession::setFaults(const std::vector<PeerId> &peers, const Faults &faults)
{
    std::vector<PeerId> open = peers;
    std::erase_if(open, [this](PeerId id) {
        const Peer *peer = this->peers()->find(id);
        return id == kNoPeer || !peer || !peer->isOpen();
    });
    post([open, faults, note = NoteInfo{NoteCode::FaultsChanged, 0, 0, faultsText(faults).toStdString()}](Engine &engine) {
        for (const PeerId peer : open) {
            engine.setFaults(peer, faults);
            engine.note(peer, note);
        }
    });
}

// `told` is called in this thread, once; not any more where `context` or the session has gone.
void LiveSession::readOptions(OptionHolder of, QObject *context, const std::function<void(std::vector<OptionState>)> &told)
{
    QPointer<QObject> receiver(context);
    post([of, receiver, told](Engine &engine) {
        OptionsTold answer = [receiver, told](std::vector<OptionState> states) {
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [receiver, told, states = std::move(states)] {
                    if (receiver) {
                        told(states);
                    }
                },
                Qt::QueuedConnection);
        };
        of.listener != kNoListener ? engine.readListenerOptions(of.listener, std::move(answer))
                                   : engine.readOptions(of.peer, std::move(answer));
    });
}

void LiveSession::setOption(OptionHolder of, const OptionValue &value)
{
    post([of, value](Engine &engine) {
        of.listener != kNoListener ? engine.setListenerOption(of.listener, value) : engine.setOption(of.peer, value);
    });
}

} // namespace tincan
