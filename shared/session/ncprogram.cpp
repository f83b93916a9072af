// SPDX-License-Identifier: MIT
// Of session/callprogram.h: a session as a line of nc, ncat or socat. Those make the calls themselves: what they cannot do is
// said.
#include "session/callprogram.h"

#include <QStringList>

#include "session/byteliterals.h"

namespace tincan {

namespace {

class NcWriter
{
public:
    explicit NcWriter(const CallScript &script)
        : m_script(script)
    {
    }

    QString write()
    {
        QString body;
        if (m_script.isServer) {
            body = server();
        } else {
            for (const CallTalk &talk : m_script.talks) {
                body += client(talk);
            }
        }
        QString head = QStringLiteral("#!/bin/sh\n# Made by Tincan: %1.\n").arg(scriptTitle(m_script));
        m_remarks.removeDuplicates();
        for (const QString &remark : std::as_const(m_remarks)) {
            head += QStringLiteral("# %1\n").arg(remark);
        }
        return head + body;
    }

private:
    void remark(const QString &text) { m_remarks << text; }

    // A group of printf that writes what was sent; empty where nothing was. Where an answer was awaited, it waits a second.
    QString sends(const CallTalk &talk)
    {
        QStringList lines;
        bool isBegun = false;
        bool waits = false;
        for (const CallStep &step : talk.steps) {
            if (step.kind == CallStep::Kind::Await && isBegun) {
                waits = true;
            } else if (step.kind == CallStep::Kind::Send) {
                // What keeps borders must not run together in the pipe either.
                if (waits || (isBegun && keepsBorders(m_script.transport))) {
                    lines << QStringLiteral("sleep 1");
                }
                if (const QString cut = cutRemark(step); !cut.isEmpty()) {
                    lines << QStringLiteral("# ") + cut;
                }
                if (step.bytes.isEmpty()) {
                    remark(QStringLiteral("an empty message was sent too: nc cannot do that"));
                    continue;
                }
                lines << QStringLiteral("printf ") + printfLiteral(step.bytes);
                waits = false;
                isBegun = true;
            } else if (step.kind == CallStep::Kind::Reset) {
                remark(QStringLiteral("it ended with a reset (SO_LINGER 0): nc can only end it in an orderly way"));
            } else if (step.kind == CallStep::Kind::Shutdown && step.how == 0) {
                remark(QStringLiteral("nc cannot stop receiving (SHUT_RD)"));
            }
        }
        if (lines.join(u' ').contains(QLatin1String("sleep"))) {
            remark(QStringLiteral("nc does not wait for answers: a second's sleep stands in for each"));
        }
        if (lines.isEmpty()) {
            return {};
        }
        return lines.size() == 1 ? lines.front() + QLatin1String(" |\n")
                                 : QLatin1String("{\n    ") + lines.join(QLatin1String("\n    ")) + QLatin1String("\n} |\n");
    }

    // Whether our side was finished while the peer's was still open: then FIN must follow what is sent.
    static bool finishes(const CallTalk &talk)
    {
        for (const CallStep &step : talk.steps) {
            if (step.kind == CallStep::Kind::AwaitEnd) {
                return false; // the peer was first
            }
            if (step.kind == CallStep::Kind::Shutdown) {
                return true;
            }
        }
        return !talk.isStillOpen;
    }

    QString client(const CallTalk &talk)
    {
        if (!talk.options.empty()) {
            remark(QStringLiteral("the options of the socket are nc's own, not those that were set"));
        }
        QString text = QStringLiteral("\n# %1\n").arg(commentText(talk.title));
        if (const QString said = talkRemark(talk); !said.isEmpty()) {
            text += QStringLiteral("# %1\n").arg(said);
        }
        const QString sent = sends(talk);
        return text + sent + command(talk, sent.isEmpty()) + u'\n';
    }

    QString command(const CallTalk &talk, bool isSilent) const
    {
        const Endpoint &to = talk.remote;
        const QString input = isSilent ? QStringLiteral(" < /dev/null") : QString();
        if (to.isIp()) {
            QString options = m_script.transport == Transport::Udp ? QStringLiteral(" -u -w 1")
                : finishes(talk) || isSilent                       ? QStringLiteral(" -N")
                                                                   : QStringLiteral(" -N -w 5");
            if (!talk.local.isEmpty()) {
                options += QStringLiteral(" -s ") + QString::fromStdString(talk.local.addressText());
                if (talk.local.port() != 0) {
                    options += QStringLiteral(" -p %1").arg(talk.local.port());
                }
            }
            return QStringLiteral("nc%1 %2 %3%4")
                .arg(options, QString::fromStdString(to.addressText()), QString::number(to.port()), input);
        }
        return socat(to, talk.local) + input;
    }

