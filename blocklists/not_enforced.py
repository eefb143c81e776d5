"""What of a policy nobody can enforce, and why, in words for those who decide.

The compiler makes it with every list; it stands in the product and in every report. It speaks of
the instant at which the list is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blocklists import texts
from blocklists.blocklist import Blocklist, Verdict
from blocklists.catalogue import Catalogue, Service, ToldBy
from blocklists.channels import LeftWhy, dns_routes
from blocklists.matcher import ruling
from blocklists.policy import Approval, Policy, separable


@dataclass(frozen=True)
class NotEnforced:
    """One thing that stays open."""

    what: str
    """A place in the policy (`approval le-chat-2026`), a service, or an entry of the list."""
    code: str
    """The reason, for machines: the key of its text without `left_`."""
    why: Mapping[str, str]
    """The reason in a sentence, by language."""


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
        for service in catalogue.services.values():
            if ban.match.meets(service) is None:
                yield _left(f"ban {ban.id}", "owner-unknown", service=service.name)


def _without_hosts(catalogue: Catalogue, policy: Policy) -> Iterator[NotEnforced]:
    """Services that something was decided on, and that the catalogue names no host of."""
    for service in catalogue.services.values():
        rulings = (policy.services.get(service.id), policy.categories.get(service.category))
        banned = any(ban.match.meets(service) for ban in policy.bans)
        ruled = next((each for each in rulings if each), None)
        if not service.hosts and (banned or (ruled and ruled.verdict is not Verdict.ALLOW)):
            yield _left(f"service {service.id}", "no-hosts", service=service.name)


def _milder(blocklist: Blocklist) -> Iterator[NotEnforced]:
    """Decisions to warn or observe: outside a browser nobody can be asked and no page counted."""
    for name, ruled in sorted(blocklist.decisions.items()):
        if ruled.verdict in (Verdict.WARN, Verdict.OBSERVE):
            yield _left(name, f"{ruled.verdict}-outside-browser")


def _by_name(blocklist: Blocklist) -> Iterator[NotEnforced]:
    """Entries that are blocked, and that DNS cannot hold: outside a browser they stay open."""
    for left in dns_routes(blocklist, blocklist.published).left:
        if left.why is LeftWhy.NOT_BLOCKED:
            continue
        found = ruling(blocklist, left.entry, blocklist.published)
        if found.verdict is Verdict.BLOCK:
            name = blocklist.services[left.entry.service].name
            yield _left(str(left.entry), left.why, service=name)
