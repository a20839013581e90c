#!/usr/bin/env python3
"""Programs that generate manifests, measured side by side in one run, of the same objects.

  benches/others.py [MCPSET]    of this binary; target/release/mcpset otherwise
    --quick                     few runs, and no kustomize of 10,000 objects, which takes minutes
    --json FILE                 the figures too
    --markdown                  the table of docs/performance.md in place of the figures

Each writes the ten objects of each of 1, 100 and 1,000 servers, and the two that servers share. benches/chart
reads the servers that mcpset reads, as charts are written. Another chart, and programs in Jsonnet, CUE and KCL, are
a function of the server's name and a loop over a list of names, made of what mcpset writes for one server.
kustomize has no loop, and reads the finished objects. What a program writes
is parsed first; one that writes other objects is named, and not measured.

Helm and kustomize are those that `./test --peers` installed; the others are installed here, by benches/install.
score-k8s, and KCL's own command, are not to be had from the Go module proxy. KCL is measured through its library
for Python, and so with a start of Python.
"""

import json
import subprocess

from measure import PEERS, ROOT, bench, duration, figures, output, table
from servers import CHART, config, loop_over_names, names, values

NUMBERS = {1: 51, 100: 11, 1000: 5}  # servers, and runs
MCPSET, KUSTOMIZE = "mcpset", "kustomize"


def versions(mcpset):
    """What is measured, by the name it has in the tables, and what its own command says of its version."""
    commands = {
        MCPSET: [mcpset, "--version"],
        "Helm 3": [PEERS / "helm3", "version", "--short"],
        "Helm 3, a loop over names": [PEERS / "helm3", "version", "--short"],
        "Helm 4": [PEERS / "helm4", "version", "--short"],
        "Helm 4, a loop over names": [PEERS / "helm4", "version", "--short"],
        KUSTOMIZE: [PEERS / "kustomize", "version"],
        "Jsonnet (jrsonnet)": [PEERS / "jrsonnet", "--version"],
        "CUE": [PEERS / "cue", "version"],
        "KCL (its library in Python)": [PEERS / "pyyaml", "-c", "import importlib.metadata as m; print(m.version('kcl_lib'))"],
    }
    words = {name: output(command).splitlines()[0].split()[-1] for name, command in commands.items()}
    return {name: word.removeprefix("v").split("+")[0] for name, word in words.items()}


def prepare(folder, one, bundle, number):
    """Writes each program, its list of names, and kustomize's folder."""
    loop_over_names(folder / "loop", one.read_text(), number)
    (folder / "servers.yaml").write_text(values(number))
    (folder / "plain").mkdir()
    (folder / "plain/all.yaml").write_text(bundle)
    (folder / "plain/kustomization.yaml").write_text("resources: [all.yaml]\n")
    subprocess.run([PEERS / "pyyaml", ROOT / "benches/programs.py", one, names(1)[0], folder], check=True)
    listed = json.dumps(names(number))
    (folder / "names.json").write_text(listed)
    (folder / "names.cue").write_text(f"package mcp\n\nnames: {listed}\n")
    (folder / "names.k").write_text(f"names = {listed}\n")


def commands(folder, mcpset):
    chart = [CHART, "--values", folder / "servers.yaml"]
    return {
        MCPSET: [mcpset, "render", "--quiet", folder / "set.yaml"],
        "Helm 3": [PEERS / "helm3", "template", "release", *chart],
        "Helm 3, a loop over names": [PEERS / "helm3", "template", "release", folder / "loop"],
        "Helm 4": [PEERS / "helm4", "template", "release", *chart],
        "Helm 4, a loop over names": [PEERS / "helm4", "template", "release", folder / "loop"],
        KUSTOMIZE: [PEERS / "kustomize", "build", folder / "plain"],
        "Jsonnet (jrsonnet)": [PEERS / "jrsonnet", "--yaml-stream", folder / "main.jsonnet"],
        "CUE": [PEERS / "cue", "export", "--out", "text", "--expression", "stream", folder / "main.cue", folder / "names.cue"],
        "KCL (its library in Python)": [PEERS / "kcl", folder / "main.k", folder / "names.k"],
    }


def others_than(wanted, streams):
    """Those of `streams` that hold other objects than `wanted`."""
    printed = output([PEERS / "pyyaml", ROOT / "benches/same.py", wanted, *streams.values()]).splitlines()
    return [name for name, stream in streams.items() if str(stream) in printed]


def run(measure, mcpset, folder):
    subprocess.run([ROOT / "benches/install"], check=True, stdout=measure.say)
    of = versions(mcpset)
    (folder / "nothing.k").write_text("")
    start = measure.run("KCL, of an empty program", [PEERS / "kcl", folder / "nothing.k"])
    seconds, peaks = {}, {}
    for number, runs in NUMBERS.items():
        here = folder / str(number)
        here.mkdir()
        (here / "set.yaml").write_text(config(number))
        bundle = output(commands(here, mcpset)[MCPSET])
        (here / "bundle.yaml").write_text(bundle)
        prepare(here, folder / "1/bundle.yaml", bundle, number)
        for name, took, peak in measured(measure, commands(here, mcpset), here, number, runs):
            seconds[name, number], peaks[name] = took, peak
    runs = ", ".join(str(measure.at_most(runs)) for runs in NUMBERS.values())
    once = "" if measure.quick else "; kustomize of 1,000 servers ran once"
    said = f"Medians of {runs} runs{once}. An empty program of KCL took {duration(start)}."
    return [said, "", *page(of, seconds, peaks)]


def measured(measure, commands, folder, number, runs):
    """Yields name, seconds and MB of each that writes the same objects."""
    commands = dict(commands)
    slow = commands.pop(KUSTOMIZE) if number == 1000 else None
    streams = {name: folder / f"{index}.yaml" for index, name in enumerate(commands)}
    for name, command in commands.items():
        streams[name].write_text(output(command))
    different = others_than(folder / "bundle.yaml", streams)
    for name, command in commands.items():
        if name in different:
            measure.print(f"{name} writes other objects for {number} servers, and is not measured")
        else:
            took = measure.run(f"{name}, {number} servers", command, runs=runs)
            yield name, took, measure.rows[-1]["peak_mb"]
    if slow and not measure.quick:
        stream = folder / "slow.yaml"
        took = measure.run(f"{KUSTOMIZE}, {number} servers", slow, runs=1, keep=stream)
        if others_than(folder / "bundle.yaml", {KUSTOMIZE: stream}):
            measure.print(f"{KUSTOMIZE} writes other objects for {number} servers, and does not count")
        else:
            yield KUSTOMIZE, took, measure.rows[-1]["peak_mb"]


def page(of, seconds, peaks):
    def cell(name, number):
        if (name, number) not in seconds:
            return "not measured"
        text = duration(seconds[name, number])
        return text if name == MCPSET else f"{text} ({figures(seconds[name, number] / seconds[MCPSET, number])}×)"

    def memory(name):
        return f"{peaks[name]:.0f} MB" if (name, 1000) in seconds else "not measured"

    rows = [[name, version, *(cell(name, number) for number in NUMBERS), memory(name)] for name, version in of.items()]
    head = ["", "version", "1 server", "100 servers", "1,000 servers", "memory, 1,000 servers"]
    return table(head, *rows)


if __name__ == "__main__":
    bench(__doc__, run)
