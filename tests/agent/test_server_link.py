"""The link outward against servers that are slow, endless, wrong or somebody else."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from agent.server_link import Patience, Refused, Request, ServerLink, Unreachable
from blocklists.protocol.signatures import BadSignature, RequestParts, SigningKey, verify
from tests.simulators.authority import Authority

KEY = SigningKey.generate()
BRISK = Patience(connect=1, silence=0.5, altogether=1)
Reply = Callable[[BaseHTTPRequestHandler, bytes], None]


def clock() -> datetime:
    return datetime.now(UTC)


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def serve() -> Iterator[Callable[[Reply], str]]:
    """Start an HTTP server on loopback; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(reply: Reply) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                reply(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            do_POST = do_GET  # noqa: N815 - the standard library's name

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def drip() -> Iterator[Callable[[bytes, bytes], str]]:
    """Start a server that sends `head` at once and then `drop` again and again."""
    stop = threading.Event()

    def start(head: bytes, drop: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))

        def serve() -> None:
            connection, _ = listener.accept()
            with closing(listener), closing(connection), suppress(OSError):
                connection.recv(65536)
                connection.sendall(head)
                while not stop.wait(0.05):
                    connection.sendall(drop)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    stop.set()


def link(server: str, now: Callable[[], datetime] = clock) -> ServerLink:
    return ServerLink(server, now=now, random=os.urandom)


def test_a_published_file_comes_as_it_is(serve: Callable[[Reply], str]) -> None:
    server = serve(lambda handler, _: answer(handler, 200, handler.path.encode()))

    assert link(server).get("/repository/timestamp.json") == b"/repository/timestamp.json"


