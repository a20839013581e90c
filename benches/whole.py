#!/usr/bin/env python3
"""Whole processes, measured side by side in one run: medians, ratios, peak memory.

  benches/whole.py [MCPSET]    of this binary; target/release/mcpset otherwise
    --quick                    few runs, and no kustomize of 10,000 objects, which takes minutes
    --json FILE                the figures too

No ratio fails: it is a fact of a machine and a day, and is read by a person. Helm and kustomize are those
that `./test --peers` installed. Before Helm is compared, its objects are: the chart is made of what mcpset
writes for one server, and must give the same documents for a thousand.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "target/peers/bin"

HEAD = """apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {name: mcp, namespace: litellm}
spec:
  platform:
    registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com
    litellm: {registration: none}
    monitoring: {alerts: false, dashboard: none}
    network: {apiServerCidrs: [10.0.0.0/16]}
  servers:
"""
# Ten objects: policy, budget, account, role and binding, secret, config, Service, Deployment, autoscaler.
SERVER = """  - name: {name}
    image: mcp-{name}:1.0.0
    session: stateless
    secrets: {{TOKEN: mcp/{name}/token}}
    config: {{settings.json: "{{}}"}}
    autoscaling: {{min: 2, max: 5, cpu: 70}}
    access: [cluster]
    rules: [{{apiGroups: [""], resources: [pods], verbs: [get, list]}}]
