"""Service files made of plain values, as people write them: a fact a line, keys in one order.

Scalars are quoted where YAML would read something else than meant; `reading` reads back what is
written here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

SCHEMA_LINE = "# yaml-language-server: $schema=../service.schema.json"
"""Tells editors where the schema is."""

# What may stand without quotes in a flow mapping: it begins with a letter or digit, and holds
# nothing that ends a value, begins a comment or is a key's colon; and no question mark, which
# PyYAML's own parser takes for a key's.
_BARE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/@%+()'&;!=~-]|:(?! |\Z))*(?<! )")


def file_text(
    vendor: str, name: str, sources: Mapping[str, Any], services: Sequence[Mapping[str, Any]]
) -> str:
    """Give the text of a service file."""
    return "\n".join(
        (
            SCHEMA_LINE,
            f"vendor: {_scalar(vendor)}",
            f"name: {_scalar(name)}",
            *(["sources:", *_source_lines(sources)] if sources else []),
            "services:",
            *(line for service in services for line in service_lines(service)),
            "",
        )
    )


def _source_lines(sources: Mapping[str, Any]) -> Iterator[str]:
    for name, source in sources.items():
        yield f"  {name}: {_flow(source)}"


def service_lines(service: Mapping[str, Any]) -> Iterator[str]:
    """Give the lines of one service, as they stand below `services:`."""
    dash = "  - "
    for key, value in service.items():
        yield from (
            f"{dash if not n else '    '}{line}" for n, line in enumerate(_lines(key, value))
        )
        dash = "    "


def _lines(key: str, value: object) -> Iterator[str]:
    """Give a key of a service: mappings of mappings and lists of mappings take a line an item."""
    if isinstance(value, Mapping) and any(isinstance(each, Mapping) for each in value.values()):
        yield f"{key}:"
        for name, each in value.items():
            yield f"  {name}: {_flow(each)}"
    elif isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
        yield f"{key}:"
        for each in value:
            yield f"  - {_flow(each)}"
    else:
        yield f"{key}: {_flow(value)}"


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def with_service(text: str, service: Mapping[str, Any], sources: Mapping[str, Any]) -> str:
    """Add a service, and the pages it rests on, to the text of a file; its `services` stand last.

    Nothing that stands there is changed, comments included.
    Raises ValueError where the text has no line that begins with `services:`.
    """
    lines = text.rstrip("\n").split("\n")
    if sources:
        top = next((n for n, line in enumerate(lines) if line.startswith("sources:")), None)
        if top is None:
            top = next((n for n, line in enumerate(lines) if line.startswith("services:")), None)
            if top is None:
                raise ValueError("has no line services: to add to; write one a key at its start")
            lines.insert(top, "sources:")
        lines[top + 1 : top + 1] = _source_lines(sources)
    return "\n".join([*lines, *service_lines(service), ""])
