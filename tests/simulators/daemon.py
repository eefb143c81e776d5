"""The agent's real daemon without rights or a workstation: its helper grants nothing but one port.

    python -m tests.simulators.daemon CONFIG DATA FD      FD: the socket that stands for port 80

Everything is the product's own but the helper's answers: no route is set, so nothing changes on
this machine. The sinkhole's visitor is the account that runs the test.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

from agent import daemon, verbs
from agent.control_link import NotRunning, ask
from agent.verbs import Code, Listen, Listening, Owned, Owner, Owners, Refused, Reply, Request
from tests.simulators.organisation import Organisation
from tests.simulators.waiting import until

DOCUMENT = "Accept: text/html\r\n"
"""With it a visit is that of a person, not of a program."""


class RunningDaemon:
    """The daemon as a process of its own, that may be killed and started again."""

    def __init__(self, config: Path, data: Path) -> None:
        self.data = data
        data.mkdir(exist_ok=True)
        self.config = config
        self._port = socket.create_server(("127.0.0.1", 0))
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, organisation: Organisation, token: str) -> None:
        """Write its settings."""
        self.config.write_text(
            f"server: {organisation.url}\npin: '{organisation.pin}'\nenrolment: {token}\n"
        )

    def start(self) -> Self:
        """Start it, and wait until it answers."""
        port = self._port.fileno()
        module = ["-m", "tests.simulators.daemon"]
        self.process = subprocess.Popen(
            [sys.executable, *module, self.config, self.data, str(port)], pass_fds=[port]
        )
        until("the daemon answers", self.answers)
        return self

    def answers(self) -> bool:
        """Whether it answers on its control socket."""
        try:
            return bool(self.ask("/status"))
        except NotRunning:
            return False

    def ask(self, question: str, **query: str) -> dict[str, Any]:
        """Ask on the control socket."""
        answer: dict[str, Any] = ask(self.data / "control.sock", question, **query)
        return answer

    def list_is(self, state: str, version: int | None = None) -> bool:
        """Whether the list is in this state, and is this one."""
        found = self.ask("/status")["list"]
        return found["state"] == state and version in {None, found["version"]}

    def recorded(self) -> set[str]:
        """The hosts in the record of our own account: each was spooled before."""
        return {one["host"] for one in self.ask("/record")["violations"]}

    def visit(self, host: str, headers: str = DOCUMENT) -> str:
        """Ask the sinkhole for a page as one who was led there; gives the head of the answer."""
        with socket.create_connection(self._port.getsockname()) as connection:
            connection.settimeout(10)
            request = f"GET / HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n"
            connection.sendall(request.encode())
            return connection.recv(65536).decode().partition("\r\n\r\n")[0]

    def kill(self) -> None:
        """End it with kill -9."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)


def granting(connection: socket.socket, port: int) -> None:
    """Be the helper: answer the daemon's verbs until it is gone."""
    while prefix := connection.recv(verbs.PREFIX, socket.MSG_WAITALL):
        body = connection.recv(verbs.length(prefix), socket.MSG_WAITALL)
        reply, descriptors = _reply(verbs.read_request(body), port)
        socket.send_fds(connection, [verbs.frame(reply)], descriptors)


def _reply(request: Request, port: int) -> tuple[Reply, list[int]]:
    match request:
        case Listen():
            return Listening(["http"]), [port]
        case Owners(connections):
            return Owned([Owner(program="/usr/bin/program") for _ in connections]), []
    return Refused(Code.NO_RESOLVER, "this helper sets no routes"), []


def main(config: str, data: str, port: str) -> int:
    """Be the daemon, with a helper in a thread."""
    ours, theirs = socket.socketpair()
    threading.Thread(target=granting, args=(ours, int(port)), daemon=True).start()
    options = ["--config", config, "--data", data]
    return daemon.main(["--helper", str(os.dup(theirs.fileno())), *options])


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
