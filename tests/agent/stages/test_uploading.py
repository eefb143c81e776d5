"""When reports go, and what becomes of violations that were not taken."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.answers import Failed, Reported
from agent.outbox import Acknowledgement, Outbox, Sighting
from agent.stages.backoff import Backoff
from agent.stages.contact import Contact
from agent.stages.standing import Standing
from agent.stages.timer import Timer
from agent.stages.uploading import BETWEEN, NO_TICKET, Uploading
from blocklists.blocklist import Verdict
from blocklists.protocol.messages import Channel, Kind, Outcome, Violation
from tests.simulators.counterpart import AWAY, NOW, Counterpart, Watch, in_force, settings
from tests.simulators.repository import blocklist

TEN, TWO = timedelta(minutes=10), timedelta(seconds=2)


class Story:
    """A stage with all that it needs, and three tickets."""

    def __init__(
        self, folder: Path, *, trial: bool = True, organisation: bytes | None = None
    ) -> None:
        self.server, self.watch, self.standing = Counterpart(), Watch(), Standing()
        made = replace(blocklist(1), trial=trial)
        self.standing.in_force = in_force(made, organisation) if organisation else in_force(made)
        self.outbox = Outbox(folder / "outbox.db", os.urandom)
        self.outbox.keep_tickets([f"{number:032}" for number in range(3)], NOW)
        self.contact = Contact(settings(folder), self.server.open)
        self.stage = Uploading(
            self.contact,
            self.standing,
            self.outbox,
            Timer(self.watch, Backoff(max)),
            self.watch.clock,
            min,
        )
        self.stays_open = TWO if trial else TEN

    def spool(self, *hosts: str) -> None:
        for host in hosts:
            sighting = Sighting(
                service="chatgpt",
                host=host,
                channel=Channel.CONNECTION,
                kind=Kind.CONTACT,
                verdict=Verdict.BLOCK,
                outcome=Outcome.STOPPED,
                pseudonym=None,
            )
            self.outbox.spool(sighting, self.watch.clock(), self.stays_open)
        self.stage.spooled()

    def rounds(self, *later: float) -> list[int]:
        """One round, and one after each of these seconds; how many violations each report held."""

        async def all_of_them() -> None:
            await self.contact.read()
            await self.stage.round()
            for seconds in later:
                self.watch.seconds += seconds
                await self.stage.round()

        self.server.reports.clear()
        asyncio.run(all_of_them())
        return [len(report) for report in self.server.reports]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_a_trial_reports_as_soon_as_a_violation_is_closed(story: Story) -> None:
    assert story.rounds() == [0], "an empty report goes too"
    story.spool("chatgpt.com")

    assert story.rounds(1, 1) == [1]
    assert story.outbox.held().violations == 0


def test_elsewhere_a_report_goes_at_a_moment_of_its_own(tmp_path: Path) -> None:
    story = Story(tmp_path, trial=False)
    story.spool("chatgpt.com")

    assert story.rounds() == []
    assert story.rounds(BETWEEN[0] - 1, 1) == [1]
    assert story.rounds(BETWEEN[0]) == [0], "an empty report goes too"


def test_nothing_goes_before_the_organisation_reports(tmp_path: Path) -> None:
    story = Story(tmp_path, organisation=b"{}")
    story.spool("chatgpt.com")

    assert story.rounds(5, 60, 3600) == []


def test_many_go_in_several_reports(story: Story) -> None:
    story.spool(*(f"{number}.example" for number in range(15)))

    assert story.rounds(2, 0.1) == [10, 5]


def test_an_unreachable_server_gets_the_same_ones_later(story: Story) -> None:
    story.spool("chatgpt.com")
    story.server.acknowledge = lambda _: AWAY
    assert story.rounds(2) == [1]
    assert story.standing.upload == AWAY.why
    ticket = story.outbox.ticket()

    story.server.acknowledge = lambda _: Reported((Acknowledgement("skipped"),), NOW)

    assert story.rounds(2) == [1]
    assert story.outbox.held().violations == 0
    assert story.outbox.ticket() != ticket, "the ticket was tried again, and then spent"


def test_a_used_ticket_is_given_up_for_another(story: Story) -> None:
    story.spool("chatgpt.com")
    story.server.acknowledge = lambda _: Failed("used", "ticket")
    story.rounds(2)

    assert story.outbox.held().tickets == 2
    assert story.outbox.held().violations == 1


def test_without_a_ticket_a_check_in_is_wanted(story: Story) -> None:
    story.spool("chatgpt.com")
    while ticket := story.outbox.ticket():
        story.outbox.spend(ticket)

    assert story.rounds(2) == []
    assert story.stage.short_of_tickets
    assert story.standing.upload == NO_TICKET


def test_each_is_acknowledged_by_itself(story: Story) -> None:
    def by_host(sent: Sequence[Violation]) -> Reported:
        words = {"good.example": "accepted", "bad.example": "rejected"}
        return Reported(tuple(Acknowledgement(words[one.host or ""], "form") for one in sent), NOW)

    story.spool("good.example", "bad.example")
    story.server.acknowledge = by_host

    assert story.rounds(2) == [2]
    assert story.outbox.held().violations == 0


def test_outside_the_window_it_goes_once_more_with_the_servers_time(story: Story) -> None:
    def too_old(sent: Sequence[Violation]) -> Reported:
        answers = tuple(Acknowledgement("rejected", "id-window") for _ in sent)
        return Reported(answers, story.watch.clock())

    story.spool("chatgpt.com")
    story.server.acknowledge = too_old

    assert story.rounds(2, 0.1, 0.1) == [1, 1]
    assert len({report[0].id for report in story.server.reports}) == 2
