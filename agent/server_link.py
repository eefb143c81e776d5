"""The one way outward: HTTP to the organisation's server, with time-outs and limits on all of it.

Rules kept here:
 * Only the configured server is spoken to, over TLS that the system's own authorities vouch for, or
   plain http to loopback. No redirect is followed: a sign-in page of a network is just no answer.
 * Every answer is bounded: in bytes, in seconds of silence, and in seconds altogether.
 * Nothing is sent twice by itself: the caller decides.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import truststore
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from blocklists.protocol.signatures import RequestParts, SigningKey, encode_key, sign

USER_AGENT = "sluis-agent"
SMALL = 1024 * 1024
"""Bytes of an answer in JSON at most."""
LARGE = 16 * 1024 * 1024
"""Bytes of a published file or a bundle at most."""

_AS_GOOD, _BEYOND_REASON = timedelta(seconds=5), timedelta(days=36_500)
"""Offsets of the server's clock that are passed over; a battery that is empty says 1970."""
_AGAIN = {408, 425, 429}
"""4xx that say: later (RFC 9110, RFC 8470, RFC 6585)."""


class LinkError(Exception):
    """Nothing came of a request; the message says why."""


class Unreachable(LinkError):
    """No answer, or none that counts: try again later."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        """`retry_after` is in seconds, where the server asked for it."""
        super().__init__(why)
        self.retry_after = retry_after


class Refused(LinkError):
    """The server understood and says no; `code` is stable."""

    def __init__(self, status: int, code: str, detail: str, now: datetime | None = None) -> None:
        """`now` is the server's time, where the answer tells it."""
        super().__init__(f"{detail or 'no reason given'} ({status}{code and ' ' + code})")
        self.status = status
        self.code = code
        self.detail = detail
        self.now = now


@dataclass(frozen=True)
class Patience:
    """How long a request may take, in seconds."""

    connect: float = 5
    silence: float = 10
    """Without a byte; the head of the answer must be whole within it."""
    altogether: float = 60


LONG_POLL = Patience(silence=75, altogether=150)
"""The server answers after 55 s, also when nothing is new."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of the server."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    """JSON, or nothing."""
    headers: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = Patience()
    limit: int = SMALL
    """Bytes of the answer at most."""


@dataclass(frozen=True)
class Answer:
    """A 2xx answer, whole."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class ServerLink:
    """Requests to one server. Blocking; may be used by several threads."""

    def __init__(
        self, server: str, *, now: Callable[[], datetime], random: Callable[[int], bytes]
    ) -> None:
        """`server` is scheme, host and port; `now` and `random` make signatures."""
        parts = urlsplit(server)
        self._authority = parts.netloc
        self._tls = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._tls else 80)
        self._now = now
        self._random = random
        self._clock_offset = timedelta(0)
        self._pool = self._new_pool()

    @property
    def server_time(self) -> datetime:
        """The clock, put right by what the server last said."""
        return self._now() + self._clock_offset

    def get(self, path: str) -> bytes:
        """Fetch a published file. Raises LinkError."""
        return self._send(self._pool, Request(method="GET", path=path, limit=LARGE)).body

    def signed(self, key: SigningKey, request: Request) -> Answer:
        """Send a request in this device's name. Raises LinkError.

        When the server says that our clock is off, its time is taken and it is sent once more.
        """
        try:
            answer = self._signed_once(key, request)
        except Refused as refused:
            if refused.code != "clock" or refused.now is None:
                raise
            self._take_time(refused.now)
            answer = self._signed_once(key, request)
        self._learn_time(answer)
        return answer

    def unlinked(self, path: str, body: bytes, authorization: str) -> Answer:
        """Post on a connection of its own, which nothing ties to this device's others."""
        headers = {"Authorization": authorization, "Connection": "close"}
        with self._new_pool() as pool:
            request = Request(method="POST", path=path, body=body, headers=headers)
            return self._send(pool, request)

    def _signed_once(self, key: SigningKey, request: Request) -> Answer:
        parts = RequestParts(
            request.method, self._authority, request.path, request.query, request.body
        )
        nonce = encode_key(self._random(16))
        signature = sign(parts, key, created=self.server_time, nonce=nonce)
        return self._send(self._pool, replace(request, headers={**request.headers, **signature}))

    def _new_pool(self) -> urllib3.HTTPConnectionPool:
        if not self._tls:
            return _PlainPool(self._host, self._port, maxsize=2, block=False)
        # the system's own authorities, as every other program of the workstation trusts them
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return _TlsPool(self._host, self._port, maxsize=2, block=False, ssl_context=context)

    def _send(self, pool: urllib3.HTTPConnectionPool, request: Request) -> Answer:
        patience = request.patience
        end = time.monotonic() + patience.altogether
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **request.headers}
        if request.body:
            headers["Content-Type"] = "application/json"
        with _told():
            response = pool.urlopen(
                request.method,
                f"{request.path}?{request.query}" if request.query else request.path,
                body=request.body or None,
                headers=headers,
                retries=False,
                redirect=False,
                timeout=urllib3.Timeout(connect=patience.connect, read=patience.silence),
                preload_content=False,
            )
            try:
                body = _read(response, request.limit, end)
            except BaseException:
                response.close()
                raise
            response.release_conn()
        return _judged(response, body)

    def _learn_time(self, answer: Answer) -> None:
        """Take the server's time from an answer's Date, unless it is as good as ours."""
        with suppress(KeyError, ValueError, TypeError):
            self._take_time(parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC))

    def _take_time(self, said: datetime) -> None:
        """Take what the server says, unless ours is as good or it is no time to reckon with."""
        offset = said - self._now()
        sensible = _AS_GOOD < abs(offset) < _BEYOND_REASON
        self._clock_offset = offset if sensible else timedelta(0)


