"""The parts of a policy file into values; every fault is noted on the file's nodes.

The form stands in FORMAT.md. A faulty value is replaced by an empty one: the policy that is built
of a file with faults never leaves `loading`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from blocklists.blocklist import Verdict
from blocklists.catalogue import Category, Service
from blocklists.catalogue.entries import BadEntry, normal_form
from blocklists.countries import read_country
from blocklists.hosts import Host
from blocklists.policy.approvals import read_approval
from blocklists.policy.model import Alternative, Ban, Force, Match, Policy, Ruling
from blocklists.policy.parts import (
    note_twice,
    note_unknown,
    read_address,
    read_audience,
    read_words,
)
from blocklists.yamlfile import Fields, Node, Place

_POLICY = (
    "organisation",
    "contact",
    "links",
    "never",
    "categories",
    "services",
    "bans",
    "approvals",
    "alternatives",
    "texts",
    "version",
)
_LATER = ("postures", "audiences", "trainings")
_RULING = ("verdict", "ends", "audience")
_BAN = ("id", "match", "force", "set_by", "decided_by", "reason")
_ALTERNATIVE = ("id", "name", "url", "country", "use", "for")
LINKS = ("request", "allowed", "kept", "wrong")
_NAME = "Organisatie"
"""Stands in notices where the policy names no organisation."""
_TIME_ZONE = "Europe/Amsterdam"
_LONGEST_NAME = 80


def read_policy(top: Node, services: Mapping[str, Service]) -> Policy:
    """Read a whole policy; ids of services and vendors must be among these services."""
    fields = top.mapping(known=_POLICY, later=_LATER)
    organisation = fields.get("organisation").mapping(known=("name", "time_zone"))
    for name in ("bans", "approvals", "alternatives"):
        note_twice([node.mapping().get("id") for node in fields.get(name).list()])
    return Policy(
        organisation=organisation.get("name").text(_LONGEST_NAME) or _NAME,
        time_zone=_time_zone(organisation.get("time_zone")),
        contact=read_words(fields.get("contact")),
        links=dict(_links(fields.get("links").mapping(known=LINKS))),
        never=dict(_never(fields.get("never"))),
        categories=dict(_categories(fields.get("categories").mapping(known=tuple(Category)))),
        services=dict(_services(fields.get("services").mapping(), services)),
        bans=tuple(_ban(node, services) for node in fields.get("bans").list()),
        approvals=tuple(read_approval(node, services) for node in fields.get("approvals").list()),
        alternatives=tuple(_alternative(node) for node in fields.get("alternatives").list()),
        texts=read_words(fields.get("texts"), both=False),
        version=fields.get("version").text(_LONGEST_NAME) or "",
    )


def _time_zone(node: Node) -> str:
    name = node.text() or _TIME_ZONE
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        node.fault(f"{name[:40]} is no time zone; write one as Europe/Amsterdam")
        return _TIME_ZONE
    return name


def _links(fields: Fields) -> Iterator[tuple[str, str]]:
    for name, node in fields:
        if address := read_address(node):
            yield name, address


def _never(node: Node) -> Iterator[tuple[Host, Place]]:
    for item in node.list():
        text = item.text()
        if text is None:
            continue
        try:
            yield Host(normal_form("suffix", text)), item.place
        except BadEntry as error:
            item.fault(str(error))


def _categories(fields: Fields) -> Iterator[tuple[Category, Ruling]]:
    for name, node in fields:
        ruling = _ruling(node)
        if name in tuple(Category):
            yield Category(name), ruling


def _services(fields: Fields, services: Mapping[str, Service]) -> Iterator[tuple[str, Ruling]]:
    for name, node in fields:
        note_unknown(node, name, services, "service")
        yield name, _ruling(node)


def _ruling(node: Node) -> Ruling:
    fields = node.mapping(known=_RULING)
    verdict = fields.need("verdict").one_of(Verdict)
    read_audience(fields.get("audience"))
    ends = fields.get("ends")
    if verdict is Verdict.OBSERVE and not ends:
        fields.get("verdict").fault(
            "observe always ends; write its last day below it, as ends: 2026-12-31"
        )
    return Ruling(verdict or Verdict.ALLOW, ends.date(), node.place)


def _ban(node: Node, services: Mapping[str, Service]) -> Ban:
    fields = node.mapping(known=_BAN, later=("task_exceptions", "deviation"))
    return Ban(
        id=fields.need("id").identifier() or "",
        match=_match(fields.need("match"), services),
        force=fields.need("force").one_of(Force) or Force.BINDING,
        set_by=fields.need("set_by").text() or "",
        decided_by=read_words(fields.get("decided_by")),
        reason=read_words(fields.get("reason")),
        place=node.place,
    )


def _match(node: Node, services: Mapping[str, Service]) -> Match:
    fields = node.mapping(known=("owner_country", "vendor", "service"))
    if node and len(fields.items) != 1:
        node.fault("must have one of owner_country, vendor and service")
    countries = fields.get("owner_country")
    if countries.value == []:
        countries.fault("is empty; write at least one country, as [NO]")
    vendor, service = fields.get("vendor"), fields.get("service")
    vendors = {each.vendor for each in services.values()}
    note_unknown(vendor, vendor.identifier() or "", vendors, "vendor")
    note_unknown(service, service.identifier() or "", services, "service")
    codes = (read_country(item) for item in countries.list())
    return Match(
        owner_countries=frozenset(code for code in codes if code),
        vendor=vendor.value if isinstance(vendor.value, str) else "",
        service=service.value if isinstance(service.value, str) else "",
    )


def _alternative(node: Node) -> Alternative:
    fields = node.mapping(known=_ALTERNATIVE)
    categories = (item.one_of(Category) for item in fields.get("for").list())
    return Alternative(
        id=fields.need("id").identifier() or "",
        name=fields.need("name").text(_LONGEST_NAME) or "",
        url=read_address(fields.need("url")),
        country=read_country(fields.need("country")) or "",
        use=read_words(fields.need("use")),
        categories=tuple(category for category in categories if category),
    )
