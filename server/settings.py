"""What can be set on a server, and where its data lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blocklists.hosts import Address, BadHost, Host, parse_host
from server.errors import WrongUse

SYSTEM_FOLDER = Path("/var/lib/sluis")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of `sluis serve`; nothing needs to be set."""

    data: Path
    port: int = 8700
    """Plain http on 127.0.0.1; 0 takes a free one."""
    tls_port: int = 8743
    """TLS on 127.0.0.1; 0 takes a free one."""
    name: str = "sluis.example"
    """The name under which endpoints know the server: its certificate's, and never blocked."""
    hold: float = 55
    """Seconds that a long poll waits before it is answered empty."""

    def __post_init__(self) -> None:
        """Raise WrongUse for a value that cannot be."""
        for what, port in (("port", self.port), ("tls-port", self.tls_port)):
            if not 0 <= port <= 65535:
                raise WrongUse(f"--{what}: a number from 0 to 65535, not {port}")
        if self.port == self.tls_port != 0:
            raise WrongUse("--tls-port: another one than --port")
        if self.host != self.name:
            raise WrongUse(f"--name: in its normal form: {self.host}")

    @property
    def names(self) -> frozenset[str]:
        """The hosts by which endpoints know this server: its name, and this machine's own."""
        return frozenset({self.name, "localhost", "127.0.0.1"})

    @property
    def host(self) -> Host:
        """The name in its normal form. Raises WrongUse."""
        try:
            host = parse_host(self.name)
        except BadHost as error:
            raise WrongUse(f"--name: {error}") from error
        if isinstance(host, Address):
            raise WrongUse(f"--name: a name such as sluis.example, not the address {self.name}")
        return host


def default_data_folder(environment: Mapping[str, str]) -> Path:
    """The system's folder where this account can write it, else the account's own state folder."""
    present = next(p for p in (SYSTEM_FOLDER, *SYSTEM_FOLDER.parents) if p.exists())
    if os.access(present, os.W_OK):
        return SYSTEM_FOLDER
    state = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "sluis"
