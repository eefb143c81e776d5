"""JSON that came from elsewhere into values, so that one odd value spoils nothing beside it.

Python's reader gives up a whole text for a number of 5,000 digits or a thousand levels in one
field, and keeps the last of two equal names. Here:

- A whole number of more digits than any field has is infinity, which no field takes.
- What lies deeper than any field is null, where the text is too deep to be read.
- An object with a name twice is a `Twice`: which of the values was meant is not known.
- Bytes that are no UTF-8 are replacement characters, which no field takes.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass

_MOST_DIGITS = 20
_MOST_LEVELS = 8
_SIGNS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[{]|[\]}]', re.DOTALL)


@dataclass(frozen=True)
class Twice:
    """An object in which a name stands twice."""

    name: str


def parse_received(body: bytes) -> object:
    """Read a text. Raises ValueError where it is no JSON at all."""
    text = body.decode("utf-8-sig", errors="replace")
    try:
        return _parsed(text)
    except RecursionError:
        try:
            return _parsed(_without_depth(text))
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def _parsed(text: str) -> object:
    return json.loads(text, parse_int=_whole, object_pairs_hook=_object)


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | Twice:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            return Twice(name)
        found[name] = value
    return found


def _without_depth(text: str) -> str:
    """Write null for each value that lies below the deepest level that is read."""
    kept, levels, start = [], 0, 0
    for found in _SIGNS.finditer(text):
        if found[0] in "[{":
            levels += 1
            if levels == _MOST_LEVELS + 1:
                kept.append(text[start : found.start()] + "null")
        elif found[0] in "]}":
            levels -= 1
            if levels == _MOST_LEVELS:
                start = found.end()
    return "".join([*kept, text[start:]])
