"""The internet: every name answers, what was asked is written down, the host's servers are let
in.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.simulators.authority import Authority
from tests.simulators.internet import SERVER, SERVER_NAME
from tests.simulators.world import World

LARGE = 20_000_000


class Large(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(LARGE))
        self.end_headers()
        self.wfile.write(bytes(LARGE))

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def server_on_the_host(certificate: Path | None = None) -> Iterator[tuple[str, int]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Large)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ("127.0.0.1", server.server_port)
    server.shutdown()
    server.server_close()


def size_of(world: World, url: str) -> int:
    count = ["curl", "-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{size_download}", url]
    return int(world.workstation.run(count, user="staff"))


def test_what_was_asked_is_written_down(world: World) -> None:
    world.workstation.run(["curl", "-sS", "http://news.example/a/path"], user="staff")

    assert world.internet.seen("http") == ["news.example"]
    assert set(world.internet.seen("dns")) == {"news.example"}


def test_a_server_on_the_host_answers_under_its_name(world: World) -> None:
    with server_on_the_host() as target:
        world.internet.publish(SERVER, 8700, target)

        assert size_of(world, f"http://{SERVER_NAME}:8700/") == LARGE
        assert not world.workstation.succeeds(["curl", "-sS", f"http://127.0.0.1:{target[1]}/"])
    assert not world.workstation.succeeds(["curl", "-sS", f"http://{SERVER_NAME}:8700/"])


def test_another_server_may_take_the_place(world: World) -> None:
    for _ in range(3):
        with server_on_the_host() as target:
            world.internet.publish(SERVER, 8701, target)
            assert size_of(world, f"http://{SERVER_NAME}:8701/") == LARGE


def test_a_server_on_the_host_speaks_its_own_tls(world: World, tmp_path: Path) -> None:
    own = Authority(tmp_path)
    with server_on_the_host(own.issue(SERVER_NAME)) as target:
        world.internet.publish(SERVER, 443, target)

        assert not world.workstation.succeeds(["curl", "-sS", f"https://{SERVER_NAME}/"])
        world.workstation.trust(own.certificate)
        assert size_of(world, f"https://{SERVER_NAME}/") == LARGE
        assert size_of(world, "https://other.example/") < LARGE
