// SPDX-License-Identifier: MIT
// What --help says.
#include "session/commandline.h"

namespace tincan {

QString serverHelp()
{
    return QStringLiteral(
        R"(Usage: tincan-server [[TRANSPORT:]ADDRESS:PORT | PORT | PATH | @NAME]... [options]
       tincan-server --open FILE
       tincan-server --export IN OUT

Listens and talks to every peer that comes. Without --headless it opens a window; with an address it is listening already,
without one the options are what stands in its fields. ADDRESS is 127.0.0.1 (this computer only), 0.0.0.0 (every IPv4
network), [::] (every network) or one of this computer's own addresses; PORT alone means 127.0.0.1:PORT; port 0 takes a free
one and says which. PATH is that of a Unix socket, @NAME an abstract one. Several addresses may be given; each may begin with
its own transport: udp:0.0.0.0:7000, unix:/run/x.sock, unix-dgram:@log, unix-seqpacket:/run/y.sock.

  --transport tcp|udp|unix|unix-dgram|unix-seqpacket
                                 of addresses that do not begin with one (default: tcp; of a path unix)
  --serve loop|one|thread|process
                                 where connections are served: all in an event loop (default), one at a time (the next one
                                 waits in the accept queue), a thread or a process for each peer
  --loops N                      with loop: so many of them (default: 1)
  --mode 0600                    permissions of the path of a Unix socket, in octal (default: as the umask has it)
  --group GROUP[%INTERFACE]      of udp: join this multicast group, as 239.1.2.3%eth0 or [ff02::1%eth0]; may be given again
  --answer manual|echo|ok|relay  what the server does by itself with what it receives (default: manual, you answer)
                                   echo   the same bytes back
                                   ok     "OK!!!" for each message; a message that is "exit" is answered and ends it
                                   relay  what one peer sends goes to all the others
  --name-sender                  with relay: the sender's "address:port: " before each line
  --after-fin auto|keep|finish   when a peer has finished sending: keep our side open, finish it too once all is sent, or
                                 auto: finish with echo and ok, keep with manual and relay
  --start                        start at once with the last address (implied by an address)
  --headless                     no window: one line an event on standard output, until SIGINT or SIGTERM
  --record FILE                  write the session to FILE (pcapng; Wireshark opens it) instead of the state folder
  --no-record                    keep nothing
  --backlog N                    for listen(2); the kernel caps it at net.core.somaxconn (default: 4096)
  --open FILE                    show a kept session, or a capture, in a window; nothing is started
  --max-peers N                  at most N at once; the next ones wait in the accept queue (default 0: no limit; of
                                 datagrams 10 000 addresses, then the one that was quiet longest is forgotten)
  --export IN OUT                write the session that IN is a file of to OUT: as text, HTML, CSV, JSON Lines or a hex dump where
                                 OUT ends in .txt, .html, .csv, .jsonl or .hex; else as pcapng, in full: one packet for each
                                 recipient of a message to many
  -h, --help                     this text
  -V, --version                  the version

Exit status: 0 fine, 1 the network or a file said no, 2 wrong usage. A recording that fails later is said, no more.

  tincan-server 127.0.0.1:6666 --answer echo
  tincan-server [::]:0 --answer relay --headless --record room.pcapng
  tincan-server 6666 udp:0.0.0.0:6666 unix:/tmp/tincan.sock --mode 0600 --answer echo --headless
)");
}

QString clientHelp()
{
    return QStringLiteral(
        R"(Usage: tincan-client [[TRANSPORT:]HOST:PORT | HOST PORT | PATH | @NAME] [options]
       tincan-client --open FILE

Connects to servers and talks to many at once. Without --headless it opens a window; with a host it connects at once, without
one the options are what stands in its fields. HOST is a name, an IPv4 or an IPv6 address ([::1]:6666); all addresses of a
name are tried. PATH is that of a Unix socket, @NAME an abstract one. A transport may stand before it: udp:localhost:7000,
unix-seqpacket:/run/y.sock.

  --transport tcp|udp|unix|unix-dgram|unix-seqpacket
                                         (default: tcp; of a path unix)
  --headless                             no window: joins standard input and output to the connection, as nc does, byte
                                         for byte; ends its sending side at end of input, and itself when the peer has
                                         finished. Where borders are kept (udp, unix-dgram, unix-seqpacket) what one read
                                         of the input returns, at most 16 KiB, is one message. Datagrams have no end:
                                         after the end of input it ends when nothing has come for one second
  --line-ending none|lf|cr|crlf|nul      what is put behind each message; headless: what each LF of the input becomes
                                         (none, lf: it stays as it is)
  --local ADDRESS:PORT | PATH            bind the socket to this before connecting (port 0: any)
  --unconnected                          of datagrams: do not connect(2) the socket, so that whoever answers is heard
  --timeout SECONDS                      for connecting, names and all addresses together (default: 10)
  --record FILE                          write the session to FILE (pcapng) instead of the state folder
  --no-record                            keep nothing
  --open FILE                            show a kept session, or a capture, in a window; nothing is connected
  -h, --help                             this text
  -V, --version                          the version

Exit status: 0 fine, 1 the network or a file said no, 2 wrong usage. A recording that fails later is said, no more.

  tincan-client localhost:6666
  printf 'hello\n' | tincan-client localhost:6666 --headless
  printf 'hello\n' | tincan-client udp:localhost:6666 --headless
)");
}

} // namespace tincan
