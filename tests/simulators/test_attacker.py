"""The man in the middle: what endpoints get of the server through him, over sockets."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.simulators.attacker import Attacker
from tests.simulators.authority import Authority
from tests.simulators.internet import SERVER, SERVER_NAME
from tests.simulators.world import World

TIMESTAMP, WAIT = "/repository/timestamp.json", "/v1/device/wait"


class Server(ThreadingHTTPServer):
    """Answers with its version; a POST with what it got; a poll when it is let go."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.version = 1
        self.polled, self.let_go = threading.Event(), threading.Event()
        self.address: tuple[str, int] = ("127.0.0.1", self.server_port)

    def handle_error(self, *_: object) -> None:
        """Say nothing: he cuts connections."""


class Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        if self.path.startswith(WAIT):
            self.server.polled.set()
            self.server.let_go.wait(10)
        self.give(f"version {self.server.version}00".encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.give(f"{self.headers['Host']} {self.headers['Signature']} ".encode() + body)

    def give(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        server.let_go.set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def man(server: Server) -> Iterator[Attacker]:
    with Attacker(server.address) as man:
        yield man


def get(man: Attacker, target: str) -> bytes:
    """What an endpoint gets; OSError or HTTPException where it gets no answer."""
    connection = http.client.HTTPConnection(*man.address, timeout=10)
    connection.request("GET", target)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return body if response.status == 200 else str(response.status).encode()


def test_he_passes_on_what_both_sides_say(man: Attacker) -> None:
    connection = http.client.HTTPConnection(*man.address, timeout=10)
    for body in (b"one", b"two"):  # on one connection
        headers = {"Host": SERVER_NAME, "Signature": "sluis=:x:"}
        connection.request("POST", "/v1/device/check-ins", body, headers)
        assert connection.getresponse().read() == b"sluis.example sluis=:x: " + body
    connection.close()


def test_he_tampers_until_told_otherwise(man: Attacker) -> None:
    man.tamper("timestamp.json")
    assert get(man, TIMESTAMP) != b"version 100"
    assert get(man, "/repository/1.root.json") == b"version 100"

    man.pass_on()
    assert get(man, TIMESTAMP) == b"version 100"


def test_he_replays_what_he_first_saw(man: Attacker, server: Server) -> None:
    assert get(man, TIMESTAMP) == b"version 100"
    assert get(man, f"{WAIT}?root=1&timestamp=1&list=") == b"version 100"
    server.version = 2
    assert get(man, TIMESTAMP) == b"version 200"

    man.old()

    assert get(man, TIMESTAMP) == b"version 100"
    assert get(man, f"{WAIT}?root=1&timestamp=2&list=") == b"version 100"
    assert get(man, "/repository/2.root.json") == b"404"
    assert get(man, "/v1/device/statement") == b"version 200"


def test_he_serves_what_he_is_given(man: Attacker) -> None:
    man.serve({TIMESTAMP: b"expired", WAIT: None})

    assert get(man, TIMESTAMP) == b"expired"
    assert get(man, WAIT) == b"404"
    assert get(man, "/repository/1.root.json") == b"version 100"


def test_he_refuses_and_comes_back(man: Attacker) -> None:
    man.down()
    with pytest.raises((OSError, http.client.HTTPException)):
        get(man, "/health/live")

    man.pass_on()
    assert get(man, "/health/live") == b"version 100"


def test_a_server_that_is_gone_is_no_answer() -> None:
    with Server() as gone:
        address = gone.address
    with Attacker(address) as man, pytest.raises((OSError, http.client.HTTPException)):
        get(man, TIMESTAMP)


def test_a_change_cuts_a_poll_that_waits(man: Attacker, server: Server) -> None:
    server.let_go.clear()
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(get, man, WAIT)
        assert server.polled.wait(10)
        start = time.monotonic()

        man.tamper()

        assert isinstance(poll.exception(timeout=5), OSError | http.client.HTTPException)
        assert time.monotonic() - start < 5
        server.let_go.set()


def test_every_answer_is_of_one_manner_while_he_changes(man: Attacker) -> None:
    ended = threading.Event()

    def ask() -> set[bytes]:
        got = set()
        while not ended.is_set():
            with suppress(OSError, http.client.HTTPException):
                got.add(get(man, TIMESTAMP))
        return got

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask) for _ in range(8)]
        for _ in range(10):
            for change in (man.pass_on, man.down, lambda: man.serve({TIMESTAMP: b"given"})):
                change()
                time.sleep(0.02)
        ended.set()
        got = set().union(*(one.result(timeout=10) for one in asked))

    assert got == {b"version 100", b"given"}


def test_a_workstation_meets_him_over_tls(world: World, server: Server, tmp_path: Path) -> None:
    own = Authority(tmp_path)
    with (
        Attacker(server.address, certificate=own.issue(SERVER_NAME)) as inner,
        Attacker(
            inner.address,
            trust=own.certificate,
            certificate=world.internet.authority.issue(SERVER_NAME),
        ) as man,
    ):
        world.internet.publish(SERVER, 443, man.address)
        ask = ["curl", "-sS", "--max-time", "10", f"https://{SERVER_NAME}{TIMESTAMP}"]
        assert world.workstation.run(ask, user="staff") == "version 100"

        man.serve({TIMESTAMP: b"given"})
        assert world.workstation.run(ask, user="staff") == "given"

        man.down()
        assert not world.workstation.succeeds(ask)
