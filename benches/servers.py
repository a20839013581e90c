"""The set that the benches are about: servers of ten objects each, and two objects that they share."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What somebody who has Helm writes for the same servers.
CHART = HERE / "chart"
SET = HERE / "set"
HEAD = (SET / "head.yaml").read_text()
# Ten objects: policy, budget, account, role and binding, secret, config, Service, Deployment, autoscaler.
SERVER = (SET / "server.yaml").read_text()


def names(number):
    return [f"s{index:05}" for index in range(number)]


def written(servers):
    """The servers with these names, as a set has them."""
    return "".join(SERVER.replace("NAME", name) for name in servers)


def config(number):
    return HEAD + written(names(number))


def values(number):
    """The same servers, as the chart takes them."""
    return "servers:\n" + written(names(number))


def documents(text):
    """The documents without comments, sorted: what is compared."""
    lines = "".join(line for line in text.splitlines(True) if not line.startswith("# Source: "))
    stripped = (document.strip() for document in lines.split("---\n"))
    return sorted(document for document in stripped if document)


def loop_over_names(folder, one, number):
    """A chart with a template for each kind, which is the text of `one` server in a loop over names."""
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: servers\nversion: 0.1.0\n")
    values = "".join(f"- name: {name}\n" for name in names(number))
    (folder / "values.yaml").write_text("servers:\n" + values)
    name = names(1)[0]
    for index, document in enumerate(one.split("---\n")[1:]):
        kind = re.search(r"^kind: (\w+)", document, re.M)[1]
        text = document.replace("{{", '{{ "{{" }}')
        if name in document:
            text = text.replace(name, "{{ .name }}")
            text = "{{- range .Values.servers }}\n---\n" + text + "{{- end }}\n"
        (folder / "templates" / f"{index:02}-{kind}.yaml").write_text(text)
