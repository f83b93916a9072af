// SPDX-License-Identifier: MIT
#include "ui/settings.h"

#include <algorithm>
#include <bit>
#include <limits>

#include <QStandardPaths>

namespace tincan {

namespace {

constexpr int kMostHosts = 20;
constexpr int kMostOpened = 15;
constexpr int kGibi = 30; // as a shift
constexpr int kMost = std::numeric_limits<int>::max();

} // namespace

Settings::Settings(const QString &file)
    : m_store(file, QSettings::IniFormat)
{
}

QString Settings::fileOf(const QString &program)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return folder + QLatin1String("/tincan/") + program + QLatin1String(".ini");
}

QByteArray Settings::splitter(const QString &name) const
{
    return m_store.value(QStringLiteral("window/") + name).toByteArray();
}

void Settings::setSplitter(const QString &name, const QByteArray &state)
{
    m_store.setValue(QStringLiteral("window/") + name, state);
}

QStringList Settings::hosts() const
{
    const QStringList used = m_store.value(QStringLiteral("endpoint/hosts")).toStringList();
    return used.isEmpty() ? QStringList{QStringLiteral("127.0.0.1"), QStringLiteral("localhost")} : used;
}

void Settings::addHost(const QString &host)
{
    QStringList used = hosts();
    used.removeAll(host);
    used.prepend(host);
    put("endpoint/hosts", QStringList(used.mid(0, kMostHosts)));
}

void Settings::addPath(const QString &path)
{
    QStringList used = paths();
    used.removeAll(path);
    used.prepend(path);
    put("endpoint/paths", QStringList(used.mid(0, kMostHosts)));
}

Endpoint Settings::from() const
{
    const Result<Endpoint> parsed = Endpoint::parse(text("client/from", {}).toStdString());
    return parsed && parsed->isIp() ? *parsed : Endpoint();
}

void Settings::setFrom(const Endpoint &from)
{
    put("client/from", from.isEmpty() ? QString() : QString::fromStdString(from.toString()));
}

Endpoint Settings::fromPath() const
{
    const QString before = text("client/from", {}); // where both once were kept
    const Result<Endpoint> parsed = Endpoint::parse(before.toStdString());
    return unixEndpoint(text("client/fromPath", parsed && parsed->isIp() ? QString() : before)).value_or(Endpoint());
}

void Settings::setFromPath(const Endpoint &from)
{
    put("client/fromPath", from.isEmpty() ? QString() : QString::fromStdString(from.toString()));
}

ListenRequest Settings::serving() const
{
    ListenRequest request;
    request.serving = choice("server/serve", Serving::EventLoop, Serving::ProcessPerPeer);
    request.loops = number("server/loops", 1, 1, kMostLoops);
    request.pathMode = number("server/pathMode", -1, -1, 0777);
    request.groups = parseGroups(text("server/groups", {})).value_or(std::vector<GroupRequest>{});
    return request;
}

void Settings::setServing(const ListenRequest &request)
{
    put("server/serve", static_cast<int>(request.serving));
    put("server/loops", request.loops);
    put("server/pathMode", request.pathMode);
    put("server/groups", groupsText(request.groups));
}

std::vector<ListenRequest> Settings::listeners() const
{
    std::vector<ListenRequest> listeners;
    for (const QString &stored : m_store.value(QStringLiteral("server/listeners")).toStringList()) {
        if (const auto request = requestOf(stored)) {
            listeners.push_back(*request);
        }
    }
    return listeners;
}

void Settings::setListeners(const std::vector<ListenRequest> &listeners)
{
    QStringList stored;
    for (const ListenRequest &request : listeners) {
        stored << storedText(request);
    }
    put("server/listeners", stored);
}

