"""One service file into its services; every fault is noted on the file's nodes.

The form stands in FORMAT.md. A value that is faulty is replaced by an empty one: whoever reads a
file with faults gets BadFile and never sees what was built of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Protocol
from urllib.parse import urlsplit

from blocklists.catalogue.entries import BadEntry, normal_form
from blocklists.catalogue.model import (
    KINDS,
    Category,
    Countries,
    HostFact,
    Kind,
    Plan,
    PlanKind,
    Reach,
    Service,
    Source,
    ToldBy,
    Trains,
    Use,
)
from blocklists.countries import read_country
from blocklists.hosts import Host
from blocklists.yamlfile import Fields, Node


class Guards(Protocol):
    """What knows the hosts that no entry may cover; `guard` does, and is heavy to import."""

    def refusal(self, kind: Kind, host: Host, *, all_users: bool) -> str | None:
        """Say why an entry may not stand in the catalogue; None when it may."""


_FILE = ("vendor", "name", "sources", "services")
_SERVICE = ("id", "name", "category", "reach", "countries", "plans", "hosts")
_COUNTRIES = ("vendor", "owner", "host", "model", "source")
_PLAN = ("told_by", "header", "trains", "source")
_HOST = (*KINDS, "use", "plan", "leaf", "all_users", "source")
_LONGEST_NAME = 80


def read_services(top: Node, vendor: str, guard: Guards | None) -> tuple[Service, ...]:
    """Read the services of one file; `vendor` is what the file's name says.

    Without a guard the entries are not held against the hosts that must stay open.
    """
    fields = top.mapping(known=_FILE)
    said = fields.need("vendor").identifier()
    if said and said != vendor:
        fields.get("vendor").fault(f"{said} is not the file's name; rename one of the two")
    vendor_name = fields.need("name").text(_LONGEST_NAME) or ""
    sources = {name: _source(node) for name, node in fields.need("sources").mapping()}
    services = fields.need("services")
    if isinstance(services.value, list) and not services.value:
        services.fault("holds no service; write one")
    return tuple(
        _Reader(node, sources, guard).service(vendor, vendor_name) for node in services.list()
    )


def _source(node: Node) -> Source:
    fields = node.mapping(known=("title", "url", "read"))
    url = fields.need("url").text() or ""
    if url and not (urlsplit(url).scheme == "https" and urlsplit(url).hostname):
        fields.get("url").fault(f"{url} is no web address; write https://...")
    day = fields.need("read").date()
    title = fields.need("title").text() or ""
    return Source(title, url, day or date.min)


class _Reader:
    """Reads one service; holds what its parts refer to."""

    def __init__(self, node: Node, sources: Mapping[str, Source], guard: Guards | None) -> None:
        self._node = node
        self._fields = node.mapping(known=_SERVICE)
        self._sources = sources
        self._guard = guard
        self._id = self._fields.need("id").identifier() or ""

    def service(self, vendor: str, vendor_name: str) -> Service:
        fields = self._fields
        plans = dict(self._plans(fields.get("plans").mapping(known=tuple(PlanKind))))
        return Service(
            id=self._id,
            name=fields.need("name").text(_LONGEST_NAME) or "",
            vendor=vendor,
            vendor_name=vendor_name,
            category=fields.need("category").one_of(Category) or Category.OTHER,
            reach=fields.need("reach").one_of(Reach) or Reach.TAIL,
            countries=self._countries(fields.need("countries").mapping(known=_COUNTRIES)),
            plans=plans,
            hosts=tuple(self._host(node, plans) for node in fields.get("hosts").list()),
            sources=self._sources,
            place=self._node.place,
        )

    def _countries(self, fields: Fields) -> Countries:
        return Countries(
            vendor=_country(fields.need("vendor")),
            owner=_country(fields.need("owner")),
            host=_country(fields.need("host")),
            model=_country(fields.need("model")),
            source=self._source(fields),
        )

    def _plans(self, fields: Fields) -> Iterator[tuple[PlanKind, Plan]]:
        for name, node in fields:
            if name in tuple(PlanKind):
                kind = PlanKind(name)
                yield kind, self._plan(kind, node.mapping(known=_PLAN))

    def _plan(self, kind: PlanKind, fields: Fields) -> Plan:
        told_by = fields.need("told_by").one_of(ToldBy) or ToldBy.NONE
        if told_by is ToldBy.HEADER:
            fields.need("header")
        elif "header" in fields:
            fields.get("header").fault(f"belongs to told_by: header, not to {told_by}")
        return Plan(
            kind=kind,
            told_by=told_by,
            header=fields.get("header").text() or "",
            trains=fields.need("trains").one_of(Trains) or Trains.UNKNOWN,
            source=self._source(fields),
        )

    def _host(self, node: Node, plans: Mapping[PlanKind, Plan]) -> HostFact:
        fields = node.mapping(known=_HOST)
        kind, entry = _entry(fields)
        all_users = fields.get("all_users").boolean() or False
        fact = HostFact(
            service=self._id,
            kind=kind,
            value=_value(kind, entry),
            use=fields.need("use").one_of(Use) or Use.SITE,
            plan=_host_plan(fields.get("plan"), plans),
            leaf=fields.get("leaf").boolean() or False,
            all_users=all_users,
            source=self._source(fields),
            place=entry.place,
        )
        if fact.leaf and kind != "exact":
            fields.get("leaf").fault(f"belongs to an exact host, not to a {kind}")
        if fact.value and self._guard:
            refusal = self._guard.refusal(kind, fact.host, all_users=all_users)
            if refusal:
                entry.fault(refusal)
        return fact

    def _source(self, fields: Fields) -> str:
        node = fields.need("source")
        name = node.text() or ""
        if name and name not in self._sources:
            known = ", ".join(self._sources) or "none yet"
            node.fault(f"{name} is not among the sources of this file ({known}); add it there")
        return name


def _country(node: Node) -> str | None:
    return None if node.value == "unknown" else read_country(node)


def _entry(fields: Fields) -> tuple[Kind, Node]:
    """Find the one key of a host that says what it covers."""
    found = [(kind, fields.get(kind)) for kind in KINDS if kind in fields]
    if len(found) == 1:
        return found[0]
    if fields.node:
        fields.node.fault("must have one of suffix, exact and path; write the one that is meant")
    return "suffix", fields.get("suffix")


def _value(kind: Kind, entry: Node) -> str:
    if not isinstance(entry.value, str):
        entry.text()  # notes what stands there instead
        return ""
    try:
        return normal_form(kind, entry.value)
    except BadEntry as error:
        entry.fault(str(error))
        return ""


def _host_plan(node: Node, plans: Mapping[PlanKind, Plan]) -> PlanKind | None:
    plan = node.one_of(PlanKind)
    if plan and plan not in plans:
        node.fault(f"{plan} is not among the plans of this service; add it there")
    elif plan and plans[plan].told_by is not ToldBy.HOST:
        node.fault(f"{plan} is told by {plans[plan].told_by}; write told_by: host there")
    return plan
