"""What the catalogue and the bans say of a policy's approvals.

- A ban outranks: an approval of what it covers is refused.
- A plan is permitted only where an enforcer can tell it from the others, or the policy accepts in
  words that none can.
- A service that is not European in vendor, owner and host needs the words why no European one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from blocklists.catalogue import Service, ToldBy
from blocklists.policy.model import Approval, Policy
from blocklists.yamlfile import Problem


def faults(policy: Policy, services: Mapping[str, Service]) -> Iterator[Problem]:
    """Give what is wrong with the approvals, each with the place of its approval.

    An approval of a service that the catalogue does not have is passed over: that is told already.
    """
    fallbacks = {each.id for each in policy.alternatives} | set(services)
    for approval in policy.approvals:
        service = services.get(approval.service)
        if service is not None:
            for message in _wrong(approval, service, policy):
                yield approval.place.problem(message)
        if approval.stop.fallback and approval.stop.fallback not in fallbacks:
            yield approval.place.problem(
                f"stop.fallback {approval.stop.fallback} is neither an alternative of this policy "
                "nor a service of the catalogue"
            )


def separable(approval: Approval, service: Service) -> bool:
    """Tell whether an enforcer of today can let this plan through and no other."""
    plan = service.plans.get(approval.plan)
    hosts = any(fact.plan is approval.plan for fact in service.hosts)
    return plan is not None and plan.told_by is ToldBy.HOST and hosts


def _wrong(approval: Approval, service: Service, policy: Policy) -> Iterator[str]:
    for ban in policy.bans:
        if ban.match.meets(service):
            yield f"{service.id} falls under ban {ban.id}, and no approval lifts a ban"
    if approval.plan not in service.plans:
        plans = ", ".join(service.plans) or "none"
        yield f"{service.id} has no plan {approval.plan}; the catalogue knows {plans}"
    elif not separable(approval, service) and not approval.inseparable:
        how = service.plans[approval.plan].told_by
        yield (
            f"no enforcer can tell plan {approval.plan} of {service.id} from its others "
            f"(told by: {how}); add accept: {{inseparable: why it stands all the same}}"
        )
    if not approval.basis.european and (outside := _outside_europe(service)):
        yield f"{outside}; add basis.european: {{considered: [...], why_not: ...}}"


def _outside_europe(service: Service) -> str:
    """Say what of a service is not known to be inside the European Economic Area."""
    outside = [f"{name} {code or 'unknown'}" for name, code in service.countries.outside.items()]
    return f"{service.id} is not European ({', '.join(outside)})" if outside else ""
