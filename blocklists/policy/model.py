"""The values of a policy: verdicts, bans, approvals with their basis, alternatives and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from blocklists.blocklist import Verdict
from blocklists.catalogue import Category, PlanKind, Service
from blocklists.hosts import Host
from blocklists.yamlfile import Place

Words = Mapping[str, str]
"""A sentence for people by language: nl, en."""


@dataclass(frozen=True)
class Ruling:
    """The verdict on a category or service."""

    verdict: Verdict
    ends: dt.date | None
    """The last day it holds; observe always has one."""
    place: Place


class Force(StrEnum):
    """Whether a ban must be followed or is advice."""

    BINDING = "binding"
    ADVISED = "advised"


@dataclass(frozen=True)
class Match:
    """What a ban is about: one of the three."""

    owner_countries: frozenset[str] = frozenset()
    vendor: str = ""
    service: str = ""

    def meets(self, service: Service) -> bool | None:
        """Tell whether a service is meant; None where its owner's country is unknown."""
        if self.owner_countries:
            owner = service.countries.owner
            return None if owner is None else owner in self.owner_countries
        return self.vendor == service.vendor or self.service == service.id


@dataclass(frozen=True)
class Ban:
    """A rule that no approval lifts."""

    id: str
    match: Match
    force: Force
    set_by: str
    """The document or body that it comes from."""
    decided_by: Words
    reason: Words
    place: Place


class Transfer(StrEnum):
    """What a transfer of personal data outside the European Economic Area rests on."""

    NONE = "none"
    ADEQUACY = "adequacy"
    DPF = "dpf"
    SCC = "scc"


@dataclass(frozen=True)
class Need:
    """Why the service is needed."""

    problem: str
    why_not_otherwise: str
    considered: tuple[str, ...]
    """Less intrusive means that were looked at."""


@dataclass(frozen=True)
class Reference:
    """A document that lies elsewhere."""

    ref: str
    date: dt.date


@dataclass(frozen=True)
class Dpia:
    """The data protection impact assessment."""

    ref: str
    date: dt.date
    review_by: dt.date
    residual: tuple[str, ...]
    """Risks that remain."""


@dataclass(frozen=True)
class Agreement:
    """The agreement with the vendor, with the three points that the government asks for."""

    ref: str
    ends: dt.date
    sharing: str
    retention_days: int
    retraining: bool


@dataclass(frozen=True)
class European:
    """Why none of the European services does."""

    considered: tuple[str, ...]
    why_not: str


@dataclass(frozen=True)
class Advice:
    """What a role advised, and when."""

    role: str
    date: dt.date
    outcome: str


@dataclass(frozen=True)
class Basis:
    """What an approval rests on; without it there is none."""

    need: Need
    risk: Reference
    dpia: Dpia
    agreement: Agreement
    transfer: Transfer
    european: European | None
    advice: tuple[Advice, ...]


@dataclass(frozen=True)
class HumanCheck:
    """Who looks at what the service makes, and how."""

    role: str
    how: str


@dataclass(frozen=True)
class Stop:
    """How the use ends, should it have to end at once."""

    owner_role: str
    fallback: str
    """Id of an alternative or service."""
    data: str
    """What becomes of the data."""
    tell: Words


@dataclass(frozen=True)
class Approval:
    """A permit for one plan of a service: of the kind project, for everyone."""

    id: str
    service: str
    plan: PlanKind
    owner: str
    purpose: Words
    never: tuple[str, ...]
    """What may not go in."""
    human_check: HumanCheck
    starts: dt.date
    ends: dt.date
    """The last day it holds."""
    inseparable: str
    """Why it stands although nobody can tell the plan from others; empty where one can."""
    basis: Basis
    stop: Stop
    place: Place


@dataclass(frozen=True)
class Alternative:
    """What staff may use instead."""

    id: str
    name: str
    url: str
    country: str
    use: Words
    categories: tuple[Category, ...]
    """The categories of services that it replaces; none is all."""


@dataclass(frozen=True)
class Policy:
    """What one organisation decided."""

    organisation: str
    time_zone: str
    contact: Words
    links: Mapping[str, str]
    never: Mapping[Host, Place]
    """Names that are never blocked, with all below them."""
    categories: Mapping[Category, Ruling]
    services: Mapping[str, Ruling]
    bans: tuple[Ban, ...]
    approvals: tuple[Approval, ...]
    alternatives: tuple[Alternative, ...]
    texts: Words
    """A sentence of the organisation under the reason of each notice."""
    version: str
    """The organisation's own label; empty without one."""
