"""A desktop of the organisation: systemd-resolved and D-Bus as Debian ships them, people, a managed
Chromium, one cable.

The product's code, its environment and the Python below are seen inside at their own paths, so
`PROGRAMS / "sluis-agent"` runs there as any person; see namespaces.py for what is seen and what is
not.
"""

from __future__ import annotations

import base64
import json
import os
import shlex
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.simulators.machine import PEOPLE, ROOT, Machine
from tests.simulators.namespaces import CODE, interpreter, sights
from tests.simulators.waiting import until

LAN_GATEWAY, LAN_WORKSTATION = "192.0.2.1", "192.0.2.2"
"""The two ends of the cable; addresses kept for documentation (RFC 5737)."""

_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
_SETUP = ROOT + (Path(__file__).resolve().parent / "workstation.sh").read_text()


class Workstation(Machine):
    """A machine with a root file system of its own, joined to `outside` by one cable."""

    def __init__(
        self,
        folder: Path,
        outside: Machine,
        *,
        trusts: Sequence[Path] = (),
        shared: Sequence[Path] = (),
    ) -> None:
        """Prepare a workstation. `folder` takes the logs.

        `folder` and what is `shared` are seen inside at the same path and may be written there.
        Programs inside trust the authorities whose certificates (PEM) `trusts` names: by the
        system's bundle, Chromium by policy.
        """
        people = " ".join(f"{name}:{uid}" for name, uid in PEOPLE.items() if uid)
        resolved = unpacked_resolver()
        seen = sights([folder, *shared], [*interpreter(), resolved])
        names = f"RESOLVED={shlex.quote(str(resolved))} PEOPLE={shlex.quote(people)}\n"
        super().__init__("workstation", folder, names + _SETUP, *seen)
        self._outside, self._authorities = outside, list(trusts)

    def resolve(self, name: str) -> list[str]:
        """Give the IPv4 addresses that a program of the staff gets for a name; none if there are
        none.
        """
        answer = self.run(["getent", "ahostsv4", name], user="staff", check=False)
        return sorted({line.split()[0] for line in answer.splitlines()})

    def trust(self, *certificates: Path) -> None:
        """Make more authorities trusted, as a management system would; Chromium sees it at its next
        start.
        """
        self._authorities += [one for one in certificates if one not in self._authorities]
        texts = [path.read_text() for path in self._authorities]
        self.run(["sh", "-euc", f"cat {_BUNDLE}.own - > {_BUNDLE}"], text="".join(texts))
        encoded = [base64.b64encode(ssl.PEM_cert_to_DER_cert(text)).decode() for text in texts]
        self.browser_policy({"CACertificates": encoded}, "authorities")  # it reads no bundle

    def browser_policy(self, policy: Mapping[str, Any], name: str = "organisation") -> None:
        """Set a file of managed policy for Chromium, inside only; Chromium merges the files'
        keys.
        """
        self.write(f"/etc/chromium/policies/managed/{name}.json", json.dumps(policy))

    def _start(self) -> None:
        self._lay_cable()
        self.trust(*self._authorities)
        self.popen(["dbus-daemon", "--system", "--nofork", "--nopidfile", "--nosyslog"], log="dbus")
        until("D-Bus listens", lambda: self.succeeds(["test", "-S", "/run/dbus/system_bus_socket"]))
        self.popen(["/usr/lib/systemd/systemd-resolved"], log="resolved")
        # before the name on the bus is owned, resolvectl fails ("Launch helper exited …")
        until("resolved answers", lambda: self.succeeds(["resolvectl", "dns", "eth0", LAN_GATEWAY]))
        self.run(["resolvectl", "domain", "eth0", "~."])
        # until the kernel has told that the cable carries, resolved does not ask there
        carries = ["sh", "-c", "resolvectl status eth0 | grep -q 'Current Scopes: DNS'"]
        until("the cable carries", lambda: self.succeeds(carries))

    def _lay_cable(self) -> None:
        """Join the two networks; neither end is ever on the host.

        Two ends of one index look to the kernel like no pair, and it tells their carrier a second
        late.
        """
        own_end = ["ip", "link", "add", "name", "eth0", "index", "10", "type", "veth"]
        other_end = ["peer", "name", "eth0", "index", "20", "netns", str(self._outside.pid)]
        enter = ["nsenter", f"--target={self.pid}", "--net"]
        subprocess.run([*enter, *own_end, *other_end], check=True)
        up = "ip address add $0/24 dev eth0; ip link set eth0 up"
        self._outside.run(["sh", "-euc", up, LAN_GATEWAY])
        self.run(["sh", "-euc", f"{up}; ip route add default via $1", LAN_WORKSTATION, LAN_GATEWAY])


def unpacked_resolver() -> Path:
    """Find the folder that Debian's systemd-resolved was unpacked to; it is never installed, that
    would cut off the host.

    Raises FileNotFoundError that says what to do.
    """
    folder = Path(os.environ.get("SLUIS_RESOLVED", CODE / ".tools" / "resolved")).resolve()
    if not (folder / "usr/bin/resolvectl").exists():
        raise FileNotFoundError(
            f"{folder}: no systemd-resolved here; `make setup` unpacks it, or set SLUIS_RESOLVED"
        )
    return folder
