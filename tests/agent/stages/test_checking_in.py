"""When the server is told how we are, and when a device enrols."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from agent.answers import CheckedIn, Failed, NotRefreshed
from agent.in_force import ListState
from agent.outbox import Outbox
from agent.stages.backoff import Backoff
from agent.stages.checking_in import CheckingIn
from agent.stages.contact import Contact
from agent.stages.standing import Standing
from agent.stages.timer import Timer
from tests.simulators.counterpart import AWAY, Counterpart, Watch, settings


class Story:
    """A stage with all that it needs."""

    def __init__(self, folder: Path, token: str | None = "token") -> None:
        self.server, self.watch, self.standing = Counterpart(), Watch(), Standing()
        self.outbox = Outbox(folder / "outbox.db", os.urandom)
        self.contact = Contact(settings(folder, token), self.server.open)
        self.stage = CheckingIn(
            self.contact,
            self.standing,
            self.outbox,
            Timer(self.watch, Backoff(max)),
            self.watch.clock,
            max,
        )

    def rounds(self, *later: float) -> list[str]:
        """One round, and one after each of these seconds; what the server was asked."""

        async def all_of_them() -> None:
            await self.contact.read()
            self.server.asked.clear()
            await self.stage.round()
            for seconds in later:
                self.watch.seconds += seconds
                await self.stage.round()

        asyncio.run(all_of_them())
        return self.server.asked


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_a_new_device_enrols_and_checks_in(story: Story) -> None:
    assert story.rounds() == ["enrol token", "check in"]
    assert story.outbox.held().tickets == 1
    assert story.standing.checked_in == story.watch.clock()


def test_it_checks_in_at_the_servers_interval(story: Story) -> None:
    story.server.checked_in = CheckedIn(30, ())

    assert story.rounds(29, 1) == ["enrol token", "check in", "check in"]


def test_a_change_is_told_at_once(story: Story) -> None:
    story.rounds()
    story.standing.kept(NotRefreshed(ListState.REFUSED, "not signed"))
    story.stage.note_change()

    assert story.rounds() == ["check in"]


def test_a_wrong_token_is_told_and_tried_again_ever_later(story: Story) -> None:
    story.server.enrolment = Failed("token: not known here", "token")

    assert story.rounds(2, 2, 2) == ["enrol token"] * 3
    assert story.standing.enrolment == "token: not known here"


def test_a_new_token_is_read_from_the_settings(story: Story, tmp_path: Path) -> None:
    story.server.enrolment = Failed("token: not known here", "token")
    story.rounds()
    settings(tmp_path, "better")

    assert story.rounds(2) == ["enrol better"]


def test_without_a_token_it_waits_for_somebody_to_enrol_it(tmp_path: Path) -> None:
    story = Story(tmp_path, token=None)
    assert story.rounds() == []
    assert "sluis-agent enrol" in story.standing.enrolment

    story.server.enrolled = True

    assert story.rounds(60) == ["check in"]
    assert story.standing.enrolment == ""


def test_a_server_that_is_away_is_asked_again_later(story: Story) -> None:
    story.server.checked_in = AWAY

    assert story.rounds(1, 1) == ["enrol token", "check in", "check in"]
    assert story.standing.check_in == AWAY.why


def test_a_device_that_was_forgotten_enrols_again(story: Story) -> None:
    story.rounds()
    story.server.enrolled = False

    assert story.rounds(60) == ["enrol token", "check in"]
