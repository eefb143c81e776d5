"""Many connections at once cost one look; none is given the owner of another."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence

import pytest

from agent.sinkhole.owners import Owners, SharedLook
from agent.verbs import Connection, Owner


def connection(port: int) -> Connection:
    return Connection("127.0.0.1", port, "127.77.0.1", 443)


class Looks:
    """A look that takes its time and counts."""

    def __init__(self, *, broken: int = 0) -> None:
        self.batches: list[int] = []
        self._broken = broken

    async def __call__(self, batch: Sequence[Connection]) -> Mapping[Connection, int]:
        self.batches.append(len(batch))
        await asyncio.sleep(0.01)
        if len(self.batches) <= self._broken:
            raise OSError("no")
        return {one: one.client_port for one in batch if one.client_port % 2}


def test_one_look_for_all_that_came_together() -> None:
    async def story() -> None:
        looks = Looks()
        shared = SharedLook(looks)
        found = await asyncio.gather(*(shared.get(connection(port)) for port in range(1, 201)))
        assert found == [port if port % 2 else None for port in range(1, 201)]
        assert looks.batches == [200]

    asyncio.run(story())


def test_who_comes_during_a_look_is_in_the_next() -> None:
    async def late(shared: SharedLook[int], port: int) -> int | None:
        await asyncio.sleep(0.005)
        return await shared.get(connection(port))

    async def story() -> None:
        looks = Looks()
        shared = SharedLook(looks)
        found = await asyncio.gather(
            shared.get(connection(1)), *(late(shared, port) for port in (3, 5, 7))
        )
        assert (found, looks.batches) == ([1, 3, 5, 7], [1, 3])

    asyncio.run(story())


def test_the_same_ends_later_are_another_connection() -> None:
    async def story() -> None:
        looks = Looks()
        shared = SharedLook(looks)
        assert [await shared.get(connection(1)) for _ in range(2)] == [1, 1]
        assert looks.batches == [1, 1]

    asyncio.run(story())


def test_a_look_that_fails_or_is_given_up_leaves_the_next_alone() -> None:
    async def story() -> None:
        shared = SharedLook(Looks(broken=1))
        with pytest.raises(OSError, match="no"):
            await shared.get(connection(1))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(shared.get(connection(1)), 0.001)
        assert await shared.get(connection(3)) == 3

    asyncio.run(story())


def test_the_account_is_seen_without_asking_and_a_silent_helper_costs_the_program_alone() -> None:
    async def silent(batch: Sequence[Connection]) -> list[Owner]:
        raise ConnectionResetError

    async def story() -> None:
        owners = Owners(silent)
        with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
            client.connect(server.getsockname())
            ends = Connection(*client.getsockname(), *server.getsockname())
            account = await owners.account(ends)
            assert account == Owner(os.getuid())
            assert await owners.program(ends, account) == Owner(os.getuid())

    asyncio.run(story())
