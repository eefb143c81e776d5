"""What holds for whoever uses a service: countries, plans, and headers that tell plans apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from blocklists.catalogue.entries import BadEntry, normal_form
from blocklists.catalogue.model import Countries, Header, Plan, Retention
from blocklists.catalogue.reading.sources import Sources
from blocklists.catalogue.vocabulary import PlanKind, Residency, ToldBy, Trains
from blocklists.countries import read_country
from blocklists.hosts import Host
from blocklists.yamlfile import Fields, Node

_COUNTRIES = ("vendor", "owner", "host", "model", "source")
_PLAN = ("told_by", "header", "trains", "retention", "eu_residency", "source")
_HEADER = ("name", "value", "hosts", "plan", "leaves_open", "source")
_LONGEST_RETENTION = 36_500
_UNKNOWN = "unknown"


def read_countries(node: Node, sources: Sources) -> Countries:
    """Read the four countries of a service, or that none of them is known."""
    if node.value == _UNKNOWN:
        return Countries(None, None, None, None, "")
    fields = node.mapping(known=_COUNTRIES)
    return Countries(
        vendor=_country(fields.need("vendor")),
        owner=_country(fields.need("owner")),
        host=_country(fields.need("host")),
        model=_country(fields.need("model")),
        source=sources.named(fields),
    )


def _country(node: Node) -> str | None:
    return None if node.value == _UNKNOWN else read_country(node)


def read_plans(node: Node, sources: Sources) -> dict[PlanKind, Plan]:
    """Read the plans of a service, or that none is known."""
    if node.value == _UNKNOWN:
        return {}
    found = node.mapping(known=tuple(PlanKind))
    if node and not found.items and isinstance(node.value, dict):
        node.fault("names no plan; write unknown, or the plans that there are")
    return {
        PlanKind(name): _plan(PlanKind(name), each.mapping(known=_PLAN), sources)
        for name, each in found
        if name in tuple(PlanKind)
    }


def _plan(kind: PlanKind, fields: Fields, sources: Sources) -> Plan:
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
        retention=_retention(fields.need("retention")),
        eu_residency=fields.need("eu_residency").one_of(Residency) or Residency.UNKNOWN,
        source=sources.named(fields),
    )


def _retention(node: Node) -> Retention | None:
    """Read days (0: what is typed is not kept), `account`, or `unknown`."""
    if node.value == "account":
        return "account"
    if node.value == _UNKNOWN or not node:
        return None
    if isinstance(node.value, str) and not node.value.isdecimal():
        node.fault(f"{node.value[:20]} is no time; write days, account or unknown")
        return None
    return node.integer(0, _LONGEST_RETENTION)


def read_headers(
    node: Node, plans: Mapping[PlanKind, Plan], sources: Sources
) -> tuple[Header, ...]:
    """Read the tenant-restriction headers of a service."""
    return tuple(_header(each.mapping(known=_HEADER), plans, sources) for each in node.list())


def _header(fields: Fields, plans: Mapping[PlanKind, Plan], sources: Sources) -> Header:
    plan = fields.get("plan").one_of(PlanKind)
    if plan and plan not in plans:
        fields.get("plan").fault(f"{plan} is not among the plans of this service; add it there")
    return Header(
        name=fields.need("name").text() or "",
        value=fields.need("value").text() or "",
        hosts=tuple(_hosts(fields.need("hosts"))),
        plan=plan,
        leaves_open=fields.get("leaves_open").text() or "",
        source=sources.named(fields),
    )


def _hosts(node: Node) -> Iterator[Host]:
    if isinstance(node.value, list) and not node.value:
        node.fault("names no host; write where the header must be sent")
    for item in node.list():
        try:
            yield Host(normal_form("exact", item.text() or ""))
        except BadEntry as error:
            if item.value:
                item.fault(str(error))
