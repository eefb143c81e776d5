"""What of a policy nobody can enforce, and why, in words for those who decide.

The compiler makes it with every list; it stands in the product and in every report. It speaks of
the instant at which the list is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from blocklists import texts
from blocklists.blocklist import Blocklist, Entry, Verdict
from blocklists.catalogue import Catalogue, Reach, Service, ToldBy
from blocklists.channels import LeftWhy, dns_routes
from blocklists.matcher import ruling
from blocklists.policy import Approval, Policy, separable

_SHOWN = 5
"""Names that a sentence holds; the rest are counted."""


@dataclass(frozen=True)
class NotEnforced:
    """One thing that stays open."""

    what: str
    """A place in the policy (`approval le-chat-2026`), a service, or an entry of the list."""
    code: str
    """The reason, for machines: the key of its text without `left_`."""
    why: Mapping[str, str]
    """The reason in a sentence, by language."""
    entries: tuple[str, ...] = ()
    """All that it concerns, where that is several services or entries of the list."""


def not_enforced(
    catalogue: Catalogue, policy: Policy, blocklist: Blocklist
) -> tuple[NotEnforced, ...]:
    """List what stays open, the policy's own decisions first."""
    return (
        *_plans(catalogue, policy),
        *_unknown_owners(catalogue, policy),
        *_without_hosts(catalogue, policy),
        *_milder(blocklist),
        *_by_name(blocklist),
        _left("programs", "programs"),
    )


def _left(what: str, code: str, **values: str) -> NotEnforced:
    key = f"left_{code.replace('-', '_')}"
    why = {language: texts.sentence(language, key, **values) for language in texts.LANGUAGES}
    return NotEnforced(what, code, why)


def _plans(catalogue: Catalogue, policy: Policy) -> Iterator[NotEnforced]:
    """Plans that are approved and cannot be told from the others of their service."""
    for approval in sorted(policy.approvals, key=lambda each: each.id):
        service = catalogue.services[approval.service]
        if not separable(approval, service):
            yield _left(
                f"approval {approval.id}",
                _plan_code(approval, service),
                service=service.name,
                plan=approval.plan,
                header=service.plans[approval.plan].header,
                words=approval.inseparable,
            )


def _plan_code(approval: Approval, service: Service) -> str:
    codes = {ToldBy.HEADER: "plan-header", ToldBy.APP: "plan-app"}
    return codes.get(service.plans[approval.plan].told_by, "plan")


def _unknown_owners(catalogue: Catalogue, policy: Policy) -> Iterator[NotEnforced]:
    for ban in sorted(policy.bans, key=lambda each: each.id):
        services = [each for each in catalogue.services.values() if ban.match.meets(each) is None]
        if services:
            named = _best_known(services)
            left = _left(f"ban {ban.id}", "owner-unknown", services=shortened(named))
            yield replace(left, entries=named)


def _best_known(services: Iterable[Service]) -> tuple[str, ...]:
    reaches = list(Reach)
    ordered = sorted(services, key=lambda each: (reaches.index(each.reach), each.name))
    return tuple(each.name for each in ordered)


def shortened(names: Sequence[str]) -> str:
    """Give the first names of many, and how many more there are."""
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} (+{len(names) - _SHOWN})" if len(names) > _SHOWN else shown


def _without_hosts(catalogue: Catalogue, policy: Policy) -> Iterator[NotEnforced]:
    """Services that something was decided on, and that the catalogue names no host of."""
    found = []
    for service in catalogue.services.values():
        rulings = (policy.services.get(service.id), policy.categories.get(service.category))
        banned = any(ban.match.meets(service) for ban in policy.bans)
        ruled = next((each for each in rulings if each), None)
        if not service.hosts and (banned or (ruled and ruled.verdict is not Verdict.ALLOW)):
            found.append(service)
    if found:
        ids = tuple(f"service {service.id}" for service in found)
        left = _left(shortened(ids), "no-hosts", services=shortened(_best_known(found)))
        yield replace(left, entries=ids)


def _milder(blocklist: Blocklist) -> Iterator[NotEnforced]:
    """Decisions to warn or observe: outside a browser nobody can be asked and no page counted."""
    for name, ruled in sorted(blocklist.decisions.items()):
        if ruled.verdict in (Verdict.WARN, Verdict.OBSERVE):
            yield _left(name, f"{ruled.verdict}-outside-browser")


def _by_name(blocklist: Blocklist) -> Iterator[NotEnforced]:
    """Entries that are blocked, and that DNS cannot hold: outside a browser they stay open."""
    found: dict[LeftWhy, list[Entry]] = {}
    for left in dns_routes(blocklist, blocklist.published).left:
        if ruling(blocklist, left.entry, blocklist.published).verdict is Verdict.BLOCK:
            found.setdefault(left.why, []).append(left.entry)
    for why, entries in sorted(found.items()):
        names = tuple(str(entry) for entry in entries)
        services = sorted({blocklist.services[entry.service].name for entry in entries})
        yield replace(_left(shortened(names), why, services=shortened(services)), entries=names)
