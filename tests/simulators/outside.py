"""The program that plays the internet, run inside its machine by internet.py.

    python -m tests.simulators.outside FOLDER RESOLVER WEB [NAME=ADDRESS ...]

It answers DNS at the address RESOLVER and HTTP and HTTPS at WEB, which is also where every other
name leads. Every question and every request is a line in FOLDER/seen.jsonl.
"""

from __future__ import annotations

import json
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.simulators.authority import Authority
from tests.simulators.dns import serve_dns


class Site(BaseHTTPRequestHandler):
    """Says which host it was asked for, and over what."""

    def __init__(self, note: Callable[[str, str], None], *arguments: object) -> None:
        """Answer one connection; `note` writes down a kind and a host."""
        self._note = note
        super().__init__(*arguments)  # type: ignore[arg-type]  # what the server hands over

    def do_GET(self) -> None:
        """Answer any address with one page."""
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        host = self.headers.get("Host", "")
        self._note(scheme, host)
        words = f"The internet's {host} over {scheme}"
        page = f"<!doctype html><title>{host}</title><h1>{words}</h1>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing; `note` does."""


def serve_web(address: str, authority: Authority, note: Callable[[str, str], None]) -> None:
    """Answer HTTP on port 80 and HTTPS on port 443 for as long as this process lives."""
    making = threading.Lock()

    @cache
    def context(host: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(authority.issue(host))
        return made

    def choose(connection: ssl.SSLSocket | ssl.SSLObject, host: str | None, _: object) -> None:
        with making:
            connection.context = context(host or "unnamed.invalid")

    def site(*arguments: object) -> Site:
        return Site(note, *arguments)

    plain, secure = (ThreadingHTTPServer((address, port), site) for port in (80, 443))
    first = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    first.sni_callback = choose
    # the handshake belongs to the connection's own thread: one that stalls must not hold up the
    # rest
    secure.socket = first.wrap_socket(
        secure.socket, server_side=True, do_handshake_on_connect=False
    )
    for server in (plain, secure):
        threading.Thread(target=server.serve_forever, daemon=True).start()


def main(folder: Path, resolver: str, web: str, names: Mapping[str, str]) -> None:
    """Answer until the machine ends."""
    log, writing = folder / "seen.jsonl", threading.Lock()

    def note(kind: str, name: str) -> None:
        with writing, log.open("a") as file:
            file.write(json.dumps({"kind": kind, "name": name}) + "\n")

    def lookup(name: str) -> str | None:
        note("dns", name)
        return None if name.endswith(".invalid") else names.get(name, web)

    serve_dns(resolver, lookup)
    serve_web(web, Authority(folder), note)
    log.touch()
    threading.Event().wait()


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        sys.argv[2],
        sys.argv[3],
        dict(pair.split("=", 1) for pair in sys.argv[4:]),
    )
