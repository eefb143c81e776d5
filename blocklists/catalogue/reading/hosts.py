"""Where a service is reached: each host with what it covers, its use and its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from blocklists.catalogue.entries import BadEntry, normal_form
from blocklists.catalogue.model import KINDS, HostFact, Kind, Plan
from blocklists.catalogue.reading.sources import Sources
from blocklists.catalogue.vocabulary import PlanKind, ToldBy, Use
from blocklists.hosts import Host
from blocklists.yamlfile import Fields, Node

_HOST = (*KINDS, "use", "plan", "leaf", "all_users", "source")


class Guards(Protocol):
    """What knows the hosts that no entry may cover; `guard` does, and is heavy to import."""

    def refusal(self, kind: Kind, host: Host, *, all_users: bool) -> str | None:
        """Say why an entry may not stand in the catalogue; None when it may."""


def read_host(
    node: Node,
    service: str,
    plans: Mapping[PlanKind, Plan],
    sources: Sources,
    guard: Guards | None,
) -> HostFact:
    """Read one host of a service."""
    fields = node.mapping(known=_HOST)
    kind, entry = _entry(fields)
    all_users = fields.get("all_users").boolean() or False
    fact = HostFact(
        service=service,
        kind=kind,
        value=_value(kind, entry),
        use=fields.need("use").one_of(Use) or Use.SITE,
        plan=_plan(fields.get("plan"), plans),
        leaf=fields.get("leaf").boolean() or False,
        all_users=all_users,
        source=sources.named(fields),
        place=entry.place,
    )
    if fact.leaf and kind != "exact":
        fields.get("leaf").fault(f"belongs to an exact host, not to a {kind}")
    if fact.value and guard:
        refusal = guard.refusal(kind, fact.host, all_users=all_users)
        if refusal:
            entry.fault(refusal)
    return fact


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


def _plan(node: Node, plans: Mapping[PlanKind, Plan]) -> PlanKind | None:
    plan = node.one_of(PlanKind)
    if plan and plan not in plans:
        node.fault(f"{plan} is not among the plans of this service; add it there")
    elif plan and plans[plan].told_by is not ToldBy.HOST:
        node.fault(f"{plan} is told by {plans[plan].told_by}; write told_by: host there")
    return plan