"""


def names(number):
    return [f"s{index:05}" for index in range(number)]


def config(number):
    return HEAD + "".join(SERVER.format(name=name) for name in names(number))


def documents(text):
    """The documents without comments, sorted: what is compared."""
    lines = "".join(line for line in text.splitlines(True) if not line.startswith("# Source: "))
    stripped = (document.strip() for document in lines.split("---\n"))
    return sorted(document for document in stripped if document)


def chart(folder, one):
    """A chart with a template for each kind, which loops over the servers."""
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: servers\nversion: 0.1.0\n")
    values = "".join(f"- name: {name}\n" for name in names(1000))
    (folder / "values.yaml").write_text("servers:\n" + values)
    name = names(1)[0]
    for index, document in enumerate(one.split("---\n")[1:]):
        kind = re.search(r"^kind: (\w+)", document, re.M)[1]
        text = document.replace("{{", '{{ "{{" }}')
        if name in document:
            text = text.replace(name, "{{ .name }}")
            text = "{{- range .Values.servers }}\n---\n" + text + "{{- end }}\n"
        (folder / "templates" / f"{index:02}-{kind}.yaml").write_text(text)


def foreign(document, copies):
    """Manifests of others: what mcpset wrote, under other names."""
    return "".join(document.replace("mcp-s", f"other{copy}-s") for copy in range(copies))


def resource_list(stream, ours):
    def item(document):
        first, *rest = document.rstrip("\n").split("\n")
        return f"- {first}\n" + "".join(f"  {line}\n" if line else "\n" for line in rest)

    head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n"
    return head + "".join(map(item, stream.split("---\n")[1:])) + item(ours)


class Measure:
    """Runs commands and remembers how long they took, and the most memory that one held."""

    def __init__(self, quick):
        self.quick = quick
        self.rows = []

    def run(self, name, command, stdin=None, runs=11):
        """Seconds, the median of `runs`; keeps peak memory in MB, of a run of its own."""
        if self.quick:
            runs = min(runs, 3)
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
        peak = memory(command, stdin)
        median = statistics.median(seconds)
        self.rows.append({"name": name, "seconds": median, "fastest": min(seconds), "runs": runs, "peak_mb": peak})
        print(f"{name:58} {median:9.4f} s  (fastest {min(seconds):.4f}, {runs} runs)  {peak:7.1f} MB", flush=True)
        return median

    def ratio(self, what, value, wanted):
        self.rows.append({"name": what, "ratio": value, "wanted": wanted})
        print(f"  {what:56} {value:9.2f}    wanted: {wanted}", flush=True)


def memory(command, stdin):
    """MB that `command` held at most. The kernel counts what a process was before it became another, so a
    small program starts it, and not this one."""
    with open(stdin or os.devnull, "rb") as source, tempfile.NamedTemporaryFile("r") as figure:
        timed = ["/usr/bin/time", "--format=%M", f"--output={figure.name}", *command]
        subprocess.run(timed, check=True, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return int(figure.read()) / 1024


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def empty_program(folder):
    """A static Rust program that does nothing."""
    source = folder / "empty.rs"
    source.write_text("fn main() {}\n")
    target = "x86_64-unknown-linux-musl"
    subprocess.run(["rustc", "-O", "-Cpanic=abort", "--target", target, "-o", folder / "empty", source], check=True)
    return folder / "empty"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("mcpset", nargs="?", default=ROOT / "target/release/mcpset")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", type=Path)
    options = options.parse_args()
    mcpset = str(Path(options.mcpset).resolve())
    measure = Measure(options.quick)
    folder = Path(tempfile.mkdtemp(prefix="mcpset-bench-"))
    try:
        run(measure, mcpset, folder)
    finally:
        shutil.rmtree(folder)
    if options.json:
        options.json.write_text(json.dumps(measure.rows, indent=1) + "\n")


def run(measure, mcpset, folder):
    sets = {}
    for number in (1, 1000, 10000):
        sets[number] = folder / f"{number}.yaml"
        sets[number].write_text(config(number))
    render = [mcpset, "render", "--quiet"]
    one = output(render + [sets[1]])
    thousand = output(render + [sets[1000]])
    print(f"{mcpset}: {os.path.getsize(mcpset) / 1e6:.2f} MB; 1,000 servers: {len(documents(thousand))} objects, {len(thousand) / 1e6:.1f} MB\n")

    empty = measure.run("an empty static Rust program", [empty_program(folder)], runs=201)
    single = measure.run("one server, stdin to stdout", render + ["-"], stdin=sets[1], runs=201)
    measure.ratio("one server / empty program", single / empty, "at most 2")

    many = measure.run("1,000 servers", render + [sets[1000]])
    helm(measure, folder, one, thousand, many)
    kustomize(measure, folder, thousand, many)
    most = measure.run("10,000 servers", render + [sets[10000]], runs=3)
    measure.ratio("10,000 servers / 1,000 servers", most / many, "at most 11")
    peak, size = measure.rows[-2]["peak_mb"], sets[10000].stat().st_size / 1e6
    measure.ratio("10,000 servers: MB of memory", peak, f"at most {64 + 2 * size:.0f}: 64 and twice the input's {size:.1f}")
    check = measure.run("check of 1,000 servers", [mcpset, "check", sets[1000]], runs=5)
    measure.ratio("check / render of 1,000 servers", check / many, "at most 1")

    stream = foreign(thousand, 8)
    (folder / "stream.yaml").write_text(stream + "---\n" + config(1))
    megabytes = (folder / "stream.yaml").stat().st_size / 1e6
    seconds = measure.run(f"post-render of {megabytes:.0f} MB", [mcpset, "post-render"], stdin=folder / "stream.yaml", runs=5)
    measure.ratio("post-render, MB a second", megabytes / seconds, "at least 500")
    (folder / "list.yaml").write_text(resource_list(stream, config(1)))
    megabytes = (folder / "list.yaml").stat().st_size / 1e6
    seconds = measure.run(f"a ResourceList of {megabytes:.0f} MB", [mcpset], stdin=folder / "list.yaml", runs=5)
    measure.ratio("ResourceList, MB a second", megabytes / seconds, "at least 200")


def helm(measure, folder, one, thousand, many):
    chart(folder / "chart", one)
    for program in ("helm3", "helm4"):
        template = [PEERS / program, "template", "release", folder / "chart"]
        if documents(output(template)) != documents(thousand):
            sys.exit(f"{program} writes other objects")
        seconds = measure.run(f"{program} template, the same objects", template, runs=5)
        measure.ratio(f"{program} / mcpset", seconds / many, "at least 40")


def kustomize(measure, folder, thousand, many):
    """kustomize's time grows with the square: a tenth of the objects is measured, or all of them."""
    share, text = "", thousand
    if measure.quick:
        share, text = " of a tenth", "---\n".join(thousand.split("---\n")[:1001])
    plain = folder / "plain"
    plain.mkdir()
    (plain / "all.yaml").write_text(text)
    (plain / "kustomization.yaml").write_text("resources: [all.yaml]\n")
    seconds = measure.run(f"kustomize build{share}, as plain resources", [PEERS / "kustomize", "build", plain], runs=1)
    measure.ratio(f"kustomize{share} / mcpset", seconds / many, "at least 300 for all of them")


if __name__ == "__main__":
    main()
