"""Routes through a real systemd-resolved: the names given, nothing else, whatever somebody does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.enforce.resolved import LINK, conflicts
from blocklists.channels import CANARY, DOH_CANARY
from blocklists.hosts import Host
from tests.agent.small_daemon import SmallAgent
from tests.simulators.waiting import until
from tests.simulators.world import World

SINKHOLE, INTERNET = ["127.77.0.1"], ["203.0.113.80"]


@pytest.fixture(scope="module")
def agent(world: World) -> Iterator[SmallAgent]:
    with SmallAgent(world) as started:
        assert started.tell("listen") == [True, True]
        yield started


def domains(world: World) -> set[str]:
    _, _, listed = world.workstation.run(["resolvectl", "domain", LINK]).partition(":")
    return set(listed.split())


def routed(*names: str) -> set[str]:
    return {f"~{name}" for name in (*names, CANARY, DOH_CANARY)}


def test_exactly_the_names_given(world: World, agent: SmallAgent) -> None:
    assert agent.tell("route", "chat.example") == ["systemd-resolved", []]
    assert domains(world) == routed("chat.example")
    for name in ("chat.example", "www.chat.example"):
        assert world.workstation.resolve(name) == SINKHOLE
    for name in ("open.example", "notchat.example", "chat.example.org"):
        assert world.workstation.resolve(name) == INTERNET
    asked = world.internet.seen("dns")
    assert {"chat.example", "www.chat.example"}.isdisjoint(asked)
    assert {"open.example", "notchat.example", "chat.example.org"} <= set(asked)


def test_a_name_taken_off_is_open_at_once(world: World, agent: SmallAgent) -> None:
    agent.tell("route", "chat.example", "lifted.example")
    assert world.workstation.resolve("lifted.example") == SINKHOLE
    agent.tell("route", "chat.example")
    assert world.workstation.resolve("lifted.example") == INTERNET
    assert domains(world) == routed("chat.example")


def test_too_many_names_change_nothing(world: World, agent: SmallAgent) -> None:
    """Asked for them, resolved would empty its list."""
    agent.tell("route", "chat.example")
    many = [f"d{number}.example" for number in range(249)]
    assert agent.tell("route", *many) == {"refused": "too-many-names"}
    assert domains(world) == routed("chat.example")
    agent.tell("route", *many[1:])
    assert len(domains(world)) == 250
    assert world.workstation.resolve("d248.example") == SINKHOLE


def test_as_many_names_as_there_is_room_for_give_way_to_others(
    world: World, agent: SmallAgent
) -> None:
    """While it sets them resolved counts old and new names together."""
    first, second = ([f"{sort}{number}.example" for number in range(247)] for sort in "ab")
    for names in (first, second, [*first[:100], *second[:147]], second):
        told = agent.tell("route", "chat.example", *names)
        assert told == ["systemd-resolved", []]
        assert domains(world) == routed("chat.example", *names)
        assert world.workstation.resolve(names[-1]) == SINKHOLE
    assert world.workstation.resolve(first[0]) == INTERNET


def test_applied_again_it_repairs_what_somebody_changed(world: World, agent: SmallAgent) -> None:
    agent.tell("route", "chat.example")
    run = world.workstation.run
    for trample in (
        ["resolvectl", "domain", LINK, ""],
        ["resolvectl", "revert", LINK],
        ["resolvectl", "dns", LINK, "192.0.2.1"],
        ["ip", "address", "flush", "dev", LINK],
        ["ip", "link", "set", LINK, "down"],
        ["ip", "link", "delete", LINK],
    ):
        run(trample)
        assert agent.tell("route", "chat.example") == ["systemd-resolved", []], trample
        assert world.workstation.resolve("chat.example") == SINKHOLE, trample
        assert world.workstation.resolve("open.example") == INTERNET, trample


def test_resolver_started_anew_routes_still(world: World, agent: SmallAgent) -> None:
    """Also where it lost what it knew of the link: nobody asks the helper for it."""
    agent.tell("route", "chat.example")
    run, resolved = world.workstation.run, "/usr/lib/systemd/systemd-resolved"
    run(["sh", "-c", "kill -9 $(pidof systemd-resolved); rm -f /run/systemd/resolve/netif/*"])
    assert world.workstation.resolve("chat.example") == []
    world.workstation.popen([resolved], log="resolved-again")
    until("the routes are there again", lambda: domains_or_none(world) == routed("chat.example"))
    assert world.workstation.resolve("chat.example") == SINKHOLE


def domains_or_none(world: World) -> set[str] | None:
    try:
        return domains(world)
    except RuntimeError:  # it does not answer yet
        return None


def test_another_link_that_claims_a_name_is_told(world: World, agent: SmallAgent) -> None:
    run = world.workstation.run
    before = run(["resolvectl", "domain", "eth0"]).split()[3:]
    run(["resolvectl", "domain", "eth0", "~.", "~www.chat.example", "example.nl"])
    assert agent.tell("route", "chat.example", "assistant.example") == [
        "systemd-resolved",
        ["chat.example"],
    ]
    run(["resolvectl", "domain", "eth0", *before])


def test_conflicts() -> None:
    names = [Host("chat.example"), Host("a.chat.test")]
    assert conflicts(names, [".", "example", "otherchat.example"]) == []
    assert conflicts(names, ["chat.example", "x.a.chat.test", "chat.test"]) == names


def test_the_host_is_untouched() -> None:
    assert not Path("/sys/class/net", LINK).exists()
