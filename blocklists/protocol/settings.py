"""What can be set on an endpoint: one table, from which every form of it is made."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

_PIN = re.compile(r"[1-9]\d{0,8}:[0-9a-f]{64}", re.ASCII)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Endpoint(StrEnum):
    """Who reads a setting."""

    AGENT = "agent"
    EXTENSION = "extension"


@dataclass(frozen=True)
class Setting:
    """One thing that IT sets; every value is text."""

    name: str
    nl: str
    en: str
    required: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False
    """Not shown by `status` nor in logs."""
    endpoints: tuple[Endpoint, ...] = (Endpoint.AGENT, Endpoint.EXTENSION)


SETTINGS = (
    Setting(
        "server",
        nl="Adres van de Sluis-server van de organisatie, zoals https://sluis.example.nl",
        en="Address of the organisation's Sluis server, such as https://sluis.example.nl",
        required=True,
    ),
    Setting(
        "pin",
        nl="Vastgezette root: versienummer, dubbele punt, SHA-256 van het bestand N.root.json",
        en="Pinned root: version number, colon, SHA-256 of the file N.root.json",
        required=True,
    ),
    Setting(
        "enrolment",
        nl="Code waarmee dit apparaat of profiel zich één keer aanmeldt bij de server",
        en="Token with which this device or profile enrols at the server, once",
        secret=True,
    ),
    Setting(
        "language",
        nl="Taal van de meldingen, als de gebruiker niet zelf kiest: nl of en",
        en="Language of the notices where the reader does not choose: nl or en",
        default="nl",
        choices=("nl", "en"),
    ),
)
"""In the order in which documents show them."""


class BadSetting(ValueError):
    """A value that cannot be used; the message names the setting and what is right."""


def check_setting(name: str, value: object) -> str:
    """Give the value of a setting in its form. Raises BadSetting."""
    setting = next((one for one in SETTINGS if one.name == name), None)
    if setting is None:
        known = ", ".join(one.name for one in SETTINGS)
        raise BadSetting(f"{name}: no such setting; there are {known}")
    if not isinstance(value, str) or not value.strip():
        raise BadSetting(f"{name}: a text is wanted")
    text = value.strip()
    if setting.choices and text not in setting.choices:
        raise BadSetting(f"{name}: one of {', '.join(setting.choices)}, not {text!r}")
    if name == "server":
        return _server(text)
    if name == "pin" and not _PIN.fullmatch(text):
        raise BadSetting("pin: a version, a colon and 64 hex digits, such as 1:9f86d0…")
    return text


def managed_schema() -> str:
    """The text of extension/managed_schema.json, in the JSON Schema that Chromium reads.

    https://developer.chrome.com/docs/extensions/reference/manifest/storage
    """
    properties: dict[str, Any] = {
        setting.name: {"type": "string", "title": setting.en, "description": setting.nl}
        for setting in SETTINGS
        if Endpoint.EXTENSION in setting.endpoints
    }
    return (
        json.dumps({"type": "object", "properties": properties}, indent=2, ensure_ascii=False)
        + "\n"
    )


def _server(text: str) -> str:
    """Endpoints speak https, or http to loopback."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadSetting(f"server: {text!r} is not an address: {error}") from error
    loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or loopback):
        raise BadSetting("server: an address with https:// (http:// only to 127.0.0.1)")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise BadSetting("server: scheme, host and port alone, such as https://sluis.example.nl")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
