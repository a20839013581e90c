"""How the benches measure: whole processes, the median of several runs, and a peak of memory."""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "target/peers/bin"


class Measure:
    """Runs commands and remembers how long they took, and the most memory that one held."""

    servers = 1000

    def __init__(self, quick, say=sys.stdout):
        self.quick = quick
        self.say = say
        self.rows = []

    def run(self, name, command, stdin=None, runs=11, keep=os.devnull):
        """Seconds, the median of `runs`; keeps peak memory in MB. What takes so long that it runs once is
        asked for both in that run, and may leave its output in `keep`."""
        runs = self.at_most(runs)
        if runs == 1:
            peak, seconds = memory(command, stdin, keep)
            return self.row(name, [seconds], peak)
        seconds = []
        for _ in range(runs):
            source = open(stdin, "rb") if stdin else subprocess.DEVNULL
            start = time.perf_counter()
            child = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            child.wait()
            seconds.append(time.perf_counter() - start)
            if stdin:
                source.close()
            if child.returncode != 0:
                sys.exit(f"{name}: {command} ended with {child.returncode}")
        return self.row(name, seconds, memory(command, stdin)[0])

    def at_most(self, runs):
        return min(runs, 3) if self.quick else runs

    def row(self, name, seconds, peak):
        runs, median, fastest = len(seconds), statistics.median(seconds), min(seconds)
        self.rows.append({"name": name, "seconds": median, "fastest": fastest, "runs": runs, "peak_mb": peak})
        self.print(f"{name:58} {median:9.4f} s  (fastest {fastest:.4f}, {runs} runs)  {peak:7.1f} MB")
        return median

    def ratio(self, what, value, wanted):
        self.rows.append({"name": what, "ratio": value, "wanted": wanted})
        self.print(f"  {what:56} {value:9.2f}    wanted: {wanted}")

    def print(self, text):
        print(text, file=self.say, flush=True)


def memory(command, stdin=None, keep=os.devnull):
    """MB that `command` held at most, and the seconds of this run. The kernel counts what a process was before
    it became another, so a small program starts it, and not this one."""
    with open(stdin or os.devnull, "rb") as source, open(keep, "wb") as sink, tempfile.NamedTemporaryFile("r") as figure:
        timed = ["/usr/bin/time", "--format=%M", f"--output={figure.name}", *command]
        start = time.perf_counter()
        subprocess.run(timed, check=True, stdin=source, stdout=sink, stderr=subprocess.DEVNULL)
        return int(figure.read()) / 1024, time.perf_counter() - start


def output(command):
    """What `command` prints. One that fails ends the bench, with what it says."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def bench(doc, run, is_for_a_page=True):
    """The program of a bench: its options, a folder that goes again, and `run(measure, mcpset, folder)`. What
    that returns are the lines for a page, which --markdown prints in place of the figures."""
    options = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("mcpset", nargs="?", default=ROOT / "target/release/mcpset")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", type=Path)
    if is_for_a_page:
        options.add_argument("--markdown", action="store_true")
    else:
        options.add_argument("--servers", type=int, default=1000)
    options = options.parse_args()
    for_a_page = is_for_a_page and options.markdown
    measure = Measure(options.quick, sys.stderr if for_a_page else sys.stdout)
    if not is_for_a_page:
        measure.servers = options.servers
    folder = Path(tempfile.mkdtemp(prefix="mcpset-bench-"))
    try:
        page = run(measure, str(Path(options.mcpset).resolve()), folder)
    finally:
        shutil.rmtree(folder)
    if options.json:
        options.json.write_text(json.dumps(measure.rows, indent=1) + "\n")
    if for_a_page:
        print("\n".join([machine(), "", *page]))


def machine():
    """The sentence of where and when."""
    with open("/proc/cpuinfo") as info:
        models = [line.split(":")[1].strip() for line in info if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = models[0] if models else platform.machine()
    kernel = ".".join(platform.release().split(".")[:2])
    day = time.strftime("%Y-%m-%d")
    return f"Measured on {day}: {os.cpu_count()} processors ({model}), {memory:.0f} GiB, Linux {kernel}."


def table(*rows):
    """The lines of a table in Markdown; the first row is its head."""
    head, *rest = (f"| {' | '.join(row)} |" for row in rows)
    return [head, "|" + " --- |" * len(rows[0]), *rest]


def figures(value):
    """Two figures are what such a measurement is good for; a large number has its own."""
    return f"{value:.2g}" if value < 99.5 else f"{value:,.0f}"


def duration(seconds):
    if seconds < 0.0995:
        return f"{figures(seconds * 1000)} ms"
    return f"{figures(seconds)} s" if seconds < 120 else f"{figures(seconds / 60)} min"
