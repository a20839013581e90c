"""The set that the benches are about: servers of ten objects each, and two objects that they share."""

import re

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


def chart(folder, one, number):
    """A chart with a template for each kind, which loops over the servers."""
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
