"""The superuser's process: starts the daemon without rights, and does what its verbs ask.

Composition root. Rules kept here:
 * It reads neither the network nor a file that the daemon can write.
 * When it ends it takes nothing back: blocked names stay blocked, all others go on. `clear` gives
   the machine back.
 * The daemon hears of its end by the closed socket, and is started again when it ends itself.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Collection, Sequence

from agent import verbs
from agent.enforce.resolved import LINK, LINK_ADDRESS, Resolved
from agent.powers import Powers
from agent.system import linux
from agent.verbs import Refusal, Refused, Reply, Request
from blocklists.hosts import Host

ACCOUNT = "sluis-agent"
"""The account without rights that the daemon runs as."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 30.0
"""Seconds before the daemon is started again."""
_LIVED = 60.0
"""Seconds after which a daemon counts as having run well."""
_GRACE = 5.0
"""Seconds that the daemon has to end by itself."""

Daemon = Callable[[int], Sequence[str]]
"""From the number of the inherited socket to the command that starts the daemon."""

CarryOut = Callable[[Request], Awaitable[tuple[Reply, list[socket.socket]]]]
"""Does what a verb asks, or raises Refusal."""

_log = logging.getLogger(__name__)


def run(daemon: Daemon, *, account: str = ACCOUNT, protected: Collection[Host] = ()) -> int:
    """Run until SIGTERM or SIGINT, then end the daemon; 0.

    Raises PermissionError unless root, KeyError where there is no such account.

    Args:
        protected: names that are never routed, such as the organisation's own server.
    """
    _want_root()
    with asyncio.Runner() as runner:
        return runner.run(_run(daemon, account, protected))


def clear() -> None:
    """Give the machine back: no routes, no link. Needs no daemon and no configuration.

    Raises PermissionError unless root, NotEnforced where the system refuses.
    """
    _want_root()
    with asyncio.Runner() as runner:
        runner.run(_clear())


async def _run(daemon: Daemon, account: str, protected: Collection[Host]) -> int:
    enforcer = Resolved()
    try:
        linux.ensure_link(LINK, LINK_ADDRESS)  # before a browser runs: a new link costs it loads
    except linux.LinkFailed as error:
        _log.warning("link=%s error=%r", LINK, str(error))
    powers = Powers(enforcer, protected)
    work = asyncio.gather(enforcer.keep(), _supervise(daemon, account, powers))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        _log.info("helper=ended")
    finally:
        enforcer.close()
    return 0


async def _clear() -> None:
    enforcer = Resolved()
    try:
        await enforcer.clear()
    finally:
        enforcer.close()


async def _supervise(daemon: Daemon, account: str, powers: Powers) -> None:
    """Keep a daemon running; between two of them the pause grows, with jitter."""
    pause = _FIRST_PAUSE
    while True:
        started = time.monotonic()
        await _one_life(daemon, account, powers)
        pause = _FIRST_PAUSE if time.monotonic() - started > _LIVED else pause * 2
        pause = min(pause, _LONGEST_PAUSE)
        _log.warning("daemon=ended again_in=%.1f", pause)
        await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter


async def _one_life(daemon: Daemon, account: str, powers: Powers) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = linux.start(daemon(theirs.fileno()), account, theirs.fileno())
        try:
            await serve(ours, powers.carry_out)
        finally:
            linux.stop(process, _GRACE)


async def serve(connection: socket.socket, carry_out: CarryOut) -> None:
    """Answer one verb after the other until the other end closes or sends what is too long."""
    connection.settimeout(0)
    try:
        while True:
            prefix = await _exactly(connection, verbs.PREFIX)
            body = await _exactly(connection, verbs.length(prefix))
            reply, sockets = await _answer(body, carry_out)
            await _send(connection, verbs.frame(reply), sockets)
    except EOFError:
        return
    except (verbs.TooLong, OSError) as error:  # where the next message begins is not known any more
        _log.warning("conversation=ended error=%r", str(error))


async def _answer(body: bytes, carry_out: CarryOut) -> tuple[Reply, list[socket.socket]]:
    try:
        return await carry_out(verbs.read_request(body))
    except Refusal as refusal:
        _log.warning("verb=refused code=%s detail=%r", refusal.code, refusal.detail)
        return Refused(refusal.code, refusal.detail), []


async def _exactly(connection: socket.socket, size: int) -> bytes:
    """So many bytes. Raises EOFError where the other end closed first."""
    data, loop = b"", asyncio.get_running_loop()
    while len(data) < size:
        more = await loop.sock_recv(connection, size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


async def _send(connection: socket.socket, data: bytes, sockets: list[socket.socket]) -> None:
    """Send an answer, and sockets with it: that one is short and goes in one piece."""
    if sockets:
        socket.send_fds(connection, [data], [one.fileno() for one in sockets])
    else:
        await asyncio.get_running_loop().sock_sendall(connection, data)


def _want_root() -> None:
    if os.geteuid() != 0:
        raise PermissionError("sluis-agent run wants root: it makes a network link and takes ports")
