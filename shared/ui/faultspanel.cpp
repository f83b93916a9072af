// SPDX-License-Identifier: MIT
#include "ui/faultspanel.h"

#include <algorithm>
#include <climits>
#include <cmath>

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "session/faultwords.h"
#include "session/livesession.h"
#include "session/peermodel.h"
#include "ui/combobox.h"
#include "ui/theme.h"

namespace tincan {

namespace {

constexpr int kMostMilliseconds = 600'000;

int fitting(std::uint64_t value, const QSpinBox *edit)
{
    return static_cast<int>(std::min<std::uint64_t>(value, static_cast<std::uint64_t>(edit->maximum())));
}

} // namespace

FaultsPanel::FaultsPanel(LiveSession &session, const QString &many, QWidget *parent)
    : QDialog(parent)
    , m_session(session)
    , m_many(many)
    , m_chosen{kNoPeer}
    , m_who(new QLabel(this))
    , m_now(new QLabel(this))
    , m_preset(new ComboBox(QStringLiteral("faultPreset"), QStringLiteral("Preset"), this))
    , m_reset(new QCheckBox(QStringLiteral("and &reset the connection then"), this))
    , m_drop(new QDoubleSpinBox(this))
{
    setObjectName(QStringLiteral("faultsPanel"));
    setWindowTitle(QStringLiteral("Faults on purpose"));
    m_who->setObjectName(QStringLiteral("faultsOf"));
    m_who->setTextFormat(Qt::PlainText);
    QFont bold = m_who->font();
    bold.setBold(true);
    m_who->setFont(bold);
    m_now->setObjectName(QStringLiteral("faultsNow"));
    m_now->setTextFormat(Qt::PlainText);
    m_now->setWordWrap(true);
    m_now->setAutoFillBackground(true);
    m_now->setMargin(5);
    m_preset->addItem(QStringLiteral("Choose one…"));
    for (const FaultPreset &preset : faultPresets()) {
        m_preset->addChoice(preset.name, QVariant(), faultsText(preset.faults));
    }
    auto *form = new QFormLayout;
    makeForm(form);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_who);
    layout->addWidget(m_now);
    layout->addLayout(form);
    layout->addStretch(1);
    layout->addWidget(makeButtons());
    connect(m_preset, &QComboBox::activated, this,
            [this](int index) { setFaults(index > 0 ? faultPresets()[static_cast<std::size_t>(index) - 1].faults : Faults()); });
    refresh();
}

void FaultsPanel::makeForm(QFormLayout *form)
{
    form->addRow(QStringLiteral("&Preset:"), m_preset);
    m_pace = addNumber(form, QStringLiteral("P&ace:"), QStringLiteral("faultPace"), QStringLiteral(" bytes/s"),
                       QStringLiteral("as fast as it goes"),
                       QStringLiteral("SO_MAX_PACING_RATE: the kernel spreads what is sent. TCP only"));
    m_delay
        = addNumber(form, QStringLiteral("&Delay:"), QStringLiteral("faultDelay"), QStringLiteral(" ms"), QStringLiteral("none"),
                    QStringLiteral("Each message of ours waits so long before it is handed to the kernel"));
    m_jitter
        = addNumber(form, QStringLiteral("and &up to … more:"), QStringLiteral("faultJitter"), QStringLiteral(" ms"),
                    QStringLiteral("none"), QStringLiteral("… and up to so much longer, each another time. The order is kept"));
    m_delay->setMaximum(kMostMilliseconds);
    m_jitter->setMaximum(kMostMilliseconds);
    m_pieces = addNumber(form, QStringLiteral("&Cut into pieces of:"), QStringLiteral("faultPieces"), QStringLiteral(" bytes"),
                         QStringLiteral("not cut"),
                         QStringLiteral("No send(2) of more than this; each piece a segment of its own. Streams only"));
    m_stop = addNumber(form, QStringLiteral("&Stop after:"), QStringLiteral("faultStop"), QStringLiteral(" bytes"),
                       QStringLiteral("never"),
                       QStringLiteral("So many bytes are sent from now on, and then no more; the rest waits"));
    m_reset->setObjectName(QStringLiteral("faultReset"));
    m_reset->setToolTip(
        QStringLiteral("TCP: SO_LINGER 0 and close, which sends RST. A Unix socket is closed. Of datagrams nothing goes "
                       "over the wire: the peer is forgotten"));
    form->addRow(QString(), m_reset);
    m_drop->setObjectName(QStringLiteral("faultDrop"));
    m_drop->setAccessibleName(QStringLiteral("Drop datagrams"));
    m_drop->setDecimals(1);
    m_drop->setRange(0, 100);
    m_drop->setSuffix(QStringLiteral(" %"));
    m_drop->setSpecialValueText(QStringLiteral("none"));
    m_drop->setToolTip(QStringLiteral("So many datagrams, coming and going, are thrown away and counted. Datagrams only"));
    form->addRow(QStringLiteral("Dr&op datagrams:"), m_drop);
    connect(m_stop, &QSpinBox::valueChanged, this, [this](int bytes) { m_reset->setEnabled(bytes > 0); });
}

QSpinBox *FaultsPanel::addNumber(QFormLayout *form, const QString &label, const QString &objectName, const QString &suffix,
                                 const QString &none, const QString &toolTip)
{
    auto *edit = new QSpinBox(this);
    edit->setObjectName(objectName);
    edit->setAccessibleName(QString(label).remove(u'&').remove(u':'));
    edit->setRange(0, INT_MAX);
    edit->setSuffix(suffix);
    edit->setSpecialValueText(none);
    edit->setToolTip(toolTip);
    edit->setMinimumWidth(edit->fontMetrics().averageCharWidth() * 26);
    form->addRow(label, edit);
    return edit;
}

