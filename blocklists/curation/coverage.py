"""A public list held against the catalogue: what each has, and what each misses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from blocklists.catalogue import Catalogue, HostFact
from blocklists.catalogue.guard import Guard
from blocklists.curation.judged import Judgement
from blocklists.curation.public_lists import Listed, PublicList
from blocklists.hosts import Host, parents


@dataclass(frozen=True)
class Covered:
    """A name of the list that the catalogue has."""

    name: Listed
    fact: HostFact
    narrower: bool
    """The catalogue has a path of it, or a name below it, alone: the rest is something else."""


@dataclass(frozen=True)
class LeftOut:
    """A name of the list that the catalogue leaves out on purpose, and why."""

    name: Listed
    why: str


@dataclass(frozen=True)
class Coverage:
    """What the comparison gives; each name of the list stands in one of the first three."""

    covered: tuple[Covered, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[Listed, ...]
    """Nobody judged these yet: each is a candidate."""
    not_listed: tuple[str, ...]
    """Ids of the services of which the list names no host."""

    @property
    def agreement(self) -> float:
        """The share of the list's names, from 0 to 1, that the catalogue has."""
        names = len(self.covered) + len(self.left_out) + len(self.missing)
        return len(self.covered) / names if names else 1.0


def coverage(
    catalogue: Catalogue, guard: Guard, judged: Mapping[Host, Judgement], listed: PublicList
) -> Coverage:
    """Hold a list against the catalogue, its guard and what became of candidates."""
    inside = _by_host_above(catalogue)
    paths = [
        fact for each in catalogue.services.values() for fact in each.hosts if fact.kind == "path"
    ]
    covered, left_out, missing = [], [], []
    for name in listed.names:
        if fact := catalogue.lookup(name.host):
            covered.append(Covered(name, fact, narrower=False))
        elif found := _in_part(inside, name) if not name.path else _by_path(paths, name):
            covered.append(found)
        elif why := _reason(guard, judged, name.host):
            left_out.append(LeftOut(name, why))
        else:
            missing.append(name)
    met = {found.fact.service for found in covered}
    not_listed = tuple(service for service in catalogue.services if service not in met)
    return Coverage(tuple(covered), tuple(left_out), tuple(missing), not_listed)


def _by_host_above(catalogue: Catalogue) -> dict[Host, HostFact]:
    """Give for each name one fact that lies below it, or on a path of it."""
    inside: dict[Host, HostFact] = {}
    for service in catalogue.services.values():
        for fact in service.hosts:
            for above in parents(fact.host):
                if above != fact.host or fact.kind == "path":
                    inside.setdefault(above, fact)
    return inside


def _in_part(inside: Mapping[Host, HostFact], name: Listed) -> Covered | None:
    fact = inside.get(name.host)
    return Covered(name, fact, narrower=True) if fact else None


def _by_path(paths: Iterable[HostFact], name: Listed) -> Covered | None:
    """Find a path that the name's lies below, else one below the name's."""
    below = []
    for fact in paths:
        if f"{name}/".startswith(f"{fact.value}/"):
            return Covered(name, fact, narrower=False)
        if fact.value.startswith(f"{name}/"):
            below.append(fact)
    return Covered(name, below[0], narrower=True) if below else None


def _reason(guard: Guard, judged: Mapping[Host, Judgement], host: Host) -> str | None:
    """Say why a name is left out: it, or a name above it, was judged, or it is shared itself.

    What lies below a shared name and was not judged may be a service: it is a candidate.
    """
    for above in parents(host):
        if (found := judged.get(above)) and found.code:
            return f"{found.code}: {found.why}" if found.why else str(found.code)
    if host in guard.equal:
        return f"shared: {guard.equal[host]}"
    return guard.refusal("suffix", host, all_users=False)
