"""One service file into its services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from blocklists.catalogue.model import Service, Source
from blocklists.catalogue.reading.conditions import (
    read_countries,
    read_headers,
    read_plans,
)
from blocklists.catalogue.reading.hosts import Guards, read_host
from blocklists.catalogue.reading.programs import read_extension, read_program
from blocklists.catalogue.reading.sources import Sources, read_pages
from blocklists.catalogue.vocabulary import Category, Reach
from blocklists.scripts import mixed_scripts
from blocklists.yamlfile import Node

_FILE = ("vendor", "name", "sources", "services")
_SERVICE = (
    "id",
    "name",
    "former",
    "category",
    "reach",
    "reviewed",
    "basis",
    "replaces",
    "countries",
    "plans",
    "hosts",
    "headers",
    "programs",
    "extensions",
)
_LONGEST_NAME = 80


def read_services(
    top: Node, vendor: str, lists: Mapping[str, Source], guard: Guards | None
) -> tuple[Service, ...]:
    """Read the services of one file; `vendor` is what the file's name says.

    `lists` are the public lists that a fact may name beside the file's own sources. Without a
    guard the entries are not held against the hosts that must stay open.
    """
    fields = top.mapping(known=_FILE)
    said = fields.need("vendor").identifier()
    if said and said != vendor:
        fields.get("vendor").fault(f"{said} is not the file's name; rename one of the two")
    name = _name(fields.need("name"))
    sources = Sources(read_pages(fields.get("sources"), lists), lists)
    services = fields.need("services")
    if isinstance(services.value, list) and not services.value:
        services.fault("holds no service; write one")
    reader = _Reader(vendor, name, sources, guard)
    nodes = services.list()
    found = tuple(reader.service(node) for node in nodes)
    for node, header in _undescribed(nodes, found):
        node.fault(f"a plan is told by the header {header}; describe it under headers")
    return found


def _undescribed(nodes: Sequence[Node], services: Sequence[Service]) -> Iterator[tuple[Node, str]]:
    """Give the headers that plans are told by and that no service of the file describes."""
    described = {header.name for service in services for header in service.headers}
    for node, service in zip(nodes, services, strict=True):
        named = {plan.header for plan in service.plans.values() if plan.header}
        yield from ((node, header) for header in sorted(named - described))


class _Reader:
    """Reads the services of one file; holds what they share."""

    def __init__(self, vendor: str, name: str, sources: Sources, guard: Guards | None) -> None:
        self._vendor = vendor
        self._name = name
        self._sources = sources
        self._guard = guard

    def service(self, node: Node) -> Service:
        fields, sources = node.mapping(known=_SERVICE), self._sources
        service = fields.need("id").identifier() or ""
        plans = read_plans(fields.need("plans"), sources)
        headers = read_headers(fields.get("headers"), plans, sources)
        hosts = fields.get("hosts").list()
        return Service(
            id=service,
            name=_name(fields.need("name")),
            vendor=self._vendor,
            vendor_name=self._name,
            former=tuple(_name(item) for item in fields.get("former").list()),
            category=fields.need("category").one_of(Category) or Category.OTHER,
            reach=fields.need("reach").one_of(Reach) or Reach.TAIL,
            reviewed=fields.need("reviewed").date() or date.min,
            basis=sources.basis(fields.need("basis")),
            replaces=tuple(item.identifier() or "" for item in fields.get("replaces").list()),
            countries=read_countries(fields.need("countries"), sources),
            plans=plans,
            hosts=tuple(read_host(each, service, plans, sources, self._guard) for each in hosts),
            headers=headers,
            programs=tuple(read_program(each, sources) for each in fields.get("programs").list()),
            extensions=tuple(
                read_extension(each, sources) for each in fields.get("extensions").list()
            ),
            sources=sources.pages,
            place=node.place,
        )


def _name(node: Node) -> str:
    """Read the name of a vendor or service; one that only looks like another is a fault."""
    name = node.text(_LONGEST_NAME) or ""
    if mixed := next(filter(None, map(mixed_scripts, name.split())), None):
        one, other = (script.capitalize() for script in mixed)
        node.fault(f"{name} mixes {one} and {other} letters in one word; write those meant")
    return name
