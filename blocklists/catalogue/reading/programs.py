"""What a service is used with besides a browser's page: programs and browser extensions."""

from __future__ import annotations

import re

from blocklists.catalogue.model import Extension, Program
from blocklists.catalogue.reading.sources import Sources
from blocklists.catalogue.vocabulary import Browser, ProgramKind
from blocklists.yamlfile import Node

SIGNS = ("processes", "packages", "bundles", "paths", "commands", "ports")
"""What a program is known by; each is a list, and one of them must be there."""

_PROGRAM = ("kind", "name", *SIGNS, "signer", "source")
_EXTENSION = ("id", "browser", "name", "source")
_LONGEST_NAME = 80
# developer.chrome.com, "manifest key": 128 bits of a hash, written with the letters a to p.
_CHROMIUM_ID = re.compile(r"[a-p]{32}")
# Extension Workshop, "Extensions and the add-on ID": like an e-mail address, or a UUID in braces.
_FIREFOX_ID = re.compile(
    r"[\w.+-]*@[\w.-]+|\{[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}"
)


def read_program(node: Node, sources: Sources) -> Program:
    """Read one program of a service."""
    fields = node.mapping(known=_PROGRAM)
    if fields.node and not any(fields.get(sign).value for sign in SIGNS):
        node.fault(f"has no sign to know it by; write one of {', '.join(SIGNS)}")
    return Program(
        kind=fields.need("kind").one_of(ProgramKind) or ProgramKind.APP,
        name=fields.need("name").text(_LONGEST_NAME) or "",
        processes=tuple(_process(item) for item in fields.get("processes").list()),
        packages=_texts(fields.get("packages")),
        bundles=_texts(fields.get("bundles")),
        paths=_texts(fields.get("paths")),
        commands=_texts(fields.get("commands")),
        ports=tuple(item.integer(1, 65_535) or 0 for item in fields.get("ports").list()),
        signer=fields.get("signer").text() or "",
        source=sources.named(fields),
    )


def _process(node: Node) -> str:
    name = node.text() or ""
    if "/" in name or "\\" in name:
        node.fault(f"{name} is a path; write the file's name here, and the path under paths")
    return name


def _texts(node: Node) -> tuple[str, ...]:
    return tuple(item.text() or "" for item in node.list())


def read_extension(node: Node, sources: Sources) -> Extension:
    """Read one browser extension of a service."""
    fields = node.mapping(known=_EXTENSION)
    browser = fields.need("browser").one_of(Browser) or Browser.CHROME
    name = fields.need("id").text() or ""
    form = _FIREFOX_ID if browser is Browser.FIREFOX else _CHROMIUM_ID
    if name and not form.fullmatch(name):
        right = "name@example.org" if browser is Browser.FIREFOX else "32 letters from a to p"
        fields.get("id").fault(f"{name[:60]} is no id of {browser}; write {right}")
    return Extension(
        id=name,
        browser=browser,
        name=fields.need("name").text(_LONGEST_NAME) or "",
        source=sources.named(fields),
    )
