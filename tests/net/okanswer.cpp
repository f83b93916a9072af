// SPDX-License-Identifier: MIT
// OK!!! for each message, and the end at exit.
#include "support/enginehost.h"

using namespace tincan;
using namespace tincan::test;

#include "net/answer.h"

class OkAnswerTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsExit_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<bool>("exit");
        QTest::newRow("bare") << QByteArray("exit") << true;
        QTest::newRow("LF") << QByteArray("exit\n") << true;
        QTest::newRow("CRLF") << QByteArray("exit\r\n") << true;
        QTest::newRow("NUL") << QByteArray("exit\0", 5) << true;
        QTest::newRow("a line in a block of 1024") << QByteArray("exit\n") + QByteArray(1019, '\0') << true;
        QTest::newRow("more") << QByteArray("exit now") << false;
        QTest::newRow("before") << QByteArray(" exit") << false;
        QTest::newRow("capital") << QByteArray("EXIT") << false;
        QTest::newRow("short") << QByteArray("exi") << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("NUL, then more") << QByteArray("exit\0x", 6) << false;
    }
    void whatIsExit()
    {
        QFETCH(QByteArray, message);
        QFETCH(bool, exit);
        QCOMPARE(isExit(bytesOf(message)), exit);
    }

    void eachMessageIsAnsweredAndExitEndsIt()
    {
        EngineHost host;
        const RawPeer peer(host.listen(AnswerMode::Ok));
        for (const char *word : {"hello", "world", "exit"}) {
            QVERIFY(peer.send(word));
            QCOMPARE(peer.read(5), QByteArray("OK!!!"));
        }
        QVERIFY(peer.atEnd());
        peer.finish();
        QCOMPARE(host.leftReason(1), LeftReason::BothFinished);
        QCOMPARE(host.payloads(RecordKind::Sent, 1), QByteArray("OK!!!OK!!!OK!!!"));
    }

    void answersMayBeChangedMeanwhile()
    {
        EngineHost host;
        const RawPeer peer(host.listen(AnswerMode::Ok));
        QVERIFY(peer.send("a"));
        QCOMPARE(peer.read(5), QByteArray("OK!!!"));
        host.run([&] { host.engine.setAnswer({.mode = AnswerMode::Echo}); });
        QVERIFY(peer.send("b"));
        QCOMPARE(peer.read(1), QByteArray("b"));
    }
};
QTEST_GUILESS_MAIN(OkAnswerTest)
#include "okanswer.moc"
