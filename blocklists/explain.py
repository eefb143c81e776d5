"""Why a host is open or not: the fact, the decision, the entry, the verdict, and each channel.

Nothing is decided here: it matches the compiled list, and follows the entry's decision back to the
line of the policy and its host to the line of the catalogue. There is no second truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from blocklists.blocklist import Blocklist, Ruled
from blocklists.catalogue import Catalogue, HostFact, Service, Source
from blocklists.effects import Channel, Question, effects, entry_line, verdict_line
from blocklists.hosts import Address, Host, parents
from blocklists.matcher import Decision, decide
from blocklists.policy import Policy
from blocklists.texts import sentence
from blocklists.yamlfile import Place


@dataclass(frozen=True)
class Explanation:
    """The answer; `lines` are for people and stand in the JSON with the same words."""

    question: Question
    decision: Decision
    fact: HostFact | None
    channels: Mapping[str, Channel]
    lines: Mapping[str, str]
    """fact, decision, entry, verdict and each channel, each a sentence."""

    def to_json(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        entry, fact = self.decision.entry, self.fact
        return {
            "host": self.question.name,
            "path": self.question.path,
            "at": self.question.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "service": fact.service if fact else self.decision.service,
            "fact": str(fact) if fact else None,
            "decision": self.decision.ruled_id,
            "entry": str(entry) if entry else None,
            "verdict": self.decision.verdict.value,
            "channels": {
                name: {"does": channel.does, "why": channel.why}
                for name, channel in self.channels.items()
            },
            "lines": dict(self.lines),
        }


def explain(
    catalogue: Catalogue, policy: Policy, blocklist: Blocklist, question: Question, language: str
) -> Explanation:
    """Say what the list does with a host, and why; `blocklist` is made of the other two."""
    decision = decide(blocklist, question.host, question.path, question.at)
    fact = _fact(catalogue, decision, question)
    service = catalogue.services[fact.service] if fact else None
    source = catalogue.source(service, fact.source) if service and fact else None
    channels = effects(blocklist, question, decision, language)
    lines = {
        "fact": _fact_line(question, fact, service, source, language),
        "decision": _decision_line(policy, blocklist, question, decision, service, language),
        "entry": entry_line(decision, language),
        "verdict": verdict_line(decision, language),
        **{name: channel.why for name, channel in channels.items()},
    }
    return Explanation(question, decision, fact, channels, lines)


def _fact(catalogue: Catalogue, decision: Decision, question: Question) -> HostFact | None:
    """Find the fact behind the entry that decided; without one, the fact of the host."""
    if (entry := decision.entry) is None:
        return catalogue.lookup(question.host)
    facts = catalogue.services[entry.service].hosts
    return next(fact for fact in facts if (fact.kind, fact.value) == (entry.kind, entry.value))


def _fact_line(
    question: Question,
    fact: HostFact | None,
    service: Service | None,
    source: Source | None,
    language: str,
) -> str:
    if isinstance(question.host, Address):
        return sentence(language, "explain_fact_address", host=question.name)
    if fact is None or service is None or source is None:
        return sentence(language, "explain_fact_none", host=question.name)
    unknown = sentence(language, "explain_unknown")
    countries = service.countries
    return sentence(
        language,
        "explain_fact",
        service=service.name,
        maker=service.vendor_name,
        category=service.category,
        entry=str(fact),
        place=f"{Path(fact.place.file).name}:{fact.place.line}",
        vendor=countries.vendor or unknown,
        owner=countries.owner or unknown,
        host=countries.host or unknown,
        model=countries.model or unknown,
        source=source.title,
        date=source.read.isoformat(),
    )


def _decision_line(
    policy: Policy,
    blocklist: Blocklist,
    question: Question,
    decision: Decision,
    service: Service | None,
    language: str,
) -> str:
    if never := _never(blocklist, question):
        known = policy.never.get(never)
        place = str(known) if known else sentence(language, "explain_decision_own")
        return sentence(language, "explain_decision_never", name=never, place=place)
    if service is None:
        return sentence(language, "explain_decision_unknown")
    if decision.ruled is None or decision.ruled_id is None:
        return sentence(language, "explain_decision_none", service=service.name)
    span = _span(decision.ruled, ZoneInfo(policy.time_zone))
    key = {0: "explain_decision", 1: "explain_decision_until", 2: "explain_decision_span"}
    return sentence(
        language,
        key[len(span)],
        decision=decision.ruled_id,
        verdict=decision.verdict.value,
        place=str(_places(policy)[decision.ruled_id]),
        **span,
    )


def _span(ruled: Ruled, zone: ZoneInfo) -> dict[str, str]:
    """Give the first and last day of a decision, as the policy writes them."""
    days = {}
    if ruled.start:
        days["first"] = ruled.start.astimezone(zone).date().isoformat()
    if ruled.end:
        days["last"] = (ruled.end.astimezone(zone) - timedelta(seconds=1)).date().isoformat()
    return days


def _never(blocklist: Blocklist, question: Question) -> Host | None:
    """Find the name of the never block set that holds a host."""
    if isinstance(question.host, Address):
        return None
    return next((name for name in parents(question.host) if name in blocklist.never_set), None)


def _places(policy: Policy) -> dict[str, Place]:
    """Give the line of each decision by its id in the list."""
    return {
        **{f"ban {each.id}": each.place for each in policy.bans},
        **{f"approval {each.id}": each.place for each in policy.approvals},
        **{f"service {name}": each.place for name, each in policy.services.items()},
        **{f"category {name}": each.place for name, each in policy.categories.items()},
    }
