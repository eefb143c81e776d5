"""What the agent answers: facts and sentences, and nobody's record to anybody else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from agent.answers import NotRefreshed, Refreshed
from agent.control import BadQuestion
from agent.in_force import ListState
from agent.outbox import Outbox, Sighting
from agent.questions import Questions, health_line
from agent.record import Record
from agent.selftest import Health, State
from agent.stages.contact import Contact
from agent.stages.standing import Standing
from agent.verbs import Code
from blocklists.blocklist import Verdict
from blocklists.hosts import Host
from blocklists.protocol.messages import Channel, Kind, Outcome
from blocklists.texts import LANGUAGES
from tests.simulators.counterpart import NOW, Counterpart, in_force, settings
from tests.simulators.repository import blocklist

STAFF, COLLEAGUE = 4711, 4712
ALL_WELL = {"dns": Health(State.IN_FORCE), "connection": Health(State.IN_FORCE)}
SEEN = Sighting(
    service="chatgpt",
    host="chatgpt.com",
    channel=Channel.CONNECTION,
    kind=Kind.ATTEMPT,
    verdict=Verdict.BLOCK,
    outcome=Outcome.STOPPED,
    pseudonym="0" * 32,
)


class Story:
    """An agent in whose state a test may write."""

    def __init__(self, folder: Path) -> None:
        self.standing = Standing(health=ALL_WELL)
        self.standing.took(Refreshed(in_force(blocklist(7)), NOW + timedelta(days=7)))
        self.contact = Contact(settings(folder), Counterpart().open)
        asyncio.run(self.contact.read())
        self.outbox = Outbox(folder / "outbox.db", os.urandom)
        self.record = Record(folder / "record.db")
        self.lost = 0
        self.questions = Questions(
            self.contact, self.standing, self.outbox, self.record, lambda: NOW, lambda: self.lost
        )

    def ask(self, path: str, *, account: int = STAFF, **query: str) -> dict[str, Any]:
        answer = asyncio.run(self._ask(path, account, query))
        assert isinstance(answer, dict)
        return answer

    async def _ask(self, path: str, account: int, query: Mapping[str, str]) -> object:
        return await self.questions.table()[path](account, query)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_status_tells_list_server_channels_and_reports(story: Story) -> None:
    story.standing.checked_in = story.standing.uploaded = NOW
    answer = story.ask("/status")

    assert answer["organisation"] == "Gemeente Voorbeeld"
    assert answer["trial"]
    assert answer["list"]["version"] == 7
    assert answer["list"]["state"] == "fresh"
    assert answer["server"] == {
        "address": "https://sluis.example",
        "checked_in": "2026-11-25T12:00:00Z",
        "why": "",
    }
    assert answer["channels"]["dns"] == {"state": "in-force", "code": ""}
    assert answer["reports"]["uploaded"] == "2026-11-25T12:00:00Z"
    assert "a trial" in answer["lines"]["list"]
    assert "In force" in answer["lines"]["dns"]


def test_status_says_why_in_the_language_asked_for(story: Story) -> None:
    story.standing.kept(NotRefreshed(ListState.REFUSED, "not signed"))

    assert "was refused" in story.ask("/status")["lines"]["list"]
    assert "geweigerd" in story.ask("/status", language="nl")["lines"]["list"]
    assert "not signed" in story.ask("/status")["lines"]["list"]


def test_status_without_a_list_says_that_nothing_is_stopped(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.standing.in_force, story.standing.state = None, ListState.WAITING
    answer = story.ask("/status")

    assert answer["list"]["version"] is None
    assert "stops nothing" in answer["lines"]["list"]


def test_status_tells_what_stands_in_the_way(story: Story) -> None:
    story.standing.enrolment = "token: not known here"
    story.standing.upload = "no connection"
    story.lost = 3
    lines = story.ask("/status")["lines"]

    assert "token: not known here" in lines["server"]
    assert "no connection" in lines["reports"]
    assert "3 could not be kept" in lines["reports"]


def test_check_says_what_happens_and_why(story: Story) -> None:
    answer = story.ask("/check", host="https://api.chatgpt.com/v1")

    assert answer["host"] == "api.chatgpt.com"
    assert answer["path"] == "/v1"
    assert answer["service"] == "chatgpt"
    assert answer["verdict"] == "block"
    assert answer["decision"] == "category assistant"
    assert answer["entry"] == "suffix chatgpt.com"
    assert answer["channels"]["dns"]["does"] == "routes"
    assert answer["channels"]["browser"]["does"] == "stops"
    assert answer["lines"]["decision"] == "category assistant says block."
    assert "here" not in answer["lines"]


@pytest.mark.parametrize("host", ["example.nl", "192.0.2.7"])
def test_check_of_what_the_list_does_not_know(story: Story, host: str) -> None:
    answer = story.ask("/check", host=host)

    assert answer["verdict"] == "allow"
    assert answer["service"] is None
    assert answer["channels"]["dns"]["does"] == "nothing"


def test_check_of_what_is_never_blocked(story: Story) -> None:
    held = replace(blocklist(7), never=(Host("chatgpt.com"),))
    story.standing.in_force = in_force(held)

    answer = story.ask("/check", host="www.chatgpt.com")

    assert answer["verdict"] == "allow"
    assert "never blocked" in answer["lines"]["decision"]


def test_check_says_when_the_channel_does_not_hold_here(story: Story) -> None:
    story.standing.health = {"dns": Health(State.NOT_IN_FORCE, "leaks")}

    assert "go past Sluis" in story.ask("/check", host="chatgpt.com")["lines"]["here"]


def test_check_without_a_list_says_that_nothing_is_stopped(story: Story) -> None:
    story.standing.in_force = None

    assert "stops nothing" in story.ask("/check", host="chatgpt.com")["lines"]["verdict"]


@pytest.mark.parametrize(
    ("host", "language", "right"),
    [("", "en", "such as chatgpt.com"), ("a b", "en", "chatgpt.com"), ("x", "fr", "one of nl, en")],
)
def test_a_bad_question_is_told_what_is_right(
    story: Story, host: str, language: str, right: str
) -> None:
    with pytest.raises(BadQuestion, match=right):
        story.ask("/check", host=host, language=language)


def test_nobody_reads_anothers_record(story: Story) -> None:
    story.record.note(STAFF, uuid4(), SEEN, NOW)

    own, other = story.ask("/record"), story.ask("/record", account=COLLEAGUE)

    assert [row["host"] for row in own["violations"]] == ["chatgpt.com"]
    assert other["violations"] == []
    assert "chatgpt" not in str(other)


SPOKEN = [code.value for code in Code if code is not Code.FORM]
"""A form that is refused is a fault between our two processes: its code is for the help desk."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*SPOKEN, "waiting", "leaks", "not-seen", "wrong-answer"])
def test_a_code_of_health_has_words(language: str, code: str) -> None:
    line = health_line("dns", Health(State.NOT_IN_FORCE, code), language)

    assert line != health_line("dns", Health(State.NOT_IN_FORCE, "strange"), language)
    assert f" {code}." not in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_without_words_is_for_the_help_desk(language: str) -> None:
    assert "strange" in health_line("dns", Health(State.NOT_IN_FORCE, "strange"), language)
