"""The long poll: who waits, who wakes, and that all share one answer."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from blocklists.protocol.bundle import unpack
from server.devices.polls import Has, Polls
from server.publishing.edition import Edition
from server.publishing.files import LIST_PATH, OFFICERS_PATH, ORGANISATION_PATH, Publication
from server.publishing.keys import Keys, load_keys

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return load_keys(tmp_path_factory.mktemp("data") / "keys", make=True)


class Published:
    """What is in force, changed by tests as the repository changes it."""

    def __init__(self, keys: Keys) -> None:
        edition = Edition(keys, NOW)
        edition.put("targets", {ORGANISATION_PATH: b"organisation"})
        edition.put("officers", {OFFICERS_PATH: b"officers"})
        edition.put("list", {LIST_PATH: b"list 1"})
        self.keys = keys
        self.present = Publication((), {}, {}, {}).after(edition.close())

    def __call__(self) -> Publication:
        return self.present

    def put_list(self, data: bytes) -> None:
        edition = Edition(self.keys, NOW, self.present)
        edition.put("list", {LIST_PATH: data})
        self.present = self.present.after(edition.close())

    def renew(self) -> None:
        edition = Edition(self.keys, NOW + timedelta(days=2), self.present)
        assert edition.renew_due()
        self.present = self.present.after(edition.close())

    @property
    def everything(self) -> Has:
        """What an endpoint has that lacks nothing."""
        newest = self.present.current["timestamp"].version
        return Has(self.present.root.version, newest, self.present.blocklist_hash)


def test_all_that_wait_wake_within_50_ms_and_share_the_bytes(keys: Keys) -> None:
    async def story() -> None:
        published = Published(keys)
        polls = Polls(published, hold=30)
        has = published.everything
        waiting = [asyncio.ensure_future(polls.wait(UUID(int=n), has)) for n in range(2000)]
        await asyncio.sleep(0.05)
        assert not any(poll.done() for poll in waiting)
        published.put_list(b"list 2")
        started = time.perf_counter()
        polls.wake()
        first = await waiting[0]
        assert time.perf_counter() - started < 0.05
        answers = await asyncio.gather(*waiting)
        assert all(answer is first for answer in answers)
        assert first is not None
        assert b"list 2" in unpack(first).values()

    asyncio.run(story())


def test_waking_thousands_lets_others_have_their_turn(keys: Keys) -> None:
    async def story() -> None:
        published = Published(keys)
        polls = Polls(published, hold=30)
        has = published.everything
        waiting = [asyncio.ensure_future(polls.wait(UUID(int=n), has)) for n in range(5000)]
        await asyncio.sleep(0.1)
        published.put_list(b"list 2")
        polls.wake()
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # a health check that came in meanwhile
        assert not all(poll.done() for poll in waiting)
        await asyncio.gather(*waiting)

    asyncio.run(story())


def test_the_hold_ends_without_an_answer(keys: Keys) -> None:
    async def story() -> None:
        published = Published(keys)
        assert await Polls(published, hold=0.05).wait(UUID(int=1), published.everything) is None

    asyncio.run(story())


def test_what_an_endpoint_lacks_is_given_at_once_and_nothing_more(keys: Keys) -> None:
    async def story() -> None:
        published = Published(keys)
        polls, has = Polls(published, hold=30), published.everything
        list_name = next(n for n in published.present.targets if "blocklist" in n)

        async def given(root: int, timestamp: int, blocklist: str) -> set[str]:
            answer = await polls.wait(UUID(int=1), Has(root, timestamp, blocklist))
            assert answer is not None
            return set(unpack(answer))

        everything = set(published.present.served)
        assert await given(0, 0, "") == everything
        assert await given(1, 0, "") == everything - {"1.root.json"}
        assert await given(1, has.timestamp - 1, has.blocklist) == (
            everything - {"1.root.json", list_name}
        )
        assert await given(1, has.timestamp, "0" * 64) == everything - {"1.root.json"}

    asyncio.run(story())


def test_an_endpoint_that_is_ahead_of_a_restored_server_waits(keys: Keys) -> None:
    async def story() -> None:
        published = Published(keys)
        ahead = Has(1, published.everything.timestamp + 1, "0" * 64)
        assert await Polls(published, hold=0.05).wait(UUID(int=1), ahead) is None

    asyncio.run(story())


def test_a_second_poll_of_an_endpoint_ends_its_first(keys: Keys) -> None:
    async def story() -> None:
        published = Published(keys)
        polls = Polls(published, hold=30)
        first = asyncio.ensure_future(polls.wait(UUID(int=1), published.everything))
        await asyncio.sleep(0.01)
        second = asyncio.ensure_future(polls.wait(UUID(int=1), published.everything))
        assert await asyncio.wait_for(first, 1) is None
        published.put_list(b"list 2")
        polls.wake()
        assert await asyncio.wait_for(second, 1) is not None

    asyncio.run(story())


def test_a_renewed_timestamp_is_given_with_the_next_poll(keys: Keys) -> None:
    async def story() -> None:
        published = Published(keys)
        polls, before = Polls(published, hold=0.05), published.everything
        waiting = asyncio.ensure_future(polls.wait(UUID(int=1), before))
        await asyncio.sleep(0.01)
        published.renew()
        answer = await waiting or await polls.wait(UUID(int=1), before)
        assert answer is not None
        assert "timestamp.json" in unpack(answer)

    asyncio.run(story())


def test_closing_answers_everybody_and_holds_nobody(keys: Keys) -> None:
    async def story() -> None:
        published = Published(keys)
        polls = Polls(published, hold=30)
        waiting = asyncio.ensure_future(polls.wait(UUID(int=1), published.everything))
        await asyncio.sleep(0.01)
        await polls.close()
        assert await asyncio.wait_for(waiting, 1) is None
        assert await asyncio.wait_for(polls.wait(UUID(int=2), published.everything), 1) is None

    asyncio.run(story())
