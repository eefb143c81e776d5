"""Who this device is: its key, the id from the server, and an epoch that rises at each start.

The key is made here, lies in a file that the daemon's account alone reads, and never leaves. The
epoch stands in each check-in, so that a copied disk shows: two copies cannot both be the latest.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from agent import durable
from agent.server_link import Request, ServerLink, Unreachable
from blocklists.protocol.signatures import SigningKey, encode_key

ENROLMENTS = "/v1/device/enrolments"


class _Enrolled(msgspec.Struct, frozen=True):
    """What is stored once the server knows this device."""

    device: str
    pin: str
    """Under which repository it enrolled: another one is another organisation's server."""


class _Answer(msgspec.Struct, frozen=True):
    device: str


class DeviceFiles:
    """The files of this device's identity. Blocking; damaged ones are set aside and made anew."""

    def __init__(self, folder: Path) -> None:
        self._key = folder / "key"
        self._enrolled = folder / "device.json"
        self._epoch = folder / "epoch"

    def key(self) -> SigningKey:
        """The device's key, made at the first call."""
        with suppress(FileNotFoundError):
            try:
                return SigningKey.from_bytes(self._key.read_bytes())
            except (ValueError, IsADirectoryError):
                durable.set_aside(self._key)
        key = SigningKey.generate()
        durable.replace(self._key, key.to_bytes())
        return key

    def device(self, pin: str) -> str | None:
        """The id under which the server with this pin knows us, if it does."""
        try:
            enrolled = msgspec.json.decode(self._enrolled.read_bytes(), type=_Enrolled)
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, IsADirectoryError):
            durable.set_aside(self._enrolled)
            return None
        return enrolled.device if enrolled.pin == pin else None

    def keep_device(self, device: str, pin: str) -> None:
        """Store what the server answered to an enrolment."""
        durable.replace(self._enrolled, msgspec.json.encode(_Enrolled(device, pin)))

    def forget_device(self) -> None:
        """The server does not know us any more: the next enrolment brings the same key."""
        self._enrolled.unlink(missing_ok=True)

    def forget_key(self) -> None:
        """Another copy of this disk speaks with our key: become a device of our own."""
        self.forget_device()
        self._key.unlink(missing_ok=True)

    def raise_epoch(self, now: datetime) -> int:
        """Count this start, durably, and give its number.

        Where the count was lost it goes on from the clock, which no number of starts reaches.
        """
        try:
            epoch = int(self._epoch.read_bytes()) + 1
        except FileNotFoundError:
            epoch = 1
        except (ValueError, IsADirectoryError):
            durable.set_aside(self._epoch)
            epoch = int(now.timestamp())
        durable.replace(self._epoch, str(epoch).encode())
        return epoch


@dataclass(frozen=True)
class Description:
    """What the server's inventory says of this workstation."""

    name: str
    system: str

    @classmethod
    def of_this_machine(cls) -> Description:
        """Its host name, and its distribution with version."""
        release = _os_release()
        system = f"{release.get('ID', 'linux')} {release.get('VERSION_ID', '')}".strip()
        return cls(os.uname().nodename, system)


def enrol(link: ServerLink, key: SigningKey, token: str, description: Description) -> str:
    """Make this key known to the server; gives the device's id. Raises LinkError."""
    body = {
        "token": token,
        "kind": "agent",
        "key": {"alg": key.public.alg, "public": encode_key(key.public.raw)},
        "name": description.name[:255],
        "os": description.system[:255],
    }
    request = Request(method="POST", path=ENROLMENTS, body=json.dumps(body).encode())
    try:
        return msgspec.json.decode(link.signed(key, request).body, type=_Answer).device
    except msgspec.DecodeError as error:
        raise Unreachable(f"the answer to the enrolment cannot be read: {error}") from error


def _os_release() -> dict[str, str]:
    """The fields of /etc/os-release: https://www.freedesktop.org/software/systemd/man/os-release.html."""
    with suppress(OSError):
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
        pairs = (line.partition("=") for line in lines if "=" in line)
        return {name: value.strip("\"'") for name, _, value in pairs}
    return {}