    QString socat(const Endpoint &to, const Endpoint &local) const
    {
        QString address = (to.family() == Endpoint::Family::UnixAbstract ? QStringLiteral("ABSTRACT-") : QStringLiteral("UNIX-"))
            + (isDatagram(m_script.transport) ? QStringLiteral("SENDTO:") : QStringLiteral("CONNECT:")) + socatName(to.path());
        if (m_script.transport == Transport::UnixSeqpacket) {
            address += QStringLiteral(",type=5"); // SOCK_SEQPACKET
        }
        if (!local.isEmpty()) {
            address += QStringLiteral(",bind=") + socatName(local.path());
        }
        return QStringLiteral("socat -t 1 - ") + shellQuoted(address);
    }

    QString server()
    {
        if (!m_script.options.empty()) {
            remark(QStringLiteral("the options of the socket are nc's own, not those that were set"));
        }
        const bool isOk = m_script.answer == AnswerMode::Ok;
        if (isOk || m_script.answer == AnswerMode::Echo) {
            return QLatin1Char('\n') + answering(isOk);
        }
        if (m_script.talks.size() > 1) {
            remark(QStringLiteral("one peer after the other, each its own nc"));
        }
        QString text;
        for (const CallTalk &talk : m_script.talks) {
            const QString sent = sends(talk);
            text += QStringLiteral("\n# %1\n")
                        .arg(commentText(talk.title.isEmpty() ? QStringLiteral("a peer without a name") : talk.title));
            text += sent + listening() + (sent.isEmpty() ? QStringLiteral(" < /dev/null\n") : QStringLiteral("\n"));
        }
        return m_script.talks.empty() ? QLatin1Char('\n') + listening() + u'\n' : text;
    }

    QString listening() const
    {
        const Endpoint &at = m_script.local;
        const bool isUdp = m_script.transport == Transport::Udp;
        if (at.isIp()) {
            return QStringLiteral("nc%1 -l %2 %3")
                .arg(isUdp ? QStringLiteral(" -u -w 10") : QStringLiteral(" -N"), QString::fromStdString(at.addressText()),
                     QString::number(at.port()));
        }
        return QStringLiteral("socat -t 1 - ") + shellQuoted(listenAddress());
    }

    // As socat writes it. Datagrams are answered as they come.
    QString listenAddress() const
    {
        const Endpoint &at = m_script.local;
        const QString port = QString::number(at.port());
        const QString host = QString::fromStdString(at.addressText());
        const bool isIpv6 = at.family() == Endpoint::Family::IPv6;
        if (at.isIp()) {
            const QString kind = m_script.transport == Transport::Udp ? QStringLiteral("UDP") : QStringLiteral("TCP");
            return kind + (isIpv6 ? QStringLiteral("6") : QStringLiteral("4")) + QStringLiteral("-LISTEN:") + port
                + QStringLiteral(",bind=") + (isIpv6 ? u'[' + host + u']' : host) + QStringLiteral(",reuseaddr");
        }
        const QString family
            = at.family() == Endpoint::Family::UnixAbstract ? QStringLiteral("ABSTRACT-") : QStringLiteral("UNIX-");
        if (isDatagram(m_script.transport)) {
            return family + QStringLiteral("RECVFROM:") + socatName(at.path());
        }
        return family + QStringLiteral("LISTEN:") + socatName(at.path())
            + (m_script.transport == Transport::UnixSeqpacket ? QStringLiteral(",type=5") : QString());
    }

    QString answering(bool isOk)
    {
        if (isOk) {
            remark(QStringLiteral("an answer to each line, not to each recv: a shell reads lines"));
            remark(QStringLiteral("two ! in a row would part two addresses for socat"));
        }
        const QString answer = isOk
            ? QStringLiteral("SYSTEM:\"while read -r line; do printf OK%s%s%s ! ! !; case \\$line in (exit) break;; esac; done\"")
            : QStringLiteral("EXEC:cat");
        return QStringLiteral("socat %1 %2\n").arg(shellQuoted(listenAddress() + QStringLiteral(",fork")), answer);
    }

    const CallScript &m_script;
    QStringList m_remarks;
};

} // namespace

QString ncProgram(const CallScript &script)
{
    return NcWriter(script).write();
}

} // namespace tincan
