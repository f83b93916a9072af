// SPDX-License-Identifier: MIT
// A connection to another host while the link between them is down: what the inspector shows of it. Needs root.
#include "windows.h"

#include <QDockWidget>

#include "support/enginehost.h"
#include "support/network.h"
#include "ui/factlist.h"
#include "ui/inspector.h"

using namespace tincan;
using namespace tincan::test;

class OtherHostTest : public QObject
{
    Q_OBJECT

private:
    static QString number(const SessionWindow &window, const char *label)
    {
        return part<FactList>(window, "inspectorNumbers")->value(QString::fromUtf8(label));
    }
    // The first of "7 (now 3)", and the second.
    static int retransmissions(const SessionWindow &window, bool now = false)
    {
        const QStringList words = number(window, "Retransmissions").remove(u')').split(QStringLiteral(" (now "));
        return words.value(now ? 1 : 0, QStringLiteral("-1")).toInt();
    }
    static void inspect(SessionWindow &window)
    {
        QVERIFY(activate(window));
        QTest::keyClick(&window, Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(part<QDockWidget>(window, "inspectorDock")->isVisible());
    }
    static QString state(const SessionWindow &window)
    {
        return part<QLabel>(window, "inspectorState")->text().section(u':', 0, 0);
    }

    std::unique_ptr<TwoHosts> m_hosts;
    std::unique_ptr<Inside> m_inside; // and all threads that begin from now on

private slots:
    void initTestCase()
    {
        m_hosts = std::make_unique<TwoHosts>();
        if (!m_hosts->problem.isEmpty()) {
            QSKIP(qPrintable(m_hosts->problem));
        }
        m_inside = std::make_unique<Inside>(m_hosts->one);
        QVERIFY(m_inside->isIn());
    }
    void cleanupTestCase() { m_inside.reset(); }
    void init() { QVERIFY(m_hosts->setLink(true)); }

    void retransmissionsRiseWhileTheLinkIsDown()
    {
        Server server;
        part<QComboBox>(*server.window, "address")->setEditText(QLatin1String(TwoHosts::kOne));
        QVERIFY(server.start());
        std::unique_ptr<RawPeer> peer;
        {
            const Inside there(m_hosts->other);
            peer = std::make_unique<RawPeer>(server.port(), TwoHosts::kOne);
        }
        QVERIFY(peer->isConnected());
        QTRY_COMPARE(server.session.peers()->openCount(), 1);
        SessionWindow &window = *server.window;
        inspect(window);
        pick(window, 1);
        QTRY_COMPARE(state(window), QStringLiteral("ESTABLISHED"));
        QTRY_COMPARE(retransmissions(window), 0);
        QCOMPARE(number(window, "Program"), QString()); // nobody of this host

        QVERIFY(m_hosts->setLink(false));
        type(window, QStringLiteral("are you there?"));
        QTRY_VERIFY(retransmissions(window) > 0);
        const int before = retransmissions(window);
        QTRY_VERIFY_WITH_TIMEOUT(retransmissions(window) > before, 20'000);
        QVERIFY(retransmissions(window, true) > 1);
        QVERIFY2(number(window, "Timer").startsWith(QStringLiteral("sends again in ")), qPrintable(number(window, "Timer")));
        QCOMPARE(number(window, "Send queue"), QStringLiteral("15 B"));
        QCOMPARE(state(window), QStringLiteral("ESTABLISHED")); // that nobody is there, nobody knows

        QVERIFY(m_hosts->setLink(true));
        QCOMPARE(peer->read(15), QByteArray("are you there?\n"));
        QTRY_COMPARE_WITH_TIMEOUT(number(window, "Send queue"), QStringLiteral("0 B"), 20'000);
        QTRY_COMPARE(retransmissions(window, true), 0);
        QVERIFY(retransmissions(window) > before);
    }

    void aHostThatIsNotThere()
    {
        Client client;
        part<QComboBox>(*client.window, "host")->setEditText(QLatin1String(TwoHosts::kNobody));
        client.connectTo(6666);
        QTRY_VERIFY_WITH_TIMEOUT(noticed(*client.window).contains(QStringLiteral("EHOSTUNREACH")), 30'000);
        QVERIFY2(noticed(*client.window).contains(QLatin1String(TwoHosts::kNobody)), qPrintable(noticed(*client.window)));
    }
};

QTEST_MAIN(OtherHostTest)
#include "otherhost.moc"
