"""A catalogue and a policy into the blocklist, and what of the policy nobody can enforce.

Pure, and byte for byte the same for the same values: no clock, no order of files or keys shows.

- Of the decisions on one entry, a ban comes first, then an approval, the service, the category.
- In the list stands what a decision concerns, and what lies below it and is somebody else's: else
  the wider entry would take it along.
- A decision that has ended when the list is published is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from blocklists.alternatives import alternatives
from blocklists.blocklist import (
    FORMAT,
    Blocklist,
    Entry,
    ListedService,
    Ruled,
    Verdict,
    Why,
)
from blocklists.catalogue import Catalogue, HostFact, Service
from blocklists.hosts import Host, parents
from blocklists.not_enforced import NotEnforced, not_enforced
from blocklists.policy import Approval, Force, Policy, Ruling, separable


class BadPolicy(ValueError):
    """A policy cannot become a list. Its text is one line a problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Compiled:
    """What a compile gives."""

    blocklist: Blocklist
    not_enforced: tuple[NotEnforced, ...]


def compile_blocklist(
    catalogue: Catalogue,
    policy: Policy,
    *,
    version: int,
    published: datetime,
    never: Sequence[Host],
    trial: bool = False,
) -> Compiled:
    """Make the list of one organisation.

    `never` are names that the server must keep open (its own, for one), besides the policy's.
    Raises BadPolicy where an entry that stops or warns covers a name that is never blocked.
    """
    published = published.astimezone(UTC).replace(microsecond=0)
    ruled = {name: each for name, each in _ruled(policy) if not each.end or each.end > published}
    entries = _with_open_below(list(_entries(catalogue, policy, ruled)))
    _refuse_covered(catalogue, policy, never, ruled, entries)
    entries = _without_repeats(entries)
    used = {name for entry in entries for name in entry.decisions}
    listed = {entry.service for entry in entries}
    blocklist = Blocklist(
        format=FORMAT,
        organisation=policy.organisation,
        version=version,
        published=published,
        time_zone=policy.time_zone,
        services={
            name: ListedService(service.name, service.category.value, service.reach.value)
            for name, service in catalogue.services.items()
            if name in listed
        },
        decisions={name: each for name, each in ruled.items() if name in used},
        entries=tuple(sorted(entries, key=lambda entry: (entry.value, entry.kind))),
        never=tuple(sorted({*never, *policy.never})),
        alternatives=alternatives(catalogue, policy, ruled),
        contact=dict(policy.contact),
        links=dict(policy.links),
        texts=dict(policy.texts),
        trial=trial,
    )
    return Compiled(blocklist, not_enforced(catalogue, policy, blocklist))


def _ruled(policy: Policy) -> Iterator[tuple[str, Ruled]]:
    """Give each decision of the policy by its place there."""
    for ban in policy.bans:
        why = Why.BAN if ban.force is Force.BINDING else Why.ADVISED_BAN
        decider, reason = dict(ban.decided_by), dict(ban.reason)
        yield f"ban {ban.id}", Ruled(Verdict.BLOCK, why, decider=decider, reason=reason)
    for approval in policy.approvals:
        start = _midnight(approval.starts, policy.time_zone)
        end = _midnight(approval.ends + timedelta(days=1), policy.time_zone)
        yield f"approval {approval.id}", Ruled(Verdict.ALLOW, start=start, end=end)
    for service, ruling in policy.services.items():
        yield f"service {service}", _of_ruling(ruling, policy.time_zone)
    for category, ruling in policy.categories.items():
        yield f"category {category}", _of_ruling(ruling, policy.time_zone)


def _of_ruling(ruling: Ruling, time_zone: str) -> Ruled:
    why = Why.AGREEMENT if ruling.verdict in (Verdict.WARN, Verdict.BLOCK) else None
    end = _midnight(ruling.ends + timedelta(days=1), time_zone) if ruling.ends else None
    return Ruled(ruling.verdict, why, end=end)


