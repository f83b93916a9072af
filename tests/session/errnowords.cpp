// SPDX-License-Identifier: MIT
// Every errno that the manual names for the calls we make has its own words, and what to do.
#include "session/errnowords.h"

#include <cerrno>

#include <netdb.h>

#include <QSet>
#include <QTest>

using namespace tincan;

class ErrnoWordsTest : public QObject
{
    Q_OBJECT

private slots:
    // From the ERRORS sections of section 2.
    void ofTheManual_data()
    {
        QTest::addColumn<int>("call");
        QTest::addColumn<QList<int>>("codes");
        const auto row = [](const char *name, CallName call, const QList<int> &codes) {
            QTest::newRow(name) << static_cast<int>(call) << codes;
        };
        row("socket", CallName::Socket, {EACCES, EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTONOSUPPORT});
        row("bind", CallName::Bind,
            {EACCES, EADDRINUSE, EBADF, EINVAL, ENOTSOCK, EADDRNOTAVAIL, EFAULT, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR,
             EROFS});
        row("listen", CallName::Listen, {EADDRINUSE, EBADF, ENOTSOCK, EOPNOTSUPP});
        row("accept", CallName::Accept,
            {EAGAIN, EBADF, ECONNABORTED, EFAULT, EINTR, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOTSOCK, EOPNOTSUPP, EPERM,
             EPROTO});
        row("connect", CallName::Connect,
            {EACCES, EPERM, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY, EBADF, ECONNREFUSED, EFAULT, EINTR,
             EINPROGRESS, EISCONN, ENETUNREACH, ENOTSOCK, EPROTOTYPE, ETIMEDOUT, EHOSTUNREACH, ECONNRESET});
        row("send", CallName::Send,
            {EACCES, EAGAIN, EALREADY, EBADF, ECONNRESET, EDESTADDRREQ, EFAULT, EINTR, EINVAL, EISCONN, EMSGSIZE, ENOBUFS, ENOMEM,
             ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPIPE});
        row("recv", CallName::Recv,
            {EAGAIN, EBADF, ECONNREFUSED, EFAULT, EINTR, EINVAL, ENOMEM, ENOTCONN, ENOTSOCK, ECONNRESET, ETIMEDOUT});
        row("shutdown", CallName::Shutdown, {EBADF, EINVAL, ENOTCONN, ENOTSOCK});
        row("setsockopt", CallName::SetSockOpt, {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK, EDOM, EISCONN, EPERM, ENODEV});
        row("unlink", CallName::Unlink, {EACCES, ENOENT, EROFS, ENOTDIR, EPERM});
        row("spawn", CallName::Spawn, {ENOENT, EACCES, EAGAIN, ENOMEM});
        row("getaddrinfo", CallName::GetAddrInfo,
            {EAI_ADDRFAMILY, EAI_AGAIN, EAI_BADFLAGS, EAI_FAIL, EAI_FAMILY, EAI_MEMORY, EAI_NODATA, EAI_NONAME, EAI_SERVICE,
             EAI_SOCKTYPE, EAI_SYSTEM});
    }
    void ofTheManual()
    {
        QFETCH(int, call);
        QFETCH(QList<int>, codes);
        const Endpoint at = Endpoint::ipv4(0x7f000001, 6666);
        for (const int code : codes) {
            const ErrnoWords said = errnoWords(static_cast<CallName>(call), code, at, QStringLiteral("example.org"));
            // EALREADY and EISCONN of send are only of connect(2) with TCP_FASTOPEN
            const bool isRare = call == static_cast<int>(CallName::Send) && (code == EALREADY || code == EISCONN);
            QVERIFY2(said.isKnown || isRare, qPrintable(said.name));
            QVERIFY2(said.name.startsWith(u'E'), qPrintable(said.name));
            QVERIFY2(said.meaning.endsWith(u'.') || said.meaning.endsWith(u')'), qPrintable(said.meaning));
            QVERIFY2(!said.meaning.contains(u'{') && !said.remedy.contains(u'{'), qPrintable(said.meaning + said.remedy));
            QVERIFY2(!errnoWords(static_cast<CallName>(call), code).meaning.contains(u'{'), "without an address");
        }
    }

    void addressesStandInIt()
    {
        const Endpoint at = Endpoint::ipv4(0x7f000001, 6666);
        QCOMPARE(errnoWords(CallName::Connect, ECONNREFUSED, at).meaning,
                 QStringLiteral("nobody listens on 127.0.0.1:6666: the computer is there, and refused."));
        QCOMPARE(errnoWords(CallName::Bind, EACCES, Endpoint::ipv4(0, 80)).meaning,
                 QStringLiteral("an ordinary user may not listen on port 80."));
        QCOMPARE(errnoWords(CallName::GetAddrInfo, EAI_NONAME, {}, QStringLiteral("a.b")).meaning,
                 QStringLiteral("no host is called “a.b”."));
        QCOMPARE(errnoWords(CallName::RecvMsg, ECONNRESET).meaning, errnoWords(CallName::Recv, ECONNRESET).meaning);
    }

    void whatIsNotKnownIsNotInvented()
    {
        const ErrnoWords said = errnoWords(CallName::Listen, EXDEV);
        QVERIFY(!said.isKnown);
        QCOMPARE(said.name, QStringLiteral("EXDEV"));
        QVERIFY(said.remedy.isEmpty() && !said.meaning.isEmpty());
    }
};

QTEST_GUILESS_MAIN(ErrnoWordsTest)
#include "errnowords.moc"
