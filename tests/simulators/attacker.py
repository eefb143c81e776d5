"""A man in the middle: a reverse proxy on the host's loopback, between endpoints and the server.

with Attacker(("127.0.0.1", 8743), trust=ca, certificate=authority.issue(SERVER_NAME)) as man:
    internet.publish(SERVER, 443, man.address)
    man.tamper("timestamp.json")
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from tests.simulators import forgery
from tests.simulators.forgery import Forgery, Reply, Request
from tests.simulators.internet import SERVER_NAME

_OF_ONE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
_LONGER_THAN_A_POLL = 90.0


class Attacker:
    """Passes on, forges or refuses, as he was last told; his methods may be called at any time.

    A change cuts every open connection, so that a poll asked earlier is not answered as before.
    """

    def __init__(
        self,
        server: tuple[str, int],
        *,
        trust: Path | None = None,
        certificate: Path | None = None,
    ) -> None:
        """Prepare him, passing on.

        He asks `server` over TLS where `trust` names the authority of its certificate, else over
        plain http; endpoints speak TLS to him where he has a `certificate` (PEM, with its key).
        """
        self._server = server
        self._to_server = ssl.create_default_context(cafile=trust) if trust else None
        self._forge: Forgery = forgery.passed_on
        self._first: dict[str, Reply] = {}
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = _Listener(self.answer, self._known)
        if certificate:
            self._listener.speak_tls(certificate)
        self.address: tuple[str, int] = ("127.0.0.1", self._listener.server_port)
        """Where he listens."""

    def __enter__(self) -> Self:
        """Start to listen."""
        threading.Thread(target=self._listener.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and cut what is open."""
        self._listener.shutdown()
        self._listener.server_close()
        self._become(forgery.passed_on)

    def pass_on(self) -> None:
        """Pass everything on, and write down the first answer of each path with signed files."""
        self._become(forgery.passed_on)

    def tamper(self, *names: str) -> None:
        """Change a digit of the signed files whose names end so (of all without names)."""
        self._become(forgery.tampered(names or ("",)))

    def old(self) -> None:
        """Replay the first answers that were passed on, as of a server turned back to then."""
        with self._lock:
            first = dict(self._first)
        self._become(forgery.replayed(first))

    def serve(self, files: Mapping[str, bytes | None]) -> None:
        """Give these bytes for these paths, 404 for None; for expired or hand-made metadata."""
        self._become(forgery.replaced(dict(files)))

    def down(self) -> None:
        """Refuse every connection."""
        self._become(forgery.refused)

    def answer(self, request: Request) -> Reply | None:
        """Give what a request gets; None where its connection is to be cut."""
        with self._lock:
            forge = self._forge
        try:
            reply = forge(request, self._ask)
        except (OSError, http.client.HTTPException):
            return None  # the server is gone, or was to seem so
        with self._lock:
            if forge is not self._forge:
                return None
            if forge is forgery.passed_on and request.is_watched and reply.status == HTTPStatus.OK:
                self._first.setdefault(request.path, reply)
        return reply

    def _become(self, forge: Forgery) -> None:
        with self._lock:
            self._forge = forge
            cut = list(self._open)
        for one in cut:
            with suppress(OSError):  # it has ended
                # not SSLSocket's own, which takes TLS from under the thread that reads
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    def _ask(self, request: Request) -> Reply:
        """Ask the server, which shall not compress: what is forged must be seen."""
        with self._connected() as connection:
            connection.putrequest(
                request.method, request.target, skip_host=True, skip_accept_encoding=True
            )
            for name, value in request.headers:
                if name.lower() not in {"connection", "accept-encoding"}:
                    connection.putheader(name, value)
            connection.endheaders(request.body)
            response = connection.getresponse()
            return Reply(response.status, tuple(response.getheaders()), response.read())

    @contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        one = socket.create_connection(self._server, timeout=_LONGER_THAN_A_POLL)
        if self._to_server:
            one = self._to_server.wrap_socket(one, server_hostname=SERVER_NAME)
        with one, self._known(one):
            connection = http.client.HTTPConnection(*self._server)
            connection.sock = one
            yield connection

    @contextmanager
    def _known(self, one: socket.socket) -> Iterator[None]:
        """Keep a socket that a change cuts."""
        with self._lock:
            self._open.add(one)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(one)


class _Listener(ThreadingHTTPServer):
    """Takes requests on a free port of loopback and hands them to `answer`."""

    def __init__(
        self,
        answer: Callable[[Request], Reply | None],
        known: Callable[[socket.socket], AbstractContextManager[None]],
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answer, self.known = answer, known

    def speak_tls(self, certificate: Path) -> None:
        """Speak TLS; the handshake belongs to the connection's own thread."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )

    def handle_error(self, *_: object) -> None:
        """Say nothing: connections that break are his trade."""


class _Conversation(BaseHTTPRequestHandler):
    """One connection of an endpoint."""

    protocol_version = "HTTP/1.1"
    server: _Listener

    def handle(self) -> None:
        with self.server.known(self.connection):
            super().handle()

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = tuple(self.headers.items())
        reply = self.server.answer(Request(self.command, self.path, headers, body))
        if reply is None:
            self.close_connection = True
        else:
            self._give(reply)

    do_POST = do_GET  # noqa: N815  # the base class finds methods by these names

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _give(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            if name.lower() not in _OF_ONE_CONNECTION:
                self.send_header(name, value)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
