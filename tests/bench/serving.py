# SPDX-License-Identifier: MIT
"""The ways to serve, side by side, each beside the same model written raw: echo messages a second, and memory a peer.

Messages: 80 bytes, 16 in flight for each of 1, 100 and 2 000 connections (200 where each is a process), all of them answered once
before it begins. "One at a time": all connect; in turn each gets 2 000 messages answered and leaves. Memory: Pss of the program and
its children with all connections open and answered, less that of before, for each: what it takes of this machine, shared pages
counted once."""
import os, statistics, subprocess, time

WAYS = {  # ours, the yardstick, how many connections
    "event loop": ("loop", ("bench_rawserver", "echo"), (1, 100, 2000)),
    "two loops": ("loops", ("bench_rawserver", "echo"), (1, 100, 2000)),
    "one at a time": ("one", ("bench_rawmodels", "one"), (1, 100, 2000)),
    "thread per peer": ("thread", ("bench_rawmodels", "thread"), (1, 100, 2000)),
    "process per peer": ("process", ("bench_rawmodels", "process"), (1, 100, 200)),
}
TARGET = 0.5


def family(pid):
    """The process and all that came of it."""
    all_of_them = [pid]
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            for child in open(f"/proc/{pid}/task/{task}/children").read().split():
                all_of_them += family(int(child))
        except FileNotFoundError:
            pass
    return all_of_them


def memory(pid):
    """KiB, by smaps_rollup."""
    total = 0
    for member in family(pid):
        try:
            for line in open(f"/proc/{member}/smaps_rollup"):
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


class Comparison:
    def __init__(self, bench, report, free_port, wait_listening):
        self.bench, self.report, self.free_port, self.wait_listening = bench, report, free_port, wait_listening

    def begin(self, argv):
        port = self.free_port()
        child = self.bench.start([os.path.join(self.bench.tools, argv[0]), str(port), *argv[1:]])
        self.wait_listening(port)
        return child, port

    def ours(self, way):
        return self.begin(("bench_serving", way, os.path.join(self.bench.folder, "session.pcapng")))

    def memory_each(self, begin, connections):
        child, port = begin()
        before = memory(child.pid)
        holder = subprocess.Popen([os.path.join(self.bench.tools, "bench_load"), str(port), "hold", str(connections)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        answered = holder.stdout.readline().strip() == "open"
        time.sleep(0.5)
        each = (memory(child.pid) - before) / connections
        holder.stdin.close()
        holder.wait(60)
        self.bench.stop(child)
        if not answered:
            raise SystemExit("bench: not everybody was answered")
        return each

    def row(self, name, way, raw, connections):
        bench = self.bench
        if way == "one":
            args = ("turns", connections, 80, 16, max(2000, 200_000 // connections))
        else:
            args = ("served", connections, 80, 16, bench.seconds)
        mine, theirs = [], []
        for turn in range(bench.rounds + 1):
            a, b = bench.figure(lambda: self.ours(way), *args), bench.figure(lambda: self.begin(raw), *args)
            if turn > 0:
                mine.append(a)
                theirs.append(b)
        ratio = statistics.median(a / b for a, b in zip(mine, theirs))
        held = 1 if way == "one" else connections
        m, r = self.memory_each(lambda: self.ours(way), held), self.memory_each(lambda: self.begin(raw), held)
        self.report(f"{name}, {connections} peers", f"{ratio:.2f}", f">= {TARGET}", ratio >= TARGET,
                    f"{statistics.median(mine):,.0f}/s beside {statistics.median(theirs):,.0f}/s; "
                    f"memory each {m:.1f} KiB beside {r:.1f} KiB")
        # Of one peer it is mostly what any first one costs.
        if held >= 100:
            fits = m <= max(r, 1) / TARGET
            self.report("… memory each", f"{m:.1f} KiB", f"<= {max(r, 1) / TARGET:.1f}", fits, "")


def compare(bench, report):
    from __main__ import free_port, wait_listening
    comparison = Comparison(bench, report, free_port, wait_listening)
    for name, (way, raw, counts) in WAYS.items():
        for connections in counts:
            comparison.row(name, way, raw, connections)
