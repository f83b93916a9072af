// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include <QAbstractListModel>

#include "base/kernelview.h"
#include "base/record.h"
#include "transcript/index.h"

namespace tincan {

// The state of a connection as our own calls know it, in TCP's words (RFC 9293 §3.3.2).
enum class PeerState : std::uint8_t {
    Connecting, // SYN_SENT (or its name is being looked up)
    Established,
    CloseWait, // the peer's FIN has been read
    FinWait,   // our FIN is sent
    Closed,
    Failed, // never was
};

struct Peer {
    PeerId id = kNoPeer;
    ListenerId listener = kNoListener; // it came to
    Transport transport = Transport::Tcp;
    Credentials process; // of a Unix socket
    int child = 0;       // pid of the process that serves it, where that is one of its own
    Direction direction = Direction::Incoming;
    PeerState state = PeerState::Connecting;
    Endpoint local;
    Endpoint remote;
    QString called; // in place of an address, of one that has none (see base/peertext.h)
    QString host;   // as asked for, of an outgoing one
    QString name;   // given by the person; empty: none
    int fd = -1;
    std::int64_t since = 0; // wall clock ns: when it came into this state
    std::int64_t began = 0; // wall clock ns: its first record
    std::uint64_t bytesIn = 0;
    std::uint64_t bytesOut = 0;
    std::uint64_t messagesIn = 0;
    std::uint64_t messagesOut = 0;
    std::uint32_t unread = 0;                   // messages received since it was last looked at
    LeftReason left = LeftReason::BothFinished; // when Closed
    bool midway = false;                        // its beginning is not in the capture (see PeerInfo)
    bool peerFinished = false;                  // their FIN has been read
    bool finished = false;                      // ours is sent
    bool peerFinishedFirst = false;
    bool kernelGone = false;                  // of a Closed one: the kernel has forgotten it too
    TcpState kernelState = TcpState::Unknown; // as it was told last, where somebody wants to see it (see KernelWatch)
    bool readingStopped = false;              // by the person, for a while
    bool receivingEnded = false;              // SHUT_RD
    QString faults;                           // that are on, on purpose, in the words of session/faultwords; empty: none

    bool isOpen() const noexcept
    {
        return state == PeerState::Established || state == PeerState::CloseWait || state == PeerState::FinWait;
    }
    // Over for us, but not for the kernel: FIN_WAIT2, LAST_ACK, TIME_WAIT …
    bool isFading() const noexcept { return state == PeerState::Closed && kernelState != TcpState::Unknown; }
    bool canSend() const noexcept { return state == PeerState::Established || state == PeerState::CloseWait; }
};

// What the kernel told of one peer that was in a state since `since` (Peer::since).
struct KernelStateOf {
    PeerId peer = kNoPeer;
    std::int64_t since = 0;
    Presence presence = Presence::Unknown;
    TcpState state = TcpState::Unknown;
};

// The peers of a session in the order in which they came. Row 0 stands for all of them. GUI thread.
//
// One insert a batch; changes of the others are gathered and told at most four times a second, as spans of rows.
class PeerModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole, // PeerId as uint; kNoPeer for row 0
        StateRole,             // PeerState as int
        AddressRole,           // "127.0.0.1:53422"; "All peers"'s is ""
        UnreadRole,            // uint
        BytesRole,             // in + out, quint64
        KernelStateRole,       // TcpState as int
    };

    explicit PeerModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    // Qt::EditRole is the peer's name. What is set is asked for by nameAsked(), and there once its note has come.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    // Row 0 gives the sums over all (state, address empty). The reference holds until the next applyRows() or clearClosed().
    const Peer &peer(int row) const;
    const Peer *find(PeerId id) const; // nullptr where there is none; kNoPeer gives the sums
    int rowOf(PeerId id) const;        // -1 where there is none
    // "127.0.0.1:53422", "socat[4242]#14"; what was asked for while it is not known ("localhost:6666").
    static QString addressText(const Peer &peer);
    // The same with the name before it, where it has one: "Door sensor  192.168.0.7:4711".
    static QString titleText(const Peer &peer);
    int openCount() const noexcept { return m_open; }
    // How many of those in the list came to this listener, and how many of them are there.
    int countOf(ListenerId listener) const { return sharesOf(listener).count; }
    int openCountOf(ListenerId listener) const { return sharesOf(listener).open; }
    // Whether anybody has ever had faults on purpose: no need to look for them otherwise.
    bool hadFaults() const noexcept { return m_hadFaults; }

    // Rows [first, index.size()) of the index have come.
    void applyRows(const Index &index, RowNumber first);

    // The conversation being looked at: its unread count is 0 and stays so. kNoPeer (the merged timeline) and nullopt (none)
    // leave the counts of the peers alone, so that they tell who has written.
    void setCurrent(std::optional<PeerId> id);
    // Likewise another one that is looked at beside it.
    void setBeside(std::optional<PeerId> id);

    // A session that is only looked at: nothing is news, and nobody grows older. Before any row has come.
    void setOver() { m_isOver = true; }
    bool isOver() const noexcept { return m_isOver; }

    // Takes the peers out whose connection is over.
    void clearClosed();
    // … and those whose connection to this target (see hostAndPort()) was never made, but for those that are looked at.
    void clearFailed(const QString &target);

    // What the kernel told; what it told before our own state became another one is passed over.
    void setKernelStates(std::span<const KernelStateOf> states);
    void forgetKernelStates(); // nobody keeps them up to date any more

    // Names can be given, because somebody listens to nameAsked(). Before any row has come.
    void setNameable() { m_isNameable = true; }
    bool isNameable() const noexcept { return m_isNameable; }

