"""The control socket: how `sluis` speaks to the running server.

HTTP over a Unix socket in the data folder, mode 0600: whoever may open it is administrator. The
kernel says which account that is, and the history of the policy keeps its name.
"""

from __future__ import annotations

import os
import pwd
import socket
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote

import msgspec
from aiohttp import web

from blocklists.texts import LANGUAGES
from blocklists.yamlfile.loading import MOST_BYTES
from server.decisions.applying import Applied, Decisions
from server.decisions.proposals import Proposal
from server.devices.tokens import MOST_DAYS, MOST_USES, Kind, new_token
from server.doors.answers import json_answer
from server.doors.bodies import SMALL, parse, read_body
from server.doors.guard import errors_as_problems
from server.errors import CannotServe, Refused
from server.people.sessions import Sessions
from server.store.books import Books

_CREDENTIALS = struct.Struct("3i")  # struct ucred of unix(7): process, user, group


class TokenForm(msgspec.Struct):
    """What kind of token is wanted."""

    kind: Kind
    uses: Annotated[int, msgspec.Meta(ge=1, le=MOST_USES)] = 1
    days: Annotated[int, msgspec.Meta(ge=1, le=MOST_DAYS)] = 7


class ControlDoor:
    """What `sluis` can ask of the server."""

    def __init__(
        self,
        books: Books,
        decisions: Decisions,
        sessions: Sessions,
        facts: Mapping[str, object],
        *,
        clock: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        """Answer from these; `facts` are those of a trial that stand still while it runs."""
        self._books = books
        self._decisions = decisions
        self._sessions = sessions
        self._facts = facts
        self._clock = clock
        self._random_bytes = random_bytes
        self._profile_token: tuple[str, datetime] | None = None

    def routes(self) -> list[web.RouteDef]:
        """The table of this door."""
        return [
            web.post("/policy", self.apply),
            web.get("/policy", self.policy),
            web.post("/device-tokens", self.token),
            web.post("/links", self.link),
            web.get("/explain", self.explain),
            web.get("/trial", self.trial),
        ]

    async def apply(self, request: web.Request) -> web.Response:
        """Put a policy in force; header fields are percent-encoded text."""
        proposal = Proposal(
            text=await read_body(request, MOST_BYTES),
            name=unquote(request.headers.get("X-Sluis-File", "policy")),
            who=peer_account(request),
            why=unquote(request.headers.get("X-Sluis-Why", "")),
            may_shrink=request.headers.get("X-Sluis-May-Shrink") == "yes",
        )
        return json_answer(_applied(await self._decisions.apply(proposal)))

    async def policy(self, request: web.Request) -> web.Response:
        """The policy in force: its text, and who, when and why."""
        return json_answer(vars(await self._decisions.policy()))

    async def token(self, request: web.Request) -> web.Response:
        """A new enrolment token, shown this once."""
        form = parse(await read_body(request, SMALL), TokenForm)
        return json_answer({"token": await self._new_token(form)}, 201)

    async def link(self, request: web.Request) -> web.Response:
        """A one-time link to sign in; its code stands where no server sees it."""
        code = await self._sessions.link()
        return json_answer({"url": f"{self._facts['http']}/sign-in#{code}"}, 201)

    async def explain(self, request: web.Request) -> web.Response:
        """Why a host is open or not, now or at a time, in a language."""
        query = request.query
        language = query.get("language", "en")
        if language not in LANGUAGES:
            raise Refused(400, "form", f"language: one of {', '.join(LANGUAGES)}")
        explanation = await self._decisions.explanation(
            query.get("host", ""), self._instant(query.get("at")), language
        )
        return json_answer(explanation.to_json())

    async def trial(self, request: web.Request) -> web.Response:
        """What a workstation of the trial needs to know."""
        return json_answer({**self._facts, "profile_token": await self._trial_token()})

    def _instant(self, text: str | None) -> datetime:
        try:
            return self._clock() if text is None else datetime.fromisoformat(text).astimezone(UTC)
        except ValueError as error:
            raise Refused(400, "form", "at: a time such as 2026-11-25T12:00:00Z") from error

    async def _trial_token(self) -> str:
        """A token for the profiles of the trial, made anew after a week, kept in memory alone."""
        now = self._clock()
        if self._profile_token is None or self._profile_token[1] <= now:
            token = await self._new_token(TokenForm("profile", MOST_USES, MOST_DAYS))
            self._profile_token = (token, now + timedelta(days=7))
        return self._profile_token[0]

    async def _new_token(self, form: TokenForm) -> str:
        ends = self._clock() + timedelta(days=form.days)
        return await new_token(self._books, form.kind, form.uses, ends, self._random_bytes)


def control_app(routes: list[web.RouteDef]) -> web.Application:
    """The application behind the socket; `routes` are all that parts add to it."""
    app = web.Application(middlewares=[errors_as_problems])
    app.add_routes(routes)
    return app


def control_listener(path: Path) -> socket.socket:
    """A listening socket that this account alone may open. Raises CannotServe."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    except OSError as error:
        listener.close()
        raise CannotServe(
            f"{path}: the control socket cannot be made: {error.strerror or error}; "
            "a path of at most 107 bytes on a disk of this machine is wanted"
        ) from error
    finally:
        os.umask(before)
    return listener


def peer_account(request: web.Request) -> str:
    """The name of the account at the other end of a Unix socket."""
    peer = request.get_extra_info("socket")
    raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(raw)
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _applied(applied: Applied) -> dict[str, object]:
    blocklist = applied.made.blocklist
    return {
        "version": applied.version,
        "list_version": blocklist.version,
        "published": blocklist.published,
        "entries": len(blocklist.entries),
        "not_enforced": [vars(one) for one in applied.made.not_enforced],
    }
