"""What each channel does with a host by a list, in sentences.

`explain` says it of the organisation's list, and the agent's `check` of the one in force on a
workstation, in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from blocklists.blocklist import Blocklist, Verdict
from blocklists.channels import dns_routes
from blocklists.hosts import Address, Host, parents, parse_host
from blocklists.matcher import Decision
from blocklists.texts import sentence


@dataclass(frozen=True)
class Question:
    """What is asked about: a host, a path of it, an instant."""

    host: Host | Address
    path: str
    at: datetime

    @property
    def name(self) -> str:
        """The host as text."""
        return self.host.text if isinstance(self.host, Address) else self.host


@dataclass(frozen=True)
class Channel:
    """What one channel does with it."""

    does: str
    """dns: routes, leaves, nothing; browser: stops, asks, counts, nothing."""
    why: str
    """A sentence."""


def read_question(text: str, at: datetime) -> Question:
    """Read HOST or HOST/PATH, also as a whole address; a query is left out. Raises BadHost."""
    plain = text.partition("#")[0].partition("?")[0]
    rest = plain.partition("://")[2] or plain
    host, slash, path = rest.partition("/")
    return Question(parse_host(host), slash + path or "/", at.astimezone(UTC))


def effects(
    blocklist: Blocklist, question: Question, decision: Decision, language: str
) -> Mapping[str, Channel]:
    """What `dns` and `browser` do, given what the list decides."""
    return {
        "dns": _dns(blocklist, question, decision, language),
        "browser": _browser(decision, language),
    }


def entry_line(decision: Decision, language: str) -> str:
    """Which entry of the list decides."""
    if decision.entry is None:
        return sentence(language, "explain_entry_none")
    return sentence(language, "explain_entry", entry=str(decision.entry))


def verdict_line(decision: Decision, language: str) -> str:
    """What becomes of it."""
    return sentence(language, f"explain_verdict_{decision.verdict}")


def _dns(blocklist: Blocklist, question: Question, decision: Decision, language: str) -> Channel:
    if decision.verdict is Verdict.ALLOW or isinstance(question.host, Address):
        return Channel("nothing", sentence(language, "explain_dns_nothing"))
    routes = dns_routes(blocklist, question.at)
    above = (name for name in parents(question.host) if name in routes.names)
    if route := next(above, None):
        return Channel("routes", sentence(language, "explain_dns_routes", route=route))
    why = next(left.why for left in routes.left if left.entry == decision.entry)
    return Channel("leaves", sentence(language, f"explain_dns_{why.replace('-', '_')}"))


def _browser(decision: Decision, language: str) -> Channel:
    does = {
        Verdict.ALLOW: "nothing",
        Verdict.OBSERVE: "counts",
        Verdict.WARN: "asks",
        Verdict.BLOCK: "stops",
    }[decision.verdict]
    return Channel(does, sentence(language, f"explain_browser_{does}"))
