"""How much the catalogue knows, what it rests on, and what was not looked at for long."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from blocklists.catalogue import Catalogue, Residency, Service, Source, Trains
from blocklists.catalogue.built_in import BuiltIn
from blocklists.curation.describing import facts_by_source, named_sources
from blocklists.curation.judged import Judgement

_FOUR = ("vendor", "owner", "host", "model")

Counts = Mapping[str, int]


def statistics(
    catalogue: Catalogue, built_in: BuiltIn, judged: Iterable[Judgement]
) -> dict[str, Counts]:
    """Count the catalogue: group -> what -> how many."""
    services = list(catalogue.services.values())
    judgements = list(judged)
    return {
        "catalogue": {
            "services": len(services),
            "vendors": len({service.vendor for service in services}),
            "hosts": sum(len(service.hosts) for service in services),
            "programs": sum(len(service.programs) for service in services),
            "extensions": sum(len(service.extensions) for service in services),
            "headers": sum(len(service.headers) for service in services),
            "former names": sum(len(service.former) for service in services),
            "public lists": len(catalogue.lists),
            "pages": sum(1 for _ in _pages(services)),
        },
        "basis": {
            "page read": sum(bool(service.basis.page) for service in services),
            "lists agree": sum(bool(service.basis.lists) for service in services),
        },
        "reach": _counted(service.reach for service in services),
        "category": _counted(service.category for service in services),
        "hosts": _counted(fact.kind for service in services for fact in service.hosts),
        "use": _counted(fact.use for service in services for fact in service.hosts),
        "known": _known(services),
        "alternatives": {
            "services that can stand in": sum(bool(service.replaces) for service in services),
            "of these European": sum(
                bool(service.replaces) and service.countries.european for service in services
            ),
        },
        "programs": _counted(each.kind for service in services for each in service.programs),
        "built in": _counted(feature.product for feature in built_in.features.values()),
        "facts by source": {
            "from a page": sum(_from_pages(service) for service in services),
            "from a list": sum(
                name in catalogue.lists for each in services for name in facts_by_source(each)
            ),
        },
        "candidates": {
            "judged": len(judgements),
            "kept": sum(each.code is None for each in judgements),
            **{
                f"dropped: {code}": count
                for code, count in _counted(each.code for each in judgements if each.code).items()
            },
        },
    }


def _counted(words: Iterable[str]) -> Counts:
    return dict(sorted(Counter(map(str, words)).items(), key=lambda each: (-each[1], each[0])))


def _known(services: Iterable[Service]) -> Counts:
    """Count the services of which a fact is known; of the others it is unknown, and shown so."""
    known: Counter[str] = Counter()
    for service in services:
        countries = {name: getattr(service.countries, name) for name in _FOUR}
        for name, value in countries.items():
            known[f"country of {name}"] += bool(value)
        known["all four countries"] += all(countries.values())
        known["plans"] += bool(service.plans)
        plans = service.plans.values()
        known["training"] += any(plan.trains is not Trains.UNKNOWN for plan in plans)
        known["retention"] += any(plan.retention is not None for plan in plans)
        known["EU residency"] += any(plan.eu_residency is not Residency.UNKNOWN for plan in plans)
    return dict(known)


def _pages(services: Iterable[Service]) -> Iterator[Source]:
    """Give each page once; the services of a file share them."""
    vendors = {service.vendor: service.sources for service in services}
    return (source for sources in vendors.values() for source in sources.values())


def _from_pages(service: Service) -> int:
    return sum(name in service.sources for name in facts_by_source(service))


@dataclass(frozen=True)
class Used:
    """One source, and how much rests on it."""

    name: str
    """Of a page: vendor/name."""
    source: Source
    facts: int
    services: int


def sources(catalogue: Catalogue) -> list[Used]:
    """Give every public list and every page, the most used first."""
    facts: Counter[str] = Counter()
    services: Counter[str] = Counter()
    for service in catalogue.services.values():
        full = {name: f"{service.vendor}/{name}" for name in service.sources}
        facts.update(full.get(name, name) for name in facts_by_source(service) if name)
        services.update(full.get(name, name) for name in named_sources(service))
    known = dict(catalogue.lists)
    for service in catalogue.services.values():
        known |= {f"{service.vendor}/{name}": each for name, each in service.sources.items()}
    used = [Used(name, each, facts[name], services[name]) for name, each in known.items()]
    return sorted(used, key=lambda each: (-each.facts, -each.services, each.name))


def months_before(day: date, months: int) -> date:
    """Go back so many months; the end of a shorter month where the day is not there.

    Before the year 1 it gives that year's first day.
    """
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if years < date.min.year:
        return date.min
    last = monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def stale(catalogue: Catalogue, before: date) -> list[Service]:
    """Give the services that nobody went through since a day, the longest ago first."""
    found = [each for each in catalogue.services.values() if each.reviewed < before]
    return sorted(found, key=lambda each: (each.reviewed, each.id))
