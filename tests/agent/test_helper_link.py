"""The daemon's end of the conversation, with the helper's real loop at the other one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agent import helper_link
from agent.helper import CarryOut, serve
from agent.helper_link import Helper, HelperGone
from agent.verbs import (
    Clear,
    Cleared,
    Code,
    Connection,
    Listen,
    Listening,
    Owned,
    Owner,
    Owners,
    Refusal,
    Reply,
    Request,
    Route,
    Routed,
)
from blocklists.channels import CANARY, DOH_CANARY
from blocklists.hosts import Host


class Desk:
    """Carries out verbs that touch nothing, and keeps them."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.slow = asyncio.Event()
        self.slow.set()

    async def carry_out(self, request: Request) -> tuple[Reply, list[socket.socket]]:
        self.asked.append(request)
        await self.slow.wait()
        match request:
            case Listen():
                return Listening(["dns-udp", "tls"]), [self.open(), self.open()]
            case Route(names) if "refused.example" in names:
                raise Refusal(Code.PORT_53, "another program answers")
            case Route():
                return Routed("systemd-resolved", ["chat.example"], "because"), []
            case Owners(connections):
                return Owned([Owner(one.client_port) for one in connections]), []
            case Clear():
                return Cleared(), []

    def open(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind(("127.0.0.1", 0))
        return made


@asynccontextmanager
async def conversation(carry_out: CarryOut) -> AsyncIterator[Helper]:
    ours, theirs = socket.socketpair()
    task = asyncio.ensure_future(serve(ours, carry_out))
    try:
        yield Helper(theirs)
    finally:
        task.cancel()
        ours.close()
        await asyncio.sleep(0)
        theirs.close()


def connection(port: int) -> Connection:
    return Connection("127.0.0.1", port, "127.77.0.1", 443)


def test_each_verb() -> None:
    async def story() -> None:
        desk = Desk()
        async with conversation(desk.carry_out) as helper:
            sockets = await helper.listen()
            assert sockets.dns_udp
            assert sockets.tls
            assert sockets.tls.getsockname()[0] == "127.0.0.1"
            assert (sockets.dns_tcp, sockets.http) == (None, None)
            assert (await helper.route([Host("chat.example")])).conflicts == ["chat.example"]
            assert desk.asked[-1] == Route(sorted(["chat.example", CANARY, DOH_CANARY]))
            assert await helper.owners([connection(7), connection(9)]) == [Owner(7), Owner(9)]
            await helper.clear()

    asyncio.run(story())


def test_a_refusal_has_its_code_and_the_next_verb_is_answered() -> None:
    async def story() -> None:
        async with conversation(Desk().carry_out) as helper:
            with pytest.raises(Refusal, match="another program answers") as refused:
                await helper.route([Host("refused.example")])
            assert refused.value.code is Code.PORT_53
            assert await helper.owners([connection(7)]) == [Owner(7)]

    asyncio.run(story())


def test_many_callers_at_once_get_their_own_answers() -> None:
    async def story() -> None:
        async with conversation(Desk().carry_out) as helper:
            asked = [helper.owners([connection(port)]) for port in range(1, 101)]
            assert await asyncio.gather(*asked) == [[Owner(port)] for port in range(1, 101)]

    asyncio.run(story())


def test_a_caller_that_gives_up_leaves_no_answer_for_the_next() -> None:
    async def story() -> None:
        desk = Desk()
        async with conversation(desk.carry_out) as helper:
            desk.slow.clear()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(helper.owners([connection(7)]), 0.02)
            desk.slow.set()
            assert await helper.owners([connection(9)]) == [Owner(9)]

    asyncio.run(story())


def test_the_end_of_the_helper_is_heard_while_nothing_is_asked() -> None:
    async def story() -> None:
        ours, theirs = socket.socketpair()
        helper = Helper(theirs)
        await asyncio.sleep(0)
        assert not helper.gone.is_set()
        ours.close()
        await asyncio.wait_for(helper.gone.wait(), 1)
        with pytest.raises(HelperGone):
            await helper.listen()

    asyncio.run(story())


def test_the_end_of_the_helper_in_the_middle_of_a_verb() -> None:
    async def story() -> None:
        ours, theirs = socket.socketpair()
        helper = Helper(theirs)
        asked = asyncio.ensure_future(helper.route([]))
        await asyncio.sleep(0.01)
        ours.close()
        with pytest.raises(HelperGone):
            await asked
        assert helper.gone.is_set()

    asyncio.run(story())


def test_a_helper_that_does_not_answer_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper_link, "PATIENCE", 0.02)

    async def story() -> None:
        ours, theirs = socket.socketpair()
        helper = Helper(theirs)
        with pytest.raises(HelperGone):
            await helper.clear()
        ours.close()

    asyncio.run(story())


def test_an_answer_to_another_question_is_the_end() -> None:
    async def story() -> None:
        async def cleared(_: Request) -> tuple[Reply, list[socket.socket]]:
            return Cleared(), []

        async with conversation(cleared) as helper:
            with pytest.raises(HelperGone, match="Cleared"):
                await helper.route([])
            assert helper.gone.is_set()

    asyncio.run(story())
