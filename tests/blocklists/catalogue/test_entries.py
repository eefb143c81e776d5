"""What an entry's text may be, and what a refusal tells to write instead."""

from __future__ import annotations

import pytest

from blocklists.catalogue.entries import BadEntry, normal_form
from blocklists.catalogue.model import Kind


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("suffix", "ChatGPT.com", "chatgpt.com"),
        ("suffix", "claude.ai.", "claude.ai"),
        ("suffix", "bücher.example", "xn--bcher-kva.example"),
        ("exact", "my_host.example.com", "my_host.example.com"),
        ("path", "github.com/copilot", "github.com/copilot"),
        ("path", "GitHub.com/Copilot/", "github.com/Copilot"),
        ("path", "www.example.com/a/%C3%A9@b:c", "www.example.com/a/%C3%A9@b:c"),
    ],
)
def test_accepted_in_normal_form(kind: Kind, text: str, value: str) -> None:
    assert normal_form(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("suffix", "", "empty"),
        ("suffix", "*.chatgpt.com", "write suffix chatgpt.com"),
        ("exact", "*.chatgpt.com", "write suffix chatgpt.com"),
        ("suffix", "chat.*.com", "name the hosts"),
        ("suffix", "https://chatgpt.com/", "is a URL; write suffix chatgpt.com"),
        ("path", "https://github.com/copilot", "write path github.com/copilot"),
        ("suffix", "github.com/copilot", "or path github.com/copilot"),
        ("suffix", "chatgpt.com:443", "without: chatgpt.com"),
        ("suffix", "203.0.113.5", "is an address"),
        ("suffix", "[2001:db8::5]", "is an address"),
        ("suffix", "localhost", "one label"),
        ("suffix", "chatgpt..com", "empty label"),
        ("suffix", "chat gpt.com", "may not stand in a name"),
        ("path", "chatgpt.com", "write path chatgpt.com/some/path, or exact chatgpt.com"),
        ("path", "chatgpt.com/", "has no path"),
        ("path", "chatgpt.com//", "every page"),
        ("path", "chatgpt.com/a?b=c", "without query"),
        ("path", "chatgpt.com/a#b", "without query"),
        ("path", "chatgpt.com/a/../b", "cannot"),
        ("path", "chatgpt.com/./a", "cannot"),
        ("path", "chatgpt.com/a//b", "cannot"),
        ("path", "chatgpt.com/é", "%E9"),
        ("path", "*.chatgpt.com/a", "star"),
        ("suffix", "ch\u0430tgpt.com", "mixes Cyrillic and Latin letters"),
        ("suffix", "xn--chtgpt-4nf.com", "mixes Cyrillic and Latin letters"),
        ("exact", "www.cl\u03b1ude.ai", "mixes Greek and Latin letters"),
    ],
)
def test_refused_with_what_to_write(kind: Kind, text: str, words: str) -> None:
    with pytest.raises(BadEntry) as refused:
        normal_form(kind, text)
    assert words in str(refused.value)
