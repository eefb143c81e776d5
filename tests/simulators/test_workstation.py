"""The workstation: a real systemd-resolved, people, trust, and the product's code at its own
path.
"""

from __future__ import annotations

import pytest

from tests.simulators.internet import WEB
from tests.simulators.namespaces import CODE, PROGRAMS
from tests.simulators.waiting import until
from tests.simulators.workstation import Workstation
from tests.simulators.world import World

SINKHOLE = """
import threading
from tests.simulators.dns import serve_dns
serve_dns("127.77.0.53", lambda name: "127.77.0.1")
threading.Event().wait()
"""

LINK = """
for kind in dummy ifb veth; do if ip link add sink0 type $kind; then break; fi; done
ip address add 192.0.2.53/32 dev sink0
ip link set sink0 up
resolvectl dns sink0 127.77.0.53
resolvectl domain sink0 '~chat.example'
resolvectl default-route sink0 no
"""


def test_a_name_resolves_through_resolved_to_the_internet(world: World) -> None:
    assert world.workstation.resolve("allowed.example") == [WEB]
    assert "allowed.example" in world.internet.seen("dns")
    assert "nameserver 127.0.0.53" in world.workstation.run(["cat", "/etc/resolv.conf"])
    assert world.workstation.resolve("nothing.invalid") == []


def test_a_link_takes_the_names_routed_to_it_and_no_others(world: World) -> None:
    station = world.workstation
    station.popen([PROGRAMS / "python", "-c", SINKHOLE], log="sinkhole")
    station.run(["sh", "-euc", LINK])

    until("the link is asked", lambda: station.resolve("chat.example") == ["127.77.0.1"])
    assert station.resolve("www.chat.example") == ["127.77.0.1"]
    assert station.resolve("notchat.example") == [WEB]
    assert "notchat.example" in world.internet.seen("dns")
    assert "www.chat.example" not in world.internet.seen("dns")


@pytest.mark.parametrize("user", ["root", "staff", "colleague", "sluis-agent"])
def test_everybody_runs_the_products_code(world: World, user: str) -> None:
    words = (
        "import getpass, blocklists, cryptography; print(getpass.getuser(), blocklists.__file__)"
    )

    told = world.workstation.run([PROGRAMS / "python", "-c", words], user=user).split()

    assert told[0] == user
    assert told[1].endswith("/blocklists/__init__.py")
    assert world.workstation.run(["id", "-un"], user=user).strip() == user


def test_nobody_writes_the_products_code(world: World) -> None:
    for written in (PROGRAMS / "sluis-agent", CODE / "blocklists" / "__init__.py"):
        assert not world.workstation.succeeds(["touch", written])
    assert world.workstation.succeeds(["test", "-x", PROGRAMS / "python"])


def test_programs_trust_the_authority(world: World) -> None:
    ask = "import urllib.request; print(urllib.request.urlopen('https://one.example/').read())"

    by_curl = world.workstation.run(["curl", "-sS", "https://two.example/"], user="staff")
    by_python = world.workstation.run([PROGRAMS / "python", "-c", ask], user="sluis-agent")

    assert "two.example over https" in by_curl
    assert "one.example over https" in by_python
    assert world.internet.seen("https") == ["two.example", "one.example"]


def test_a_missing_resolver_is_said_in_a_line(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLUIS_RESOLVED", "/nowhere")

    with pytest.raises(FileNotFoundError, match=r"/nowhere: no systemd-resolved .*make setup"):
        Workstation(world.folder, world.internet)
