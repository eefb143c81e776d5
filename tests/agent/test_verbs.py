"""The helper is asked four things in one form; whatever else comes is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.verbs import (
    MAX_CONNECTIONS,
    MAX_MESSAGE,
    PREFIX,
    Clear,
    Code,
    Connection,
    Listen,
    Owned,
    Owner,
    Owners,
    Refusal,
    Request,
    Route,
    TooLong,
    frame,
    length,
    read_reply,
    read_request,
    routable,
)
from blocklists.channels import MOST_ROUTES
from blocklists.hosts import Host

CONNECTION = Connection("127.0.0.1", 45000, "127.77.0.1", 443)


@pytest.mark.parametrize(
    "request_",
    [Listen(), Route(["chatgpt.com"]), Owners([CONNECTION] * MAX_CONNECTIONS), Clear()],
    ids=lambda one: type(one).__name__,
)
def test_each_verb_there_and_back(request_: Request) -> None:
    sent = frame(request_)
    assert length(sent[:PREFIX]) == len(sent) - PREFIX
    assert read_request(sent[PREFIX:]) == request_


def test_the_longest_route_fits_in_a_message() -> None:
    name = ".".join(["a" * 63] * 4)[:253]
    assert len(frame(Route([name] * MOST_ROUTES))) <= MAX_MESSAGE


def test_an_answer_there_and_back() -> None:
    owned = Owned([Owner(4711, "/usr/bin/curl"), Owner()])
    assert read_reply(frame(owned)[PREFIX:]) == owned


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "kill", "pid": 1},
        {"type": "listen", "ports": [22]},
        {"type": "route"},
        {"type": "route", "names": "chatgpt.com"},
        {"type": "route", "names": [7]},
        {"type": "route", "names": ["chatgpt.com"], "server": "203.0.113.7"},
        {"type": "route", "names": ["x" * 254]},
        {"type": "route", "names": ["a.example"] * 5000},
        {"type": "owners", "connections": [["127.0.0.1", 1, "127.77.0.1", 443]]},
        {"type": "owners", "connections": [json.loads(frame(Listen())[PREFIX:])]},
        {"type": "owners", "connections": [{"client": "127.0.0.1", "client_port": 0}]},
        [{"type": "clear"}],
        "clear",
        None,
    ],
    ids=str,
)
def test_another_form_is_refused(body: object) -> None:
    with pytest.raises(Refusal) as refused:
        read_request(json.dumps(body).encode())
    assert refused.value.code is Code.FORM


def test_a_message_beyond_the_limit_is_not_read() -> None:
    with pytest.raises(TooLong):
        length((MAX_MESSAGE + 1).to_bytes(PREFIX))


@given(st.binary(max_size=300))
def test_whatever_comes(body: bytes) -> None:
    for read in (read_request, read_reply):
        with pytest.raises(Refusal):
            read(body)


def test_deep_nesting() -> None:
    with pytest.raises(Refusal):
        read_request(b'{"type":' + b"[" * 60_000)


def test_names_come_out_once_and_sorted() -> None:
    assert routable(["b.example", "a.example", "b.example"], ()) == ("a.example", "b.example")
    assert routable([f"d{number % MOST_ROUTES}.example" for number in range(1000)], ())
    assert routable(["_dns.xn--mnchen-3ya.example"], ())


@pytest.mark.parametrize(
    "name",
    [
        *("com", "localhost", "", ".", "..", "a..example", ".example", "example."),
        *("x.localhost", "printer.local", "53.0.77.127.in-addr.arpa", "vault.internal"),
        *("ChatGPT.com", "münchen.example", "a b.example", "~.", "a.example\n", "a.example:53"),
        *("127.0.0.1", "a/b.example", f"{'x' * 64}.example", "*.example"),
    ],
)
def test_a_name_of_the_system_or_no_name_at_all_is_not_routed(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        routable(["chatgpt.com", name], ())
    assert refused.value.code is Code.BAD_NAME


@pytest.mark.parametrize(
    "name", ["sluis.gemeente.example", "gemeente.example", "x.sluis.gemeente.example"]
)
def test_the_organisations_own_server_stays_reachable(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        routable([name], [Host("sluis.gemeente.example")])
    assert refused.value.code is Code.PROTECTED_NAME
    assert routable(["intranet.gemeente.example"], [Host("sluis.gemeente.example")])


def test_more_names_than_a_link_takes() -> None:
    names = [f"d{number}.example" for number in range(MOST_ROUTES + 1)]
    assert len(routable(names[1:], ())) == MOST_ROUTES
    with pytest.raises(Refusal) as refused:
        routable(names, ())
    assert refused.value.code is Code.TOO_MANY_NAMES
