"""What a list offers instead of what it stops: the policy's own, and what it has approved.

- The policy's alternatives come first in the policy's order, then each approved service that the
  policy does not name. Of all of these, the European come before the others.
- An address of a service of the catalogue that no decision allows is never offered, whoever names
  it; until when a decision allows it, each endpoint sees for itself. At an address of its own an
  organisation offers what it likes.
- Nothing to offer is a normal answer: the notice has a sentence for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from blocklists.blocklist import Alternative, Ruled, Verdict
from blocklists.catalogue import Catalogue, HostFact, Service, Use
from blocklists.countries import EEA
from blocklists.hosts import BadHost, parse_host
from blocklists.policy import Alternative as Offered
from blocklists.policy import Approval, Policy


def alternatives(
    catalogue: Catalogue, policy: Policy, ruled: Mapping[str, Ruled]
) -> tuple[Alternative, ...]:
    """Give the alternatives of a list, in the order in which a notice shows them.

    `ruled` are the decisions that hold or will hold, by their id in the list.
    """
    named = [_of_policy(each, catalogue) for each in policy.alternatives]
    known = {each.service for each in named}
    approved = [
        each
        for approval in policy.approvals
        if approval.service not in known
        for each in _of_approval(approval, catalogue)
    ]
    may = [each for each in (*named, *approved) if _allowed(each.service, policy, ruled)]
    return tuple(sorted(may, key=lambda each: not each.european))


def _of_policy(offered: Offered, catalogue: Catalogue) -> Alternative:
    at = _at(catalogue, offered.url)
    known = at or catalogue.services.get(offered.id)
    return Alternative(
        id=offered.id,
        name=offered.name,
        url=offered.url,
        country=offered.country,
        european=_european(known, offered.country),
        use=dict(offered.use),
        categories=tuple(category.value for category in offered.categories),
        service=at.id if at else "",
    )


def _at(catalogue: Catalogue, url: str) -> Service | None:
    """Find the service that an address belongs to."""
    try:
        fact = catalogue.lookup(parse_host(urlsplit(url).hostname or ""))
    except BadHost:
        return None
    return catalogue.services[fact.service] if fact else None


def _of_approval(approval: Approval, catalogue: Catalogue) -> Iterator[Alternative]:
    """Offer an approved service for what it can stand in for, at the page of its plan."""
    service = catalogue.services[approval.service]
    page = _page(service, approval)
    country = service.countries.vendor
    if page is None or country is None:
        return
    replaced = (catalogue.services[each].category for each in service.replaces)
    yield Alternative(
        id=service.id,
        name=service.name,
        url=f"https://{page.value}" if page.kind == "path" else f"https://{page.value}/",
        country=country,
        european=_european(service, country),
        use=dict(approval.purpose),
        categories=tuple(sorted({service.category.value, *(each.value for each in replaced)})),
        service=service.id,
    )


def _page(service: Service, approval: Approval) -> HostFact | None:
    """Find the page that people open: the plan's own one before that of all plans."""
    sites = [fact for fact in service.hosts if fact.use is Use.SITE]
    own = [fact for fact in sites if fact.plan is approval.plan]
    return next(iter([*own, *(fact for fact in sites if fact.plan is None)]), None)


def _european(service: Service | None, country: str) -> bool:
    """Tell whether all that is known of it is in the EEA; of a service, all must be known."""
    return country in EEA and (service is None or service.countries.european)


def _allowed(service: str, policy: Policy, ruled: Mapping[str, Ruled]) -> bool:
    """Tell whether a decision allows a service now or later; the organisation's own need none."""
    if not service:
        return True
    names = [f"approval {each.id}" for each in policy.approvals if each.service == service]
    names.append(f"service {service}")
    return any(ruled[name].verdict is Verdict.ALLOW for name in names if name in ruled)
