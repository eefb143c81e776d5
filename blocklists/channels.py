"""What the channel DNS can do with a blocklist, and what it leaves to the browser and why.

DNS sees names only, for everybody on the device, and routes by suffix. So it may hold only a
block that is true of every name below the entry; the rest is left, with its reason. There is room
for few names: banned ones come first, then those of the best-known services. Pure: the agent
routes by it, the compiler's report and `explain` repeat it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from blocklists.blocklist import Blocklist, Entry, Verdict
from blocklists.hosts import Host, parents
from blocklists.matcher import ruling

if TYPE_CHECKING:
    from datetime import datetime

CANARY = Host("canary.sluis-check.example")
"""Always routed, never reported: the self-test asks for it and sees it at the sinkhole.

.example is reserved (RFC 6761), so nobody's name is taken.
"""

DOH_CANARY = Host("use-application-dns.net")
"""Answered with NXDOMAIN, so that Firefox keeps to the system's resolver:
https://support.mozilla.org/kb/canary-domain-use-application-dnsnet"""


MOST_ROUTES = 250
"""Names that DNS has room for, with the two above. systemd-resolved takes 256 a link, and empties
the list at the 257th."""

_REACHES = ("head", "known", "tail")


class LeftWhy(StrEnum):
    """Why DNS leaves an entry to the browser."""

    NOT_BLOCKED = "not-blocked"
    """warn and observe need somebody to ask; allow needs nothing."""
    OPEN_BELOW = "open-below"
    """A name or path below it is not blocked, and DNS cannot tell them apart."""
    NAMES_BELOW = "names-below"
    """An exact host that may have sub-domains, which a route would take along."""
    PATH = "path"
    """DNS sees no paths."""
    NEVER = "never"
    """The never block set lies below or above it."""
    NO_ROOM = "no-room"
    """Names of better known services, and banned ones, take all the room there is."""


@dataclass(frozen=True)
class Left:
    """An entry that DNS does not hold."""

    entry: Entry
    why: LeftWhy


@dataclass(frozen=True)
class Routes:
    """The fewest names whose look-ups go to the sinkhole, sorted, and what is left."""

    names: tuple[Host, ...]
    left: tuple[Left, ...]


def dns_routes(blocklist: Blocklist, at: datetime) -> Routes:
    """Split the entries in force at this instant in routes and what DNS leaves.

    The list's own rule where two entries of one value differ (the stricter) is kept.
    """
    verdicts = _verdicts(blocklist, at)
    opened = _opened(blocklist, verdicts)
    routed: dict[Host, Entry] = {}
    left: list[Left] = []
    for entry in blocklist.entries:
        why = _left(blocklist, entry, verdicts[entry.kind, entry.value], opened)
        if why is None:
            routed[entry.host] = entry
        else:
            left.append(Left(entry, why))
    tops = [name for name in routed if routed.keys().isdisjoint(list(parents(name))[1:])]
    tops.sort(key=lambda name: _rank(blocklist, routed[name], at))
    names = set(tops[: MOST_ROUTES - len((CANARY, DOH_CANARY))])
    left += [Left(each, LeftWhy.NO_ROOM) for each in routed.values()]
    kept = (one for one in left if names.isdisjoint(parents(one.entry.host)))
    return Routes(tuple(sorted(names)), tuple(kept))


def _rank(blocklist: Blocklist, entry: Entry, at: datetime) -> tuple[bool, int, str]:
    """Sort names for the room there is: what a ban stops, then the best known."""
    banned = (ruling(blocklist, entry, at).ruled_id or "").startswith("ban ")
    return not banned, _REACHES.index(blocklist.services[entry.service].reach), entry.value


def _verdicts(blocklist: Blocklist, at: datetime) -> dict[tuple[str, str], Verdict]:
    found: dict[tuple[str, str], Verdict] = {}
    for entry in blocklist.entries:
        key, verdict = (entry.kind, entry.value), ruling(blocklist, entry, at).verdict
        found[key] = max(found.get(key, verdict), verdict, key=lambda one: one.strictness)
    return found


def _opened(blocklist: Blocklist, verdicts: dict[tuple[str, str], Verdict]) -> set[Host]:
    """Every host at or below which something must stay open."""
    opened: set[Host] = set()
    for entry in blocklist.entries:
        if verdicts[entry.kind, entry.value] is not Verdict.BLOCK:
            opened.update(parents(entry.host))
    return opened


def _left(
    blocklist: Blocklist, entry: Entry, verdict: Verdict, opened: set[Host]
) -> LeftWhy | None:
    never_above = blocklist.never_set.intersection(parents(entry.host))
    if verdict is not Verdict.BLOCK:
        return LeftWhy.NOT_BLOCKED
    if entry.kind == "path":
        return LeftWhy.PATH
    if never_above or any(entry.host in parents(name) for name in blocklist.never):
        return LeftWhy.NEVER
    if entry.kind == "exact" and not entry.leaf:
        return LeftWhy.NAMES_BELOW
    return LeftWhy.OPEN_BELOW if entry.host in opened else None