def test_a_signed_request_verifies_at_the_server(serve: Callable[[Reply], str]) -> None:
    seen: list[str] = []

    def check(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        path, _, query = handler.path.partition("?")
        parts = RequestParts(handler.command, str(handler.headers["Host"]), path, query, body)
        headers = {name: str(value) for name, value in handler.headers.items()}
        seen.append(verify(parts, headers, KEY.public, clock()).nonce)
        answer(handler, 200, b"{}")

    server = link(serve(check))
    server.signed(KEY, Request(method="POST", path="/v1/device/check-ins", body=b'{"epoch":1}'))
    server.signed(KEY, Request(method="GET", path="/v1/device/wait", query="root=1&list="))

    assert len(set(seen)) == 2


@pytest.mark.parametrize("said", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_time_beyond_reason_is_not_taken(serve: Callable[[Reply], str], said: str) -> None:
    problem = json.dumps({"code": "clock", "now": said}).encode()
    taken = link(serve(lambda handler, _: answer(handler, 401, problem)))

    for _ in range(2):
        with pytest.raises(Refused, match="clock"):
            taken.signed(KEY, Request(method="POST", path="/v1/device/check-ins"))
    assert abs(taken.server_time - clock()) < timedelta(seconds=5)


def test_a_wrong_clock_heals_by_the_servers_time(serve: Callable[[Reply], str]) -> None:
    def check(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        parts = RequestParts("POST", str(handler.headers["Host"]), handler.path, "", body)
        headers = {name: str(value) for name, value in handler.headers.items()}
        try:
            verify(parts, headers, KEY.public, clock())
        except BadSignature as error:
            problem = {"code": error.code, "detail": str(error), "now": clock().isoformat()}
            answer(handler, 401, json.dumps(problem).encode())
        else:
            answer(handler, 200, b"{}")

    slow = link(serve(check), now=lambda: clock() - timedelta(days=30))

    assert slow.signed(KEY, Request(method="POST", path="/x", body=b"{}")).status == 200
    assert abs(slow.server_time - clock()) < timedelta(seconds=5)


def test_a_refusal_has_code_and_words(serve: Callable[[Reply], str]) -> None:
    problem = json.dumps({"code": "token", "detail": "this token is not known"}).encode()
    server = link(serve(lambda handler, _: answer(handler, 401, problem)))

    with pytest.raises(Refused, match="this token is not known") as caught:
        server.signed(KEY, Request(method="POST", path="/v1/device/enrolments", body=b"{}"))

    assert (caught.value.status, caught.value.code) == (401, "token")


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_an_overloaded_server_is_asked_later(serve: Callable[[Reply], str], status: int) -> None:
    server = link(serve(lambda handler, _: answer(handler, status, b"", Retry_After="17")))

    with pytest.raises(Unreachable) as caught:
        server.get("/x")

    assert caught.value.retry_after == 17


def test_a_redirect_is_not_followed(serve: Callable[[Reply], str]) -> None:
    asked: list[str] = []

    def portal(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        asked.append(handler.path)
        answer(handler, 302, b"", Location="/sign-in")

    with pytest.raises(Unreachable, match="redirect"):
        link(serve(portal)).get("/x")

    assert asked == ["/x"]


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(Unreachable, match="no connection: Connection refused"):
        link(f"http://127.0.0.1:{port}").get("/x")


def test_a_silent_server_is_left(drip: Callable[[bytes, bytes], str]) -> None:
    server = link(drip(b"", b""))

    with pytest.raises(Unreachable, match="in time"):
        server.signed(KEY, Request(method="GET", path="/x", patience=BRISK))


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_a_server_that_drips_is_left(
    drip: Callable[[bytes, bytes], str], head: bytes, drop: bytes
) -> None:
    server = link(drip(head, drop))
    start = time.monotonic()

    with pytest.raises(Unreachable):
        server.signed(KEY, Request(method="GET", path="/x", patience=BRISK))

    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ],
)
def test_an_endless_answer_is_cut(drip: Callable[[bytes, bytes], str], head: bytes) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"

    with pytest.raises(Unreachable, match="longer"):
        link(drip(head, chunk)).signed(KEY, Request(method="GET", path="/x", limit=100_000))


@pytest.mark.parametrize("said", [b"\x00\xff", b"HTTP/1.1 abc\r\n\r\n", b"SSH-2.0-OpenSSH\r\n"])
def test_who_does_not_speak_http_is_no_answer(
    drip: Callable[[bytes, bytes], str], said: bytes
) -> None:
    with pytest.raises(Unreachable):
        link(drip(said, said)).signed(KEY, Request(method="GET", path="/x", patience=BRISK))


def test_a_cut_answer_is_none(serve: Callable[[Reply], str]) -> None:
    def cut(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"{}")
        handler.close_connection = True

    with pytest.raises(Unreachable, match="no answer"):
        link(serve(cut)).get("/x")


def test_a_report_goes_on_a_connection_of_its_own(serve: Callable[[Reply], str]) -> None:
    peers: list[tuple[str, int]] = []

    def note(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        peers.append(handler.client_address[:2])
        assert "Signature" not in handler.headers or handler.path != "/v1/reports"
        answer(handler, 200, b"{}")

    server = link(serve(note))
    server.signed(KEY, Request(method="POST", path="/x", body=b"{}"))
    server.unlinked("/v1/reports", b"{}", "Ticket 00")
    server.signed(KEY, Request(method="POST", path="/x", body=b"{}"))

    assert peers[0] == peers[2]
    assert peers[1] != peers[0]


def tls_server(certificate: Path) -> tuple[ThreadingHTTPServer, str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, 200, b"over TLS")

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"https://localhost:{server.server_port}"


def test_tls_counts_only_with_an_authority_that_the_system_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    server, address = tls_server(authority.issue("localhost"))
    with closing(server.socket):
        with pytest.raises(Unreachable, match="TLS"):
            link(address).get("/x")

        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
        assert link(address).get("/x") == b"over TLS"
        server.shutdown()


def test_tls_counts_only_for_the_configured_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    server, address = tls_server(authority.issue("somebody.example"))
    with closing(server.socket):
        with pytest.raises(Unreachable, match="TLS"):
            link(address).get("/x")
        server.shutdown()


def test_an_answer_may_take_longer_than_a_connection(serve: Callable[[Reply], str]) -> None:
    def late(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        time.sleep(0.6)
        answer(handler, 204)

    patience = Patience(connect=0.2, silence=3, altogether=5)
    server = link(serve(late))

    assert server.signed(KEY, Request(method="GET", path="/x", patience=patience)).status == 204