def _read(response: urllib3.BaseHTTPResponse, limit: int, end: float) -> bytes:
    """The body, as far as it may be long and last."""
    chunks = bytearray()
    while chunk := response.read1(65536):
        chunks += chunk
        if len(chunks) > limit:
            raise Unreachable(f"the answer is longer than {limit} bytes")
        if time.monotonic() > end:
            raise Unreachable("the answer takes too long")
    return bytes(chunks)


def _judged(response: urllib3.BaseHTTPResponse, body: bytes) -> Answer:
    """A 2xx answer; all others raise."""
    status = response.status
    if 200 <= status < 300:
        return Answer(status, body, response.headers)
    if 300 <= status < 400:
        raise Unreachable(
            f"a redirect came in answer ({status}), which is not followed: "
            "is a sign-in page of the network in between?"
        )
    problem = _problem(body)
    detail = str(problem.get("detail", ""))[:300]
    if status >= 500 or status in _AGAIN:
        raise Unreachable(
            f"the server cannot answer now ({status}{detail and ': ' + detail})",
            _seconds(response.headers.get("Retry-After")),
        )
    raise Refused(status, str(problem.get("code", ""))[:64], detail, _time(problem.get("now")))


def _problem(body: bytes) -> dict[str, Any]:
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return problem if isinstance(problem, dict) else {}


def _time(value: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return time if time.tzinfo else None


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After as seconds; the form with a date is not used by our server."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else None


@contextmanager
def _told() -> Iterator[None]:
    """Turn what urllib3 and the system raise into Unreachable, in words."""
    try:
        yield
    except urllib3.exceptions.SSLError as error:
        raise Unreachable(f"TLS failed: {error}") from error
    except urllib3.exceptions.NewConnectionError as error:
        raise Unreachable(f"no connection: {_system_words(error)}") from error
    except (urllib3.exceptions.TimeoutError, TimeoutError) as error:
        raise Unreachable("no answer in time") from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unreachable(f"no answer: {_system_words(error)}") from error


def _system_words(error: Exception) -> str:
    """What the system says below an error, such as `Connection refused`."""
    cause = error.__cause__ or error.__context__
    return (cause.strerror if isinstance(cause, OSError) else "") or str(error)


_TOO_SLOW = "the head of the answer came too slowly"


class _HeadInTime(HTTPConnection):
    """Hangs up when the head of an answer drips in: the time-out of a socket is for each byte."""

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        """Wait for the head, at most as long as for one byte."""
        connection: socket.socket = self.sock
        hung_up = threading.Event()

        def hang_up() -> None:
            hung_up.set()
            with suppress(OSError):
                # past the TLS layer, whose own shutdown would pull its state from under the reader
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

        # not the socket's own, which is still that of connecting
        alarm = threading.Timer(self.timeout or 60, hang_up)
        alarm.daemon = True
        alarm.start()
        try:
            response = super().getresponse()
        except OSError as error:
            if hung_up.is_set():  # by us: so it is no fault of the connection
                raise TimeoutError(_TOO_SLOW) from error
            raise
        finally:
            alarm.cancel()
        if hung_up.is_set():  # http.client takes the end of the data for the end of the head
            raise TimeoutError(_TOO_SLOW)
        return response


class _TlsHeadInTime(_HeadInTime, HTTPSConnection):
    """The same over TLS."""


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HeadInTime


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsHeadInTime
