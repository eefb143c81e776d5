"""Hosts that no entry may cover."""

from __future__ import annotations

import pytest

from blocklists.catalogue.guard import Guard, load_guard
from blocklists.catalogue.model import Kind
from blocklists.hosts import Host, parse_host


@pytest.fixture(scope="module")
def guard() -> Guard:
    return load_guard()


@pytest.mark.parametrize(
    ("kind", "host", "words"),
    [
        ("suffix", "co.uk", "is a public suffix, not a service"),
        ("suffix", "github.io", "add all_users: true"),
        ("exact", "github.io", "add all_users: true"),
        ("suffix", "google.com", "shared host"),
        ("exact", "github.com", "write the path of the service: path github.com/"),
        ("suffix", "github.com", "shared host"),
        ("suffix", "core.windows.net", "covers"),
    ],
)
def test_refused(guard: Guard, kind: Kind, host: str, words: str) -> None:
    refusal = guard.refusal(kind, Host(host), all_users=False)
    assert refusal
    assert words in refusal


@pytest.mark.parametrize(
    ("kind", "host"),
    [
        ("exact", "gemini.google.com"),
        ("path", "github.com"),
        ("suffix", "chat.github.io"),
        ("suffix", "chatgpt.com"),
    ],
)
def test_accepted(guard: Guard, kind: Kind, host: str) -> None:
    assert guard.refusal(kind, Host(host), all_users=False) is None


def test_what_lies_above_a_name_that_must_stay_open() -> None:
    login, above = Host("login.example.nl"), Host("example.nl")
    guard = Guard({login: "sign-in"}, {above: (login, "sign-in")})
    refusal = guard.refusal("suffix", above, all_users=False)
    assert refusal
    assert "covers login.example.nl (sign-in)" in refusal
    assert guard.refusal("exact", above, all_users=False) is None


def test_all_users_opens_a_company_suffix_and_no_country(guard: Guard) -> None:
    assert guard.refusal("suffix", Host("hf.space"), all_users=True) is None
    assert guard.refusal("suffix", Host("co.uk"), all_users=True)
    assert guard.refusal("suffix", Host("google.com"), all_users=True)


def test_the_lists_hold_normal_names(guard: Guard) -> None:
    assert len(guard.equal) > 1_000
    assert [host for host in guard.equal if parse_host(host) != host] == []
