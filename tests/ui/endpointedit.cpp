// SPDX-License-Identifier: MIT
#include "ui/endpointedit.h"

#include <QAccessible>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include "ui/combobox.h"

using namespace tincan;

class EndpointEditTest : public QObject
{
    Q_OBJECT

private:
    static QString text(const Result<Endpoint> &endpoint)
    {
        return endpoint ? QString::fromStdString(endpoint->toString()) : QStringLiteral("error");
    }

private slots:
    void offersThisComputerFirst()
    {
        EndpointEdit edit(EndpointEdit::For::Listening);
        QCOMPARE(edit.hostEdit()->itemText(0), QStringLiteral("127.0.0.1 — this computer only"));
        QCOMPARE(edit.hostEdit()->itemText(1), QStringLiteral("0.0.0.0 — every IPv4 network"));
        QCOMPARE(edit.hostEdit()->itemText(2), QStringLiteral(":: — every network"));
        QCOMPARE(edit.hostEdit()->currentIndex(), 0);
        QCOMPARE(text(edit.endpoint()), QStringLiteral("127.0.0.1:6666"));
        edit.hostEdit()->setCurrentIndex(2);
        edit.setPort(0);
        QCOMPARE(text(edit.endpoint()), QStringLiteral("[::]:0"));
    }

    void typedAddresses_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("endpoint");
        QTest::newRow("plain") << QStringLiteral("192.0.2.7") << QStringLiteral("192.0.2.7:6666");
        QTest::newRow("blanks") << QStringLiteral(" ::1 ") << QStringLiteral("[::1]:6666");
        QTest::newRow("brackets") << QStringLiteral("[::1]") << QStringLiteral("[::1]:6666");
        QTest::newRow("port") << QStringLiteral("127.0.0.1:7000") << QStringLiteral("127.0.0.1:7000");
        QTest::newRow("port6") << QStringLiteral("[::1]:7000") << QStringLiteral("[::1]:7000");
        QTest::newRow("wrong") << QStringLiteral("no such address") << QStringLiteral("error");
        QTest::newRow("empty") << QString() << QStringLiteral("error");
    }
    void typedAddresses()
    {
        QFETCH(QString, typed);
        QFETCH(QString, endpoint);
        EndpointEdit edit(EndpointEdit::For::Listening);
        edit.hostEdit()->lineEdit()->clear();
        QTest::keyClicks(edit.hostEdit()->lineEdit(), typed);
        QCOMPARE(text(edit.endpoint()), endpoint);
    }

    void restoredAddressShowsItsMeaning()
    {
        EndpointEdit edit(EndpointEdit::For::Listening);
        edit.setHost(QStringLiteral("0.0.0.0"));
        QCOMPARE(edit.hostEdit()->currentText(), QStringLiteral("0.0.0.0 — every IPv4 network"));
        edit.setHost(QStringLiteral("192.0.2.99"));
        QCOMPARE(edit.hostEdit()->currentText(), QStringLiteral("192.0.2.99"));
        QCOMPARE(edit.host(), QStringLiteral("192.0.2.99"));
        emit edit.hostEdit()->aboutToShowPopup(); // filled anew
        QCOMPARE(edit.host(), QStringLiteral("192.0.2.99"));
    }

    void enterStarts()
    {
        EndpointEdit edit(EndpointEdit::For::Connecting);
        QSignalSpy entered(&edit, &EndpointEdit::entered);
        QTest::keyClick(edit.hostEdit(), Qt::Key_Return);
        QCOMPARE(entered.count(), 1);
        QTest::keyClick(edit.portEdit(), Qt::Key_Return);
        QCOMPARE(entered.count(), 2);
    }

    void hostsAreRemembered()
    {
        EndpointEdit edit(EndpointEdit::For::Connecting);
        edit.setHosts({QStringLiteral("one"), QStringLiteral("two")});
        QCOMPARE(edit.host(), QStringLiteral("one"));
        edit.setHost(QStringLiteral("three"));
        edit.setHosts({QStringLiteral("three"), QStringLiteral("one")});
        QCOMPARE(edit.host(), QStringLiteral("three"));
        QCOMPARE(edit.hostEdit()->count(), 2);
    }

    void hasItsNames()
    {
        EndpointEdit edit(EndpointEdit::For::Connecting);
        QCOMPARE(edit.hostEdit()->objectName(), QStringLiteral("host"));
        QCOMPARE(edit.hostEdit()->accessibleDescription(), QStringLiteral("Host"));
        QCOMPARE(edit.portEdit()->accessibleName(), QStringLiteral("Port"));
        edit.hostEdit()->lineEdit()->setText(QStringLiteral("localhost"));
        QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(edit.hostEdit());
        QVERIFY(spoken->editableTextInterface());
        spoken->editableTextInterface()->replaceText(0, 9, QStringLiteral("example"));
        QCOMPARE(edit.host(), QStringLiteral("example"));
    }
};

QTEST_MAIN(EndpointEditTest)
#include "endpointedit.moc"
