"""A proposed policy, and what is made of it: a compiled list and a version to keep."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blocklists.blocklist import Blocklist
from blocklists.catalogue import Catalogue
from blocklists.compiler import compile_blocklist
from blocklists.effects import Question
from blocklists.explain import Explanation, explain
from blocklists.hosts import Host
from blocklists.not_enforced import NotEnforced
from blocklists.policy import load_policy
from server.store.policies import PolicyVersion


@dataclass(frozen=True)
class Proposal:
    """A policy that somebody wants in force."""

    text: bytes
    name: str
    """The file's name, for the lines that say what is wrong in it."""
    who: str
    """The account on the server's machine."""
    why: str
    may_shrink: bool = False
    """Whether a list of far fewer entries is meant."""

    def version(
        self, number: int, blocklist: Blocklist, before: PolicyVersion | None
    ) -> PolicyVersion:
        """The version to keep, with the difference from the one before."""
        text = self.text.decode("utf-8-sig")
        return PolicyVersion(
            version=number,
            at=blocklist.published,
            who=self.who,
            why=self.why,
            text=text,
            difference=_difference(before.text if before else "", text),
            list_version=blocklist.version,
        )


@dataclass(frozen=True)
class Made:
    """A list, and what of the policy nobody can enforce."""

    blocklist: Blocklist
    not_enforced: Sequence[NotEnforced]


@dataclass(frozen=True)
class Workshop:
    """Makes lists of policies, for one organisation."""

    catalogue: Catalogue
    never: Sequence[Host]
    """Names of the organisation's own that no list may block."""
    trial: bool

    def make(self, proposal: Proposal, version: int, published: datetime) -> Made:
        """Compile a policy. Raises BadFile or BadPolicy, with every fault."""
        policy = load_policy(proposal.text, proposal.name, self.catalogue.services)
        compiled = compile_blocklist(
            self.catalogue,
            policy,
            version=version,
            published=published,
            never=self.never,
            trial=self.trial,
        )
        return Made(compiled.blocklist, compiled.not_enforced)

    def explain(
        self, policy: str, blocklist: Blocklist, question: Question, language: str
    ) -> Explanation:
        """Follow what a list does with a host back to the policy that it was made of."""
        read = load_policy(policy.encode(), "policy", self.catalogue.services)
        return explain(self.catalogue, read, blocklist, question, language)


def _difference(before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "before", "after", lineterm=""
    )
    return "\n".join(lines)
