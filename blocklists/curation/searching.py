"""Services by words and by facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blocklists.catalogue import Catalogue, Category, PlanKind, Reach, Service
from blocklists.catalogue.built_in import BuiltIn, Feature


@dataclass(frozen=True)
class Wanted:
    """What a service must meet; what is None or empty asks nothing."""

    words: Sequence[str] = ()
    """Each stands in an id, name (former ones too), vendor or host; case does not count."""
    category: Category | None = None
    country: str | None = None
    """One of the four countries, or `unknown`."""
    plan: PlanKind | None = None
    european: bool = False
    """Vendor, owner and host are known, and all in the European Economic Area."""
    alternatives: bool = False
    """It can stand in for another service."""


def search(catalogue: Catalogue, wanted: Wanted) -> list[Service]:
    """Give the services that meet everything: those named so first, then the best known."""
    found = [each for each in catalogue.services.values() if _meets(each, wanted)]
    reaches = list(Reach)
    named = {word.lower() for word in wanted.words}

    def rank(service: Service) -> tuple[bool, int, str]:
        exact = not named.isdisjoint((service.id, service.name.lower()))
        return (not exact, reaches.index(service.reach), service.id)

    return sorted(found, key=rank)


def features_by(built_in: BuiltIn, words: Sequence[str]) -> list[Feature]:
    """Give the built-in features with every word in an id, name, product, purpose or setting."""

    def texts(feature: Feature) -> Iterator[str]:
        yield from (feature.id, feature.name, feature.product, feature.does)
        yield from (setting.name for setting in feature.off)

    return [
        feature
        for feature in built_in.features.values()
        if all(any(word.lower() in text.lower() for text in texts(feature)) for word in words)
    ]


def _meets(service: Service, wanted: Wanted) -> bool:
    return (
        all(_names(service, word.lower()) for word in wanted.words)
        and (wanted.category is None or service.category is wanted.category)
        and (wanted.country is None or wanted.country in _countries(service))
        and (wanted.plan is None or wanted.plan in service.plans)
        and (not wanted.european or service.countries.european)
        and (not wanted.alternatives or bool(service.replaces))
    )


def _names(service: Service, word: str) -> bool:
    names = (service.id, service.name, service.vendor, service.vendor_name, *service.former)
    hosts = (fact.value for fact in service.hosts)
    return any(word in each.lower() for each in (*names, *hosts))


def _countries(service: Service) -> set[str]:
    facts = service.countries
    return {each or "unknown" for each in (facts.vendor, facts.owner, facts.host, facts.model)}
