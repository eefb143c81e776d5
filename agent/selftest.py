"""Whether what was set has its effect: names are asked for as programs do, and seen to arrive.

A name is made up for each question, below the canary's and below one of the list, so that no answer
comes out of somebody's memory. They are never reported.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.sinkhole.ports import HTTP, TLS, WEB_ADDRESS
from agent.sinkhole.server import Sinkhole
from blocklists.channels import CANARY
from blocklists.hosts import Host

PATIENCE = 5.0
"""Seconds for a question."""


class State(StrEnum):
    """How a channel stands."""

    IN_FORCE = "in-force"
    NOT_IN_FORCE = "not-in-force"
    OFF = "off"


@dataclass(frozen=True)
class Health:
    """The health of a channel; `code` says what is wrong, and is empty where nothing is."""

    state: State
    code: str = ""


@dataclass(frozen=True)
class Asked:
    """What became of one question."""

    address: str | None
    """What the operating system answered; None is no address."""
    seen: bool
    """Whether the question arrived at the sinkhole."""


async def check(sinkhole: Sinkhole, names: Iterable[Host]) -> dict[str, Health]:
    """Ask for the canary and for one of these routed names, connect to the canary, and judge."""
    label = secrets.token_hex(8)
    canary = Host(f"{label}.{CANARY}")
    below = [Host(f"{label}.{secrets.choice(some)}")] if (some := list(names)) else []
    asked = [await _ask(sinkhole, host) for host in (canary, *below)]
    reached = sinkhole.web and asked[0].address == str(WEB_ADDRESS)
    reached = reached and await _reach(sinkhole, canary)
    return judge(asked, web=sinkhole.web, reached=reached)


def judge(asked: Sequence[Asked], *, web: bool, reached: bool) -> dict[str, Health]:
    """The health of both channels, from what was seen.

    Args:
        web: whether people are sent to the sinkhole at all; else no address is the right answer.
        reached: whether connections to the canary arrived, on both ports.
    """
    want = str(WEB_ADDRESS) if web else None
    codes = [code for one in asked if (code := _code(one, want))]
    connection = "" if reached else "not-reached" if web else "sinkhole-port"
    return {"dns": _health(codes[0] if codes else ""), "connection": _health(connection)}


def _code(asked: Asked, want: str | None) -> str:
    """What is wrong with an answer; empty where it is right."""
    if not asked.seen:
        return "not-seen" if asked.address is None else "leaks"
    return "" if asked.address == want else "wrong-answer"


def _health(code: str) -> Health:
    return Health(State.NOT_IN_FORCE if code else State.IN_FORCE, code)


async def _ask(sinkhole: Sinkhole, host: Host) -> Asked:
    loop = asyncio.get_running_loop()
    with sinkhole.watching(host) as seen:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await loop.getaddrinfo(host, HTTP.number, family=socket.AF_INET)
        except OSError:  # also TimeoutError
            return Asked(None, "dns" in seen)
        return Asked(str(found[0][4][0]), "dns" in seen)


async def _reach(sinkhole: Sinkhole, host: Host) -> bool:
    """Whether a request and a TLS handshake for this host arrive at the sinkhole."""
    request = f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    with sinkhole.watching(host) as seen:
        for port, data in ((HTTP, request), (TLS, _client_hello(host))):
            try:
                async with asyncio.timeout(PATIENCE):
                    await _send(host, port.number, data)
            except OSError:
                return False
        return {"http", "tls"} <= seen


async def _send(host: Host, port: int, data: bytes) -> None:
    reader, writer = await asyncio.open_connection(host, port, family=socket.AF_INET)
    try:
        writer.write(data)
        await reader.read()
    finally:
        writer.close()


def _client_hello(host: Host) -> bytes:
    """How a TLS client begins."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    handshake = context.wrap_bio(incoming, outgoing, server_hostname=host)
    try:
        handshake.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()
    raise AssertionError("a handshake ended without an answer")
