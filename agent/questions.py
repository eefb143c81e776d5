"""What the agent answers to the people of its workstation: status, check HOST, and their record.

Each answer has the facts for machines and `lines` in sentences for people, in the same words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from agent.control import Ask, BadQuestion
from agent.in_force import InForce
from agent.outbox import Outbox
from agent.record import Record
from agent.selftest import Health, State
from agent.stages.contact import Contact
from agent.stages.standing import Standing
from blocklists.effects import (
    Question,
    effects,
    entry_line,
    read_question,
    verdict_line,
)
from blocklists.hosts import Address, BadHost, parents
from blocklists.matcher import Decision, decide
from blocklists.protocol.messages import Kind
from blocklists.texts import LANGUAGES, sentence, texts

Query = Mapping[str, str]


class Questions:
    """Answers from the present state of the daemon."""

    def __init__(
        self,
        contact: Contact,
        standing: Standing,
        outbox: Outbox,
        record: Record,
        clock: Callable[[], datetime],
        not_kept: Callable[[], int],
    ) -> None:
        """`not_kept` gives how many arrivals found no room."""
        self._contact = contact
        self._standing = standing
        self._outbox = outbox
        self._record = record
        self._clock = clock
        self._not_kept = not_kept

    def table(self) -> dict[str, Ask]:
        """The questions by path."""
        return {"/status": self.status, "/check": self.check, "/record": self.record}

    async def status(self, account: int, query: Query) -> dict[str, Any]:
        """How this workstation stands; anybody may ask."""
        language = _language(query)
        standing, in_force = self._standing, self._standing.in_force
        waiting = (await asyncio.to_thread(self._outbox.held)).violations
        return {
            "organisation": in_force and in_force.blocklist.organisation,
            "trial": bool(in_force and in_force.blocklist.trial),
            "list": {
                "version": in_force and in_force.blocklist.version,
                "published": in_force and _utc(in_force.blocklist.published),
                "state": standing.state.value,
                "why": standing.why,
            },
            "server": {
                "address": self._contact.configuration and self._contact.configuration.server,
                "checked_in": standing.checked_in and _utc(standing.checked_in),
                "why": self._contact.fault or standing.enrolment or standing.check_in,
            },
            "channels": {
                name: {"state": health.state.value, "code": health.code}
                for name, health in standing.health.items()
            },
            "reports": {
                "waiting": waiting,
                "uploaded": standing.uploaded and _utc(standing.uploaded),
                "not_kept": self._not_kept(),
                "why": standing.upload,
            },
            "lines": {
                "list": self._list_line(language),
                "server": self._server_line(language),
                **{name: health_line(name, one, language) for name, one in standing.health.items()},
                "reports": self._reports_line(waiting, language),
            },
        }

    async def check(self, account: int, query: Query) -> dict[str, Any]:
        """What would happen to a host here, and why; anybody may ask."""
        language, standing = _language(query), self._standing
        try:
            question = read_question(query.get("host", ""), standing.effective_time(self._clock()))
        except BadHost as error:
            raise BadQuestion(f"{error}; write a host such as chatgpt.com") from error
        if standing.in_force is None:
            return _checked_without_list(question, language)
        return _checked(standing.in_force, question, standing.health, language)

    async def record(self, account: int, query: Query) -> dict[str, Any]:
        """The rows of the account that asks, and of no other."""
        language = _language(query)
        at = self._standing.effective_time(self._clock())
        rows = await asyncio.to_thread(self._record.of, account, at)
        return {
            "account": account,
            "violations": [{**asdict(row), "when": _utc(row.when)} for row in rows],
            "lines": {
                "about": sentence(language, "record_about" if rows else "record_none"),
                **{kind.value: sentence(language, f"record_{kind}") for kind in Kind},
            },
        }

    def _list_line(self, language: str) -> str:
        standing, in_force = self._standing, self._standing.in_force
        said = [sentence(language, f"popup_{standing.state}")]
        if in_force:
            blocklist = in_force.blocklist
            key = "status_trial" if blocklist.trial else None
            name = (
                sentence(language, key, org=blocklist.organisation)
                if key
                else blocklist.organisation
            )
            published = _shown(blocklist.published)
            version = str(blocklist.version)
            said = [
                f"{name}.",
                sentence(language, "status_list", version=version, published=published),
                *said,
            ]
        if standing.why:
            said.append(sentence(language, "status_why", why=standing.why))
        return " ".join(said)

    def _server_line(self, language: str) -> str:
        standing, configuration = self._standing, self._contact.configuration
        fault = self._contact.fault
        if configuration is None:
            return sentence(language, "status_unset", fault=fault)
        said = [_server(configuration.server, standing, language)]
        if fault:
            said.append(sentence(language, "status_settings", fault=fault))
        if standing.enrolment:
            said.append(sentence(language, "status_not_enrolled", why=standing.enrolment))
        elif standing.check_in:
            said.append(sentence(language, "status_check_in_failed", why=standing.check_in))
        return " ".join(said)

    def _reports_line(self, waiting: int, language: str) -> str:
        standing, in_force = self._standing, self._standing.in_force
        if in_force and not in_force.reports(self._clock()):
            return sentence(language, "status_reports_off", org=in_force.blocklist.organisation)
        if standing.uploaded:
            time = _shown(standing.uploaded)
            said = [sentence(language, "status_reports", count=str(waiting), time=time)]
        else:
            said = [sentence(language, "status_reports_new", count=str(waiting))]
        if standing.upload:
            said.append(sentence(language, "status_reports_failed", why=standing.upload))
        if lost := self._not_kept():
            said.append(sentence(language, "status_not_kept", count=str(lost)))
        return " ".join(said)


def health_line(channel: str, health: Health, language: str) -> str:
    """The health of a channel in a sentence."""
    if health.state is State.IN_FORCE:
        return sentence(language, f"health_in_force_{channel}")
    code = health.code.replace("53", "dns").replace("-", "_")  # a key holds letters alone
    key = f"health_{code}"
    if key in texts(language):
        return sentence(language, key)
    return sentence(language, "health_unknown", code=health.code)


def _checked(
    in_force: InForce, question: Question, health: Mapping[str, Health], language: str
) -> dict[str, Any]:
    blocklist = in_force.blocklist
    decision = decide(blocklist, question.host, question.path, question.at)
    channels = effects(blocklist, question, decision, language)
    held = health.get("dns")
    lines = {
        "service": _service_line(in_force, decision, language),
        "decision": _decision_line(in_force, question, decision, language),
        "entry": entry_line(decision, language),
        "verdict": verdict_line(decision, language),
        **{name: channel.why for name, channel in channels.items()},
    }
    if held and held.state is not State.IN_FORCE and channels["dns"].does == "routes":
        lines["here"] = health_line("dns", held, language)
    return {
        **_asked(question),
        "service": decision.service,
        "decision": decision.ruled_id,
        "entry": str(decision.entry) if decision.entry else None,
        "verdict": decision.verdict.value,
        "channels": {
            name: {"does": channel.does, "why": channel.why} for name, channel in channels.items()
        },
        "list": blocklist.version,
        "lines": lines,
    }


def _checked_without_list(question: Question, language: str) -> dict[str, Any]:
    nothing = sentence(language, "popup_waiting")
    return {
        **_asked(question),
        "service": None,
        "decision": None,
        "entry": None,
        "verdict": "allow",
        "channels": {name: {"does": "nothing", "why": nothing} for name in ("dns", "browser")},
        "list": None,
        "lines": {"verdict": nothing},
    }


def _asked(question: Question) -> dict[str, str]:
    return {"host": question.name, "path": question.path, "at": _utc(question.at)}


def _service_line(in_force: InForce, decision: Decision, language: str) -> str:
    if decision.service is None:
        return sentence(language, "check_service_none")
    service = in_force.blocklist.services[decision.service]
    return sentence(language, "check_service", service=service.name, category=service.category)


def _decision_line(in_force: InForce, question: Question, decision: Decision, language: str) -> str:
    host, never = question.host, in_force.blocklist.never_set
    if not isinstance(host, Address) and not never.isdisjoint(parents(host)):
        return sentence(language, "check_decision_never")
    if decision.ruled_id is None:
        return sentence(language, "check_decision_none")
    verdict = decision.verdict.value
    return sentence(language, "check_decision", decision=decision.ruled_id, verdict=verdict)


def _server(server: str, standing: Standing, language: str) -> str:
    if standing.checked_in is None:
        return sentence(language, "status_server_new", server=server)
    time = _shown(standing.checked_in)
    return sentence(language, "status_server", server=server, time=time)


def _language(query: Query) -> str:
    language = query.get("language", "en")
    if language not in LANGUAGES:
        raise BadQuestion(f"language: one of {', '.join(LANGUAGES)}")
    return language


def _utc(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _shown(time: datetime) -> str:
    """In the workstation's own time zone."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M:%S")
