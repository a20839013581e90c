"""Programs in Jsonnet, CUE and KCL that generate what mcpset does: a function of a server's name, made of the
objects that mcpset writes for one server, and a loop over a list of names.

  pyyaml benches/programs.py BUNDLE NAME FOLDER    BUNDLE: what mcpset writes for the server NAME
"""

import json
import sys
from pathlib import Path

import yaml

# How a language writes a text with the name in it, and a whole program; in both the parameter is `server`.
JSONNET = """// The objects that servers share.
local shared = {shared};

// The objects of one server.
local objects(server) = {objects};

shared + std.flatMap(objects, import 'names.json')
"""
CUE = """package mcp

import (
  "encoding/yaml"
  "list"
)

// The objects that servers share.
shared: {shared}

// The objects of one server.
#Objects: {{
  server: string
  objects: {objects}
}}

stream: yaml.MarshalStream(list.Concat([shared, for name in names {{(#Objects & {{server: name}}).objects}}]))
"""
KCL = """import manifests

# The objects that servers share.
shared = {shared}

# The objects of one server.
objects = lambda server: str -> [any] {{
  {objects}
}}

manifests.yaml_stream(shared + [object for name in names for object in objects(name)])
"""


def jsonnet_text(parts):
    joined = " + server + ".join(json.dumps(part) for part in parts)
    return joined.removeprefix('"" + ').removesuffix(' + ""')


def cue_text(parts):
    return "\\(server)".join(json.dumps(part)[1:-1] for part in parts).join('""')


def kcl_text(parts):
    return "${server}".join(json.dumps(part)[1:-1] for part in parts).join('""')


LANGUAGES = {
    "main.jsonnet": (JSONNET, jsonnet_text, {True: "true", False: "false"}),
    "main.cue": (CUE, cue_text, {True: "true", False: "false"}),
    "main.k": (KCL, kcl_text, {True: "True", False: "False"}),
}


def written(value, name, text, truths, indent=""):
    """`value` in a language; all three take JSON's lists, mappings and texts."""
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {written(one, name, text, truths, inner)}" for key, one in value.items()]
        return "{" + "".join(f"\n{inner}{item}," for item in items) + f"\n{indent}}}"
    if isinstance(value, list):
        items = [written(one, name, text, truths, inner) for one in value]
        return "[" + "".join(f"\n{inner}{item}," for item in items) + f"\n{indent}]"
    if isinstance(value, str):
        return text(value.split(name))
    return truths[value] if isinstance(value, bool) else json.dumps(value)


def main(bundle, name, folder):
    with open(bundle) as stream:
        documents = list(yaml.load_all(stream, yaml.CSafeLoader))
    objects = [one for one in documents if name in json.dumps(one)]
    shared = [one for one in documents if one not in objects]
    for file, (program, text, truths) in LANGUAGES.items():
        shared_text, objects_text = (written(one, name, text, truths) for one in (shared, objects))
        (Path(folder) / file).write_text(program.format(shared=shared_text, objects=objects_text))


if __name__ == "__main__":
    main(*sys.argv[1:])
