"""Which mechanism, by what stands on the workstation; the reason is asserted too."""

from __future__ import annotations

import pytest

from agent.enforce.choose import Environment, Mechanism, choose

STUB = "# by systemd\nnameserver 127.0.0.53\noptions edns0 trust-ad\nsearch example.nl\n"
UPLINK = "nameserver 192.0.2.1\nnameserver 127.0.0.53\n"
DEBIAN = "passwd: files\nhosts:          files mymachines resolve [!UNAVAIL=return] dns\n"
PLAIN = "hosts: files dns  # as ever\n"


@pytest.mark.parametrize(
    ("environment", "mechanism", "trace"),
    [
        (
            Environment(resolved_runs=True, resolv_conf=STUB, nsswitch=PLAIN),
            Mechanism.RESOLVED,
            "resolved=yes servers=127.0.0.53 hosts=files,dns -> systemd-resolved",
        ),
        (
            Environment(resolved_runs=True, resolv_conf="nameserver 192.0.2.1", nsswitch=DEBIAN),
            Mechanism.RESOLVED,
            "resolved=yes servers=192.0.2.1 hosts=files,mymachines,resolve,dns -> systemd-resolved",
        ),
        (
            Environment(resolved_runs=True, resolv_conf=UPLINK, nsswitch=PLAIN),
            Mechanism.UNUSED,
            "resolved=yes servers=192.0.2.1,127.0.0.53 hosts=files,dns -> unused",
        ),
        (
            Environment(resolved_runs=True, resolv_conf=UPLINK, nsswitch="hosts: dns resolve"),
            Mechanism.UNUSED,
            "resolved=yes servers=192.0.2.1,127.0.0.53 hosts=dns,resolve -> unused",
        ),
        (
            Environment(resolved_runs=False, resolv_conf=STUB, nsswitch=DEBIAN),
            Mechanism.NONE,
            "resolved=no servers=127.0.0.53 hosts=files,mymachines,resolve,dns -> none",
        ),
        (
            Environment(resolved_runs=False, resolv_conf="", nsswitch=""),
            Mechanism.NONE,
            "resolved=no servers= hosts= -> none",
        ),
    ],
    ids=["stub", "module", "not-asked", "module-too-late", "not-running", "bare"],
)
def test_choice(environment: Environment, mechanism: Mechanism, trace: str) -> None:
    choice = choose(environment)
    assert (choice.mechanism, choice.trace) == (mechanism, trace)
