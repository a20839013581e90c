#!/usr/bin/env python3
"""What kustomize costs with mcpset as its generator, by how the servers are laid out.

  benches/layouts.py [MCPSET]    of this binary; target/release/mcpset otherwise
    --quick                      100 servers alone
    --json FILE                  the figures too
    --markdown                   the table of docs/performance.md in place of the figures

kustomize is the one that `./test --peers` installed. Its time grows with the square of the objects in one build,
so that 1,000 servers take half an hour and more. Before a layout counts, its objects are counted.
"""

import shlex

from measure import PEERS, bench, duration, output, table
from servers import HEAD, names, written

KUSTOMIZE = [PEERS / "kustomize", "build", "--enable-alpha-plugins", "--enable-exec"]
RUNS = {100: 3, 300: 1, 1000: 1}  # by the number of servers; runs of kustomize
AT_ONCE = 50
ONE = "kustomize, one set in one kustomization"
APART = f"kustomize, sets of {AT_ONCE}, each built on its own, all of them"
FIRST = f"the same, one of them: {AT_ONCE} servers"
TOGETHER = f"kustomize, sets of {AT_ONCE}, one kustomization that lists them"
FILES = "`mcpset render -o DIR`, one set, into an empty folder"
AGAIN = "the same again, with nothing changed"
STREAM = "`mcpset render`, one set"
OF_MCPSET = (STREAM, FILES, AGAIN)


def generator(folder, mcpset, name, servers):
    """A kustomization that generates the set `name`."""
    function = f"{{exec: {{path: {mcpset}}}}}"
    metadata = f'metadata: {{name: {name}, namespace: litellm, annotations: {{config.kubernetes.io/function: "{function}"}}}}'
    head = HEAD.replace("metadata: {name: mcp, namespace: litellm}", metadata)
    folder.mkdir(parents=True)
    (folder / "mcpset.yaml").write_text(head + written(servers))
    (folder / "kustomization.yaml").write_text("generators: [mcpset.yaml]\n")


def lay_out(folder, mcpset, number):
    """The folders of all layouts; those of the small sets."""
    servers = names(number)
    generator(folder / "one", mcpset, "mcp", servers)
    small = []
    for index, start in enumerate(range(0, number, AT_ONCE)):
        small.append(folder / f"small/mcp{index:02}")
        generator(small[-1], mcpset, small[-1].name, servers[start : start + AT_ONCE])
    listed = "".join(f"- {one.name}\n" for one in small)
    (folder / "small/kustomization.yaml").write_text("resources:\n" + listed)
    return small


def shell(*commands):
    """Runs commands one after the other."""
    return ["sh", "-c", " && ".join(shlex.join(map(str, command)) for command in commands)]


def run(measure, mcpset, folder):
    seconds, peaks = {}, {}
    for number in [100] if measure.quick else RUNS:
        here = folder / str(number)
        small = lay_out(here, mcpset, number)
        one = here / "one/mcpset.yaml"
        output([mcpset, "render", "--quiet", "-o", here / "files", one])
        # A folder of its own for each run.
        in_files = 'exec "$0" render --quiet -o "$(mktemp -d -p "$1")" "$1/one/mcpset.yaml"'
        layouts = {
            ONE: ([*KUSTOMIZE, here / "one"], 10 * number + 2),
            APART: (shell(*([*KUSTOMIZE, folder] for folder in small)), 10 * number + 2 * len(small)),
            FIRST: ([*KUSTOMIZE, small[0]], 10 * AT_ONCE + 2),
            TOGETHER: ([*KUSTOMIZE, here / "small"], 10 * number + 2 * len(small)),
            STREAM: ([mcpset, "render", "--quiet", one], 10 * number + 2),
            FILES: (["sh", "-c", in_files, mcpset, here], None),
            AGAIN: ([mcpset, "render", "--quiet", "-o", here / "files", one], None),
        }
        for name, (command, objects) in layouts.items():
            runs = 5 if name in OF_MCPSET else RUNS[number]
            stream = here / "stream.yaml"
            seconds[name, number] = measure.run(f"{name}, {number} servers", command, runs=runs, keep=stream)
            peaks[name, number] = measure.rows[-1]["peak_mb"]
            if objects:
                text = stream.read_text() if runs == 1 else output(command)
                found = sum(line.startswith("kind: ") for line in text.splitlines())
                if found != objects:
                    raise SystemExit(f"{name}: {found} objects, and not {objects}")
    runs = ", ".join(str(RUNS[number]) for number in sorted({number for _, number in seconds}))
    said = f"Medians of {runs} runs of kustomize, and of {measure.at_most(5)} of mcpset."
    return [said, "", *page(seconds, peaks)]


def page(seconds, peaks):
    def cell(name, number):
        if (name, number) not in seconds:
            return "not measured"
        return f"{duration(seconds[name, number])}, {peaks[name, number]:.0f} MB"

    numbers = sorted({number for _, number in seconds})
    head = ["", *(f"{number:,} servers" for number in numbers)]
    rows = [[name, *(cell(name, number) for number in numbers)] for name in (ONE, TOGETHER, APART, FIRST, *OF_MCPSET)]
    return table(head, *rows)


if __name__ == "__main__":
    bench(__doc__, run)
