"""The values of the catalogue: services, their plans, countries and hosts, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from blocklists.catalogue.vocabulary import (
    Browser,
    Category,
    PlanKind,
    ProgramKind,
    Reach,
    Residency,
    ToldBy,
    Trains,
    Use,
)
from blocklists.countries import EEA
from blocklists.hosts import Address, Host, parents
from blocklists.yamlfile import Place

Retention = int | Literal["account"]
"""Days after which what is typed is deleted (0: it is not kept), or kept as long as the account."""
Kind = Literal["suffix", "exact", "path"]
KINDS: tuple[Kind, ...] = ("suffix", "exact", "path")


@dataclass(frozen=True)
class Source:
    """Where a fact was read, and when: a page, or a public list that many services stand in."""

    title: str
    url: str
    read: date
    family: str = ""
    """Of a list: those that copy each other are one family; empty for a page."""
    licence: str = ""
    """Of a list: the SPDX name."""


@dataclass(frozen=True)
class Basis:
    """What a service rests on: a page that was read, or lists that agree."""

    page: str = ""
    """A source of the file."""
    lists: tuple[str, ...] = ()
    """Public lists, of two independent families at least."""


@dataclass(frozen=True)
class Countries:
    """Four facts that often part company; None is unknown."""

    vendor: str | None
    owner: str | None
    """Of the ultimate owner."""
    host: str | None
    model: str | None
    """Of the maker of the model."""
    source: str
    """Empty where all four are unknown."""

    @property
    def outside(self) -> Mapping[str, str | None]:
        """Give what of vendor, owner and host is not known to be in the European Economic Area."""
        facts = {"vendor": self.vendor, "owner": self.owner, "host": self.host}
        return {name: code for name, code in facts.items() if code not in EEA}

    @property
    def european(self) -> bool:
        """Whether vendor, owner and host are known, and all in the European Economic Area."""
        return not self.outside


@dataclass(frozen=True)
class Plan:
    """One plan of a service."""

    kind: PlanKind
    told_by: ToldBy
    header: str
    """Name of the tenant-restriction header; empty unless told by header."""
    trains: Trains
    retention: Retention | None
    """None is unknown."""
    eu_residency: Residency
    source: str
    """Empty where nothing is known but that there is such a plan."""


@dataclass(frozen=True)
class HostFact:
    """One host, or path of a host, that a service is used at."""

    service: str
    kind: Kind
    value: str
    """In normal form: A-labels in lower case; of a path with the path behind it."""
    use: Use
    plan: PlanKind | None
    """The plan that this host belongs to alone."""
    leaf: bool
    """An exact host that has no sub-domains."""
    all_users: bool
    """A public suffix, and every user's page below it is meant."""
    source: str
    place: Place
    """Where it stands in its file."""

    @property
    def host(self) -> Host:
        """The host part."""
        return Host(self.value.partition("/")[0])

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


@dataclass(frozen=True)
class Header:
    """A tenant-restriction header: it makes a service refuse the accounts of others."""

    name: str
    value: str
    """How its value is written, in words."""
    hosts: tuple[Host, ...]
    """Where it must be sent; names below them included."""
    plan: PlanKind | None
    """The plan whose accounts it lets through."""
    leaves_open: str
    """What it does not stop, in words; may be empty."""
    source: str


@dataclass(frozen=True)
class Program:
    """A program that a service is used with, and the signs it is known by."""

    kind: ProgramKind
    name: str
    processes: tuple[str, ...]
    """File names on Windows and Linux."""
    packages: tuple[str, ...]
    """Package families of Windows (MSIX)."""
    bundles: tuple[str, ...]
    """Bundle identifiers of macOS."""
    paths: tuple[str, ...]
    commands: tuple[str, ...]
    """Words of a command line, where the process is a shared interpreter such as node."""
    ports: tuple[int, ...]
    """TCP ports on the workstation that a runner listens at."""
    signer: str
    """Who signs it; may be empty."""
    source: str


@dataclass(frozen=True)
class Extension:
    """A browser extension of a service."""

    id: str
    browser: Browser
    name: str
    source: str


@dataclass(frozen=True)
class Service:
    """One AI product."""

    id: str
    name: str
    vendor: str
    vendor_name: str
    former: tuple[str, ...]
    """Names that it had before."""
    category: Category
    reach: Reach
    reviewed: date
    """The day somebody last went through it; what is unknown was looked for on that day."""
    basis: Basis
    replaces: tuple[str, ...]
    """Services that it can stand in for: it is an alternative to them."""
    countries: Countries
    plans: Mapping[PlanKind, Plan]
    """Empty where none is known."""
    hosts: tuple[HostFact, ...]
    headers: tuple[Header, ...]
    programs: tuple[Program, ...]
    extensions: tuple[Extension, ...]
    sources: Mapping[str, Source]
    """The pages read for its vendor, by their name in the file."""
    place: Place
    """Where it stands in its file."""


@dataclass(frozen=True)
class Catalogue:
    """All services, by id in alphabetical order."""

    services: Mapping[str, Service]
    lists: Mapping[str, Source] = field(default_factory=dict)
    """The public lists that facts of any service may name, by id."""

    def source(self, service: Service, name: str) -> Source:
        """Give the source that a fact of a service names."""
        return service.sources.get(name) or self.lists[name]

    def families(self, service: Service) -> int:
        """Count the independent families of lists that a service rests on."""
        return len({self.lists[name].family for name in service.basis.lists})

    def lookup(self, host: Host | Address) -> HostFact | None:
        """Find the fact that covers a host: its exact entry, else the longest suffix above it.

        Path entries say nothing about a host.
        """
        if isinstance(host, Address):
            return None
        keys: list[tuple[Kind, str]] = [("exact", host)]
        keys += [("suffix", name) for name in parents(host)]
        return next((self._by_value[key] for key in keys if key in self._by_value), None)

    @cached_property
    def _by_value(self) -> dict[tuple[Kind, str], HostFact]:
        facts = (fact for service in self.services.values() for fact in service.hosts)
        return {(fact.kind, fact.value): fact for fact in facts}
