"""A service of the system's bus: called, missing, gone and back."""

from __future__ import annotations

import asyncio

import pytest

from agent.system.bus import BusFailed, Service
from tests.simulators.namespaces import PROGRAMS
from tests.simulators.waiting import until
from tests.simulators.world import World

RESOLVED = "org.freedesktop.resolve1"


def inside(world: World, story: str) -> str:
    """What a coroutine prints on the workstation; `service` is systemd-resolved's."""
    lines = [
        "import asyncio",
        "from agent.system.bus import BusFailed, Service",
        "async def story():",
        "  started = asyncio.Event()",
        f"  service = Service('{RESOLVED}', started.set)",
        "  path, manager = '/org/freedesktop/resolve1', 'org.freedesktop.resolve1.Manager'",
        *(f"  {line}" for line in story.splitlines()),
        "asyncio.run(story())",
    ]
    arguments = ["-B", "-c", "\n".join(lines)]
    return world.workstation.run([PROGRAMS / "python", *arguments]).strip()


def test_a_call_and_properties(world: World) -> None:
    said = inside(
        world,
        "print(await service.runs(), await service.call(path, manager, 'GetLink', 'i', 1))\n"
        "found = await service.properties(path, manager)\n"
        "print([domain for _, domain, _ in found['Domains']])",
    )
    assert said.splitlines() == ["True ['/org/freedesktop/resolve1/link/_31']", "['.']"]


def test_a_refusal_says_what_the_service_said(world: World) -> None:
    said = inside(
        world,
        "loopback = (1, [('chat.example', True)])\n"
        "try: await service.call(path, manager, 'SetLinkDomains', 'ia(sb)', *loopback)\n"
        "except BusFailed as error: print(error)",
    )
    assert said.startswith("SetLinkDomains: org.freedesktop.resolve1.LinkBusy: ")


def test_the_service_comes_again(world: World) -> None:
    """It is heard, and a call while it is away neither hangs nor starts it."""
    script = (
        "import subprocess\n"
        "print(await service.runs())\n"
        "subprocess.run(['sh', '-c', 'kill -9 $(pidof systemd-resolved)'])\n"
        "while await service.runs(): await asyncio.sleep(0.01)\n"
        "try: await service.call(path, manager, 'FlushCaches')\n"
        "except BusFailed as error: print(error)\n"
        "print(started.is_set())\n"
        "silent = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}\n"
        "subprocess.Popen(['/usr/lib/systemd/systemd-resolved'], **silent)\n"
        "await asyncio.wait_for(started.wait(), 10)\n"
        "print(await service.runs())"
    )
    first, refused, heard, again = inside(world, script).splitlines()
    assert (first, heard, again) == ("True", "False", "True")
    assert refused.startswith("FlushCaches: org.freedesktop.DBus.Error.")
    until(
        "it answers", lambda: world.workstation.succeeds(["resolvectl", "dns", "eth0", "192.0.2.1"])
    )


def test_what_another_account_says_is_not_heard(world: World) -> None:
    script = (
        "import subprocess\n"
        "print(await service.runs())\n"
        "us = service._bus.unique_name\n"
        "signal = ['/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameOwnerChanged']\n"
        f"for said in (['sss', '{RESOLVED}', '', ':1.99'], []):\n"
        "  argv = ['busctl', '--system', f'--destination={us}', 'emit', *signal, *said]\n"
        "  await asyncio.to_thread(subprocess.run, argv, check=True, user=4711)\n"
        "print(await service.runs(), started.is_set())"
    )
    assert inside(world, script).splitlines() == ["True", "True False"]


def test_without_a_bus_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")

    async def story() -> None:
        service = Service(RESOLVED, lambda: None)
        assert not await service.runs()
        with pytest.raises(BusFailed):
            await service.call("/org/freedesktop/resolve1", f"{RESOLVED}.Manager", "FlushCaches")

    asyncio.run(story())
