"""Explanations: fact, decision, entry, verdict, channels, from the list that is enforced."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from blocklists.compiler import compile_blocklist
from blocklists.effects import read_question
from blocklists.explain import Explanation, explain
from blocklists.hosts import BadHost, Host
from blocklists.policy import load_policy
from tests.blocklists.policy.test_loading import APPROVAL
from tests.simulators.catalogue import made_up_catalogue

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CATALOGUE = made_up_catalogue()
POLICY = (
    """\
never: [login.example.nl]
categories:
  assistant: {verdict: block}
services:
  far: {verdict: observe, ends: 2027-01-01}
  veiled: {verdict: warn}
  api: {verdict: block}
"""
    + APPROVAL
)


def explained(text: str, at: datetime = NOW, language: str = "en") -> Explanation:
    policy = load_policy(POLICY.encode(), "policy.yaml", CATALOGUE.services)
    blocklist = compile_blocklist(
        CATALOGUE, policy, version=1, published=NOW, never=[Host("sluis.example")]
    ).blocklist
    return explain(CATALOGUE, policy, blocklist, read_question(text, at), language)


def test_a_blocked_host_from_fact_to_channels() -> None:
    found = explained("https://WWW.Chat.Example/some/page?q=1")
    assert found.to_json() == {
        "host": "www.chat.example",
        "path": "/some/page",
        "at": "2026-11-25T12:00:00Z",
        "service": "chat",
        "fact": "suffix chat.example",
        "decision": "category assistant",
        "entry": "suffix chat.example",
        "verdict": "block",
        "channels": {
            "dns": {"does": "routes", "why": found.lines["dns"]},
            "browser": {"does": "stops", "why": found.lines["browser"]},
        },
        "lines": dict(found.lines),
    }
    assert "Acme Chat of Acme" in found.lines["fact"]
    assert "acme.yaml:23" in found.lines["fact"]
    assert found.lines["decision"] == "category assistant says block (policy.yaml:3)."
    assert "chat.example and all below it" in found.lines["dns"]


def test_the_words_are_those_of_the_language() -> None:
    assert explained("chat.example", language="nl").lines["verdict"] == (
        "block: dit wordt tegengehouden."
    )


def test_an_approval_with_its_days_and_what_comes_after() -> None:
    found = explained("werk.babbel.example")
    assert found.decision.verdict == "allow"
    assert "from 2026-02-01 up to and including 2026-12-31" in found.lines["decision"]
    later = explained("werk.babbel.example", at=datetime(2027, 1, 1, tzinfo=UTC))
    assert later.to_json()["decision"] == "category assistant"


def test_an_end_alone() -> None:
    line = explained("far.example").lines["decision"]
    assert line == "service far says observe, up to and including 2027-01-01 (policy.yaml:5)."


@pytest.mark.parametrize(
    ("text", "dns", "browser"),
    [
        ("chat.example", "routes", "stops"),
        ("chat-leaf.example", "routes", "stops"),
        ("chat-api.example", "leaves", "stops"),
        ("shared.example/chat", "leaves", "stops"),
        ("shared.example", "nothing", "nothing"),
        ("babbel.example", "leaves", "stops"),
        ("far.example", "leaves", "counts"),
        ("veiled.example", "leaves", "asks"),
        ("elsewhere.example", "nothing", "nothing"),
        ("203.0.113.5", "nothing", "nothing"),
        ("login.example.nl", "nothing", "nothing"),
    ],
)
def test_what_each_channel_does(text: str, dns: str, browser: str) -> None:
    channels = explained(text).channels
    assert (channels["dns"].does, channels["browser"].does) == (dns, browser)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("elsewhere.example", "fact", "knows elsewhere.example as the host of no service"),
        ("203.0.113.5", "fact", "is an IP address"),
        ("x.login.example.nl", "decision", "login.example.nl and all below it is never blocked"),
        ("sluis.example", "decision", "a name of the organisation itself"),
        ("elsewhere.example", "entry", "no entry"),
    ],
)
def test_what_is_said_where_nothing_is_decided(text: str, line: str, words: str) -> None:
    assert words in explained(text).lines[line]


def test_json_holds_the_same_words() -> None:
    found = explained("chat.example")
    again = json.loads(json.dumps(found.to_json()))
    assert again["lines"] == dict(found.lines)
    assert list(found.lines) == ["fact", "decision", "entry", "verdict", "dns", "browser"]


@pytest.mark.parametrize("bad", ["", "a b.example", "https:///x", "chat..example"])
def test_what_is_no_host_is_refused(bad: str) -> None:
    with pytest.raises(BadHost):
        read_question(bad, NOW)
