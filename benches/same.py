"""Prints those of several streams that hold other objects than the first. Order and style do not count.

  pyyaml benches/same.py STREAM STREAM…
"""

import json
import sys

import yaml


def objects(path):
    with open(path) as stream:
        documents = yaml.load_all(stream, yaml.CSafeLoader)
        return sorted(json.dumps(document, sort_keys=True) for document in documents if document)


def main(first, *others):
    wanted = objects(first)
    for other in others:
        if objects(other) != wanted:
            print(other)


if __name__ == "__main__":
    main(*sys.argv[1:])
