"""Text to a host name or an address, the way browsers read it; the only file that names idna.

Rules kept here:
 * Names are mapped by UTS 46 (non-transitional, without STD3 rules) as the URL standard says,
   and come out as A-labels in lower case, without port and without the dot at the end. Signs
   written as %67 are read first; joiners and letters of both directions are held to its rules.
 * A name that DNS accepts never raises: an underscore, or two hyphens in place 3 and 4, is a name.
 * What ends in a number is an IPv4 address or nothing (URL standard, "ends in a number").
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType
from urllib.parse import unquote

import idna

if TYPE_CHECKING:
    from collections.abc import Iterator

Host = NewType("Host", str)
"""A host name in normal form: A-labels, lower case, no dot at the end."""

MAX_HOST = 253
MAX_LABEL = 63

# URL standard, "forbidden domain code point": https://url.spec.whatwg.org/#forbidden-domain-code-point
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|]")
_PORT = re.compile(r":(\d*)\Z", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
_JOINERS = "\u200c\u200d"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_MAX_PORT = 65535
_IPV4_PARTS = 4


@dataclass(frozen=True)
class Address:
    """An IP address where a host was expected: it matches no name."""

    text: str


class BadHost(ValueError):
    """A text that is no host name; `reason` says why in a few words."""

    def __init__(self, text: str, reason: str) -> None:
        """Keep the text as it came, shortened for messages."""
        super().__init__(f"{text[:80]!r} is not a host name: {reason}")
        self.text = text
        self.reason = reason


def parse_host(text: str) -> Host | Address:
    """Read a host as a browser would; a port and one dot at the end are taken off.

    Raises BadHost for what is neither a name nor an address.
    """
    if text.startswith("["):
        return _bracketed(text)
    if text.count(":") > 1:
        return _ipv6(text, text)
    name = _mapped(_without_port(text), text).removesuffix(".")
    if not name:
        raise BadHost(text, "it is empty")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(labels, text)
    host = ".".join(_label(label, text) for label in labels)
    _check_directions(labels, text)
    if len(host) > MAX_HOST:
        raise BadHost(text, f"it is longer than {MAX_HOST} characters")
    return Host(host)


def parents(host: Host) -> Iterator[Host]:
    """The host itself, then every name above it, the longest first."""
    labels = host.split(".")
    for start in range(len(labels)):
        yield Host(".".join(labels[start:]))


def letters(host: Host) -> str:
    """The host with the letters that its A-labels stand for, as an address bar may show it."""
    return ".".join(_letters(label) for label in host.split("."))


def _letters(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:  # not of punycode: it stands for nothing but itself
        return label


def _without_port(text: str) -> str:
    if found := _PORT.search(text):
        if int(found[1] or 0) > _MAX_PORT:
            raise BadHost(text, f"a port is at most {_MAX_PORT}")
        return text[: found.start()]
    return text


def _mapped(name: str, text: str) -> str:
    """Map by UTS 46; the dots of other scripts become full stops."""
    name = unquote(name)
    if name.isascii():
        return name.lower()
    try:
        return idna.uts46_remap(name, std3_rules=False, transitional=False)
    except idna.IDNAError as error:
        raise BadHost(text, "it has a character that no name may have") from error


def _label(label: str, text: str) -> str:
    if not label:
        raise BadHost(text, "it has an empty label (two dots, or a dot in front)")
    if forbidden := _FORBIDDEN.search(label):
        raise BadHost(text, f"{forbidden[0]!r} may not stand in a name")
    if not label.isascii():
        _check_letters(label, text)
        try:
            label = "xn--" + label.encode("punycode").decode("ascii")
        except UnicodeError as error:  # a lone surrogate
            raise BadHost(text, "it has a character that no name may have") from error
    if len(label) > MAX_LABEL:
        raise BadHost(text, f"a label is longer than {MAX_LABEL} characters")
    return label


def _check_letters(label: str, text: str) -> None:
    """Hold a label to what UTS 46 asks of its letters (section 4.1, "validity criteria")."""
    if unicodedata.category(label[0]).startswith("M"):
        raise BadHost(text, "a label begins with a combining mark")
    if label.startswith("xn--"):
        raise BadHost(text, "after xn-- stand letters of ASCII alone")
    places = [place for place, sign in enumerate(label) if sign in _JOINERS]
    try:
        joined = all(idna.valid_contextj(label, place) for place in places)
    except ValueError:  # a letter younger than Python's tables
        joined = False
    if not joined:
        raise BadHost(text, "a joiner stands where it joins nothing")


def _check_directions(labels: list[str], text: str) -> None:
    """Hold a name with letters from right to left to RFC 5893, section 2."""
    signs = "".join(labels)
    if signs.isascii() or _RIGHT_TO_LEFT.isdisjoint(map(unicodedata.bidirectional, signs)):
        return
    try:
        for label in labels:
            idna.check_bidi(label, check_ltr=True)
    except idna.IDNAError as error:
        raise BadHost(text, "it mixes letters of both directions") from error


def _bracketed(text: str) -> Address:
    inner, closed, rest = text[1:].partition("]")
    if not closed or (rest and not _PORT.fullmatch(rest)):
        raise BadHost(text, "an address in brackets is written [2001:db8::5]")
    _without_port(rest)
    return _ipv6(inner, text)


def _ipv6(address: str, text: str) -> Address:
    try:
        if "%" in address:  # a zone means something on one machine alone
            raise ValueError
        return Address(str(ipaddress.IPv6Address(address)))
    except ValueError as error:
        raise BadHost(text, "it has colons and is no IPv6 address") from error


def _ipv4(labels: list[str], text: str) -> Address:
    """Read 203.0.113.5 and its other spellings (URL standard, "IPv4 parser")."""
    if len(labels) > _IPV4_PARTS or not all(_NUMBER.fullmatch(label) for label in labels):
        raise BadHost(text, "it ends in a number and is no IPv4 address")
    try:
        numbers = [_number(label) for label in labels]
        if any(number > 0xFF for number in numbers[:-1]):
            raise ValueError
        value = numbers[-1]
        if value >= 256 ** (_IPV4_PARTS + 1 - len(numbers)):
            raise ValueError
        for place, number in enumerate(numbers[:-1]):
            value += number << 8 * (_IPV4_PARTS - 1 - place)
        return Address(str(ipaddress.IPv4Address(value)))
    except ValueError as error:
        raise BadHost(text, "it ends in a number and is no IPv4 address") from error


def _number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    if len(label) > 1 and label.startswith("0"):
        return int(label, 8)
    return int(label)
