"""A new service from a site's address: what is missing is asked for, what is known is written.

What nobody looked up is written as unknown, so that the file is honest from its first line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from urllib.parse import urlsplit

from blocklists.catalogue import Category
from blocklists.curation.writing import file_text, with_service
from blocklists.hosts import Address, BadHost, Host, parse_host
from blocklists.suffixes import registrable_domain
from blocklists.yamlfile import IDENTIFIER

Ask = Callable[[str, str], str]
"""Asks a question with a default answer."""

_COVERS = ("suffix", "exact")
_LONGEST_ID = 64


@dataclass(frozen=True)
class Draft:
    """What a new service needs to be written."""

    id: str
    name: str
    vendor: str
    vendor_name: str
    category: str
    covers: str
    host: str
    page: str
    title: str
    day: date

    @classmethod
    def of(
        cls, url: str, *, given: Mapping[str, str | None], asked: Ask | None, today: date
    ) -> Self:
        """Make a draft for a site; `asked` is None where nobody can be asked.

        Raises ValueError where the address is none, or an answer is missing or wrong.
        """
        host = _host(url)
        answers = _Answers(given, asked)
        name = answers.need("name", "Name of the service", "")
        domain = registrable_domain(host) or host
        service = answers.identifier("id", "Id", _id(name))
        category = answers.need("category", f"Category ({', '.join(Category)})", "")
        covers = answers.need(
            "covers",
            f"Is all of {domain} this service (suffix), or {host} alone (exact)?",
            "suffix" if host == domain else "exact",
        )
        if category not in tuple(Category) or covers not in _COVERS:
            choices = Category if category not in tuple(Category) else _COVERS
            wrong = category if choices is Category else covers
            raise ValueError(f"{wrong} is not known; write one of {', '.join(choices)}")
        return cls(
            id=service,
            name=name,
            vendor=answers.identifier("vendor", "Vendor's id", service),
            vendor_name=answers.need("vendor_name", "Vendor's name", name),
            category=category,
            covers=covers,
            host=host if covers == "exact" else domain,
            page=answers.need("page", "Page that you read", f"https://{host}/"),
            title=answers.need("title", "Title of that page", f"{name}: home page"),
            day=today,
        )


class _Answers:
    """What was given on the command line, else what the person answers."""

    def __init__(self, given: Mapping[str, str | None], asked: Ask | None) -> None:
        self._given = given
        self._asked = asked

    def need(self, key: str, question: str, default: str) -> str:
        """Give an answer. Raises ValueError where there is none."""
        answer = self._given.get(key)
        if answer is None and self._asked:
            answer = self._asked(question, default)
        answer = answer or default
        if not answer:
            raise ValueError(f"--{key.replace('_', '-')} is missing; write it")
        return answer

    def identifier(self, key: str, question: str, default: str) -> str:
        """Give an answer that is an id: a file is named by it. Raises ValueError."""
        answer = self.need(key, question, default)
        if not IDENTIFIER.fullmatch(answer):
            raise ValueError(
                f"--{key}: {answer} is no id; write 1 to 64 of a-z, 0-9 and - (not first or last)"
            )
        return answer


def _host(url: str) -> Host:
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = parse_host(parts.hostname or "")
    except (BadHost, ValueError) as error:
        raise ValueError(f"{url} is no address of a site, and no file: {error}") from error
    if isinstance(host, Address) or "." not in host:
        raise ValueError(f"{url} names no host; write a site as https://chat.example.com")
    return Host(host.removeprefix("www."))


def _id(name: str) -> str:
    """Make an id of a name: `Le Chat` is le-chat."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST_ID].strip("-")


def added(draft: Draft, text: str | None) -> str:
    """Give the text of the vendor's file with the new service; `text` is what stands there.

    Raises ValueError where nothing can be added to it.
    """
    name = f"site-{draft.id}"[:_LONGEST_ID].strip("-")
    sources = {name: {"title": draft.title, "url": draft.page, "read": draft.day.isoformat()}}
    service: dict[str, object] = {
        "id": draft.id,
        "name": draft.name,
        "category": draft.category,
        "reach": "tail",
        "reviewed": draft.day.isoformat(),
        "basis": {"page": name},
        "countries": "unknown",
        "plans": "unknown",
        "hosts": [{draft.covers: draft.host, "use": "site", "source": name}],
    }
    if text is None:
        return file_text(draft.vendor, draft.vendor_name, sources, [service])
    return with_service(text, service, sources)
