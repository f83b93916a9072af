// SPDX-License-Identifier: MIT
// What is said of connections that could not be made from here, or to a Unix socket.
#include <cerrno>

#include <QTest>

#include "net/unixpath.h"
#include "session/words.h"

using namespace tincan;

class ConnectWordsTest : public QObject
{
    Q_OBJECT

private:
    static FailureInfo unixFailure(int error, const std::string &host, Transport transport = Transport::UnixStream)
    {
        FailureInfo failure;
        failure.error = {error, CallName::Connect, {}};
        failure.host = host;
        failure.endpoint = host.starts_with('@') ? Endpoint::unixAbstract(host.substr(1)) : Endpoint::unixPath(host);
        failure.transport = transport;
        return failure;
    }
    static FailureInfo fromFailure(int error, const std::string &local, Transport transport = Transport::Tcp)
    {
        FailureInfo failure;
        failure.error = {error, CallName::Bind, local};
        failure.endpoint = Endpoint::ipv4(0xc0000201, 80);
        failure.transport = transport;
        return failure;
    }
    static void says(const FailureInfo &failure, const char *headline, const char *remedy)
    {
        const ErrorWords said = words(failure, RecordKind::ConnectFailed);
        QVERIFY2(said.headline.contains(QString::fromUtf8(headline)), qPrintable(said.headline));
        QVERIFY2(said.remedy.contains(QString::fromUtf8(remedy)), qPrintable(said.remedy));
    }

private slots:
    void unixSockets()
    {
        says(unixFailure(ENOENT, "/run/app.sock"), "connect: ENOENT — there is nothing at /run/app.sock.", "Start the server");
        says(unixFailure(ECONNREFUSED, "/run/app.sock"), "/run/app.sock is there, but nobody listens on it", "Start the server");
        says(unixFailure(ECONNREFUSED, "@app"), "connect: ECONNREFUSED — nobody listens on @app.", "Start the server");
        says(unixFailure(EACCES, "/run/app.sock"), "you may not connect to /run/app.sock", "chmod");
        says(unixFailure(EPROTOTYPE, "/run/app.sock"), "the socket at /run/app.sock is no stream socket", "datagram");
        says(unixFailure(EPROTOTYPE, "/s", Transport::UnixSeqpacket), "the socket at /s is no seqpacket socket", "transport");
        says(unixFailure(ENAMETOOLONG, "/long"), "does not fit", "shorter");
        says(unixFailure(EINVAL, ""), "is no name of a Unix socket", "/run/app.sock");
        says(unixFailure(EMFILE, "/run/app.sock"), "EMFILE", "ulimit");
    }

    void aQueueThatStayedFull()
    {
        FailureInfo failure = unixFailure(ETIMEDOUT, "/run/app.sock");
        failure.cause = FailureCause::TimedOut;
        failure.afterMilliseconds = 2500;
        says(failure, "the accept queue of /run/app.sock is full, and stayed so for 2.5 s.", "does not accept");
        QVERIFY(!words(failure, RecordKind::ConnectFailed).remedy.contains(QStringLiteral("firewall")));
    }

    void whereWeWouldConnectFrom()
    {
        FailureInfo taken = fromFailure(EADDRINUSE, "127.0.0.1:5000");
        taken.owner = {4242, "nc"};
        says(taken, "bind: EADDRINUSE — the local port 5000 is taken by nc (pid 4242).", "0 takes a free one");
        says(fromFailure(EADDRNOTAVAIL, "192.0.2.7:0"), "no interface of this computer has the address 192.0.2.7.", "list");
        says(fromFailure(EACCES, "0.0.0.0:80"), "an ordinary user may not connect from port 80.", "1024");
        says(fromFailure(EAFNOSUPPORT, "[::1]:0"), "from [::1]:0 there is no way to 192.0.2.1:80", "other family");
        FailureInfo loopback = fromFailure(EINVAL, "127.0.0.1:0");
        loopback.error.call = CallName::Connect;
        says(loopback, "192.0.2.1:80 cannot be reached from 127.0.0.1:0.", "loopback");
    }

    void aPathOfOurs()
    {
        FailureInfo taken = fromFailure(EADDRINUSE, "/run/me.sock", Transport::UnixStream);
        taken.owner = {4242, "socat"};
        says(taken, "our path /run/me.sock is in use by socat (pid 4242).", "or none");
        says(fromFailure(EADDRINUSE, std::string(UnixPath::kNoSocket), Transport::UnixStream), "it is no socket", "another path");
        says(fromFailure(EACCES, "/root/me.sock", Transport::UnixSeqpacket), "our path /root/me.sock cannot be made", "folder");
    }

    void whereOneCannotListen()
    {
        FailureInfo failure;
        failure.error = {EADDRINUSE, CallName::Bind, std::string(UnixPath::kNoSocket)};
        failure.endpoint = Endpoint::unixPath("/home/me/letter.txt");
        failure.transport = Transport::UnixStream;
        const ErrorWords said = words(failure, RecordKind::ListenFailed);
        QVERIFY2(said.headline.contains(QStringLiteral("/home/me/letter.txt is there already, and it is no socket")),
                 qPrintable(said.headline));
    }

    void processesThatHadToBeKilled()
    {
        const auto text = [](int code, CallName call) { return leftText({LeftReason::ChildDied, {code, call, {}}, 0, 0}); };
        QCOMPARE(text(1009, CallName::Close),
                 QStringLiteral("the process that served this peer did not end when it was told to, so it was killed"));
        QVERIFY(text(1009, CallName::Epoll).contains(QStringLiteral("could not be watched")));
        QVERIFY(text(1009, CallName::SendMsg).contains(QStringLiteral("could not be told")));
        QVERIFY(text(1009, CallName::None).contains(QStringLiteral("signal 9")));
        QVERIFY(text(3, CallName::None).contains(QStringLiteral("exit status 3")));
    }

    void whatTheRecorderHadNoRoomFor()
    {
        const auto text = [](const Error &error) { return leftText({LeftReason::DisconnectedByUs, error, 0, 0}); };
        QVERIFY(text({ENOBUFS, CallName::Recv, {}}).contains(QStringLiteral("was not read")));
        QVERIFY(!text({}).contains(QStringLiteral("was not read")));
    }
};
QTEST_GUILESS_MAIN(ConnectWordsTest)
#include "connectwords.moc"