Lens Settings::lens() const
{
    Lens lens;
    const QByteArray delimiter = QByteArray::fromHex(bytes("lens/delimiter"));
    if (!delimiter.isEmpty()) {
        lens.delimiter = delimiter;
    }
    lens.headerSize = 1 << number("lens/headerSize", 1, 0, 3);
    lens.bigEndian = flag("lens/bigEndian", true);
    lens.headerOffset = number("lens/headerOffset", 0, 0, 1024);
    lens.inclusive = flag("lens/inclusive", false);
    lens.gapMilliseconds = number("lens/gapMilliseconds", lens.gapMilliseconds, 1, 60'000);
    return lens;
}

void Settings::setLens(const Lens &lens)
{
    put("lens/delimiter", lens.delimiter.toHex());
    put("lens/headerSize", std::countr_zero(static_cast<unsigned>(lens.headerSize)));
    put("lens/bigEndian", lens.bigEndian);
    put("lens/headerOffset", lens.headerOffset);
    put("lens/inclusive", lens.inclusive);
    put("lens/gapMilliseconds", lens.gapMilliseconds);
}

AnswerOptions Settings::answer() const
{
    AnswerOptions answer;
    answer.mode = choice("server/answer", AnswerMode::Manual, AnswerMode::Relay);
    answer.prefixSender = flag("server/prefixSender", false);
    answer.afterFin = choice("server/afterFin", AfterFin::Automatic, AfterFin::Finish);
    return answer;
}

void Settings::setAnswer(const AnswerOptions &answer)
{
    put("server/answer", static_cast<int>(answer.mode));
    put("server/prefixSender", answer.prefixSender);
    put("server/afterFin", static_cast<int>(answer.afterFin));
}

SessionSettings Settings::session() const
{
    SessionSettings session;
    session.sendQueueBytes = static_cast<quint64>(number("limits/sendQueueKiB", static_cast<int>(session.sendQueueBytes / 1024),
                                                         64, 4 * 1024 * 1024))
        * 1024;
    session.maxPeers = number("limits/maxPeers", session.maxPeers, 0, kMost);
    session.drainMilliseconds = number("limits/drainMilliseconds", session.drainMilliseconds, 0, 600'000);
    session.afterFinMilliseconds = number("limits/afterFinMilliseconds", session.afterFinMilliseconds, 0, 600'000);
    return session;
}

void Settings::setSession(const SessionSettings &session)
{
    put("limits/sendQueueKiB", static_cast<int>(session.sendQueueBytes / 1024));
    put("limits/maxPeers", session.maxPeers);
    put("limits/drainMilliseconds", session.drainMilliseconds);
    put("limits/afterFinMilliseconds", session.afterFinMilliseconds);
}

Retention Settings::retention() const
{
    Retention retention;
    retention.days = number("history/keepDays", retention.days, 0, 36'500);
    retention.mostBytes = static_cast<quint64>(number("history/keepGiB", 20, 0, 1024 * 1024)) << kGibi;
    return retention;
}

void Settings::setRetention(const Retention &retention)
{
    put("history/keepDays", retention.days);
    put("history/keepGiB", static_cast<int>(retention.mostBytes >> kGibi));
}

qint64 Settings::lastStart() const
{
    return std::max<qint64>(m_store.value(QStringLiteral("history/lastStart")).toLongLong(), 0);
}

void Settings::addOpenedFile(const QString &path)
{
    QStringList opened = openedFiles();
    opened.removeAll(path);
    opened.prepend(path);
    put("history/opened", QStringList(opened.mid(0, kMostOpened)));
}

int Settings::backlog() const
{
    return number("server/backlog", SOMAXCONN, 0, kMost);
}

QByteArray Settings::bytes(const char *key) const
{
    return m_store.value(QLatin1String(key)).toByteArray();
}

QString Settings::text(const char *key, const QString &otherwise) const
{
    const QString stored = m_store.value(QLatin1String(key)).toString();
    return stored.isEmpty() ? otherwise : stored;
}

bool Settings::flag(const char *key, bool otherwise) const
{
    return m_store.value(QLatin1String(key), otherwise).toBool();
}

int Settings::number(const char *key, int otherwise, int least, int most) const
{
    bool isNumber = false;
    const int stored = m_store.value(QLatin1String(key)).toInt(&isNumber);
    return isNumber && stored >= least && stored <= most ? stored : otherwise;
}

void Settings::put(const char *key, const QVariant &value)
{
    m_store.setValue(QLatin1String(key), value);
}

} // namespace tincan
