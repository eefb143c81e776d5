"""Public suffixes of both sections, and the domains below them."""

from __future__ import annotations

import pytest

from blocklists.hosts import Host
from blocklists.suffixes import of_private_section, public_suffix, registrable_domain, suffix_below


@pytest.mark.parametrize(
    ("host", "suffix", "domain"),
    [
        ("www.chatgpt.com", "com", "chatgpt.com"),
        ("com", "com", None),
        ("a.co.uk", "co.uk", "a.co.uk"),
        ("co.uk", "co.uk", None),
        ("github.io", "github.io", None),
        ("chat.github.io", "github.io", "chat.github.io"),
        ("hf.space", "hf.space", None),
        ("blob.core.windows.net", "blob.core.windows.net", None),
        ("x.xn--p1ai", "xn--p1ai", "x.xn--p1ai"),
        ("www.ck", "ck", "www.ck"),
        ("other.ck", "other.ck", None),
        ("localhost", None, None),
        ("a.example", None, None),
    ],
)
def test_suffix_and_domain(host: str, suffix: str | None, domain: str | None) -> None:
    assert public_suffix(Host(host)) == suffix
    assert registrable_domain(Host(host)) == domain


def test_the_private_section_is_known_apart() -> None:
    assert of_private_section(Host("github.io"))
    assert not of_private_section(Host("co.uk"))


def test_what_covers_a_suffix_is_known() -> None:
    assert suffix_below(Host("core.windows.net")) == "blob.core.windows.net"
    assert suffix_below(Host("blob.core.windows.net")) is None
    assert suffix_below(Host("chatgpt.com")) is None
    assert suffix_below(Host("www.ck")) is None


def test_what_covers_suffixes_of_a_wildcard_or_of_another_script_is_known() -> None:
    assert suffix_below(Host("sch.uk")) == "*.sch.uk"
    county = "xn--mre-og-romsdal-qqb.no"
    assert suffix_below(Host(county)) == f"xn--hery-ira.{county}"
