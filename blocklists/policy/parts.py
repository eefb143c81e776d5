"""Parts that recur in a policy: words in two languages, lists of texts, addresses, unique ids."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from blocklists.hosts import BadHost, parse_host
from blocklists.yamlfile import Node

LANGUAGES = ("nl", "en")


def read_words(node: Node, *, both: bool = True) -> dict[str, str]:
    """Read a sentence in Dutch and English."""
    fields = node.mapping(known=LANGUAGES)
    get = fields.need if both else fields.get
    found = {language: get(language).text() for language in LANGUAGES}
    return {language: text for language, text in found.items() if text}


def read_texts(node: Node, *, some: bool = False) -> tuple[str, ...]:
    """Read a list of texts; `some` wants at least one."""
    items = node.list()
    if some and node.value == []:
        node.fault("is empty; name at least one")
    return tuple(text for text in (item.text() for item in items) if text)


def read_address(node: Node) -> str:
    """Read the address of a page: https, a host, no user name."""
    text = node.text() or ""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        parse_host(parts.hostname or "")
        fits = parts.scheme == "https" and "@" not in parts.netloc
    except (ValueError, BadHost):
        fits = False
    if not fits or not text.isascii() or any(sign in text for sign in ' "<>\\^`{|}'):
        node.fault(f"{text[:60]} is no address of a page; write https://host/path")
    return text


def read_audience(node: Node) -> None:
    """Read whom a decision is for: everyone, since nothing else is there yet."""
    audience = node.text()
    if audience not in (None, "everyone"):
        node.fault(f"{audience} is not there yet; write everyone")


def note_unknown(node: Node, name: str, known: Collection[str], what: str) -> None:
    """Note an id that the catalogue does not have, with the nearest that it has."""
    if name and name not in known:
        from difflib import get_close_matches  # noqa: PLC0415 - only where there is a fault

        near = get_close_matches(name, known, n=1)
        guess = f" (did you mean {near[0]}?)" if near else ""
        node.fault(f"the catalogue has no {what} {name[:64]}{guess}")


def note_twice(nodes: list[Node]) -> None:
    """Note each id that an earlier item of the list has."""
    seen: dict[str, Node] = {}
    for node in nodes:
        if isinstance(node.value, str):
            first = seen.setdefault(node.value, node)
            if first is not node:
                node.fault(f"{node.value} is taken at line {first.line}; give each its own id")
