"""Public lists of others, in whichever form they are written, as names with their lines.

Read are hosts files, AdGuard and uBlock rules, dnsmasq, v2fly, plain names, and tables (CSV, TSV;
rules of Clash and Surge are such a table). Forms may be mixed in one list: each line is read for
itself. A line that names no host is passed over with the reason, never silently; a heading is one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from blocklists.hosts import Address, BadHost, Host, parse_host

_COMMENT = re.compile(r"\s*(?:[#!;]|//|\[|$)")
# What editors count as the end of a line; str.splitlines knows more.
_END = re.compile(r"\r\n|\r|\n")
_HOSTS_FILE = re.compile(r"(?:0\.0\.0\.0|127\.0\.0\.\d+|::1?)\s+(.+)")
_ADGUARD = re.compile(r"\|\|(?:\*\.)?([^/^$|]+)(/[^^$|*]*)?")
_DNSMASQ = re.compile(r"(?:address|server|local|ipset|nftset)=/(.+)/[^/]*")
_V2FLY = re.compile(r"(?:domain|full):([^\s:]+)")
# Rules of Clash as a list of YAML: - DOMAIN,example.com and - '+.example.com'
_ITEM = re.compile(r"\s*- +(['\"]?)(.*?)\1\s*")
_REMARK = re.compile(r"\s#")
_NO_NAME = (
    (re.compile(r"@@"), "an exception"),
    (re.compile(r"\S*?(?:#[@?$%]*#|\$\$)"), "a rule for parts of a page"),
    (re.compile(r"include:"), "names another file; give that one too"),
    (re.compile(r"(?:regexp|keyword):|/.*/$|.*\*.*\*"), "a pattern, not a name"),
)
_HOST_COLUMNS = ("domain", "host", "hostname", "fqdn", "url", "website", "site", "address", "link")
_RULES = (_HOSTS_FILE, _ADGUARD, _DNSMASQ, _V2FLY)
_SEPARATORS = ",;\t"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST_AND_PATH = re.compile(r"([^/?#\s]*)(/[^?#\s]*)?(?:[?#]\S*)?")
# DNS takes more signs, and no service has them: they are of a rule's or another list's syntax.
_NAME = re.compile(r"[a-z0-9._-]+")


@dataclass(frozen=True)
class Listed:
    """One name of a list."""

    host: Host
    path: str
    """Of a rule for a path; empty else."""
    line: int

    def __str__(self) -> str:
        return self.host + self.path


@dataclass(frozen=True)
class Passed:
    """One line that gives no name, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class PublicList:
    """What a list names, each name once, and what of it was not read."""

    names: tuple[Listed, ...]
    passed: tuple[Passed, ...]


def read_list(text: str) -> PublicList:
    """Read a list. Raises nothing: what cannot be read stands in `passed`."""
    lines = [
        (number, line)
        for number, line in enumerate(_END.split(text.removeprefix("\ufeff")), 1)
        if not _COMMENT.match(line)
    ]
    found = _table(lines) if _is_table(lines) else (_line(*each) for each in lines)
    names: dict[tuple[Host, str], Listed] = {}
    passed = []
    for each in (each for group in found for each in group):
        if isinstance(each, Passed):
            passed.append(each)
        else:
            names.setdefault((each.host, each.path), each)
    return PublicList(tuple(names.values()), tuple(passed))


def _line(number: int, line: str) -> Iterator[Listed | Passed]:
    said = _said(line)
    for form, why in _NO_NAME:
        if form.match(said):
            yield Passed(number, line.strip(), why)
            return
    if adguard := _ADGUARD.match(said):
        yield _name(number, line, adguard[1] + (adguard[2] or ""))
        return
    for text in _texts(said):
        yield _name(number, line, text)


def _said(line: str) -> str:
    """Give a line without the dash of an item and the remark behind it."""
    return _REMARK.split(_item(line), maxsplit=1)[0].strip()


def _item(line: str) -> str:
    """Give what an item of a YAML list says; any other line as it is."""
    item = _ITEM.fullmatch(line)
    return item[2] if item else line


def _texts(said: str) -> Sequence[str]:
    """Give the names that a line of any other form holds."""
    if hosts := _HOSTS_FILE.fullmatch(said):
        return hosts[1].split()
    if dnsmasq := _DNSMASQ.fullmatch(said):
        return dnsmasq[1].split("/")
    if v2fly := _V2FLY.match(said):
        return (v2fly[1],)
    return (said.split(" @", maxsplit=1)[0],)


def _name(number: int, line: str, text: str) -> Listed | Passed:
    """Read a host, with a path below it or without, out of a line."""
    found = _HOST_AND_PATH.fullmatch(_SCHEME.sub("", text, count=1))
    before, path = found.groups("") if found else (text, "")
    try:
        host = parse_host(before.removeprefix("*").removeprefix("+").lstrip("."))
    except BadHost as error:
        return Passed(number, line.strip(), str(error))
    if isinstance(host, Address):
        return Passed(number, line.strip(), "an address, not a name")
    if "*" in host:
        return Passed(number, line.strip(), "a pattern, not a name")
    if not _NAME.fullmatch(host):
        return Passed(number, line.strip(), "more than a name")
    if "." not in host:
        return Passed(number, line.strip(), "one label, not a whole name")
    return Listed(host, path.rstrip("/"), number)


def _is_table(lines: Sequence[tuple[int, str]]) -> bool:
    """Tell whether most lines have cells; a separator inside a rule does not make a table."""
    return sum(_has_cells(line) for _, line in lines) > len(lines) / 2


def _has_cells(line: str) -> bool:
    said = _said(line)
    if any(form.match(said) for form in (*_RULES, *(form for form, _ in _NO_NAME))):
        return False
    return any(sign in said for sign in _SEPARATORS)


def _table(lines: Sequence[tuple[int, str]]) -> Iterator[Iterable[Listed | Passed]]:
    separator = max(_SEPARATORS, key=lambda sign: sum(sign in line for _, line in lines))
    rows = [_cells(line, separator) for _, line in lines]
    heads = [cell.lower() for cell in rows[0]]
    named = next((heads.index(name) for name in _HOST_COLUMNS if name in heads), None)
    column = _column_of_names(rows) if named is None else named
    for place, ((number, line), row) in enumerate(zip(lines, rows, strict=True)):
        if place == 0 and named is not None:
            yield (Passed(number, line.strip(), "the heading of a table"),)
        else:
            yield (_name(number, line, row[column] if column < len(row) else ""),)


def _cells(line: str, separator: str) -> list[str]:
    """Read a row for itself: a quotation mark that is never closed spoils no other."""
    try:
        row = next(csv.reader([_item(line)], delimiter=separator), [])
    except csv.Error:  # a cell of more than 128 KiB
        row = []
    return [cell.strip() for cell in row]


def _column_of_names(rows: Sequence[Sequence[str]]) -> int:
    """Find the column of a table without headings that holds most names."""

    def names(column: int) -> int:
        return sum(
            isinstance(_name(0, "", row[column]), Listed) for row in rows if column < len(row)
        )

    return max(range(max(map(len, rows), default=0)), key=names, default=0)
