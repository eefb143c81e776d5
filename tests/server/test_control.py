"""The control socket: what `sluis` asks, as a process on the same machine does."""

from __future__ import annotations

import getpass
import stat
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from blocklists.blocklist import Blocklist
from tests.simulators.endpoint import Endpoint, ask
from tests.simulators.organisation import Organisation
from tests.simulators.organisation import list_on_the_wire as on_the_wire

POLICY = """
organisation: {name: Gemeente Voorbeeld, time_zone: Europe/Amsterdam}
categories:
  assistant: {verdict: block}
  companion: {verdict: block}
  image: {verdict: block}
services:
  chatgpt: {verdict: warn}
"""


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with Organisation(tmp_path_factory.mktemp("control") / "data") as running:
        yield running


def verdict(blocklist: Blocklist, decision: str) -> str:
    return blocklist.decisions[decision].verdict.value


def test_the_socket_is_the_servers_accounts_alone(organisation: Organisation) -> None:
    mode = (organisation.folder / "control.sock").stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_a_policy_is_on_the_wire_within_a_second(organisation: Organisation) -> None:
    organisation.apply(POLICY, may_shrink=True)
    for word in ("block", "observe, ends: 2027-12-31", "warn"):
        policy = POLICY.replace("chatgpt: {verdict: warn}", f"chatgpt: {{verdict: {word}}}")
        started = time.monotonic()
        applied = organisation.apply(policy)
        blocklist = on_the_wire(organisation.url)
        assert time.monotonic() - started < 1
        assert blocklist.version == applied["list_version"]
        assert blocklist.trial
        assert verdict(blocklist, "service chatgpt") == word.partition(",")[0]


def test_a_broken_policy_changes_nothing_and_names_every_line(organisation: Organisation) -> None:
    organisation.apply(POLICY, may_shrink=True)
    before = on_the_wire(organisation.url), organisation.ask("GET", "/policy")
    broken = POLICY.replace("assistant: {verdict: block}", "assistant: {verdict: stop}")
    broken = broken.replace("chatgpt:", "chatgtp:")
    headers = {"X-Sluis-File": quote("beleid é.yaml")}
    status, answer = organisation.ask("POST", "/policy", broken.encode(), headers)
    assert (status, answer["code"]) == (400, "policy")
    assert [line.split(": ")[0] for line in answer["problems"]] == [
        "beleid é.yaml:4",
        "beleid é.yaml:8",
    ]
    assert (on_the_wire(organisation.url), organisation.ask("GET", "/policy")) == before
    assert ask(organisation.url, "GET", "/health/ready").status == 200


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a: [", b"- list"])
def test_what_is_no_policy_is_refused(organisation: Organisation, body: bytes) -> None:
    status, answer = organisation.ask("POST", "/policy", body)
    assert (status, answer["code"]) == (400, "policy")


def test_a_policy_too_large_is_413(organisation: Organisation) -> None:
    status, answer = organisation.ask("POST", "/policy", b"#" * (2 * 1024 * 1024))
    assert (status, answer["code"]) == (413, "too-large")


def test_a_list_that_shrinks_by_more_than_half_stops_until_it_is_meant(
    organisation: Organisation,
) -> None:
    organisation.apply(POLICY, may_shrink=True)
    small = "organisation: {name: Gemeente Voorbeeld, time_zone: Europe/Amsterdam}\n"
    before = on_the_wire(organisation.url)
    status, answer = organisation.ask("POST", "/policy", small.encode())
    assert (status, answer["code"]) == (409, "shrinks")
    assert answer["entries_before"] == len(before.entries)
    assert on_the_wire(organisation.url) == before
    assert organisation.apply(small, may_shrink=True)["entries"] == 0
    assert on_the_wire(organisation.url).entries == ()
    organisation.apply(POLICY)


def test_the_history_keeps_who_why_and_the_difference(organisation: Organisation) -> None:
    organisation.apply(POLICY, may_shrink=True)
    first = organisation.ask("GET", "/policy")[1]
    changed = POLICY.replace("image: {verdict: block}", "image: {verdict: warn}")
    organisation.apply(changed, why="besluit van 25 november: één")
    second = organisation.ask("GET", "/policy")[1]
    assert second["version"] == first["version"] + 1
    assert second["who"] == getpass.getuser()
    assert second["why"] == "besluit van 25 november: één"
    assert second["text"] == changed
    lines = second["difference"].splitlines()
    assert "-  image: {verdict: block}" in lines
    assert "+  image: {verdict: warn}" in lines


def test_what_nobody_can_enforce_is_told_in_both_languages(organisation: Organisation) -> None:
    told = organisation.apply(POLICY, may_shrink=True)["not_enforced"]
    assert told
    assert all(set(one["why"]) == {"nl", "en"} and one["what"] and one["code"] for one in told)


def test_a_token_is_of_the_kind_and_for_the_times_that_were_asked(
    organisation: Organisation,
) -> None:
    token = organisation.token("profile", uses=2)
    answers = [Endpoint(organisation.url, "profile").enrol(token).status for _ in range(3)]
    assert answers == [201, 201, 401]
    for wrong in (b'{"kind": "toaster"}', b'{"kind": "agent", "days": 31}', b"{}", b"no"):
        assert organisation.ask("POST", "/device-tokens", wrong)[0] == 400


def test_the_trials_profile_token_enrols_browsers(organisation: Organisation) -> None:
    token = organisation.trial()["profile_token"]
    assert organisation.trial()["profile_token"] == token
    assert Endpoint(organisation.url, "profile").enrol(token).status == 201
    assert Endpoint(organisation.url, "agent").enrol(token).status == 401


def test_explain_follows_a_host_back_to_the_line_of_the_policy(organisation: Organisation) -> None:
    organisation.apply(POLICY, may_shrink=True)
    status, answer = organisation.ask("GET", "/explain?host=www.chatgpt.com")
    assert status == 200
    assert (answer["service"], answer["verdict"]) == ("chatgpt", "warn")
    assert answer["decision"] == "service chatgpt"
    assert "policy:8" in answer["lines"]["decision"]
    dutch = organisation.ask("GET", "/explain?host=chatgpt.com&language=nl")[1]
    assert dutch["lines"]["verdict"] != answer["lines"]["verdict"]
    for query in ("host=", "host=a..b", "host=x.nl&language=fr", "host=x.nl&at=tomorrow"):
        assert organisation.ask("GET", f"/explain?{query}")[0] == 400


def test_a_link_signs_in_once(organisation: Organisation) -> None:
    status, answer = organisation.ask("POST", "/links")
    assert status == 201
    address, _, code = answer["url"].partition("#")
    assert address == f"{organisation.url}/sign-in"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    statuses = [
        ask(organisation.url, "POST", "/sign-in", f"code={code}".encode(), form).status
        for _ in range(2)
    ]
    assert statuses == [303, 401]


def test_signed_in_the_overview_opens(organisation: Organisation) -> None:
    code = organisation.ask("POST", "/links")[1]["url"].partition("#")[2]
    signed = ask(organisation.url, "POST", "/sign-in", f"code={code}".encode())
    cookie = {"Cookie": signed.headers["set-cookie"].partition(";")[0]}
    page = ask(organisation.url, "GET", "/oversight/", None, cookie)
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
