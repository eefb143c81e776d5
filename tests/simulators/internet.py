"""The outside of a workstation: a resolver that knows every name, the web at one address, the
organisation's server.

The machine only; the program that answers in it is outside.py.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.simulators.authority import Authority
from tests.simulators.machine import Machine
from tests.simulators.namespaces import CODE
from tests.simulators.waiting import until
from tests.simulators.workstation import LAN_GATEWAY

WEB, SERVER = "203.0.113.80", "198.51.100.10"
"""Where every name leads, and where the organisation's own server stands; addresses kept for
documentation (RFC 5737)."""

SERVER_NAME = "sluis.example"
"""The one name that leads to SERVER."""


class Internet(Machine):
    """The machine at the other end of the workstation's cable.

    Every name leads to WEB, save SERVER_NAME and those given; names under .invalid do not exist. At
    WEB a page says which host it was asked for, over http and over https with a certificate of
    `authority`. Bring the server in with `publish(SERVER, 443, ("127.0.0.1", port))`.
    """

    def __init__(self, folder: Path, names: Mapping[str, str] | None = None) -> None:
        """Prepare it; `names` lead to other addresses, `folder` takes logs and certificates."""
        addresses = (WEB, SERVER, LAN_GATEWAY)
        setup = "\n".join(f"ip address add {address}/32 dev lo" for address in addresses)
        super().__init__("internet", folder, setup)
        self._names = {SERVER_NAME: SERVER} | dict(names or {})
        self._log_of_seen = self.folder / "seen.jsonl"
        self.authority = Authority(self.folder)

    def seen(self, kind: str) -> list[str]:
        """Give the names asked of the resolver (`dns`) or the hosts asked of the web (`http`,
        `https`), in order.
        """
        lines = map(json.loads, self._log_of_seen.read_text().splitlines())
        return [line["name"] for line in lines if line["kind"] == kind]

    def _start(self) -> None:
        names = [f"{name}={address}" for name, address in self._names.items()]
        program = [sys.executable, "-B", "-m", "tests.simulators.outside", str(self.folder)]
        arguments = [LAN_GATEWAY, WEB, *names]
        process = self.popen([*program, *arguments], log="outside", env={"PYTHONPATH": str(CODE)})
        until("the internet answers", lambda: self._log_of_seen.exists() or process.poll())
        if process.poll() is not None:
            raise RuntimeError(
                f"the internet did not start; see {self.folder}/internet-outside.log"
            )
