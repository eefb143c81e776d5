"""What a blocklist says of a host and path at one instant; matcher.js is its twin.

Rules kept here, the most specific first:
 * The never block set and addresses are allowed.
 * A path entry wins over an exact one, that over a suffix; a longer path or suffix over a shorter.
 * Between equals of two services the stricter verdict wins.
 * A path is read as servers do: /%63opilot is /copilot (RFC 3986, section 6.2.2.2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from blocklists.blocklist import Blocklist, Entry, Named, Ruled, Verdict
from blocklists.hosts import Address, Host

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Decision(msgspec.Struct, frozen=True):
    """What becomes of a navigation, and the entry and decision that say so."""

    verdict: Verdict
    entry: Entry | None = None
    """The entry that decided; None where the list has none."""
    ruled_id: str | None = None
    """The decision's id in the list, such as `ban offensive-cyber`; None where none holds."""
    ruled: Ruled | None = None

    @property
    def service(self) -> str | None:
        """The service that the host belongs to, where the list knows it."""
        return self.entry.service if self.entry else None


_OPEN = Decision(Verdict.ALLOW)


def decide(blocklist: Blocklist, host: Host | Address, path: str, at: datetime) -> Decision:
    """The verdict on a host and a path (`/`, or as in a URL; a query is passed over)."""
    if isinstance(host, Address):
        return _OPEN
    by_name, name = blocklist.by_name, str(host)
    while name:  # not parents(): cutting the name is most of a look-up's time
        named = by_name.get(name)
        if named is not None:
            if named.never:
                return _OPEN
            if entries := _nearest(named, path) if name == host else named.suffixes:
                return _strictest(blocklist, entries, at)
        _, _, name = name.partition(".")
    return _OPEN


def _nearest(named: Named, path: str) -> Sequence[Entry]:
    """Give the entries that come first at a host itself: the longest path, exact, suffix."""
    if named.paths:
        plain = _plain(path)
        under = [one for one in named.paths if _below(one.path, plain)]
        longest = max((len(one.path) for one in under), default=0)
        if under:
            return [one for one in under if len(one.path) == longest]
    return named.exacts or named.suffixes


def ruling(blocklist: Blocklist, entry: Entry, at: datetime) -> Decision:
    """What one entry says at this instant: its first decision that holds, else allow."""
    for name in entry.decisions:
        ruled = blocklist.decisions[name]
        if ruled.holds(at):
            return Decision(ruled.verdict, entry, name, ruled)
    return Decision(Verdict.ALLOW, entry)


def _strictest(blocklist: Blocklist, entries: Sequence[Entry], at: datetime) -> Decision:
    if len(entries) == 1:
        return ruling(blocklist, entries[0], at)
    rulings = [ruling(blocklist, entry, at) for entry in entries]
    return max(rulings, key=lambda one: one.verdict.strictness)


_ESCAPED = re.compile(r"%([2-7][0-9A-Fa-f])")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def _plain(path: str) -> str:
    """The path alone, with nothing escaped that need not be."""
    return _ESCAPED.sub(_unescaped, path.partition("#")[0].partition("?")[0])


def _unescaped(escaped: re.Match[str]) -> str:
    letter = chr(int(escaped[1], 16))
    return letter if _UNRESERVED.fullmatch(letter) else escaped[0]


def _below(prefix: str, path: str) -> bool:
    """Whether a path is the prefix or goes on at a slash."""
    return path == prefix or path.startswith(prefix if prefix.endswith("/") else prefix + "/")
