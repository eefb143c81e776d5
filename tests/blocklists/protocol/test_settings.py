"""Settings: one table, clear words for what cannot be used."""

from __future__ import annotations

import pytest

from blocklists.protocol.settings import BadSetting, check_setting

PIN = "1:" + "0" * 64


@pytest.mark.parametrize(
    ("name", "value", "want"),
    [
        ("server", "https://Sluis.example.nl/", "https://sluis.example.nl"),
        ("server", "https://sluis.example.nl:8743", "https://sluis.example.nl:8743"),
        ("server", "http://127.0.0.1:8700", "http://127.0.0.1:8700"),
        ("server", "http://[::1]:8700", "http://[::1]:8700"),
        ("pin", PIN, PIN),
        ("language", "en", "en"),
    ],
)
def test_a_good_value_comes_out_in_its_form(name: str, value: str, want: str) -> None:
    assert check_setting(name, value) == want


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("server", "http://sluis.example.nl", "https://"),
        ("server", "sluis.example.nl", "https://"),
        ("server", "https://sluis.example.nl/path", "alone"),
        ("server", "https://[", "not an address"),
        ("server", 5, "text"),
        ("pin", "1:abc", "64 hex digits"),
        ("pin", "0:" + "0" * 64, "64 hex digits"),
        ("language", "fy", "nl, en"),
        ("languge", "nl", "there are server"),
        ("enrolment", " ", "text"),
    ],
)
def test_a_bad_value_is_named_with_what_is_right(name: str, value: object, said: str) -> None:
    with pytest.raises(BadSetting, match=said) as caught:
        check_setting(name, value)
    assert str(caught.value).startswith(f"{name}:")
