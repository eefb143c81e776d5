"""The overview as a person sees it: signed in by a one-time link, read from the page itself."""

from __future__ import annotations

import http.cookiejar
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from typing import NamedTuple


class Met(NamedTuple):
    """What stands on the overview about one service under one verdict; zero where nothing does."""

    attempts: int = 0
    contacts: int = 0


class Overview:
    """A session of its own, opened with a link that works once."""

    def __init__(self, link: str) -> None:
        """Sign in as the page of the link does: the code stands in the fragment and is posted."""
        page, code = urllib.parse.urldefrag(link)
        self._there = urllib.parse.urljoin(page, "/oversight/?lang=en")
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._opener.open(page, urllib.parse.urlencode({"code": code}).encode(), timeout=10)

    def rows(self) -> dict[tuple[str, str], Met]:
        """Give every row of the table, by the name of the service and the word of the verdict."""
        with self._opener.open(self._there, timeout=10) as answer:
            table = _Table("by-service")
            table.feed(answer.read().decode())
        return {(row[0], row[1]): Met(int(row[2]), int(row[3])) for row in table.rows}

    def met(self, service: str, verdict: str = "block") -> Met:
        """Give one row."""
        return self.rows().get((service, verdict), Met())


class _Table(HTMLParser):
    """The rows, as texts, of the table whose caption has this id."""

    def __init__(self, caption: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._caption = caption
        self._inside, self._body = False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "caption":
            self._inside = ("id", self._caption) in attrs
        elif tag == "tbody":
            self._body = self._inside
        elif tag == "tr" and self._body:
            self.rows.append([])
        elif tag in {"th", "td"} and self._body:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside = self._body = False

    def handle_data(self, data: str) -> None:
        if self._body and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()
