"""Nodes of a file: values that know their place, and readers that note a fault and go on.

- A scalar stays the text of the file. It gets a type from the reader that asks for one, so `NO` is
  a country, `1.10` a version and `0123` an id.
- A reader that finds a fault notes it and answers None, or nothing of a list: one pass names all.
- What is absent answers None to every reader and notes nothing: its absence was noted, or is right.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Choice = TypeVar("Choice", bound=str)

IDENTIFIER = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
"""An id of a service, vendor, approval, ban: it stands in lists, reports and addresses."""

Items = list["Node"]
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_YEARS = range(1990, 2200)
_LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class Problem:
    """One fault of a file: where it is, and what to write instead."""

    file: str
    line: int
    field: str
    """The keys on the way to it, items counted from 1: `approvals[1].basis.dpia`; may be empty."""
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return ": ".join(part for part in (where, self.field, self.message) if part)


@dataclass(frozen=True)
class Place:
    """Where a value stands, for faults that are found after the file was read."""

    file: str
    line: int
    field: str

    def problem(self, message: str) -> Problem:
        """Give the problem with what stands here."""
        return Problem(self.file, self.line, self.field, message)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class BadFile(ValueError):
    """A file was refused. Its text is one line a problem."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.line)))
        super().__init__("\n".join(str(each) for each in self.problems))


@dataclass
class Faults:
    """What was found wrong in one file so far."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def note(self, line: int, where: str, message: str) -> None:
        """Keep one fault."""
        self.found.append(Problem(self.file, line, where, message))

    def stop(self) -> None:
        """Raise BadFile when anything was found."""
        if self.found:
            raise BadFile(self.found)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One value of a file: text, a list, a mapping, or absent (None, and then false)."""

    faults: Faults
    line: int
    """Counted from 1. Of a list or mapping that has a key: the key's line."""
    parent: Node | None
    key: str | int | None
    """The key in a mapping, the place (from 1) in a list, None at the top."""
    value: str | Items | dict[str, Node] | None

    def __bool__(self) -> bool:
        return self.value is not None

    @property
    def path(self) -> str:
        """The keys from the top to here."""
        if self.parent is None:
            return ""
        if isinstance(self.key, int):
            return f"{self.parent.path}[{self.key}]"
        above = self.parent.path
        return f"{above}.{self.key}" if above else str(self.key)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.faults.file, self.line, self.path)

    def fault(self, message: str) -> None:
        """Note that this value is wrong; the message says what would be right."""
        self.faults.note(self.line, self.path, message)

    def text(self, longest: int = _LONGEST_TEXT) -> str | None:
        """Read text that is not empty."""
        found = self._scalar("text")
        if found is None:
            return None
        if len(found) > longest:
            self.fault(f"is {len(found)} characters long; at most {longest} are read")
            return None
        return found.strip()

    def identifier(self) -> str | None:
        """Read an id: lower-case letters, digits and hyphens, 1 to 64 of them."""
        found = self._scalar("an id")
        if found is None or IDENTIFIER.fullmatch(found):
            return found
        self.fault(f"{_shown(found)} is no id; write 1 to 64 of a-z, 0-9 and - (not first or last)")
        return None

    def one_of(self, choices: Iterable[Choice]) -> Choice | None:
        """Read one of a few words."""
        found = self._scalar("one word")
        if found is None:
            return None
        by_word = {str(choice): choice for choice in choices}
        if found in by_word:
            return by_word[found]
        words = ", ".join(by_word)
        self.fault(f"{_shown(found)} is not known; write one of {words}{_guess(found, by_word)}")
        return None

    def date(self) -> dt.date | None:
        """Read a date written as 2026-12-31."""
        found = self._scalar("a date as 2026-12-31")
        if found is None:
            return None
        try:
            day = dt.date.fromisoformat(found) if _DATE.fullmatch(found) else None
        except ValueError:
            self.fault(f"{found} does not exist in the calendar")
            return None
        if day is None:
            self.fault(f"{_shown(found)} is no date; write it as 2026-12-31")
        elif day.year not in _YEARS:
            self.fault(f"{found} is out of reach; write a year from {_YEARS[0]} to {_YEARS[-1]}")
            return None
        return day

    def integer(self, least: int, most: int) -> int | None:
        """Read a decimal whole number between two bounds, both included."""
        found = self._scalar("a whole number")
        if found is None:
            return None
        if _INTEGER.fullmatch(found) and least <= int(found) <= most:
            return int(found)
        self.fault(f"{_shown(found)} does not fit; write a whole number from {least} to {most}")
        return None

    def boolean(self) -> bool | None:
        """Read true or false; yes, no, on and off are text and refused here."""
        found = self._scalar("true or false")
        if found is None or found in ("true", "false"):
            return None if found is None else found == "true"
        self.fault(f"{_shown(found)} is neither true nor false; write one of these two")
        return None

    def list(self) -> Sequence[Node]:
        """Read a list; nothing when it is absent or something else."""
        if isinstance(self.value, list):
            return self.value
        if self:
            self.fault("must be a list; write items as - lines below it, or as [one, two]")
        return []

    def mapping(self, known: Collection[str] | None = None, later: Collection[str] = ()) -> Fields:
        """Read a mapping, and note each key that is not among the known ones (None: any key).

        `later` are keys that are known to be wanted and do not work yet.
        """
        if isinstance(self.value, dict):
            if known is not None:
                self._note_unknown(self.value, known, later)
            return Fields(self, self.value)
        if self:
            self.fault("must have keys of its own; write them as key: value lines below it")
        return Fields(Node(self.faults, self.line, self.parent, self.key, None), {})

    def _note_unknown(
        self, items: Mapping[str, Node], known: Collection[str], later: Collection[str]
    ) -> None:
        for key, item in items.items():
            if key in later:
                item.fault(f"{key} is not there yet; leave it out")
            elif key not in known:
                keys = ", ".join(known)
                item.fault(f"{_shown(key)} is no key here; known are {keys}{_guess(key, known)}")

    def _scalar(self, wanted: str) -> str | None:
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        if isinstance(self.value, str):
            self.fault(f"has no value; write {wanted}, or leave the key out")
        elif self:
            kind = "a list" if isinstance(self.value, list) else "a mapping"
            self.fault(f"is {kind}; write {wanted}")
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """The keys of one mapping."""

    node: Node
    items: Mapping[str, Node]

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return iter(self.items.items())

    def __contains__(self, key: str) -> bool:
        return key in self.items

    def get(self, key: str) -> Node:
        """Give a value that may be absent."""
        found = self.items.get(key)
        return found or Node(self.node.faults, self.node.line, self.node, key, None)

    def need(self, key: str) -> Node:
        """Give a value, and note it when it is absent."""
        if self.node and key not in self.items:
            self.get(key).fault("is missing; write it")
        return self.get(key)


def _shown(text: str) -> str:
    """Give text of a file on one short line, without control characters."""
    short = text if len(text) <= 60 else text[:57] + "..."
    return short if short.isprintable() and short.strip() == short else ascii(short)


def _guess(text: str, choices: Collection[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only where there is a fault

    near = get_close_matches(text.lower(), choices, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
