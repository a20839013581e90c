#!/usr/bin/env python3
"""Whole processes, measured side by side in one run: medians, ratios, peak memory.

  benches/whole.py [MCPSET]    of this binary; target/release/mcpset otherwise
    --quick                    few runs, and no kustomize of 10,000 objects, which takes minutes
    --json FILE                the figures too
    --servers NUMBER           in place of 1,000, and ten times as many in place of 10,000: whether all of it
                               runs, as what is wanted is said of 1,000

No ratio fails: it is a fact of a machine and a day, and is read by a person. Helm and kustomize are those
that `./test --peers` installed. Helm has two charts: benches/chart reads the servers that mcpset reads, as
charts are written; the other is the least that a chart can do, a loop over names in what mcpset writes for one
server. Before either is measured, it must give the same documents as mcpset.
"""

import os
import subprocess
import sys
from pathlib import Path

from measure import PEERS, bench, output
from servers import CHART, config, documents, loop_over_names, values


def foreign(document, copies):
    """Manifests of others: what mcpset wrote, under other names."""
    return "".join(document.replace("mcp-s", f"other{copy}-s") for copy in range(copies))


def resource_list(stream, ours):
    def item(document):
        first, *rest = document.rstrip("\n").split("\n")
        return f"- {first}\n" + "".join(f"  {line}\n" if line else "\n" for line in rest)

    head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n"
    return head + "".join(map(item, stream.split("---\n")[1:])) + item(ours)


def empty_program(folder):
    """A static Rust program that does nothing."""
    source = folder / "empty.rs"
    source.write_text("fn main() {}\n")
    target = "x86_64-unknown-linux-musl"
    has_target = Path(output(["rustc", "--print", "sysroot"]).strip(), "lib/rustlib", target).exists()
    how = ["--target", target] if has_target else ["-Ctarget-feature=+crt-static"]
    subprocess.run(["rustc", "-O", "-Cpanic=abort", *how, "-o", folder / "empty", source], check=True)
    return folder / "empty"


def run(measure, mcpset, folder):
    number, most_servers = measure.servers, 10 * measure.servers
    sets = {}
    for servers in (1, number, most_servers):
        sets[servers] = folder / f"{servers}.yaml"
        sets[servers].write_text(config(servers))
    render = [mcpset, "render", "--quiet"]
    one = output(render + [sets[1]])
    bundle = output(render + [sets[number]])
    size, objects = os.path.getsize(mcpset) / 1e6, len(documents(bundle))
    measure.print(f"{mcpset}: {size:.2f} MB; {number:,} servers: {objects} objects, {len(bundle) / 1e6:.1f} MB\n")

    empty = measure.run("an empty static Rust program", [empty_program(folder)], runs=201)
    single = measure.run("one server, stdin to stdout", render + ["-"], stdin=sets[1], runs=201)
    measure.ratio("one server / empty program", single / empty, "at most 2")

    many = measure.run(f"{number:,} servers", render + [sets[number]])
    helm(measure, folder, one, bundle, many)
    kustomize(measure, folder, bundle, many)
    most = measure.run(f"{most_servers:,} servers", render + [sets[most_servers]], runs=3)
    measure.ratio(f"{most_servers:,} servers / {number:,} servers", most / many, "at most 11")
    peak, size = measure.rows[-2]["peak_mb"], sets[most_servers].stat().st_size / 1e6
    measure.ratio(f"{most_servers:,} servers: MB of memory", peak, f"at most {64 + 2 * size:.0f}: 64 and twice the input's {size:.1f}")
    check = measure.run(f"check of {number:,} servers", [mcpset, "check", sets[number]], runs=5)
    measure.ratio(f"check / render of {number:,} servers", check / many, "at most 1")

    stream = foreign(bundle, 8)
    (folder / "stream.yaml").write_text(stream + "---\n" + config(1))
    megabytes = (folder / "stream.yaml").stat().st_size / 1e6
    seconds = measure.run(f"post-render of {megabytes:.0f} MB", [mcpset, "post-render"], stdin=folder / "stream.yaml", runs=5)
    measure.ratio("post-render, MB a second", megabytes / seconds, "at least 500")
    (folder / "list.yaml").write_text(resource_list(stream, config(1)))
    megabytes = (folder / "list.yaml").stat().st_size / 1e6
    seconds = measure.run(f"a ResourceList of {megabytes:.0f} MB", [mcpset], stdin=folder / "list.yaml", runs=5)
    measure.ratio("ResourceList, MB a second", megabytes / seconds, "at least 200")


def helm(measure, folder, one, bundle, many):
    loop = folder / "loop"
    loop_over_names(loop, one, measure.servers)
    servers = folder / "servers.yaml"
    servers.write_text(values(measure.servers))
    charts = {"a chart": [CHART, "--values", servers], "a loop over names": [loop]}
    for program in ("helm3", "helm4"):
        for what, chart in charts.items():
            template = [PEERS / program, "template", "release", *chart]
            if documents(output(template)) != documents(bundle):
                sys.exit(f"{program} writes other objects of {what}")
            seconds = measure.run(f"{program} template of {what}, the same objects", template, runs=5)
            measure.ratio(f"{program} of {what} / mcpset", seconds / many, "at least 40")


def kustomize(measure, folder, bundle, many):
    """kustomize's time grows with the square: a tenth of the objects is measured, or all of them."""
    share, text = "", bundle
    if measure.quick:
        share, text = " of a tenth", "---\n".join(bundle.split("---\n")[: measure.servers + 1])
    plain = folder / "plain"
    plain.mkdir()
    (plain / "all.yaml").write_text(text)
    (plain / "kustomization.yaml").write_text("resources: [all.yaml]\n")
    seconds = measure.run(f"kustomize build{share}, as plain resources", [PEERS / "kustomize", "build", plain], runs=1)
    measure.ratio(f"kustomize{share} / mcpset", seconds / many, "at least 300 for all of them")


if __name__ == "__main__":
    bench(__doc__, run, is_for_a_page=False)
