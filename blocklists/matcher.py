"""What a blocklist says of a host and path at one instant; matcher.js is its twin.

Rules kept here, the most specific first:
 * The never block set and addresses are allowed.
 * A path entry wins over an exact one, that over a suffix; a longer path or suffix over a shorter.
 * Between equals of two services the stricter verdict wins.
 * A path is read as servers do: /%63opilot is /copilot (RFC 3986, section 6.2.2.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blocklists.blocklist import Blocklist, Entry, Ruled, Verdict
from blocklists.hosts import Address, Host, parents

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True)
class Decision:
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


def decide(blocklist: Blocklist, host: Host | Address, path: str, at: datetime) -> Decision:
    """The verdict on a host and a path (`/`, or as in a URL; a query is passed over)."""
    if isinstance(host, Address):
        return Decision(Verdict.ALLOW)
    above = list(parents(host))
    if any(name in blocklist.never_set for name in above):
        return Decision(Verdict.ALLOW)
    own = blocklist.by_host.get(host, ())
    plain = _plain(path)
    under = [one for one in own if one.kind == "path" and _below(one.path, plain)]
    if under:
        longest = max(len(one.path) for one in under)
        return _strictest(blocklist, (one for one in under if len(one.path) == longest), at)
    if exact := [one for one in own if one.kind == "exact"]:
        return _strictest(blocklist, exact, at)
    for name in above:
        if found := [one for one in blocklist.by_host.get(name, ()) if one.kind == "suffix"]:
            return _strictest(blocklist, found, at)
    return Decision(Verdict.ALLOW)


def ruling(blocklist: Blocklist, entry: Entry, at: datetime) -> Decision:
    """What one entry says at this instant: its first decision that holds, else allow."""
    for name in entry.decisions:
        ruled = blocklist.decisions[name]
        if ruled.holds(at):
            return Decision(ruled.verdict, entry, name, ruled)
    return Decision(Verdict.ALLOW, entry)


def _strictest(blocklist: Blocklist, entries: Iterable[Entry], at: datetime) -> Decision:
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
