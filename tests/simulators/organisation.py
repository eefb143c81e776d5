"""An organisation: a real `sluis serve`, as a process of its own on free ports."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote
from urllib.request import urlopen

from blocklists.blocklist import Blocklist, unpack

ROOT = Path(__file__).parents[2]
START_SECONDS = 30


class Organisation:
    """Starts the server at `start`, in a folder that may be used again; a context manager too."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.options = options
        self.process: subprocess.Popen[str] | None = None
        self.said: list[str] = []
        """What it printed before `ready`."""
        self.url = ""
        """Plain http, on 127.0.0.1."""
        self.tls_port = 0
        self.pin = ""
        self.authority = Path()
        """The certificate that signed the server's."""

    def start(self) -> Self:
        """Start, and return once it is ready."""
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said = self._until_ready(self.process)
        trial = self.trial()
        self.url, self.tls_port, self.pin = trial["http"], trial["tls_port"], trial["pin"]
        self.authority = Path(trial["ca"])
        return self

    @property
    def command(self) -> list[str]:
        """How the server is started."""
        where = ("--data", str(self.folder), "--port", "0", "--tls-port", "0")
        return [sys.executable, "-m", "server.cli", "serve", *where, *self.options]

    def stop(self) -> str:
        """End it as an administrator does; gives its log."""
        return self._end(signal.SIGTERM)

    def kill(self) -> str:
        """End it with kill -9."""
        return self._end(signal.SIGKILL)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Ask the control socket: status and answer."""
        connection = _UnixConnection(self.folder / "control.sock")
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def trial(self) -> dict[str, Any]:
        """What a workstation of the trial needs to know."""
        return self._must(self.ask("GET", "/trial"))

    def token(self, kind: str = "agent", uses: int = 1, days: int = 1) -> str:
        """A new enrolment token."""
        body = json.dumps({"kind": kind, "uses": uses, "days": days}).encode()
        return str(self._must(self.ask("POST", "/device-tokens", body))["token"])

    def apply(
        self, policy: str, why: str = "a test", *, may_shrink: bool = False
    ) -> dict[str, Any]:
        """Put a policy in force; it must be a good one."""
        headers = {"X-Sluis-Why": quote(why), "X-Sluis-May-Shrink": "yes" if may_shrink else "no"}
        return self._must(self.ask("POST", "/policy", policy.encode(), headers))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _until_ready(self, process: subprocess.Popen[str]) -> list[str]:
        late = threading.Timer(START_SECONDS, process.kill)
        late.start()
        said: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            if line == "ready\n":
                late.cancel()
                return said
            said.append(line.rstrip("\n"))
        late.cancel()
        _, log = process.communicate()
        self.process = None
        raise AssertionError(f"the server did not become ready:\n{log}")

    def _end(self, number: signal.Signals) -> str:
        process, self.process = self.process, None
        if process is None:
            return ""
        process.send_signal(number)
        _, log = process.communicate(timeout=30)
        return log

    def _must(self, answer: tuple[int, dict[str, Any]]) -> dict[str, Any]:
        status, body = answer
        assert status < 300, body
        return body


def list_on_the_wire(url: str) -> Blocklist:
    """The list in force, by plain files; its signatures are for others to check."""

    def signed(name: str) -> dict[str, Any]:
        with urlopen(f"{url}/repository/{name}", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)["signed"]
        return found

    snapshot = signed("timestamp.json")["meta"]["snapshot.json"]["version"]
    version = signed(f"{snapshot}.snapshot.json")["meta"]["list.json"]["version"]
    target = signed(f"{version}.list.json")["targets"]["list/blocklist.json.gz"]
    name = f"targets/list/{target['hashes']['sha256']}.blocklist.json.gz"
    with urlopen(f"{url}/repository/{name}", timeout=10) as answer:
        return unpack(answer.read())


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("sluis", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
