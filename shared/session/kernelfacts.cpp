// SPDX-License-Identifier: MIT
#include "session/kernelfacts.h"

#include <QStringList>

#include "session/kernelwords.h"
#include "session/words.h"
#include "session/wordssockets.h"

namespace tincan {

namespace {

// Adds facts to a group; what is not known is not said.
class Facts
{
public:
    void begin(const char *group) { m_group = QString::fromUtf8(group); }
    void add(const char *label, const QString &value, const char *meaning)
    {
        if (!value.isEmpty()) {
            m_facts.append({m_group, QString::fromUtf8(label), value, QString::fromUtf8(meaning)});
        }
    }
    void bytes(const char *label, std::int64_t value, const char *meaning) { add(label, bytesText(value), meaning); }
    void count(const char *label, std::int64_t value, const char *unit, const char *meaning)
    {
        add(label, value < 0 ? QString() : QStringLiteral("%L1 %2").arg(value).arg(QString::fromUtf8(unit)).trimmed(), meaning);
    }
    void micros(const char *label, std::int64_t value, const char *meaning)
    {
        add(label, value < 0 ? QString() : microsecondsText(value), meaning);
    }
    void rate(const char *label, std::int64_t value, const char *meaning)
    {
        add(label, value < 0 ? QString() : rateText(static_cast<double>(value)), meaning);
    }
    void ago(const char *label, std::int64_t milliseconds, const char *meaning)
    {
        add(label, milliseconds < 0 ? QString() : microsecondsText(milliseconds * 1000) + QStringLiteral(" ago"), meaning);
    }
    static QString bytesText(std::int64_t value)
    {
        return value < 0 ? QString() : formatBytes(static_cast<std::uint64_t>(value));
    }
    QList<KernelFact> take() { return std::move(m_facts); }

private:
    QList<KernelFact> m_facts;
    QString m_group;
};

QString optionsText(const KernelView &view)
{
    QStringList options;
    const auto add = [&](bool is, const QString &name) {
        if (is) {
            options << name;
        }
    };
    add(view.sack, QStringLiteral("SACK"));
    add(view.timestamps, QStringLiteral("timestamps"));
    add(view.windowScale, QStringLiteral("window scale %1 / %2").arg(view.sendScale).arg(view.receiveScale));
    add(view.ecn, view.ecnSeen ? QStringLiteral("ECN (seen)") : QStringLiteral("ECN"));
    add(view.synData, QStringLiteral("Fast Open"));
    return options.isEmpty() ? QStringLiteral("none") : options.join(QStringLiteral(", "));
}

QString timerText(const KernelView &view)
{
    const QString left = microsecondsText(view.timerMilliseconds * 1000);
    switch (view.timer) {
    case KernelTimer::None:
        break;
    case KernelTimer::Retransmit:
        return QStringLiteral("sends again in ") + left;
    case KernelTimer::KeepAlive:
        return QStringLiteral("keepalive in ") + left;
    case KernelTimer::TimeWait:
        return QStringLiteral("forgotten in ") + left;
    case KernelTimer::ZeroWindow:
        return QStringLiteral("asks for a window in ") + left;
    }
    return {};
}

void addWho(Facts &facts, const Peer &peer, const KernelView &view)
{
    facts.begin("Socket");
    facts.add("Transport", transportName(peer.transport), "The kind of socket");
    facts.add("Local address", QString::fromStdString(peer.local.toString()), "Our end (getsockname)");
    facts.add("Remote address", QString::fromStdString(peer.remote.toString()), "The other end (getpeername)");
    if (peer.fd >= 0 && peer.isOpen()) {
        facts.add("Descriptor", QString::number(peer.fd), "The number of the socket in this program");
    }
    const QString owner = ownerText(view.owner);
    facts.add("Program", owner.isEmpty() ? credentialsText(peer.process) : owner,
              "Who has the other end: told where it is on this computer and may be looked into");
    facts.add("Timer", timerText(view), "What the kernel waits for with this connection");
}

void addAgreed(Facts &facts, const KernelView &view)
{
    if (!view.hasInfo) {
        return;
    }
    facts.add("Options", optionsText(view), "What both sides have agreed on in their SYNs (RFC 7323, 2018, 3168, 7413)");
    facts.add("Congestion", QString::fromStdString(view.congestion), "How the congestion window grows and shrinks");
    facts.count("MSS out", view.sendMss, "B", "The most bytes that one of our segments carries");
    facts.count("MSS in", view.receiveMss, "B", "The kernel's guess of what the other side's segments carry");
    facts.count("MSS advertised", view.advertisedMss, "B", "What we have told the other side that we take");
    facts.count("Path MTU", view.pathMtu, "B", "The longest packet that goes all the way unbroken");
}

void addTimes(Facts &facts, const KernelView &view)
{
    facts.begin("Round trip");
    QString rtt;
    if (view.rtt > 0) {
        rtt = microsecondsText(view.rtt) + QStringLiteral(" ± ") + microsecondsText(view.rttVariance);
    }
    facts.add("Round trip", rtt, "From a segment to its acknowledgement, smoothed, with its mean deviation");
    facts.micros("Least", view.minRtt, "The shortest round trip of the last minutes");
    facts.micros("Time-out (RTO)", view.retransmitTimeout, "How long an acknowledgement may take before it is sent again");
}

void addSending(Facts &facts, const KernelView &view)
{
    facts.begin("Sending");
    facts.bytes("Sent", view.bytesSent, "Bytes that went out, with those that were sent again");
    facts.bytes("Acknowledged", view.bytesAcknowledged, "… that the other side's kernel has");
    facts.count("Unacknowledged", view.unacknowledged, "segments", "Under way: sent, and not acknowledged yet");
    facts.bytes("Send queue", view.sendQueue, "Bytes that are not acknowledged yet, sent or not (SIOCOUTQ)");
    facts.bytes("Not sent yet", view.notSent, "… of which the kernel has not even sent: a window is in the way");
    facts.count("Segments out", view.segmentsOut, "", "Packets of every kind, also mere acknowledgements");
    facts.count("Congestion window", view.congestionWindow, "segments",
                "So much may be under way before the network must have acknowledged");
    facts.count("Slow start to", view.slowStartThreshold, "segments", "Up to here the congestion window doubles each round trip");
    QString again;
    if (view.retransmitsTotal >= 0) {
        again = QStringLiteral("%L1 (now %L2)").arg(view.retransmitsTotal).arg(std::max<std::int64_t>(0, view.retransmitsNow));
    }
    facts.add("Retransmissions", again, "Segments that were sent again; in brackets how often the same one by now");
    facts.bytes("Sent again", view.bytesRetransmitted, "Bytes of these");
    facts.bytes("Peer's window", view.peerWindow, "So much the other side is ready to take. 0: it does not read");
    facts.rate("Pacing", view.pacingRate, "The kernel sends no faster than this");
    facts.rate("Delivery", view.deliveryRate, "How fast it arrived lately");
    facts.micros("Busy", view.busy, "Time with something to send");
    facts.micros("… by their window", view.windowLimited, "Of that: the other side did not read fast enough");
    facts.micros("… by our buffer", view.bufferLimited, "Of that: our send buffer was too small");
    facts.ago("Last sent", view.sinceSent, "Since data went out");
}

void addReceiving(Facts &facts, const KernelView &view)
{
    facts.begin("Receiving");
    facts.bytes("Received", view.bytesReceived, "Bytes that came and were acknowledged");
    facts.bytes("Unread", view.receiveQueue, "Bytes that the kernel has and this program has not read yet (SIOCINQ)");
    facts.count("Segments in", view.segmentsIn, "", "Packets of every kind, also mere acknowledgements");
    facts.bytes("Our window", view.receiveWindow, "So much we are ready to take");
    facts.ago("Last received", view.sinceReceived, "Since data came");
    QString memory;
    if (view.receiveMemory >= 0) {
        memory = Facts::bytesText(view.receiveMemory) + QStringLiteral(" of ") + Facts::bytesText(view.receiveBuffer);
    }
    facts.add("Receive buffer", memory,
              "Memory that unread data takes, with the kernel's own overhead, of what it may (SO_RCVBUF)");
}

void addOther(Facts &facts, const Peer &peer, const KernelView &view)
{
    const bool isShared = isDatagram(peer.transport) && peer.direction == Direction::Incoming;
    facts.begin(isShared ? "Socket of all these peers" : "Queues");
    facts.bytes("Unread", view.receiveQueue, "What came and was not read yet");
    facts.bytes("Send queue", view.sendQueue, "What was handed over and has not gone out yet");
    QString memory;
    if (view.receiveMemory >= 0) {
        memory = Facts::bytesText(view.receiveMemory) + QStringLiteral(" of ") + Facts::bytesText(view.receiveBuffer);
    }
    facts.add("Receive buffer", memory, "Memory that unread data takes, of what it may (SO_RCVBUF)");
    facts.count("Dropped", view.drops, "datagrams", "Thrown away by our kernel because nobody read them in time");
    facts.add("Name", QString::fromStdString(view.name), "The path or abstract name that it is bound to");
}

} // namespace

QList<KernelFact> kernelFacts(const Peer &peer, const KernelView &view)
{
    Facts facts;
    addWho(facts, peer, view);
    if (view.presence != Presence::Here) {
        return facts.take();
    }
    if (peer.transport != Transport::Tcp) {
        addOther(facts, peer, view);
        return facts.take();
    }
    addAgreed(facts, view);
    if (view.hasInfo) {
        addTimes(facts, view);
        addSending(facts, view);
        addReceiving(facts, view);
    }
    return facts.take();
}

} // namespace tincan
