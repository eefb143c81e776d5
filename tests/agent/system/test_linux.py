"""What Linux tells of programs and resolvers, and how a program starts without rights."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.sinkhole.attribution import find
from agent.system import linux
from agent.verbs import Connection
from tests.simulators.machine import PEOPLE
from tests.simulators.namespaces import PROGRAMS
from tests.simulators.world import World

LINK = "linktest0"


def inode(one: socket.socket) -> int:
    return os.fstat(one.fileno()).st_ino


def test_the_program_that_holds_a_socket() -> None:
    own = str(Path(sys.executable).resolve())
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        connection = Connection(*client.getsockname(), *server.getsockname())
        found = find(linux.connections(), [connection])[connection]
        assert (found.uid, found.inode) == (os.getuid(), inode(client))
        for uid in (os.getuid(), 4711):  # who it is said to belong to is where the search begins
            assert linux.programs({found.inode: uid}) == {found.inode: own}


def test_a_closed_connection_has_no_program() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        connection = Connection(*client.getsockname(), *server.getsockname())
        number = inode(client)
        client.close()
        assert find(linux.connections(), [connection]) == {}
    assert linux.programs({number: 0}) == {}


def test_no_sockets_no_scan() -> None:
    start = time.perf_counter()
    assert linux.programs({}) == {}
    assert time.perf_counter() - start < 0.001


def test_a_program_starts_without_rights_and_with_one_open_file(world: World) -> None:
    """The account is the workstation's: this machine has none."""
    script = (
        "import os, socket, sys\n"
        "os.setgroups([0, 4])\n"
        "ours, theirs = socket.socketpair()\n"
        "secret = open('/etc/shadow')\n"
        "tell = 'import os; print(os.getuid(), os.getgroups(), *os.listdir(\"/proc/self/fd\"))'\n"
        "process = linux.start([sys.executable, '-c', tell], 'sluis-agent', theirs.fileno())\n"
        "print(theirs.fileno(), flush=True) or process.wait()"
    )
    kept, told = inside(world, script).splitlines()
    uid, groups, *descriptors = told.split()
    assert (uid, groups) == (str(PEOPLE["sluis-agent"]), "[]")
    listing = {"3"}  # the folder itself, while it is listed
    assert set(descriptors) - listing == {"0", "1", "2", kept}


def test_an_unknown_account() -> None:
    with pytest.raises(KeyError, match="no-such-account"):
        linux.start(["true"], "no-such-account", 0)


def test_a_program_that_does_not_end_is_ended() -> None:
    process = subprocess.Popen(["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"])
    time.sleep(0.1)
    linux.stop(process, 0.2)
    assert process.returncode == -9


def inside(world: World, code: str) -> str:
    """What Python says on the workstation."""
    arguments = ["-B", "-c", f"from agent.system import linux\n{code}"]
    return world.workstation.run([PROGRAMS / "python", *arguments]).strip()


def test_a_link_is_made_once_repaired_and_removed(world: World) -> None:
    made = inside(world, f"print(linux.ensure_link('{LINK}', '192.0.2.77'))")
    shown = world.workstation.run(["ip", "-brief", "address", "show", "dev", LINK])
    assert shown.split()[2:] == ["192.0.2.77/32"]  # and no address that comes late
    world.workstation.run(["ip", "link", "set", LINK, "down"])
    again = inside(
        world, f"print(linux.ensure_link('{LINK}', '192.0.2.77'), linux.link_index('{LINK}'))"
    )
    assert again == f"{made} {made}"
    assert "UP" in world.workstation.run(["ip", "link", "show", LINK])
    for _ in range(2):
        inside(world, f"linux.remove_link('{LINK}')")
    assert inside(world, f"print(linux.link_index('{LINK}'))") == "None"


def test_a_link_that_cannot_be_made_says_why(world: World) -> None:
    said = inside(
        world,
        "try: linux.ensure_link('a-name-that-is-too-long', '192.0.2.77')\n"
        "except linux.LinkFailed as error: print('said:', error)",
    )
    assert said.startswith("said: ")
    assert "name" in said


def test_the_resolvers_files(world: World) -> None:
    said = inside(world, "print(*linux.resolver_files())")
    assert "nameserver 127.0.0.53" in said
    assert "hosts: files dns" in said
