"""Public lists of others, in whichever form they are written, as names with their lines.

Read are hosts files, AdGuard and uBlock rules, dnsmasq, v2fly, plain names, and tables (CSV, TSV;
rules of Clash and Surge are such a table). Forms may be mixed in one list: each line is read for
itself. A line that names no host is passed over with the reason, never silently.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from blocklists.hosts import Address, BadHost, Host, parse_host

_COMMENT = re.compile(r"\s*(?:[#!;]|//|\[|$)")
_HOSTS_FILE = re.compile(r"(?:0\.0\.0\.0|127\.0\.0\.\d+|::1?)\s+(.+)")
_ADGUARD = re.compile(r"\|\|([^/^$|*]+)(/[^^$|*]*)?")
_DNSMASQ = re.compile(r"(?:address|server|local|ipset|nftset)=/(.+)/[^/]*")
_V2FLY = re.compile(r"(domain|full):(\S+)")
_NO_NAME = (
    (re.compile(r"@@"), "an exception"),
    (re.compile(r".*#[@?$%]*#"), "a rule for parts of a page"),
    (re.compile(r"include:"), "names another file; give that one too"),
    (re.compile(r"(?:regexp|keyword):|/.*/$|.*\*.*\*"), "a pattern, not a name"),
)
_HOST_COLUMNS = ("domain", "host", "hostname", "fqdn", "url", "website", "site", "address", "link")
_SEPARATORS = ",;\t"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True)
class Listed:
    """One name of a list."""

    host: Host
    path: str
    """Of a rule for a path; empty else."""
    line: int


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
        (number, line.strip())
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1)
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
    for form, why in _NO_NAME:
        if form.match(line):
            yield Passed(number, line, why)
            return
    if adguard := _ADGUARD.match(line):
        yield _name(number, line, adguard[1], adguard[2] or "")
        return
    for text in _texts(line.partition(" #")[0].strip()):
        yield _name(number, line, text)


def _texts(line: str) -> Sequence[str]:
    """Give the names that a line of any other form holds."""
    if hosts := _HOSTS_FILE.fullmatch(line):
        return hosts[1].split()
    if dnsmasq := _DNSMASQ.fullmatch(line):
        return dnsmasq[1].split("/")
    if v2fly := _V2FLY.match(line):
        return (v2fly[2],)
    return (line.split(" @", maxsplit=1)[0],)


def _name(number: int, line: str, text: str, path: str = "") -> Listed | Passed:
    if scheme := _SCHEME.match(text):
        text, slash, rest = text[scheme.end() :].partition("/")
        path = slash + rest.partition("?")[0].partition("#")[0]
    text = text.partition("/")[0].removeprefix("*").removeprefix("+").lstrip(".")
    try:
        host = parse_host(re.sub(r":\d+\Z", "", text))
    except BadHost as error:
        return Passed(number, line, str(error))
    if isinstance(host, Address):
        return Passed(number, line, "an address, not a name")
    if "." not in host:
        return Passed(number, line, "one label, not a whole name")
    return Listed(host, path.rstrip("/"), number)


def _is_table(lines: Sequence[tuple[int, str]]) -> bool:
    """Tell whether most lines have cells; a separator inside a rule does not make a table."""
    rows = sum(any(sign in line for sign in _SEPARATORS) for _, line in lines if "|" not in line)
    return rows > len(lines) / 2


def _table(lines: Sequence[tuple[int, str]]) -> Iterator[Iterable[Listed | Passed]]:
    separator = max(_SEPARATORS, key=lambda sign: sum(sign in line for _, line in lines))
    rows = list(csv.reader((line for _, line in lines), delimiter=separator))
    numbers = [number for number, _ in lines]
    heads = [cell.strip().lower() for cell in rows[0]]
    column = next((heads.index(name) for name in _HOST_COLUMNS if name in heads), None)
    if column is not None:
        rows, numbers = rows[1:], numbers[1:]
    else:
        column = _column_of_names(rows)
    for number, row in zip(numbers, rows, strict=False):
        cell = row[column].strip() if column < len(row) else ""
        yield (_name(number, separator.join(row), cell),)


def _column_of_names(rows: Sequence[Sequence[str]]) -> int:
    """Find the column of a table without headings that holds most names."""

    def names(column: int) -> int:
        return sum(
            isinstance(_name(0, "", row[column]), Listed) for row in rows if column < len(row)
        )

    return max(range(max(len(row) for row in rows)), key=names)
