// SPDX-License-Identifier: MIT
// A kept session is read while it is shown: batches, progress, cancel, errors in the middle, what is said of it.
#include "session/openedsession.h"

#include <QSignalSpy>
#include <QTest>

#include "session/callmodel.h"
#include "session/peermodel.h"
#include "session/sessionwords.h"
#include "session/transcriptmodel.h"
#include "support/madesource.h"

using namespace tincan;
using namespace tincan::test;
using State = OpenedSession::State;

namespace {

std::unique_ptr<TranscriptModel> openFrom(OpenedSession &session, PeerId peer, RowNumber firstRow)
{
    ConversationOptions options(peer);
    options.firstRow = firstRow;
    return session.openConversation(options);
}

} // namespace

class OpenedSessionTest : public QObject
{
    Q_OBJECT

private:
    const QString m_path = QStringLiteral("/made.pcapng");

private slots:
    void everythingIsThere()
    {
        OpenedSession session(m_path, MadeSource::opener({.peers = 3, .messages = 30'000}));
        QVERIFY(!session.live());
        const auto all = session.openConversation(kNoPeer); // before anything has been read
        const auto second = session.openConversation(2);
        QTRY_COMPARE(session.state(), State::Done);
        QVERIFY(!session.error());
        QCOMPARE(session.progress(), 1000);
        QCOMPARE(session.index().size(), RowNumber{30'006});
        QCOMPARE(session.peers()->rowCount(), 1 + 3);
        QCOMPARE(session.totals().messagesIn + session.totals().messagesOut, std::uint64_t{30'000});
        QCOMPARE(session.calls()->rowCount(), 3);
        QCOMPARE(all->count(), 30'006);
        QCOMPARE(second->count(), 10'002);
        QCOMPARE(second->bytes(1, 100), MadeSource::payload(1));
        QCOMPARE(all->bytes(30'002, 100), MadeSource::payload(29'999));
        QCOMPARE(session.peers()->openCount(), 0);
    }

    void nothingIsNews()
    {
        OpenedSession session(m_path, MadeSource::opener({.messages = 100}));
        QTRY_COMPARE(session.state(), State::Done);
        QCOMPARE(session.peers()->peer(1).unread, 0U);
        QCOMPARE(session.peers()->peer(0).unread, 0U);
        QVERIFY(session.peers()->isOver());
    }

    void firstRowsBeforeTheRest()
    {
        const auto pace = std::make_shared<QSemaphore>(1); // one read, no more
        OpenedSession session(m_path, MadeSource::opener({.messages = 100'000, .pace = pace}));
        QSignalSpy progress(&session, &OpenedSession::progressChanged);
        QTRY_VERIFY(session.index().size() > 0);
        QCOMPARE(session.state(), State::Reading);
        QVERIFY(session.index().size() < 10'000);
        QVERIFY(session.progress() > 0 && session.progress() < 1000);
        QVERIFY(!progress.isEmpty());
        pace->release(1'000);
        QTRY_COMPARE(session.state(), State::Done);
        int last = 0;
        for (const QList<QVariant> &told : progress) {
            QVERIFY(told.first().toInt() >= last);
            last = told.first().toInt();
        }
        QCOMPARE(last, 1000);
    }

    // What was posted while a batch was taken in has its turn before the batch after the next.
    void theEventLoopRunsBetweenBatches()
    {
        OpenedSession session(m_path, MadeSource::opener({.messages = 300'000}));
        int batches = 0;
        int turns = 0;
        bool hasItsTurn = true;
        RowNumber largest = 0;
        connect(&session, &Session::rowsAdded, this, [&](RowNumber first) {
            largest = std::max(largest, session.index().size() - first);
            hasItsTurn = hasItsTurn && turns >= batches - 1;
            ++batches;
            QMetaObject::invokeMethod(
                this, [&turns] { ++turns; }, Qt::QueuedConnection);
        });
        QTRY_COMPARE(session.state(), State::Done);
        QVERIFY(batches > 6);
        QVERIFY(largest <= 50'000);
        QVERIFY(hasItsTurn);
        QCoreApplication::processEvents(); // what was posted last still writes into this function
    }

    void cancelling()
    {
        const auto pace = std::make_shared<QSemaphore>(1);
        OpenedSession session(m_path, MadeSource::opener({.messages = 100'000, .pace = pace}));
        QTRY_VERIFY(session.index().size() > 0);
        const RowNumber read = session.index().size();
        session.cancel();
        QCOMPARE(session.state(), State::Cancelled);
        pace->release(1'000); // the read under way comes to its end, and is not taken in
        QVERIFY(QTest::qWaitFor([&] { return pace->available() == 999; }));
        QCoreApplication::processEvents();
        QCOMPARE(session.index().size(), read);
        QVERIFY(openedWords(session).join(u' ').contains(QStringLiteral("cancelled")));
        session.cancel(); // once more does nothing
        QCOMPARE(session.state(), State::Cancelled);
    }

    void goneWhileReading()
    {
        const auto pace = std::make_shared<QSemaphore>(0);
        auto session = std::make_unique<OpenedSession>(m_path, MadeSource::opener({.pace = pace}));
        session.reset(); // waits for nothing
        pace->release();
        QTRY_COMPARE(pace->available(), 0);
        QCoreApplication::processEvents();
    }

    void errorInTheMiddle()
    {
        OpenedSession session(m_path, MadeSource::opener({.messages = 5'000, .failsAt = 3'500}));
        QSignalSpy states(&session, &OpenedSession::stateChanged);
        QTRY_COMPARE(session.state(), State::Failed);
        QCOMPARE(states.size(), 1);
        QCOMPARE(session.index().size(), RowNumber{3'501});
        QCOMPARE(session.error()->code, EIO);
        const QString said = openedWords(session).first();
        QVERIFY2(said.contains(QStringLiteral("EIO")) && said.contains(QStringLiteral("What was read before that is shown")),
                 qPrintable(said));
    }

    void cannotBeOpened()
    {
        OpenedSession session(m_path, MadeSource::opener({.cannotOpen = Error{ENOENT, CallName::Open, "/made.pcapng"}}));
        QTRY_COMPARE(session.state(), State::Failed);
        const auto model = session.openConversation(kNoPeer);
        QCOMPARE(model->count(), 0);
        int error = 0;
        std::byte some{};
        QCOMPARE(session.payloads().readInto(0, {&some, 1}, &error), std::size_t{0});
        QCOMPARE(error, ENODATA);
        QVERIFY(openedWords(session).first().contains(QStringLiteral("open: ENOENT — /made.pcapng: No such file")));
    }

    void whatIsSaid_data()
    {
        QTest::addColumn<RowSource::Report>("report");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char *name, const RowSource::Report &report, const QStringList &words) {
            QTest::newRow(name) << report << words;
        };
        row("whole", {.own = true, .finished = true}, {});
        row("capture", {}, {});
        row("torn", {.cutBytes = 1'234, .own = true}, {QStringLiteral("last 1,234 bytes were left out, nothing else")});
        row("not ended", {.own = true}, {QStringLiteral("This session was not ended")});
        row("missing", {.missing = 1}, {QStringLiteral("1 byte of the conversations")});
        row("passed over", {.passedOver = 2, .retransmitted = 7},
            {QStringLiteral("2 packets were passed over"), QStringLiteral("7 bytes that came again")});
    }
    void whatIsSaid()
    {
        QFETCH(const RowSource::Report, report);
        QFETCH(const QStringList, words);
        OpenedSession session(m_path, MadeSource::opener({.report = report}));
        QTRY_COMPARE(session.state(), State::Done);
        const QStringList said = openedWords(session);
        QCOMPARE(said.size(), words.size());
        for (qsizetype at = 0; at < said.size(); ++at) {
            QVERIFY2(said.at(at).contains(words.at(at)), qPrintable(said.at(at)));
        }
    }

    void aModelFromARowOn()
    {
        OpenedSession session(m_path, MadeSource::opener({.peers = 2, .messages = 20}));
        QTRY_COMPARE(session.state(), State::Done);
        const auto all = openFrom(session, kNoPeer, 10);
        QCOMPARE(all->count(), 24 - 10);
        QCOMPARE(all->number(0), RowNumber{10});
        QCOMPARE(all->bytes(0, 100), MadeSource::payload(8));
        const auto one = openFrom(session, 1, 10);
        QCOMPARE(one->number(0), RowNumber{10});
        QCOMPARE(one->count(), 6 + 1); // messages 8, 10 … 18, and its end
        QCOMPARE(openFrom(session, 1, 24)->count(), 0);
        QCOMPARE(openFrom(session, kNoPeer, 24)->count(), 0);
    }
};

QTEST_GUILESS_MAIN(OpenedSessionTest)
#include "openedsession.moc"
