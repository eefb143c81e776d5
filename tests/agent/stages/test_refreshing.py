"""When the list is refreshed, and what is in force meanwhile."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.answers import Bundle, Failed, NotRefreshed, Refreshed
from agent.in_force import InForce, ListFile, ListState
from agent.stages.backoff import Backoff
from agent.stages.contact import Contact
from agent.stages.refreshing import LOOK_AGAIN, WITHOUT_POLL, Refreshing
from agent.stages.standing import Standing
from agent.stages.timer import Timer
from agent.updater import Missing, Pin, Updater
from tests.simulators.counterpart import NOW, Counterpart, Watch, in_force, settings
from tests.simulators.repository import Repository, blocklist

UNREACHABLE = NotRefreshed(ListState.STALE, "no connection", retry_after=7)


class Publishing(Counterpart):
    """A server whose repository is a real one."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.repository = Repository(NOW)
        self._updater = Updater(folder, Pin.parse(self.repository.pin))

    def refresh(
        self, at: datetime, current: InForce | None, brought: object
    ) -> Refreshed | NotRefreshed:
        return self._updater.refresh(self._fetch, at, current)

    def _fetch(self, name: str) -> bytes:
        if name not in self.repository.files:
            raise Missing(name)
        return self.repository.files[name]


class Story:
    """A stage with all that it needs; its parts may be changed between rounds."""

    def __init__(self, folder: Path, server: Counterpart | None = None) -> None:
        self.server, self.watch, self.standing = server or Counterpart(), Watch(), Standing()
        self.list_file = ListFile(folder / "list.bundle")
        self.contact = Contact(settings(folder), self.server.open)
        self.stage = Refreshing(
            self.contact,
            self.standing,
            self.list_file,
            Timer(self.watch, Backoff(max)),
            self.watch.clock,
        )

    async def round(self) -> list[str]:
        self.server.asked.clear()
        await self.stage.round()
        return list(self.server.asked)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_a_new_list_is_in_force_and_stored(story: Story) -> None:
    assert asyncio.run(story.round()) == ["open", "refresh"]

    assert story.standing.state is ListState.FRESH
    assert story.list_file.load() == story.standing.in_force


def test_it_is_looked_at_again_only_when_it_is_time(story: Story) -> None:
    story.server.enrolled = True

    async def rounds() -> list[list[str]]:
        seen = [await story.round(), await story.round()]
        story.watch.seconds += LOOK_AGAIN
        return [*seen, await story.round()]

    assert asyncio.run(rounds()) == [["open", "refresh"], [], ["refresh"]]


def test_where_nobody_may_poll_it_is_looked_at_each_minute(story: Story) -> None:
    async def rounds() -> list[str]:
        await story.round()
        story.watch.seconds += WITHOUT_POLL
        return await story.round()

    assert asyncio.run(rounds()) == ["refresh"]


def test_a_failure_keeps_the_list_and_is_tried_again_when_the_server_says(story: Story) -> None:
    async def rounds() -> None:
        await story.round()
        story.server.refreshed = UNREACHABLE
        story.watch.seconds += LOOK_AGAIN
        await story.round()

    asyncio.run(rounds())
    assert story.standing.state is ListState.STALE
    assert story.standing.in_force
    assert story.stage.timer.left == 7


def test_a_list_from_far_ahead_goes_with_the_keys_that_signed_it(tmp_path: Path) -> None:
    taken = Publishing(tmp_path / "metadata")
    story = Story(tmp_path, taken)

    async def rounds() -> None:
        far_ahead = blocklist(1, published=NOW + timedelta(days=3650))
        taken.repository.publish(far_ahead, NOW)
        await story.round()
        taken.repository.rotate(NOW, {"targets", "list", "snapshot", "timestamp"})
        taken.repository.publish(blocklist(2), NOW)
        story.watch.seconds += LOOK_AGAIN
        await story.round()

    asyncio.run(rounds())
    assert story.standing.state is ListState.FRESH
    assert story.standing.condition().version == 2


def test_the_first_list_is_in_force_before_the_server_is_asked(
    story: Story, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    story.server.firsts = Refreshed(in_force(blocklist(1)), NOW)
    story.server.refreshed = UNREACHABLE

    async def rounds() -> list[list[str]]:
        return [await story.round(), await story.round()]

    assert asyncio.run(rounds()) == [["open", "first"], ["refresh"]]
    assert story.standing.state is ListState.STALE
    assert story.standing.in_force == in_force(blocklist(1))


def test_a_first_list_that_is_refused_is_told_and_the_server_asked(
    story: Story, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    story.server.firsts = NotRefreshed(ListState.REFUSED, "not signed")
    story.server.refreshed = UNREACHABLE

    assert asyncio.run(story.round()) == ["open", "first", "refresh"]
    assert story.standing.state is ListState.WAITING
    assert story.standing.in_force is None


def test_what_was_fresh_too_long_is_looked_at(story: Story) -> None:
    story.server.enrolled = True
    story.server.refreshed = Refreshed(in_force(blocklist(1)), NOW + timedelta(seconds=100))

    async def rounds() -> list[str]:
        await story.round()
        story.server.refreshed = NotRefreshed(ListState.FROZEN, "expired")
        story.watch.seconds += 100
        return await story.round()

    assert asyncio.run(rounds()) == ["refresh"]
    assert story.standing.state is ListState.FROZEN


class Polls:
    """Answers of a long poll, one after the other; then it waits for ever."""

    def __init__(self, *answers: Bundle | Failed | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, current: object) -> Bundle | Failed | None:
        self.asked += 1
        return self.answers.pop(0)


async def polled(story: Story, polls: Polls, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the poll run until it has given its answers and may not go on."""
    monkeypatch.setattr("agent.stages.refreshing.PAUSE_OF_POLLS", 0)
    monkeypatch.setattr(story.server, "wait", polls, raising=False)
    story.server.enrolled = True
    await story.round()
    woken = asyncio.Event()
    task = asyncio.ensure_future(story.stage.poll(woken.set))
    while polls.answers:
        await woken.wait()
        woken.clear()
    await asyncio.sleep(0.05)
    assert not task.done()
    task.cancel()


def test_what_the_poll_brings_is_taken_at_once(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, polls = Bundle({}, 1), Polls(None, None, Bundle({}, 1))

    async def rounds() -> list[str]:
        await polled(story, polls, monkeypatch)
        return await story.round()

    assert asyncio.run(rounds()) == ["refresh"]
    assert story.server.brought[-1] == bundle
    assert polls.asked == 3, "after a bundle it waits until a round has taken it"


def test_a_poll_that_fails_is_no_reason_to_ask_at_once(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls = Polls(Failed("no connection", retry_after=9))

    async def rounds() -> list[str]:
        await polled(story, polls, monkeypatch)
        return await story.round()

    assert asyncio.run(rounds()) == []
    assert story.standing.state is ListState.STALE
    assert story.stage.timer.left == 9
