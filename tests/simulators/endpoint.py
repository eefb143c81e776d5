"""An endpoint that speaks the wire as agents do: a key, signed requests, tickets, reports."""

from __future__ import annotations

import gzip
import http.client
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from blocklists.protocol.messages import Violation, new_id
from blocklists.protocol.signatures import RequestParts, SigningKey, encode_key, sign


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body, which must be JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.headers["content-type"].startswith("application/problem+json")
        return str(self.json["code"])


def ask(
    url: str,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        got = connection.getresponse()
        fields = {name.lower(): value for name, value in got.getheaders()}
        return Answer(got.status, fields, got.read())
    finally:
        connection.close()


class Endpoint:
    """One agent, or profile, of a server at `url`."""

    def __init__(
        self, url: str, kind: str = "agent", clock: Callable[[], datetime] | None = None
    ) -> None:
        self.url = url
        self.kind = kind
        self.clock = clock or (lambda: datetime.now(UTC))
        self.key = SigningKey.generate()
        self.epoch = 1
        self.device = ""

    def signed(
        self, method: str, path: str, value: object = b"", *, nonce: str = ""
    ) -> tuple[bytes, dict[str, str]]:
        """Body and header fields of a signed request."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        route, _, query = path.partition("?")
        parts = RequestParts(method, urlsplit(self.url).netloc, route, query, body)
        nonce = nonce or secrets.token_urlsafe(16)
        return body, sign(parts, self.key, created=self.clock(), nonce=nonce)

    def send(self, method: str, path: str, value: object = b"") -> Answer:
        """Send a signed request."""
        body, headers = self.signed(method, path, value)
        return ask(self.url, method, path, body, headers)

    def enrol(self, token: str) -> Answer:
        """Enrol with a token; keeps the device's id where it worked."""
        key = {"alg": "ed25519", "public": encode_key(self.key.public.raw)}
        form = {"token": token, "kind": self.kind, "key": key, "name": "pc-1", "os": "debian 12"}
        answer = self.send("POST", "/v1/device/enrolments", form)
        if answer.status == 201:
            self.device = answer.json["device"]
        return answer

    def check_in(self, **changes: object) -> Answer:
        """Say that all is well, or what is said instead."""
        form = {
            "epoch": self.epoch,
            "list": {"version": 1, "state": "fresh"},
            "channels": {"dns": {"state": "in-force", "code": ""}},
            "software": "0.1.0",
        }
        return self.send("POST", "/v1/device/check-ins", {**form, **changes})

    def tickets(self) -> list[str]:
        """Tickets of a new check-in."""
        answer = self.check_in()
        assert answer.status == 200, answer.body
        return [str(ticket) for ticket in answer.json["tickets"]]

    def wait(self, root: int = 0, timestamp: int = 0, blocklist: str = "") -> Answer:
        """One long poll."""
        return self.send(
            "GET", f"/v1/device/wait?root={root}&timestamp={timestamp}&list={blocklist}"
        )


def report(
    url: str, ticket: str, entries: Sequence[Violation | dict[str, Any]], *, packed: bool = False
) -> Answer:
    """Upload violations on a ticket."""
    wire = [one.to_wire() if isinstance(one, Violation) else one for one in entries]
    body = json.dumps({"violations": wire, "padding": ""}).encode()
    headers = {"Authorization": f"Ticket {ticket}"}
    if packed:
        body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
    return ask(url, "POST", "/v1/reports", body, headers)


def attempt(when: datetime, **changes: object) -> dict[str, Any]:
    """An attempt in a browser, as it is sent."""
    form = {
        "id": str(new_id(when, secrets.token_bytes(10))),
        "when": when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00Z"),
        "service": "chatgpt",
        "host": "chatgpt.com",
        "channel": "browser",
        "layer": "rule",
        "kind": "attempt",
        "verdict": "block",
        "outcome": "stopped",
        "times": 1,
    }
    return {**form, **changes}
