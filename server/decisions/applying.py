"""Applies a policy: checked, compiled, signed and in force, or nothing of it.

Rules kept here:
 * The version of the policy and the list made of it are stored in one transaction.
 * A list that lost more than half of its entries stops here, unless that was meant.
 * A clock that stands before the list in force publishes nothing: endpoints would refuse it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from blocklists.blocklist import Blocklist, pack, unpack
from blocklists.compiler import BadPolicy
from blocklists.effects import read_question
from blocklists.explain import Explanation
from blocklists.hosts import BadHost
from blocklists.yamlfile import BadFile
from server.decisions.proposals import Made, Proposal, Workshop
from server.errors import Refused
from server.publishing.files import LIST_PATH
from server.publishing.repository import Repository
from server.store.books import Books
from server.store.policies import PolicyVersion, add_policy, newest_policy


@dataclass(frozen=True)
class Applied:
    """What came of a proposal."""

    version: int
    made: Made


class Decisions:
    """Takes proposals and puts them in force."""

    def __init__(
        self,
        books: Books,
        repository: Repository,
        workshop: Workshop,
        clock: Callable[[], datetime],
    ) -> None:
        """Publish what this workshop makes."""
        self._books = books
        self._repository = repository
        self._workshop = workshop
        self._clock = clock
        self._made: tuple[int, Made] | None = None
        """Of which version of the policy, and what."""

    async def apply(self, proposal: Proposal) -> Applied:
        """Put a policy in force. Raises Refused, and then nothing changed."""
        async with self._repository.lock:
            now = self._clock().replace(microsecond=0)
            edition = self._repository.edition(now)
            before = await self.blocklist()
            _check_clock(before, now)
            made = await self._make(proposal, edition.version("list"), now)
            _check_size(before, made.blocklist, proposal)
            edition.put("list", {LIST_PATH: await asyncio.to_thread(pack, made.blocklist)})
            last = await self.policy()
            version = proposal.version(last.version + 1, made.blocklist, last)
            await self._repository.publish(edition, lambda c, o: add_policy(c, o, version))
            self._made = (version.version, made)
        return Applied(version.version, made)

    async def policy(self) -> PolicyVersion:
        """The policy in force. Raises Refused where there is none."""
        newest = await self._books.read(newest_policy)
        if newest is None:
            raise Refused(404, "not-found", "there is no policy yet")
        return newest

    async def made(self) -> Made:
        """What the policy in force makes: compiled anew once, then kept until the next."""
        policy = await self.policy()
        if self._made is None or self._made[0] != policy.version:
            proposal = Proposal(policy.text.encode(), "policy", policy.who, policy.why)
            made = await self._make(proposal, policy.list_version, policy.at)
            self._made = (policy.version, made)
        return self._made[1]

    async def explanation(self, place: str, at: datetime, language: str) -> Explanation:
        """Why a host, or a path of it, is open or not. Raises Refused."""
        try:
            question = read_question(place, at)
        except BadHost as error:
            raise Refused(400, "host", f"host: {error}") from error
        policy, made = await self.policy(), await self.made()
        return await asyncio.to_thread(
            self._workshop.explain, policy.text, made.blocklist, question, language
        )

    async def blocklist(self) -> Blocklist:
        """The list in force."""
        return await asyncio.to_thread(unpack, self._repository.publication.blocklist)

    async def _make(self, proposal: Proposal, version: int, now: datetime) -> Made:
        try:
            return await asyncio.to_thread(self._workshop.make, proposal, version, now)
        except (BadFile, BadPolicy) as error:
            lines = str(error).splitlines()
            raise Refused(400, "policy", lines[0], fields={"problems": lines}) from error


def _check_clock(before: Blocklist, now: datetime) -> None:
    if now < before.published:
        raise Refused(
            409,
            "clock",
            f"the server's clock says {now:%Y-%m-%d %H:%M:%S} UTC, which is before the list in "
            f"force ({before.published:%Y-%m-%d %H:%M:%S}): set the clock right",
        )


def _check_size(before: Blocklist, after: Blocklist, proposal: Proposal) -> None:
    old, new = len(before.entries), len(after.entries)
    if new * 2 < old and not proposal.may_shrink:
        raise Refused(
            409,
            "shrinks",
            f"{proposal.name}: the list would go from {old} entries to {new}; nothing was changed. "
            "Apply it again with leave to shrink if that is meant",
            fields={"entries_before": old, "entries_after": new},
        )