signals:
    void openCountChanged(int open);
    void nameAsked(tincan::PeerId peer, const QString &name);

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    // What a peer has got through the room, without touching it at each relayed message: the room's totals now, less those
    // when it joined, less what was not for it.
    struct RoomShare {
        std::uint64_t bytes = 0;
        std::uint64_t messages = 0;
    };
    struct Entry {
        Peer peer;
        RoomShare base;
        bool inRoom = false;
    };
    struct ListenerShare {
        int count = 0;
        int open = 0;
    };
    ListenerShare sharesOf(ListenerId listener) const
    {
        const auto found = m_shares.find(listener);
        return found == m_shares.end() ? ListenerShare{} : found->second;
    }
    void count(const Peer &peer, int by);
    Entry *entryOf(PeerId id); // nullptr where there is none
    void addEntry(PeerId id, std::int64_t time);
    void applyRow(const Index &index, const Row &row);
    void applyTo(Entry &entry, const Index &index, const Row &row);
    void applyNote(Peer &peer, const NoteInfo &note);
    void applyFanOut(const Index &index, const Row &row);
    void leaveRoom(Entry &entry);
    void setState(Entry &entry, PeerState state, std::int64_t time);
    template<typename Goes>
    void removeWhere(Goes &&goes);
    struct Run {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    Run gather(const std::vector<Run> &runs);
    void renumber(std::size_t first);
    void removeEntries(std::size_t begin, std::size_t end);
    static void countSent(Peer &peer, std::uint64_t bytes, std::uint64_t messages);
    void settle(Entry &entry) const; // folds the room share into the peer's own numbers
    bool isLookedAt(PeerId id) const { return m_current == id || m_beside == id; }
    void haveRead(PeerId id);
    void touch(int row);
    void arm();
    void tell();

    mutable std::vector<Entry> m_entries;                   // row − 1
    std::vector<int> m_rowOfId;                             // by id; 0: none
    std::unordered_map<ListenerId, ListenerShare> m_shares; // a file may hold any number
    std::vector<Entry> m_pending;                           // new ones of the batch being applied
    Peer m_all;
    RoomShare m_room;
    std::vector<int> m_touched;
    std::vector<bool> m_isTouched;
    std::optional<PeerId> m_current;
    std::optional<PeerId> m_beside;
    int m_open = 0;
    int m_inRoom = 0;
    bool m_roomTouched = false;
    bool m_isOver = false;
    bool m_isNameable = false;
    bool m_hadFaults = false;
    int m_timer = 0;
};

} // namespace tincan