def _midnight(day: date, time_zone: str) -> datetime:
    """Give the instant at which a day begins in a time zone."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def _entries(catalogue: Catalogue, policy: Policy, ruled: Mapping[str, Ruled]) -> Iterator[Entry]:
    for service in catalogue.services.values():
        for fact in service.hosts:
            names = tuple(_until_always(_decisions(service, fact, policy, ruled), ruled))
            yield Entry(fact.kind, fact.value, service.id, names, leaf=fact.leaf)


def _decisions(
    service: Service, fact: HostFact, policy: Policy, ruled: Mapping[str, Ruled]
) -> list[str]:
    """Give the decisions that concern a host, in the order in which they are tried."""
    bans = sorted(policy.bans, key=lambda ban: (ban.force is not Force.BINDING, ban.id))
    names = [f"ban {ban.id}" for ban in bans if ban.match.meets(service)]
    names += [
        f"approval {approval.id}"
        for approval in sorted(policy.approvals, key=lambda each: each.id)
        if approval.service == service.id and _permits(approval, service, fact)
    ]
    names += [f"service {service.id}", f"category {service.category}"]
    return [name for name in names if name in ruled]


def _permits(approval: Approval, service: Service, fact: HostFact) -> bool:
    """Tell whether an approval opens this host: its plan's own, or all if none can tell it."""
    return fact.plan is approval.plan or not separable(approval, service)


def _until_always(names: Sequence[str], ruled: Mapping[str, Ruled]) -> Iterator[str]:
    """Give decisions up to the first that holds at all times: none after it is ever tried."""
    for name in names:
        yield name
        if ruled[name].start is None and ruled[name].end is None:
            return


def _with_open_below(entries: Sequence[Entry]) -> list[Entry]:
    """Keep decided entries, and undecided ones where a decided entry lies above."""
    above = {entry.host for entry in entries if entry.decisions and entry.kind == "suffix"}
    beside = {entry.host for entry in entries if entry.decisions and entry.kind == "exact"}

    def kept(entry: Entry) -> bool:
        shadowed = not above.isdisjoint(parents(entry.host))
        return bool(entry.decisions) or shadowed or (entry.kind == "path" and entry.host in beside)

    return [entry for entry in entries if kept(entry)]


def _without_repeats(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out hosts of which the next suffix above says the same: one service, one decision.

    Paths stay: a shorter path between the two may say something else.
    """
    suffixes = {entry.value: entry for entry in entries if entry.kind == "suffix"}

    def repeats(entry: Entry) -> bool:
        if entry.kind == "path":
            return False
        names = list(parents(entry.host))[entry.kind == "suffix" :]
        above = next((suffixes[name] for name in names if name in suffixes), None)
        return above is not None and (above.service, above.decisions) == (
            entry.service,
            entry.decisions,
        )

    return [entry for entry in entries if not repeats(entry)]


def _refuse_covered(
    catalogue: Catalogue,
    policy: Policy,
    never: Sequence[Host],
    ruled: Mapping[str, Ruled],
    entries: Sequence[Entry],
) -> None:
    places = {
        (fact.kind, fact.value): fact.place
        for service in catalogue.services.values()
        for fact in service.hosts
    }
    problems = []
    for entry in entries:
        if all(ruled[name].verdict is Verdict.ALLOW for name in entry.decisions):
            continue
        for host in sorted({*never, *policy.never}):
            if _touches(entry, host):
                where = places[entry.kind, entry.value]
                message = f"{host} must never be blocked, and {entry} ({entry.service}, {where})"
                message += " covers it; take one of them out"
                place = policy.never.get(host)
                problems.append(str(place.problem(message)) if place else message)
    if problems:
        raise BadPolicy(problems)


def _touches(entry: Entry, host: Host) -> bool:
    """Tell whether an entry lies at or below a name, or is a suffix above it."""
    return host in parents(entry.host) or (entry.kind == "suffix" and entry.host in parents(host))
