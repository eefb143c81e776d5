"""Hosts that no entry may cover: public suffixes, hosts that must stay reachable, shared domains.

A list that stops one of these stops sign-in, mail or other people's pages, and has done so in the
field. The names and their reasons are in must_not_block.txt and shared_hosts.txt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blocklists.catalogue.model import Kind
from blocklists.hosts import Host, parents
from blocklists.suffixes import of_private_section, public_suffix, suffix_below

_FOLDER = Path(__file__).parent.parent
_LISTS = (_FOLDER / "shared_hosts.txt", _FOLDER / "must_not_block.txt")


@dataclass(frozen=True)
class Guard:
    """What must stay reachable: names with the reason for each."""

    equal: Mapping[Host, str]
    """Names that may be no suffix and no exact entry."""
    covered: Mapping[Host, tuple[Host, str]]
    """Names above them, which may be no suffix: with one name below, and its reason."""

    def refusal(self, kind: Kind, host: Host, *, all_users: bool) -> str | None:
        """Say why an entry may not stand in the catalogue; None when it may."""
        shared = public_suffix(host) == host
        if shared and not (all_users and of_private_section(host)):
            return _shared_by_users(host)
        if kind == "path":
            return None
        if host in self.equal:
            return f"{host} is a shared host ({self.equal[host]}); {_narrower(kind, host)}"
        if kind == "exact":
            return None
        if host in self.covered:
            below, why = self.covered[host]
            return f"{host} covers {below} ({why}), which must stay open; {_narrower(kind, host)}"
        below_suffix = None if shared else suffix_below(host)
        if below_suffix:
            return f"{host} covers the public suffix {below_suffix}; {_narrower(kind, host)}"
        return None


def load_guard() -> Guard:
    """Read the two lists that come with the package."""
    reasons: dict[Host, str] = {}
    for path in _LISTS:
        for line in path.read_text("utf-8").splitlines():
            host, _, why = line.partition("\t")
            if host and not host.startswith("#"):
                reasons[Host(host)] = why
    covered: dict[Host, tuple[Host, str]] = {}
    for host, why in reasons.items():
        for above in list(parents(host))[1:]:
            covered.setdefault(above, (host, why))
    return Guard(reasons, covered)


def _shared_by_users(host: Host) -> str:
    if of_private_section(host):
        return (
            f"{host} is a public suffix: other people's pages lie below it; name the hosts, "
            "or add all_users: true if every user's page is meant"
        )
    return f"{host} is a public suffix, not a service; write the whole host below it"


def _narrower(kind: Kind, host: Host) -> str:
    if kind == "exact":
        return f"write the path of the service: path {host}/..."
    return f"write the service's own name below it, or its path: path {host}/..."
