"""YAML files as nodes that know their line: no duplicate keys, no surprises, every fault named.

- `loading` turns bytes into nodes and is the only file that names yaml; it is heavy, so it is
  imported by itself.
- `nodes` are the values and the readers that give them a type.
- `syntax` says in plain words what is wrong with a file that is no YAML.
"""

from __future__ import annotations

from blocklists.yamlfile.nodes import IDENTIFIER, BadFile, Fields, Node, Place, Problem

__all__ = [
    "IDENTIFIER",
    "BadFile",
    "Fields",
    "Node",
    "Place",
    "Problem",
]
