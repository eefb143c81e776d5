"""The page that staff see in place of a blocked one, as the sinkhole serves it on port 80.

It says what happened, why, and what to do now, in the managed language; the other language opens on
the same page, since to ask for another page would count as another attempt. Nothing of the request
stands on it, it has no script, and it loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from agent.sinkhole.http import Page
from blocklists.blocklist import Alternative, Blocklist, Ruled, Verdict, Why, Words
from blocklists.hosts import BadHost, parse_host
from blocklists.matcher import Decision, decide
from blocklists.texts import LANGUAGES, sentence, texts

SHOWN = 3
"""Alternatives that are seen at once; all others open below them."""


def page(
    blocklist: Blocklist, decision: Decision, *, language: str, reports: bool, at: datetime
) -> Page:
    """Make the page for a decision.

    Args:
        language: the one that is seen first, `nl` or `en`.
        reports: whether attempts are reported; the page says so.
        at: the effective time, for what may be used instead.
    """
    others = [one for one in LANGUAGES if one != language]
    first = _Words(blocklist, decision, language, reports, at)
    title = escape(first.title())
    opened = "".join(
        _opened(_Words(blocklist, decision, other, reports, at), first.say("language_other"))
        for other in others
    )
    body = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f"<title>{title}</title><style>{_style()}</style>"
        f'<main><p class="organisation">{escape(first.organisation)}</p>'
        f"<h1>{title}</h1>{first.text('h2')}{opened}</main></html>"
    )
    return Page(body.encode(), _policy())


@dataclass(frozen=True)
class _Words:
    """What the page says in one language; all that comes out is HTML, save `title` and `say`."""

    blocklist: Blocklist
    decision: Decision
    language: str
    reports: bool
    at: datetime

    @property
    def organisation(self) -> str:
        return self.blocklist.organisation or self.say("notice_unknown_organisation")

    @property
    def service(self) -> str:
        known = self.blocklist.services.get(self.decision.service or "")
        return known.name if known else self.say("notice_unknown_service")

    @property
    def ruled(self) -> Ruled:
        return self.decision.ruled or Ruled(self.decision.verdict)

    def title(self) -> str:
        titles = {Why.BAN: "notice_ban_title", Why.ADVISED_BAN: "notice_advised_title"}
        why = self.ruled.why or Why.AGREEMENT
        return self.say(titles.get(why, "notice_agreement_title"))

    def say(self, key: str, **values: str) -> str:
        """A sentence with the names of service and organisation filled in."""
        names = {"language_other", "notice_unknown_service", "notice_unknown_organisation"}
        if key in names:
            return sentence(self.language, key)
        return sentence(self.language, key, service=self.service, org=self.organisation, **values)

    def text(self, heading: str) -> str:
        """All below the title; its headings are of this rank."""
        parts = (self._why(), self._instead(heading), self._need(heading), self._foot())
        return "".join(parts)

    def _why(self) -> str:
        said = [*self._reasons(), self._one(self.blocklist.texts)]
        calm = [
            self.say("notice_nothing_to_do"),
            self.say("notice_no_name" if self.reports else "notice_not_kept"),
        ]
        return f"<p>{_joined(said)}</p><p>{_joined(calm)}</p>"

    def _reasons(self) -> list[str]:
        decider, reason = self._one(self.ruled.decider), self._one(self.ruled.reason)
        because = [self.say("notice_reason", reason=reason.rstrip("."))] if reason else []
        match self.ruled.why:
            case Why.BAN:
                who = decider or self.organisation
                said = [self.say("notice_ban_why", decider=who)]
                return [*said, *because, self.say("notice_ban_closed")]
            case Why.ADVISED_BAN if decider:
                return [self.say("notice_advised_why", decider=decider), *because]
            case Why.ADVISED_BAN:
                return [self.say("notice_advised_why_plain"), *because]
            case Why.AGREEMENT:
                return [self.say("notice_agreement_why"), *because]
        return [self.say("notice_plain_why"), *because]

    def _instead(self, heading: str) -> str:
        offered = [one for one in self.blocklist.alternatives if self._usable(one)]
        title = f"<{heading}>{escape(self.say('notice_instead_heading'))}</{heading}>"
        if not offered:
            return f"{title}<p>{escape(self.say('notice_none_yet'))}</p>"
        shown, more = offered[:SHOWN], offered[SHOWN:]
        every = escape(self.say("notice_all", count=str(len(offered))))
        opens = f"<summary>{every}</summary>{self._choices(more)}"
        rest = f'<details class="more">{opens}</details>' if more else ""
        return f"{title}{self._choices(shown, first=True)}{rest}"

    def _choices(self, offered: Sequence[Alternative], *, first: bool = False) -> str:
        rows = (self._choice(one, first=first and one is offered[0]) for one in offered)
        return f'<ul class="choices">{"".join(rows)}</ul>'

    def _choice(self, one: Alternative, *, first: bool) -> str:
        country = texts(self.language).get(f"country_{one.country}", one.country)
        name = f'{escape(one.name)} <span class="tag">{escape(country)}</span>'
        use = f'<span class="use">{escape(self._one(one.use))}</span>' if one.use else ""
        words = escape(self.say("notice_open", alternative=one.name))
        kind = ' class="first"' if first else ""
        link = f'<a{kind} href="{escape(one.url)}">{words}</a>'
        return f"<li><span><strong>{name}</strong>{use}</span>{link}</li>"

    def _usable(self, one: Alternative) -> bool:
        """Whether it replaces this kind of service, and may itself be opened."""
        service = self.blocklist.services.get(self.decision.service or "")
        fits = not one.categories or (service is not None and service.category in one.categories)
        if not fits or not _is_web(one.url):
            return False
        address = urlsplit(one.url)
        try:
            host = parse_host(address.netloc)
        except BadHost:
            return False
        decision = decide(self.blocklist, host, address.path or "/", self.at)
        if one.service:  # what nobody decided on is not approved
            return decision.verdict is Verdict.ALLOW and decision.ruled is not None
        return decision.verdict in {Verdict.ALLOW, Verdict.OBSERVE}

    def _need(self, heading: str) -> str:
        contact = self._one(self.blocklist.contact)
        ask = "notice_contact" if contact else "notice_no_contact"
        said = f"<p>{escape(self.say(ask, contact=contact))}</p>"
        if self.ruled.why is Why.BAN:
            return f"<{heading}>{escape(self.say('notice_ban_need_heading'))}</{heading}>{said}"
        title = f"<{heading}>{escape(self.say('notice_need_heading'))}</{heading}>"
        if link := self._link("request", "notice_request"):
            return f"{title}<p>{link}. {escape(self.say('notice_request_term'))}</p>"
        return f"{title}{said}"

    def _foot(self) -> str:
        links = [self._link(one, f"notice_{one}") for one in ("allowed", "kept", "wrong")]
        trial = [f"<span>{escape(self.say('notice_trial'))}</span>"] if self.blocklist.trial else []
        parts = [*filter(None, links), *trial]
        return f"<footer>{' '.join(parts)}</footer>" if parts else ""

    def _link(self, name: str, key: str) -> str:
        """A link of the policy; empty where it names none, so that no link is dead."""
        url = self.blocklist.links.get(name, "")
        return f'<a href="{escape(url)}">{escape(self.say(key))}</a>' if _is_web(url) else ""

    def _one(self, words: Words) -> str:
        """The organisation's own words, in this language or the one there is."""
        return words.get(self.language) or next(iter(words.values()), "")


def _opened(words: _Words, name: str) -> str:
    """The same in the other language, behind its name."""
    inside = f'<h2 class="title">{escape(words.title())}</h2>{words.text("h3")}'
    return (
        f'<details class="other" lang="{words.language}"><summary>{escape(name)}</summary>'
        f"{inside}</details>"
    )


def _joined(said: Sequence[str]) -> str:
    return escape(" ".join(filter(None, said)))


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


@cache
def _style() -> str:
    return (Path(__file__).parent / "notice.css").read_text("utf-8")


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
