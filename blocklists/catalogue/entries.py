"""The text of an entry into its normal form, or a refusal that says what to write.

- Upper case, letters of other scripts and a dot at the end are taken, and normalised.
- A wildcard, URL, port, address or single label is refused: what is meant would be a guess. So are
  signs that DNS takes and no service has: they are of a filter's or another list's syntax.
- A path has no query, no dot segments and no slash at its end; it holds at a segment's boundary.
"""

from __future__ import annotations

import re

from blocklists.catalogue.model import Kind
from blocklists.hosts import Address, BadHost, Host, letters, parse_host
from blocklists.scripts import mixed_scripts

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PORT = re.compile(r":[0-9]*\Z")
_NAME = re.compile(r"[a-z0-9._-]+")
# RFC 3986, "pchar": what a path's segment may hold, without the star.
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))(?:[A-Za-z0-9._~!$&'()+,;=:@-]|%[0-9A-F]{2})+)+")


class BadEntry(ValueError):
    """The text of an entry is refused; the message says what to write."""


def normal_form(kind: Kind, text: str) -> str:
    """Give the value of an entry: a host, or of a path entry host and path.

    Raises BadEntry.
    """
    text = text.strip(" ")
    if not text:
        raise BadEntry("is empty; write a host such as chatgpt.com")
    if scheme := _URL.match(text):
        rest = text[scheme.end() :]
        better = rest if kind == "path" else rest.partition("/")[0]
        raise BadEntry(f"{text} is a URL; write {kind} {better}")
    host, slash, path = text.partition("/")
    if kind != "path":
        if slash:
            raise BadEntry(f"{text} holds a path; write {kind} {host}, or path {text}")
        return _host(kind, host)
    if not path:
        raise BadEntry(f"{text} has no path; write path {host}/some/path, or exact {host}")
    return _host(kind, host) + _path(slash + path)


def _host(kind: Kind, text: str) -> Host:
    if text.startswith("*."):
        names = "takes all names below it" if kind == "suffix" else "is for this name alone"
        raise BadEntry(f"{text} has a star; write suffix {text[2:]} ({kind} {names})")
    if "*" in text:
        raise BadEntry(f"{text} has a star inside; name the hosts, or a suffix above them")
    if not text.startswith("[") and text.count(":") == 1 and (port := _PORT.search(text)):
        raise BadEntry(f"{text} has a port; write it without: {text[: port.start()]}")
    try:
        host = parse_host(text)
    except BadHost as error:
        raise BadEntry(str(error)) from error
    if isinstance(host, Address):
        raise BadEntry(f"{text} is an address; write the host that the service is reached at")
    if "%" in text or not _NAME.fullmatch(host):
        raise BadEntry(f"{text} is more than a host; write the name alone, such as chatgpt.com")
    if "." not in host:
        raise BadEntry(f"{text} is one label; write a whole host such as chatgpt.com")
    if mixed := next(filter(None, map(mixed_scripts, letters(host).split("."))), None):
        one, other = (script.capitalize() for script in mixed)
        raise BadEntry(
            f"{text} ({host}) mixes {one} and {other} letters in one label, so it looks like "
            "another name; write the letters that are meant"
        )
    return host


def _path(text: str) -> str:
    path = text.rstrip("/")
    if not path:
        raise BadEntry(f"the path {text} is every page; write exact instead of path")
    if "*" in path:
        raise BadEntry(f"the path {path} has a star; write it without: all below a path is meant")
    if not _PATH.fullmatch(path):
        raise BadEntry(
            f"the path {path} holds what a path cannot: write it as the address bar shows it, "
            "without query, and %E9 for other letters"
        )
    return path
