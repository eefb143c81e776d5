"""A trial: a real `sluis serve` in a process of its own, and what `sluis` asks of it.

The server ends with the process that started it, however that ends: the kernel sends it SIGKILL
(PR_SET_PDEATHSIG of prctl(2), by setpriv of util-linux), and the shell between them looks first
whether its parent is still there, so that there is no moment in which both could miss each other.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Self

from tests.simulators.namespaces import PROGRAMS
from tests.simulators.waiting import until

_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "sh", "-c", '[ $PPID = $0 ] && exec "$@"')


class Stored(NamedTuple):
    """A violation in the database, as far as the journey looks at it."""

    service: str
    host: str
    channel: str
    kind: str
    outcome: str
    times: int
    pseudonym: bytes | None


_STORED = "SELECT service, host, channel, kind, outcome, times, pseudonym FROM violations"


class NoServer(Exception):
    """The server did not start; the message is its own."""


class Trial:
    """One server with its data folder, for as long as the `with` block or this process lasts."""

    def __init__(self, data: Path, *, port: int = 0, tls_port: int = 0) -> None:
        """Prepare it; a port of 0 takes a free one. What it writes goes to files beside `data`."""
        self.data = data
        self._ports = ("--port", str(port), "--tls-port", str(tls_port))
        self.says = data.parent / "server.txt"
        """What the server said to its terminal."""
        self._log = data.parent / "server.log"

    def __enter__(self) -> Self:
        """Start it and wait until it is ready. Raises NoServer."""
        argv: list[str | Path] = [PROGRAMS / "sluis", "serve", "--data", self.data, *self._ports]
        with self.says.open("w") as says, self._log.open("a") as log:
            self.process = subprocess.Popen(
                [*_DIES_WITH_US, str(os.getpid()), *argv],
                stdin=subprocess.DEVNULL,
                stdout=says,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the player alone
            )
        try:
            until("the server is ready", self._is_ready, 30)
            self.facts = self._ask("/trial")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def address(self) -> str:
        """Where people reach it, as http://127.0.0.1:8700."""
        return str(self.facts["http"])

    @property
    def tls(self) -> tuple[str, int]:
        """Where it speaks TLS on this machine: host and port."""
        return "127.0.0.1", int(self.facts["tls_port"])

    @property
    def authority(self) -> Path:
        """The certificate (PEM) of the authority that vouches for its name."""
        return Path(str(self.facts["ca"]))

    def sluis(self, *argv: str | Path, check: bool = True) -> str:
        """Give what a `sluis` command says, asked of this server. RuntimeError when it fails."""
        command = [PROGRAMS / "sluis", *argv, "--data", self.data]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        if check and ended.returncode:
            words = (ended.stdout + ended.stderr).strip()
            raise RuntimeError(f"sluis {argv[0]} gave {ended.returncode}: {words}")
        return ended.stdout + ended.stderr

    def answer(self, *argv: str | Path) -> Any:  # noqa: ANN401  # JSON
        """Give what a `sluis` command answers as JSON."""
        return json.loads(self.sluis(*argv, "--json"))

    def apply(self, policy: Path, why: str) -> Mapping[str, Any]:
        """Put a policy in force; what the command answers."""
        applied: Mapping[str, Any] = self.answer("policy", "apply", policy, "--why", why)
        return applied

    def link(self) -> str:
        """Make a one-time sign-in link."""
        return str(self.answer("link")["url"])

    def agent_token(self) -> str:
        """Make a token with which one workstation may enrol."""
        return str(self.answer("device", "token", "new")["token"])

    def violations(self) -> list[Stored]:
        """Give what the database holds of violations."""
        with closing(sqlite3.connect(f"file:{self.data}/sluis.db?mode=ro", uri=True)) as database:
            return [Stored(*row) for row in database.execute(_STORED)]

    def _is_ready(self) -> bool:
        if self.process.poll() is not None:
            words = self._log.read_text().strip().splitlines()
            raise NoServer(words[-1] if words else "the server ended without a word")
        return "ready" in self.says.read_text().splitlines()

    def _ask(self, path: str) -> dict[str, Any]:
        """Ask the server's control socket."""
        connection = http.client.HTTPConnection("sluis")
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with connection.sock as control:
            control.settimeout(10)
            control.connect(str(self.data / "control.sock"))
            connection.request("GET", path)
            facts: dict[str, Any] = json.loads(connection.getresponse().read())
        return facts
