"""Nobody gets in without credentials; made from the router, so that no new door is missed."""

from __future__ import annotations

import json

import pytest
from aiohttp import hdrs

from blocklists.protocol.signatures import encode_key
from server.app import application
from server.doors.guard import PUBLIC
from tests.simulators.endpoint import Endpoint, ask
from tests.simulators.running import RunningTrial

OPEN = ("/health/", "/repository/", "/extension/", "/assets/", "/sign-in")
"""What may answer everybody, as the design has it. Written here again, so that a change shows."""


def test_the_open_doors_are_those_of_the_design() -> None:
    assert PUBLIC == OPEN


def test_every_other_route_answers_401_to_every_method(trial: RunningTrial) -> None:
    resources = [route.resource for route in application(trial.parts).router.routes()]
    paths = sorted({one.canonical for one in resources if one is not None})
    assert {"/v1/reports", "/v1/device/wait", "/oversight/"} <= set(paths)
    closed = [path for path in paths if not path.startswith(OPEN)]
    for path in closed:
        for method in sorted(hdrs.METH_ALL - {"CONNECT"}):
            assert ask(trial.url, method, path).status == 401, (method, path)


def test_an_address_that_is_not_there_tells_nothing_either(trial: RunningTrial) -> None:
    assert ask(trial.url, "GET", "/v1/nothing").code == "credentials"
    assert ask(trial.url, "GET", "/repositoryx").code == "credentials"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Authorization", "Bearer x"),
        ("Authorization", "Ticket " + "0" * 32),
        ("Cookie", "sluis=x; __Host-sluis=x"),
        ("Signature-Input", "sluis=x"),
    ],
)
def test_credentials_that_are_none_open_nothing(
    trial: RunningTrial, header: str, value: str
) -> None:
    doors = {
        "/v1/reports": "POST",
        "/v1/device/check-ins": "POST",
        "/v1/device/statement": "GET",
        "/v1/device/wait?root=0&timestamp=0&list=": "GET",
        "/oversight/": "GET",
        "/sign-out": "POST",
    }
    for path, method in doors.items():
        assert ask(trial.url, method, path, b"", {header: value}).status == 401, path


def test_errors_are_problems_and_every_answer_has_safe_headers(trial: RunningTrial) -> None:
    answer = ask(trial.url, "GET", "/repository/nothing")
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = json.loads(answer.body)
    assert {"type", "title", "status", "detail", "code"} <= set(problem)
    for path in ("/repository/nothing", "/health/live", "/sign-in", "/repository/1.root.json"):
        headers = ask(trial.url, "GET", path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "aiohttp" not in headers["server"]


def test_a_method_that_a_public_door_has_not_is_405(trial: RunningTrial) -> None:
    answer = ask(trial.url, "DELETE", "/repository/1.root.json")
    assert (answer.status, answer.code) == (405, "method")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("path", "body", "header"),
    [
        ("/v1/device/enrolments", None, {"Content-Digest": "\xff"}),
        ("/v1/device/enrolments", None, {"Host": "\xff"}),
        ("/sign-in", b"&".join([b"a=1"] * 20), {}),
        ("/sign-in", b"code=" + b"1" * 5000, {}),
        ("/sign-in", b"code=1", {"Origin": "http://[nothing"}),
    ],
)
def test_what_a_stranger_makes_up_is_refused_and_breaks_nothing(
    trial: RunningTrial, path: str, body: bytes | None, header: dict[str, str]
) -> None:
    stranger, headers = Endpoint(trial.url), dict[str, str]()
    if body is None:
        key = {"alg": "ed25519", "public": encode_key(stranger.key.public.raw)}
        body, headers = stranger.signed("POST", path, {"token": "x", "kind": "agent", "key": key})
    answer = ask(trial.url, "POST", path, body, headers | header)
    assert 400 <= answer.status < 500, answer.body
