"""Bodies: bounded in size, also unpacked, and in time; each fault has its word."""

from __future__ import annotations

import gzip
import json
import socket
import time
import zlib
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.doors import bodies
from server.doors.bodies import gunzip, parse
from server.errors import Refused
from tests.simulators.endpoint import Endpoint, ask
from tests.simulators.running import RunningTrial


class Form(msgspec.Struct):
    name: str
    inner: dict[str, int] = {}


def code_of(data: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        parse(data, Form)
    return caught.value.code, caught.value.detail


def test_a_wrong_field_is_named() -> None:
    assert code_of(b'{"name": 3}') == ("form", "name: Expected `str`, got `int`")
    assert code_of(b'{"name": "x", "inner": {"a": "b"}}')[1].startswith(
        "inner[...]: Expected `int`"
    )
    assert "`name`" in code_of(b"{}")[1]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe", b'{"x":' * 100_000, b'{"name": "\xed\xa0\x80"}']
)
def test_what_is_no_json_says_so(data: bytes) -> None:
    assert code_of(data)[0] == "json"


def test_gzip_is_unpacked_up_to_the_limit_and_never_further() -> None:
    assert gunzip(gzip.compress(b"x" * 100), 100) == b"x" * 100
    for data, code in (
        (gzip.compress(b"\0" * 20_000_000), "too-large"),
        (gzip.compress(b"x" * 101), "too-large"),
        (gzip.compress(b"x" * 50)[:-9], "gzip"),
        (gzip.compress(b"x") + b"more", "gzip"),
        (zlib.compress(b"x"), "gzip"),
        (b"", "gzip"),
    ):
        with pytest.raises(Refused) as caught:
            gunzip(data, 100)
        assert caught.value.code == code


def test_a_body_over_its_limit_is_413_however_it_is_sent(trial: RunningTrial) -> None:
    ticket = trial.endpoint().tickets()[0]
    headers = {"Authorization": f"Ticket {ticket}"}
    large = b" " * (1024 * 1024 + 1)
    assert ask(trial.url, "POST", "/v1/reports", large, headers).code == "too-large"
    packed = {**headers, "Content-Encoding": "gzip"}
    assert ask(trial.url, "POST", "/v1/reports", gzip.compress(large), packed).code == "too-large"
    assert chunked(trial.url, headers, large).startswith(b"HTTP/1.1 413")
    other = {**headers, "Content-Encoding": "br"}
    assert ask(trial.url, "POST", "/v1/reports", b"x", other).status == 415


def test_a_body_that_does_not_come_is_not_waited_for(
    trial: RunningTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.3)
    ticket = trial.endpoint().tickets()[0]
    head = f"POST /v1/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Ticket {ticket}\r\n"
    started = time.monotonic()
    answer = raw(trial.url, f"{head}Content-Length: 1000\r\n\r\nhalf".encode())
    assert answer.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - started < 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    ["violations", "id", "when", "host", "token", "kind", "key", "list", "epoch", "channels"]
)


@pytest.fixture
def endpoint(trial: RunningTrial) -> Endpoint:
    return trial.endpoint()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.dictionaries(WORDS, JSON).map(lambda v: json.dumps(v).encode()) | st.binary())
def test_no_body_makes_a_door_fail(endpoint: Endpoint, data: bytes) -> None:
    for path in ("/v1/device/enrolments", "/v1/device/check-ins"):
        assert endpoint.send("POST", path, data).status in {200, 400, 401}
    headers = {"Authorization": f"Ticket {endpoint.tickets()[0]}"}
    assert ask(endpoint.url, "POST", "/v1/reports", data, headers).status in {200, 400}


def chunked(url: str, headers: dict[str, str], body: bytes) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST /v1/reports HTTP/1.1\r\nHost: x\r\n{fields}Transfer-Encoding: chunked\r\n\r\n"
    return raw(url, head.encode() + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))


def raw(url: str, data: bytes) -> bytes:
    parts = urlsplit(url)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=10) as connection:
        connection.sendall(data)
        return connection.recv(4096)
