#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs Tincan beside the raw yardsticks, interleaved, and prints medians of ratios.   bench.py BUILD [--quick] [--only NAME]

Whole processes over loopback, each figure several times, A B A B …, after one round that is not counted: memory and the page
cache are slow at their first touch. Bounded in count and time; nothing leaves 127.0.0.0/8."""
import argparse, os, signal, shutil, socket, statistics, struct, subprocess, sys, tempfile, time

import serving

ROWS = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_listening(port, seconds=20, table="tcp", state="0A"):
    suffix, end = f":{port:04X}", time.monotonic() + seconds
    while time.monotonic() < end:
        for line in open(f"/proc/net/{table}").read().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(suffix) and fields[3] == state:
                return
        time.sleep(0.02)
    raise SystemExit(f"bench: nobody listens on port {port}")


def wait_path(path, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        fields = [line.split() for line in open("/proc/net/unix").read().splitlines()[1:]]
        if any(f[-1] == path and f[3] == "00010000" for f in fields):  # __SO_ACCEPTCON
            return
        time.sleep(0.02)
    raise SystemExit(f"bench: nobody listens on {path}")


class Bench:
    def __init__(self, build, quick):
        self.build, self.quick = build, quick
        self.tools = os.path.join(build, "tests/bench")
        self.server = os.path.join(build, "gui-server/tincan-server")
        self.client = os.path.join(build, "gui-client/tincan-client")
        self.rounds = 3 if quick else 5
        self.seconds = 1.5 if quick else 3
        self.folder = tempfile.mkdtemp(prefix="tincan-bench-")
        home = {k: self.folder for k in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        self.env = dict(os.environ, LC_ALL="C.UTF-8", **home)

    def start(self, argv):
        return subprocess.Popen(argv, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self, child):
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def raw(self, mode):
        port = free_port()
        child = self.start([os.path.join(self.tools, "bench_rawserver"), str(port), mode])
        wait_listening(port)
        return child, port

    def tincan(self, mode, window=False):
        port = free_port()
        record = os.path.join(self.folder, "session.pcapng")
        argv = [self.server, f"127.0.0.1:{port}", "--answer", mode, "--record", record]
        child = self.start(argv if window else argv + ["--headless"])
        wait_listening(port)
        if window:
            time.sleep(0.7)
        return child, port

    def raw_unix(self):
        path = os.path.join(self.folder, "raw.sock")
        if os.path.exists(path):
            os.unlink(path)
        child = self.start([os.path.join(self.tools, "bench_rawserver"), path, "echo"])
        wait_path(path)
        return child, path

    def tincan_unix(self):
        path = os.path.join(self.folder, "tincan.sock")
        record = os.path.join(self.folder, "session.pcapng")
        child = self.start([self.server, path, "--transport", "unix", "--answer", "echo", "--record", record, "--headless"])
        wait_path(path)
        return child, path

    def raw_datagrams(self):
        port = free_port()
        child = self.start([os.path.join(self.tools, "bench_rawdatagrams"), str(port)])
        wait_listening(port, table="udp", state="07")
        return child, port

    def tincan_datagrams(self):
        port = free_port()
        record = os.path.join(self.folder, "session.pcapng")
        child = self.start([self.server, f"127.0.0.1:{port}", "--transport", "udp", "--answer", "echo", "--record", record, "--headless"])
        wait_listening(port, table="udp", state="07")
        return child, port

    def broker(self, _mode):
        port = free_port()
        child = self.start(["ncat", "-l", "--broker", "-m", "200", "127.0.0.1", str(port)])
        wait_listening(port)
        return child, port

    def load(self, port, *args):
        tool = "bench_loaddatagrams" if args[0] == "datagrams" else "bench_load"
        args = args[1:] if args[0] == "datagrams" else args
        done = subprocess.run([os.path.join(self.tools, tool), str(port), *map(str, args)], capture_output=True, text=True,
                              timeout=180)
        if done.returncode != 0:
            raise SystemExit(f"bench: load {args}: {done.stderr.strip()}")
        return float(done.stdout.split()[-1])

    def figure(self, begin, *args):
        child, port = begin()
        try:
            return self.load(port, *args)
        finally:
            self.stop(child)
            try:
                os.unlink(os.path.join(self.folder, "session.pcapng"))
            except FileNotFoundError:
                pass

    def compare(self, name, target, ours, yardstick, *args):
        mine, theirs = [], []
        for turn in range(self.rounds + 1):
            a, b = self.figure(ours, *args), self.figure(yardstick, *args)
            if turn > 0:
                mine.append(a)
                theirs.append(b)
        ratio = statistics.median(a / b for a, b in zip(mine, theirs))
        report(name, f"{ratio:.2f}", f">= {target}", ratio >= target,
               f"{statistics.median(mine):,.0f}/s beside {statistics.median(theirs):,.0f}/s")

    # ---- the scenarios
    def chatty(self):
        args = ("chatty", 50, 80, 16, self.seconds)
        self.compare("chatty echo, headless", 0.6, lambda: self.tincan("echo"), lambda: self.raw("echo"), *args)
        self.compare("chatty echo, window open", 0.45, lambda: self.tincan("echo", True), lambda: self.raw("echo"), *args)

    def datagrams(self):
        # More in flight than this would not fit the receive buffer that a UDP socket has by default.
        args = ("datagrams", 16, 80, 8, self.seconds)
        self.compare("UDP echo, headless", 0.5, self.tincan_datagrams, self.raw_datagrams, *args)

    def unix(self):
        args = ("chatty", 50, 80, 16, self.seconds)
        self.compare("Unix stream echo, headless", 0.5, self.tincan_unix, self.raw_unix, *args)

    def pingpong(self):
        self.compare("ping-pong, window open", 0.85, lambda: self.tincan("echo", True), lambda: self.raw("echo"),
                     "pingpong", 80, self.seconds)

    def relay(self):
        args = ("relay", 50, 80, 16, self.seconds)
        self.compare("relay in a room of 50", 0.5, lambda: self.tincan("relay"), lambda: self.raw("relay"), *args)
        if shutil.which("ncat"):
            self.compare("… beside ncat --broker", 1.5, lambda: self.tincan("relay"), lambda: self.broker("relay"), *args)

    def accept(self):
        self.compare("connections served", 0.7, lambda: self.tincan("echo"), lambda: self.raw("echo"), "accept", self.seconds)

    def idle(self):
        count = 2000 if self.quick else 10000
        for window in (False, True):
            child, port = self.tincan("echo", window)
            before = resident(child.pid)
            holder = subprocess.Popen([os.path.join(self.tools, "bench_load"), str(port), "hold", str(count)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
            answered = holder.stdout.readline().strip() == "open"
            time.sleep(1)
            each = (resident(child.pid) - before) / count
            where = "window open" if window else "headless"
            report(f"{count} connections, {where}: memory each", f"{each:.2f} KiB", "<= 4 KiB", answered and each <= 4, "all answered")
            if window:
                took = self.click(child)
                report("… a click is answered within", f"{took:.0f} ms", "<= 100 ms", took <= 100, "longest gap between two paints while typing")
            holder.stdin.close()
            holder.wait(60)
            self.stop(child)

    def serving(self):
        serving.compare(self, report)

    def click(self, child):
        """Keys typed into the window once in 50 ms: the longest time until something is painted."""
        frames = subprocess.Popen([os.path.join(self.tools, "bench_firstpaint"), "--frames", "3", "Tincan Server"],
                                  stdout=subprocess.PIPE, text=True)
        subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(child.pid), "windowfocus"], check=False, capture_output=True)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            subprocess.run(["xdotool", "key", "Tab"], check=False)
            time.sleep(0.05)
        out = frames.communicate()[0].split()
        return float(out[1]) - 50 if len(out) == 2 else float("inf")

    def start_up(self):
        probe = os.path.join(self.tools, "bench_firstpaint")

        def paint(*argv):
            done = subprocess.run([probe, *argv], capture_output=True, text=True, env=self.env, timeout=60)
            return float(done.stdout)

        for name, argv in (("server", (self.server, "--no-record")), ("client", (self.client, "--no-record"))):
            ratios, took = [], []
            for turn in range(2 * self.rounds + 1):
                ours, empty = paint(*argv), paint(os.path.join(self.tools, "bench_emptywindow"))
                if turn > 0:
                    ratios.append(ours / empty)
                    took.append((ours, empty))
            ratio = statistics.median(ratios)
            report(f"start to first painted window, {name}", f"{ratio:.2f}", "<= 2.0", ratio <= 2.0,
                   f"{statistics.median(a for a, _ in took):.0f} ms beside {statistics.median(b for _, b in took):.0f} ms")

    def search(self):
        for size in (1024, 80):
            done = subprocess.run([os.path.join(self.tools, "bench_search"), self.folder, "256" if self.quick else "1024", str(size),
                                   str(self.rounds)], capture_output=True, text=True, timeout=600)
            if done.returncode != 0:
                raise SystemExit(f"bench: search: {done.stderr.strip()}")
            ratio, ours, theirs = (float(x) for x in done.stdout.split())
            os.unlink(os.path.join(self.folder, "search.pcapng"))
            target = 0.5 if size == 1024 else 0
            report(f"search, messages of {size} B, beside grep -c -F", f"{ratio:.2f}", f">= {target}" if target else "", ratio >= target,
                   f"{ours:,.0f} MB/s beside {theirs:,.0f} MB/s")

    def transcript(self, *args):
        done = subprocess.run([os.path.join(self.tools, "bench_transcript"), *map(str, args)], capture_output=True, text=True,
                              env=self.env, timeout=300)
        if done.returncode != 0:
            raise SystemExit(f"bench: transcript {args}: {done.stderr.strip()}")
        return [float(value) for value in done.stdout.split()]

    def append(self):
        ratios, took = [], []
        for turn in range(self.rounds + 1):
            many, few = self.transcript("append", 10_000_000)[0], self.transcript("append", 10_000)[0]
            if turn > 0:
                ratios.append(many / few)
                took.append((many, few))
        ratio = statistics.median(ratios)
        report("append and paint, 10 million rows beside 10 000", f"{ratio:.2f}", "<= 1.2", ratio <= 1.2,
               f"{statistics.median(a for a, _ in took):.0f} us beside {statistics.median(b for _, b in took):.0f} us for 1000 rows")

    def live(self):
        rows = 3_000_000 if self.quick else 10_000_000
        taken, frames, p99, longest, away99, away, memory = self.transcript("live", rows, 1_150_000)
        report(f"live: rows taken a second, of {rows:,}", f"{taken:,.0f}", ">= 1 M", taken >= 1_000_000, "80-byte messages, asked 1.15 M")
        report("live: frames painted a second", f"{frames:.0f}", ">= 55", frames >= 55, f"longest gap {longest:.0f} ms")
        report("live: gap between two frames, p99", f"{p99:.0f} ms", "< 20 ms", p99 < 20, "")
        report("live: GUI thread away, longest", f"{away:.0f} ms", "< 50 ms", away < 50, f"p99 {away99:.0f} ms")
        report("live: memory of the whole program", f"{memory:.0f} MiB", "<= 550", memory <= 550, f"at {rows:,} rows")

    def inspector(self):
        count, seconds = (2000, 3) if self.quick else (10000, 10)
        done = subprocess.run([os.path.join(self.tools, "bench_inspector"), os.path.join(self.tools, "bench_load"), str(count),
                               str(seconds)], capture_output=True, text=True, env=self.env, timeout=300)
        if done.returncode != 0:
            raise SystemExit(f"bench: inspector: {done.stderr.strip()}")
        closed, one, everybody, away = (float(value) for value in done.stdout.split())
        report(f"inspector of one of {count} peers: of a core", f"{one:.1f} %", "< 3 %", one < 3, f"{closed:.1f} % while it is closed")
        report("… of all of them", f"{everybody:.1f} %", "< 3 %", everybody < 3, "")
        report("… GUI thread away, longest", f"{away:.0f} ms", "< 50 ms", away < 50, "while stepping through the peers")

    def recording(self):
        size = 256 if self.quick else 1024
        ratios, took = [], []
        for turn in range(self.rounds + 1):
            pair = []
            for mode in ("record", "write"):
                path = os.path.join(self.folder, "written.pcapng")
                pair.append(self.transcript(mode, path, size)[0])
                os.unlink(path)
            if turn > 0:
                ratios.append(pair[0] / pair[1])
                took.append(pair)
        ratio = statistics.median(ratios)
        report("recording beside plain write(), to the disk", f"{ratio:.2f}", ">= 0.7", ratio >= 0.7,
               f"{statistics.median(a for a, _ in took):.0f} MiB/s beside {statistics.median(b for _, b in took):.0f}")

    def opening(self):
        path = os.path.join(self.folder, "session.pcapng")
        self.transcript("record", path, 128 if self.quick else 1024)
        ratios, firsts = [], []
        for _ in range(3):
            first, whole, rows = self.transcript("open", path)
            begin = time.monotonic()
            subprocess.run(["tshark", "-r", path, "-q", "-z", "conv,tcp"], check=True, capture_output=True)
            ratios.append((time.monotonic() - begin) * 1000 / whole)
            firsts.append(first)
        os.unlink(path)
        ratio, first = statistics.median(ratios), statistics.median(firsts)
        report("opening a session, beside tshark -z conv,tcp", f"{ratio:.1f}", ">= 5", ratio >= 5, f"{rows:,.0f} rows")
        report("… its first rows are painted after", f"{first:.0f} ms", "<= 500 ms", first <= 500, "")

    def flood(self):
        seconds = 5 if self.quick else 30
        record = os.path.join(self.folder, "session.pcapng")
        child, port = self.tincan("manual", True)
        load = subprocess.Popen([os.path.join(self.tools, "bench_load"), str(port), "flood", "80", str(seconds)],
                                stdout=subprocess.PIPE, text=True)
        frames = subprocess.Popen([os.path.join(self.tools, "bench_firstpaint"), "--frames", str(seconds - 1), "Tincan Server"],
                                  stdout=subprocess.PIPE, text=True)
        memory = []
        while load.poll() is None:
            memory.append(resident(child.pid) / 1024)
            time.sleep(1)
        sent = int(load.stdout.read().split()[-1])
        end, lines = time.monotonic() + 60, 0
        while time.monotonic() < end and lines < sent:
            time.sleep(1)
            lines = count_lines(record)
        per_second, longest = (float(x) for x in frames.communicate()[0].split())
        self.stop(child)
        report("flood: lines lost", f"{sent - lines}", "0", sent == lines, f"{sent:,} sent in {seconds} s")
        report("flood: frames painted a second", f"{per_second:.0f}", "> 10", per_second > 10, f"longest gap {longest:.0f} ms")
        report("flood: memory", f"{max(memory):.0f} MiB", "bounded", max(memory) < 1024, f"{memory[0]:.0f} at first, {memory[-1]:.0f} at last")


def resident(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def count_lines(path):
    """Line ends in the payloads of the packets towards us, counted block by block."""
    lines = 0
    with open(path, "rb") as file:
        while True:
            head = file.read(8)
            if len(head) < 8:
                return lines
            kind, length = struct.unpack("<II", head)
            body = file.read(length - 8)
            if len(body) < length - 8:
                return lines
            if kind == 6:
                captured = struct.unpack_from("<I", body, 12)[0]
                lines += body.count(b"\n", 20 + 40, 20 + captured)


def report(name, value, target, holds, remark):
    ROWS.append((name, value, target, holds, remark))
    print(f"{'  ' if holds else '! '}{name:48} {value:>10}  {target:>9}   {remark}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only")
    options = parser.parse_args()
    bench = Bench(options.build, options.quick)
    names = ("chatty", "datagrams", "unix", "pingpong", "relay", "accept", "idle", "serving", "inspector", "start_up", "append", "live",
             "recording", "opening", "search", "flood")
    scenarios = {name: getattr(bench, name) for name in names}
    if options.only and options.only not in scenarios:
        raise SystemExit(f"bench: --only takes one of {', '.join(scenarios)}")
    try:
        for name, scenario in scenarios.items():
            if not options.only or options.only == name:
                scenario()
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)
    missed = [row[0] for row in ROWS if not row[3]]
    print(f"\n{len(ROWS) - len(missed)} of {len(ROWS)} targets reached" + (f"; missed: {', '.join(missed)}" if missed else ""))


main()