QWidget *FaultsPanel::makeButtons()
{
    auto *box = new QWidget(this);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins({});
    const auto button = [&](const QString &text, const char *objectName) {
        auto *made = new QPushButton(text, box);
        made->setObjectName(QLatin1String(objectName));
        made->setAccessibleName(QString(text).remove(u'&'));
        row->addWidget(made);
        return made;
    };
    row->addStretch(1);
    m_apply = button(QStringLiteral("Appl&y"), "faultsApply");
    m_apply->setDefault(true);
    m_clear = button(QStringLiteral("C&lear"), "faultsClear");
    connect(m_apply, &QPushButton::clicked, this, [this] { apply(faults()); });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        setFaults({});
        apply({});
    });
    connect(button(QStringLiteral("Clos&e"), "faultsClose"), &QPushButton::clicked, this, &QDialog::close);
    return box;
}

Faults FaultsPanel::faults() const
{
    Faults faults;
    faults.bytesPerSecond = static_cast<std::uint64_t>(m_pace->value());
    faults.delayMilliseconds = static_cast<std::uint32_t>(m_delay->value());
    faults.jitterMilliseconds = static_cast<std::uint32_t>(m_jitter->value());
    faults.pieceBytes = static_cast<std::uint32_t>(m_pieces->value());
    faults.stopAfterBytes = static_cast<std::uint64_t>(m_stop->value());
    faults.resetAtStop = m_reset->isChecked() && faults.stopAfterBytes > 0;
    faults.dropPerMille = static_cast<std::uint32_t>(std::lround(m_drop->value() * 10));
    return faults;
}

void FaultsPanel::setFaults(const Faults &faults)
{
    m_pace->setValue(fitting(faults.bytesPerSecond, m_pace));
    m_delay->setValue(fitting(faults.delayMilliseconds, m_delay));
    m_jitter->setValue(fitting(faults.jitterMilliseconds, m_jitter));
    m_pieces->setValue(fitting(faults.pieceBytes, m_pieces));
    m_stop->setValue(fitting(faults.stopAfterBytes, m_stop));
    m_reset->setChecked(faults.resetAtStop);
    m_reset->setEnabled(faults.stopAfterBytes > 0);
    m_drop->setValue(faults.dropPerMille / 10.0);
}

void FaultsPanel::setPeers(const std::vector<PeerId> &chosen)
{
    if (chosen != m_chosen) {
        m_chosen = chosen;
        m_preset->setCurrentIndex(0);
        const std::vector<PeerId> open = openOnes();
        const Peer *first = open.empty() ? nullptr : m_session.peers()->find(open.front());
        setFaults(first ? faultsOf(first->faults).value_or(Faults()) : Faults());
    }
    refresh();
}

std::vector<PeerId> FaultsPanel::openOnes() const
{
    const PeerModel &peers = *m_session.peers();
    std::vector<PeerId> open;
    if (std::find(m_chosen.begin(), m_chosen.end(), kNoPeer) != m_chosen.end()) {
        for (int row = 1; row < peers.rowCount(); ++row) {
            if (peers.peer(row).isOpen()) {
                open.push_back(peers.peer(row).id);
            }
        }
        return open;
    }
    std::copy_if(m_chosen.begin(), m_chosen.end(), std::back_inserter(open), [&](PeerId id) {
        const Peer *peer = peers.find(id);
        return peer && peer->isOpen();
    });
    return open;
}

void FaultsPanel::apply(const Faults &faults)
{
    m_session.setFaults(openOnes(), faults);
}

void FaultsPanel::refresh()
{
    const PeerModel &peers = *m_session.peers();
    const std::vector<PeerId> open = openOnes();
    const Peer *first = open.empty() ? nullptr : peers.find(open.front());
    m_who->setText(open.size() == 1   ? PeerModel::titleText(*first)
                       : open.empty() ? QStringLiteral("Nobody who is connected is chosen")
                                      : QStringLiteral("%L1 %2").arg(open.size()).arg(m_many));
    const auto faulty = std::count_if(open.begin(), open.end(), [&](PeerId id) { return !peers.find(id)->faults.isEmpty(); });
    const bool isOn = faulty > 0;
    m_now->setText(!isOn                  ? QStringLiteral("No faults are on.")
                       : open.size() == 1 ? QStringLiteral("On now: ") + first->faults
                                          : QStringLiteral("On now for %L1 of them").arg(faulty));
    QPalette colours = palette();
    QColor back = waitingColour();
    back.setAlphaF(isDark(colours) ? 0.30F : 0.22F);
    colours.setColor(QPalette::Window, isOn ? back : palette().color(QPalette::Window));
    m_now->setPalette(colours);
    m_apply->setEnabled(!open.empty());
    m_clear->setEnabled(isOn);
    const auto has = [&](bool (*what)(Transport)) {
        return open.empty() || std::any_of(open.begin(), open.end(), [&](PeerId id) { return what(peers.find(id)->transport); });
    };
    m_pace->setEnabled(has([](Transport transport) { return transport == Transport::Tcp; }));
    m_pieces->setEnabled(has([](Transport transport) { return !keepsBorders(transport); }));
    m_drop->setEnabled(has(isDatagram));
}

} // namespace tincan
