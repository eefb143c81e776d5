"""The smallest daemon that the superuser's helper can start, told what to do through a socket.

    python -m tests.agent.small_daemon FOLDER          as root: the helper, which starts the daemon
    python -m tests.agent.small_daemon FOLDER FD       the daemon, which obeys FOLDER/control.sock

A command is a line of JSON, `["route", "chat.example"]`; so is its answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from agent import helper
from agent.helper_link import Helper
from agent.notice.page import page
from agent.selftest import check
from agent.sinkhole.server import Arrival, Sinkhole
from agent.verbs import Refusal
from blocklists.blocklist import Blocklist, Entry, ListedService, Ruled, Verdict, Why
from blocklists.hosts import Host
from blocklists.matcher import decide
from tests.simulators.namespaces import CODE, PROGRAMS
from tests.simulators.waiting import until
from tests.simulators.world import World

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def blocklist(*names: str) -> Blocklist:
    """A list that blocks these names and all below them."""
    return Blocklist(
        format=1,
        organisation="Gemeente Voorbeeld",
        version=1,
        published=NOW,
        time_zone="Europe/Amsterdam",
        services={"chat": ListedService("Chat", "assistant")},
        decisions={"category assistant": Ruled(Verdict.BLOCK, Why.AGREEMENT)},
        entries=tuple(Entry("suffix", name, "chat", ("category assistant",)) for name in names),
    )


class SmallDaemon:
    """Helper, sinkhole and a note of who came."""

    def __init__(self, connection: socket.socket) -> None:
        self.helper = Helper(connection)
        self.arrivals: list[list[Any]] = []
        self.names: set[Host] = set()
        self.list = blocklist()
        self.sinkhole = Sinkhole(
            decide=lambda host: decide(self.list, host, "/", NOW),
            record=self._record,
            notice=lambda decision: page(self.list, decision, language="nl", reports=True, at=NOW),
            owners=self.helper.owners,
        )

    def _record(self, one: Arrival) -> None:
        self.arrivals.append([one.host, one.kind, one.owner.uid, one.owner.program])

    async def obey(self, verb: str, *rest: str) -> Any:  # noqa: ANN401 - whatever JSON can say
        """Carry out a command of a test."""
        match verb:
            case "listen":
                sockets = await self.helper.listen()
                await self.sinkhole.open(sockets)
                return [sockets.dns, sockets.web]
            case "route":
                names = {Host(name) for name in rest}
                self.sinkhole.answer_for(self.names | names)
                routed = await self.helper.route(names)
                self.sinkhole.answer_for(names)
                self.names, self.list = names, blocklist(*rest)
                return [routed.mechanism, routed.conflicts]
            case "check":
                found = await check(self.sinkhole, [Host(name) for name in rest])
                return {channel: [health.state, health.code] for channel, health in found.items()}
            case "arrivals":
                self.arrivals, came = [], self.arrivals
                return came
            case "clear":
                return await self.helper.clear()
            case "pid":
                return os.getpid()
            case "try":  # what an attacker would who has taken over the daemon
                done = await asyncio.to_thread(subprocess.run, rest, capture_output=True, text=True)
                return [done.returncode, done.stdout + done.stderr]
        raise ValueError(verb)


async def daemon(folder: Path, connection: socket.socket) -> None:
    """Obey until the helper has gone."""
    small = SmallDaemon(connection)

    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await small.obey(*json.loads(await reader.readline()))
        except Refusal as refusal:
            answer = {"refused": refusal.code}
        writer.write(json.dumps(answer).encode() + b"\n")
        writer.close()

    control = folder / "control.sock"
    control.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(told, control)
    await small.helper.gone.wait()
    server.close()


class SmallAgent:
    """The helper and its daemon on a workstation, from the test's side."""

    def __init__(self, world: World) -> None:
        self._station = world.workstation
        self._folder = world.folder / "small-agent"
        self._folder.mkdir(exist_ok=True)
        world.folder.chmod(0o755)  # the daemon has no rights, and makes its socket there
        self._folder.chmod(0o777)

    def __enter__(self) -> Self:
        """Start it as root, and wait until the daemon obeys."""
        module = ["-B", "-m", "tests.agent.small_daemon", str(self._folder)]
        argv: list[str | Path] = [PROGRAMS / "python", *module]
        self.helper = self._station.popen(argv, log="helper", cwd=CODE)
        until("the daemon obeys", self.obeys)
        return self

    def __exit__(self, *_: object) -> None:
        self._station.end(self.helper)

    def obeys(self) -> bool:
        """Whether a daemon answers now."""
        try:
            return bool(self.tell("pid"))
        except OSError:
            return False

    def tell(self, *command: str) -> Any:  # noqa: ANN401 - whatever JSON can say
        """Give the daemon a command and its answer back."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(30)
            control.connect(str(self._folder / "control.sock"))
            control.sendall(json.dumps(command).encode() + b"\n")
            with control.makefile() as lines:
                return json.loads(lines.readline())


def main(folder: str, descriptor: str = "") -> int:
    """Be one of the two processes."""
    if descriptor:
        asyncio.run(daemon(Path(folder), socket.socket(fileno=int(descriptor))))
        return 0
    module = [sys.executable, "-B", "-m", "tests.agent.small_daemon", folder]
    return helper.run(lambda fd: [*module, str(fd)], protected={Host("sluis.example")})


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
