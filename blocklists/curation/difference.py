"""Two catalogues side by side: what one has that the other has not, and whether it shrank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blocklists.catalogue import Catalogue
from blocklists.curation.describing import plain


@dataclass(frozen=True)
class Change:
    """One fact of a service that both have and that differs."""

    service: str
    fact: str
    """The keys on the way to it: `countries.owner`, `suffix chatgpt.com`."""
    old: str | None
    """None where the old one does not have it."""
    new: str | None


@dataclass(frozen=True)
class Difference:
    """What changed from an old catalogue to a new one."""

    added: tuple[str, ...]
    """Ids of services, as in `removed`."""
    removed: tuple[str, ...]
    changes: tuple[Change, ...]
    shrinks: str
    """How much is lost, in words; empty where the new one has no fewer services and hosts."""


def difference(old: Catalogue, new: Catalogue) -> Difference:
    """Compare two catalogues, service by service, fact by fact."""
    both = sorted(old.services.keys() & new.services.keys())
    return Difference(
        added=tuple(sorted(new.services.keys() - old.services.keys())),
        removed=tuple(sorted(old.services.keys() - new.services.keys())),
        changes=tuple(change for service in both for change in _changes(service, old, new)),
        shrinks=shrinks(old, new),
    )


def shrinks(old: Catalogue, new: Catalogue) -> str:
    """Say how many services and hosts are fewer than before; empty when neither is."""
    counts = {
        "services": (len(old.services), len(new.services)),
        "hosts": (_hosts(old), _hosts(new)),
    }
    fewer = [f"{what} from {was} to {now}" for what, (was, now) in counts.items() if now < was]
    return "the catalogue shrinks: " + ", ".join(fewer) if fewer else ""


def _hosts(catalogue: Catalogue) -> int:
    return sum(len(service.hosts) for service in catalogue.services.values())


def _changes(service: str, old: Catalogue, new: Catalogue) -> Iterator[Change]:
    before = dict(_facts(plain(old.services[service])))
    after = dict(_facts(plain(new.services[service])))
    for fact in sorted(before.keys() | after.keys()):
        if before.get(fact) != after.get(fact):
            yield Change(service, fact, before.get(fact), after.get(fact))


def _facts(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Flatten a service; items of lists are keyed by what they are, so that order is no change."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _facts(value, f"{above}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from ((f"{above}{key}: {_named(item)}", _told(item)) for item in value)
        elif isinstance(value, list):
            yield from ((f"{above}{key}: {item}", "yes") for item in value)
        else:
            yield f"{above}{key}", str(value)


def _named(item: Mapping[str, Any]) -> str:
    """Give what an item of a list is: of a program its kind and name, else its first key."""
    if "kind" in item:
        return f"{item['kind']} {item['name']}"
    key, value = next(iter(item.items()))
    return f"{key} {value}"


def _told(item: Mapping[str, Any]) -> str:
    naming = ("kind", "name") if "kind" in item else (next(iter(item)),)
    return ", ".join(
        f"{key} {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in item.items()
        if key not in naming
    )
