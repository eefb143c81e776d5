"""Bytes of a YAML file into nodes. The only file that names yaml.

- UTF-8 only, with or without the byte order mark and carriage returns of Windows editors.
- One document, no anchors and aliases, no tags, no key twice, 1 MiB and 24 levels at most.
- Scalars stay text: nothing of YAML 1.1's types is resolved here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import yaml

from blocklists.yamlfile.nodes import BadFile, Faults, Node
from blocklists.yamlfile.syntax import Stop

Built = TypeVar("Built")

MOST_BYTES = 1024 * 1024
"""What reads a file need not read more than one byte beyond."""
_MOST_LEVELS = 24
# libyaml is ten times as fast; where PyYAML was built without it, its own parser reads the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Control characters, surrogates, and the two that YAML 1.1 counts as ends of lines (the third,
# U+0085, is a control character) and editors do not.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def contents(path: Path) -> bytes:
    """Give the bytes of a file, at most one more than is read of it. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def read(data: bytes, name: str, build: Callable[[Node], Built]) -> Built:
    """Read a file and build a value of it.

    Raises BadFile with all problems: those of the file's form and those that `build` noted.
    """
    top = load(data, name)
    built = build(top)
    top.faults.stop()
    return built


def load(data: bytes, name: str) -> Node:
    """Give the top node of a file. Use `read` where nothing else must be done.

    Raises BadFile when it cannot be read to its end. Keys written twice and tags are noted in
    `faults`, so that the caller's own reading adds to them; it ends with `faults.stop()`.
    """
    faults = Faults(name)
    text = _decoded(data, faults)
    top = _Builder(faults).build(_events(text, faults))
    if top is None or top.value == {}:
        raise _refused(faults, 1, "is empty; write at least one key")
    return top


def _refused(faults: Faults, line: int, message: str, where: str = "") -> BadFile:
    """Give the error that ends the reading, with what was noted before it."""
    faults.note(line, where, message)
    return BadFile(faults.found)


def _decoded(data: bytes, faults: Faults) -> str:
    if len(data) > MOST_BYTES:
        raise _refused(faults, 1, f"is too large; at most {MOST_BYTES} bytes are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line_of(data[: error.start].decode("latin-1"))
        wrong = f"byte 0x{data[error.start]:02x} at position {error.start}"
        raise _refused(faults, line, f"{wrong} is not UTF-8; save the file as UTF-8") from error
    if unfit := _UNFIT.search(text):
        line = _line_of(text[: unfit.start()])
        raise _refused(
            faults, line, f"the character U+{ord(unfit[0]):04X} may not stand here; take it out"
        )
    return text


def _line(event: yaml.Event) -> int:
    """Give the line, from 1, where an event begins."""
    return event.start_mark.line + 1 if event.start_mark else 1


def _line_of(before: str) -> int:
    """Count the line that follows this text, by any of the three ends of line."""
    return len(re.findall(r"\r\n|\r|\n", before)) + 1


def _events(text: str, faults: Faults) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark, began = error.problem_mark, error.context_mark or error.problem_mark
        stop = Stop(
            words=f"{error.context or ''} {error.problem or ''}",
            line=mark.line + 1 if mark else 1,
            column=mark.column if mark else 0,
            began=began.line + 1 if began else 1,
        )
        raise _refused(faults, *stop.explained(text)) from error


class _Builder:
    """Makes nodes of the parser's events with a stack of its own, so depth cannot exhaust ours."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._open: list[Node] = []
        self._keys: list[yaml.ScalarEvent | None] = []
        """For each open collection: the key that waits for its value."""
        self._top: Node | None = None
        self._documents = 0

    def build(self, events: Iterator[yaml.Event]) -> Node | None:
        for event in events:
            self._take(event)
        return self._top

    def _take(self, event: yaml.Event) -> None:
        line = _line(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _refused(self._faults, line, "a second document begins; keep one a file")
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._refuse_anchor(event, line)
            if isinstance(event, yaml.ScalarEvent) and self._is_key():
                self._keys[-1] = event
            else:
                self._put(event, line)

    def _refuse_anchor(self, event: yaml.NodeEvent, line: int) -> None:
        # At the first one, before anything is built: aliases can make gigabytes of a few lines.
        if event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise _refused(
                self._faults,
                line,
                f"{sign}{event.anchor} is an anchor or alias of YAML, which is not read here; "
                "write the value out, or put it in quotes if the sign is meant",
            )

    def _is_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and not self._keys[-1]

    def _put(self, event: yaml.NodeEvent, line: int) -> None:
        """Lay a value in its list or under its key, and open it when it is a collection."""
        if self._is_key():
            raise _refused(self._faults, line, "a key must be text, not a list or mapping")
        parent = self._open[-1] if self._open else None
        key = self._keys[-1] if self._keys else None
        node = self._node(event, line, parent, key)
        if parent is None:
            self._top = node
        elif isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict) and key is not None:
            self._put_under(key, node, parent.value)
            self._keys[-1] = None
        if isinstance(event, yaml.CollectionStartEvent):
            self._enter(node, line)

    def _put_under(self, key: yaml.ScalarEvent, node: Node, items: dict[str, Node]) -> None:
        line = _line(key)
        if not key.value:
            self._faults.note(line, node.path, "a key is empty; write its name before the colon")
        elif key.value in items:
            first = items[key.value].line
            self._faults.note(line, node.path, f"stands here twice (first near line {first})")
        else:
            items[key.value] = node

    def _enter(self, node: Node, line: int) -> None:
        if len(self._open) >= _MOST_LEVELS:
            message = f"is nested deeper than {_MOST_LEVELS} levels"
            raise _refused(self._faults, line, message)
        self._open.append(node)
        self._keys.append(None)

    def _node(
        self, event: yaml.NodeEvent, line: int, parent: Node | None, key: yaml.ScalarEvent | None
    ) -> Node:
        place: str | int | None = key.value if key else None
        if parent is not None and isinstance(parent.value, list):
            place = len(parent.value) + 1
        value: str | list[Node] | dict[str, Node]
        if isinstance(event, yaml.ScalarEvent):
            value = event.value
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
            line = _line(key) if key else line
        node = Node(self._faults, line, parent, place, value)
        if (tag := getattr(event, "tag", None)) is not None:
            node.fault(f"{tag} is a tag of YAML, which is not read here; leave it out")
        if isinstance(value, str) and (unfit := _UNFIT.search(value)):
            node.fault(f"the character U+{ord(unfit[0]):04X} may not stand here; take it out")
        return node
