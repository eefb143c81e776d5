"""Where facts were read: the pages of a file, the public lists of all, and what rests on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from blocklists.catalogue.model import Basis, Source
from blocklists.yamlfile import Fields, Node

FEWEST_FAMILIES = 2
"""Lists of so many independent families must name a service whose page nobody read."""

_PAGE = ("title", "url", "read")
_LIST = (*_PAGE, "family", "licence")


def read_lists(top: Node) -> dict[str, Source]:
    """Read lists.yaml: the public lists that facts of any file may name."""
    lists = top.mapping(known=("lists",)).need("lists")
    return {name: _list(name, node) for name, node in lists.mapping()}


def _list(name: str, node: Node) -> Source:
    fields = node.mapping(known=_LIST)
    page = _page(fields)
    family = fields.get("family").identifier() or name
    licence = fields.need("licence").text() or ""
    return Source(page.title, page.url, page.read, family, licence)


def _page(fields: Fields) -> Source:
    url = fields.need("url").text() or ""
    if url and not _is_address(url):
        fields.get("url").fault(f"{url} is no web address; write https://...")
    day = fields.need("read").date()
    title = fields.need("title").text() or ""
    return Source(title, url, day or date.min)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is never closed
        return False
    return parts.scheme == "https" and bool(parts.hostname)


@dataclass(frozen=True)
class Sources:
    """What the facts of one file may name."""

    pages: Mapping[str, Source]
    lists: Mapping[str, Source]

    def named(self, fields: Fields) -> str:
        """Read the source that a fact names, and note one that is not there."""
        return self._known(fields.need("source"))

    def _known(self, node: Node) -> str:
        name = node.text() or ""
        if name and name not in self.pages and name not in self.lists:
            known = ", ".join(self.pages) or "none yet"
            node.fault(
                f"{name} is among neither the sources of this file ({known}) nor the public "
                "lists (lists.yaml); add it here"
            )
        return name

    def basis(self, node: Node) -> Basis:
        """Read what a service rests on: a page of this file, or independent lists."""
        fields = node.mapping(known=("page", "lists"))
        if ("page" in fields) == ("lists" in fields):
            if fields.node:
                node.fault("must have one of page and lists; write the one that it rests on")
            return Basis()
        if "page" in fields:
            return self._page_read(fields.get("page"))
        return self._agreeing(fields.get("lists"))

    def _page_read(self, node: Node) -> Basis:
        name = node.text() or ""
        if name and name not in self.pages:
            known = ", ".join(self.pages) or "none yet"
            node.fault(f"{name} is no page among the sources of this file ({known}); add it there")
        return Basis(page=name)

    def _agreeing(self, node: Node) -> Basis:
        names: list[str] = []
        if not isinstance(node.value, list):
            node.list()  # notes what stands there instead
            return Basis()
        for item in node.value:
            name = item.text() or ""
            if name in self.lists:
                names.append(name)
            elif name:
                item.fault(f"{name} is no public list; write an id of lists.yaml")
        families = {self.lists[name].family for name in names}
        if len(names) == len(node.value) and len(families) < FEWEST_FAMILIES:
            node.fault(
                f"is {len(families)} independent family of lists; name lists of "
                f"{FEWEST_FAMILIES} families, or read a page and write basis: {{page: ...}}"
            )
        return Basis(lists=tuple(names))


def read_pages(node: Node, lists: Mapping[str, Source]) -> dict[str, Source]:
    """Read the sources of a service file: the pages that were read for its vendor."""
    pages = {}
    for name, each in node.mapping():
        if name in lists:
            each.fault(f"{name} is a public list already (lists.yaml); take it out here")
        pages[name] = _page(each.mapping(known=_PAGE))
    return pages
