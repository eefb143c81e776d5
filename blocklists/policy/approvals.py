"""Approvals of a policy file: a permit with all that it rests on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from blocklists.catalogue import PlanKind, Service
from blocklists.policy.model import (
    Advice,
    Agreement,
    Approval,
    Basis,
    Dpia,
    European,
    HumanCheck,
    Need,
    Reference,
    Stop,
    Transfer,
)
from blocklists.policy.parts import note_unknown, read_audience, read_texts, read_words
from blocklists.yamlfile import Fields, Node

_APPROVAL = (
    "id",
    "service",
    "plan",
    "kind",
    "audience",
    "owner",
    "purpose",
    "never",
    "human_check",
    "starts",
    "ends",
    "accept",
    "basis",
    "stop",
)
_BASIS = ("need", "risk", "dpia", "agreement", "transfer", "european", "advice")
_MOST_MONTHS = 24
_LONGEST_RETENTION = 36_500
_NO_DAY = date.min
"""Stands where a day is missing; its absence is noted."""


def read_approval(node: Node, services: Mapping[str, Service]) -> Approval:
    """Read one approval; whether catalogue and bans let it stand is for `rules`."""
    fields = node.mapping(known=_APPROVAL, later=("requires", "tenants"))
    service = fields.need("service").identifier() or ""
    note_unknown(fields.get("service"), service, services, "service")
    _kind(fields.need("kind"))
    read_audience(fields.need("audience"))
    starts, ends = _span(fields)
    basis = _basis(fields.need("basis").mapping(known=_BASIS), ends)
    accept = fields.get("accept").mapping(known=("inseparable",))
    return Approval(
        id=fields.need("id").identifier() or "",
        service=service,
        plan=fields.need("plan").one_of(PlanKind) or PlanKind.FREE,
        owner=fields.need("owner").text() or "",
        purpose=read_words(fields.need("purpose")),
        never=read_texts(fields.need("never")),
        human_check=_human_check(fields.need("human_check").mapping(known=("role", "how"))),
        starts=starts,
        ends=ends,
        inseparable=(accept.need("inseparable").text() or "") if accept.node else "",
        basis=basis,
        stop=_stop(fields.need("stop")),
        place=node.place,
    )


def _kind(node: Node) -> None:
    kind = node.text()
    if kind == "individual":
        node.fault("individual approvals are not there yet; write project")
    elif kind not in (None, "project"):
        node.one_of(("project", "individual"))


def _span(fields: Fields) -> tuple[date, date]:
    starts, ends = fields.need("starts").date(), fields.need("ends").date()
    if starts and ends:
        latest = _months_later(starts, _MOST_MONTHS)
        if ends < starts:
            fields.get("ends").fault(f"{ends} lies before starts ({starts}); write a later day")
        elif ends > latest:
            fields.get("ends").fault(
                f"{ends} is too late: an approval holds {_MOST_MONTHS} months at most; "
                f"write {latest} or earlier"
            )
    return starts or _NO_DAY, ends or _NO_DAY


def _months_later(day: date, months: int) -> date:
    """Give the same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _basis(fields: Fields, ends: date) -> Basis:
    european = fields.get("european")
    agreement = _agreement(fields.need("agreement"))
    if _NO_DAY < agreement.ends < ends:
        fields.get("agreement").fault(
            f"ends on {agreement.ends}, before the approval does ({ends}); let it end no later"
        )
    return Basis(
        need=_need(fields.need("need")),
        risk=_reference(fields.need("risk").mapping(known=("ref", "date"))),
        dpia=_dpia(fields.need("dpia")),
        agreement=agreement,
        transfer=_transfer(fields.need("transfer")),
        european=_european(european) if european else None,
        advice=_advice(fields.need("advice")),
    )


def _need(node: Node) -> Need:
    fields = node.mapping(known=("problem", "why_not_otherwise", "considered"))
    return Need(
        problem=fields.need("problem").text() or "",
        why_not_otherwise=fields.need("why_not_otherwise").text() or "",
        considered=read_texts(fields.need("considered"), some=True),
    )


def _reference(fields: Fields) -> Reference:
    return Reference(
        ref=fields.need("ref").text() or "", date=fields.need("date").date() or _NO_DAY
    )


def _dpia(node: Node) -> Dpia:
    fields = node.mapping(known=("ref", "date", "review_by", "residual"))
    reference = _reference(fields)
    return Dpia(
        ref=reference.ref,
        date=reference.date,
        review_by=fields.need("review_by").date() or _NO_DAY,
        residual=read_texts(fields.need("residual")),
    )


def _agreement(node: Node) -> Agreement:
    fields = node.mapping(known=("ref", "ends", "sharing", "retention_days", "retraining"))
    return Agreement(
        ref=fields.need("ref").text() or "",
        ends=fields.need("ends").date() or _NO_DAY,
        sharing=fields.need("sharing").text() or "",
        retention_days=fields.need("retention_days").integer(0, _LONGEST_RETENTION) or 0,
        retraining=fields.need("retraining").one_of(("no", "yes")) == "yes",
    )


def _transfer(node: Node) -> Transfer:
    fields = node.mapping(known=("mechanism",))
    return fields.need("mechanism").one_of(Transfer) or Transfer.NONE


def _european(node: Node) -> European:
    fields = node.mapping(known=("considered", "why_not"))
    return European(
        considered=read_texts(fields.need("considered"), some=True),
        why_not=fields.need("why_not").text() or "",
    )


def _advice(node: Node) -> tuple[Advice, ...]:
    if node.value == []:
        node.fault("is empty; name at least one role that was asked, with its outcome")
    return tuple(_advised(each.mapping(known=("role", "date", "outcome"))) for each in node.list())


def _advised(fields: Fields) -> Advice:
    return Advice(
        role=fields.need("role").text() or "",
        date=fields.need("date").date() or _NO_DAY,
        outcome=fields.need("outcome").text() or "",
    )


def _human_check(fields: Fields) -> HumanCheck:
    return HumanCheck(role=fields.need("role").text() or "", how=fields.need("how").text() or "")


def _stop(node: Node) -> Stop:
    fields = node.mapping(known=("owner_role", "fallback", "data", "tell"))
    return Stop(
        owner_role=fields.need("owner_role").text() or "",
        fallback=fields.need("fallback").identifier() or "",
        data=fields.need("data").text() or "",
        tell=read_words(fields.need("tell")),
    )
