"""Hosts as browsers read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.hosts import Address, BadHost, Host, parents, parse_host

NAMES = {
    "ChatGPT.com": "chatgpt.com",
    "chatgpt.com.": "chatgpt.com",
    "chatgpt.com.:443": "chatgpt.com",
    "B\u00dcCHER.example": "xn--bcher-kva.example",
    "bu\u0308cher.example": "xn--bcher-kva.example",
    "stra\u00dfe.example": "xn--strae-oqa.example",
    "\u2603.example": "xn--n3h.example",
    "chatgpt\u3002com": "chatgpt.com",
    "chatgpt.com\u3002": "chatgpt.com",
    "my_host.example": "my_host.example",
    "r3---sn-5hne6nsd.example": "r3---sn-5hne6nsd.example",
    "xn--0.example": "xn--0.example",
    "com": "com",
    "chat%67pt%2ecom": "chatgpt.com",
    "\u0915\u094d\u200d\u0937.example": "xn--11b2ezcw70k.example",
    "\u05d0\u05d1.example": "xn--4dbc.example",
}
ADDRESSES = {
    "203.0.113.5": "203.0.113.5",
    "203.0.113.5:443": "203.0.113.5",
    "0x7f.1": "127.0.0.1",
    "2130706433": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "[2001:DB8::5]:443": "2001:db8::5",
    "2001:db8::5": "2001:db8::5",
}
BAD = (
    "",
    ".",
    "..",
    ".chatgpt.com",
    "chatgpt..com",
    "chat gpt.com",
    "chatgpt.com/c/1",
    "user@chatgpt.com",
    "chatgpt.com:99999",
    "https://chatgpt.com",
    "chat\x00gpt.com",
    "\ud800.example",
    "\u0308cher.example",
    "a" * 64 + ".example",
    ".".join(["a" * 60] * 5),
    "1.2.3.4.5",
    "256.1.1.1",
    "08.1.1.1",
    "[2001:db8::5",
    "[2001:db8::5]x",
    "2001:db8::zz",
    "[fe80::1%25eth0]",
    "chatgpt.com%2fx",
    "chatgpt%.com",
    "chat\u200dgpt.com",
    "\u05d0a.example",
    "a.\u05d0a",
    "xn--\u00fc.example",
)


@pytest.mark.parametrize(("text", "host"), NAMES.items())
def test_a_name_comes_out_as_browsers_read_it(text: str, host: str) -> None:
    assert parse_host(text) == host


@pytest.mark.parametrize(("text", "address"), ADDRESSES.items())
def test_an_address_is_an_address_in_every_spelling(text: str, address: str) -> None:
    assert parse_host(text) == Address(address)


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_host_says_why(text: str) -> None:
    with pytest.raises(BadHost) as caught:
        parse_host(text)
    assert caught.value.reason


def test_parents_go_from_the_name_to_the_top() -> None:
    assert list(parents(Host("a.b.example"))) == ["a.b.example", "b.example", "example"]


@given(st.text(max_size=40))
def test_any_text_is_a_host_an_address_or_bad_and_normal_form_is_stable(text: str) -> None:
    try:
        found = parse_host(text)
    except BadHost:
        return
    if not isinstance(found, Address):
        assert parse_host(found) == found
