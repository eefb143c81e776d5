"""The first start: a trial is founded, with its keys, its policy and its first publication.

Everything but the keys is written in one transaction: a start that was cut off begins anew, with
the same keys.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from blocklists.blocklist import pack
from blocklists.compiler import BadPolicy
from blocklists.yamlfile import BadFile
from server.decisions.proposals import Proposal, Workshop
from server.errors import CannotServe
from server.publishing.edition import Edition
from server.publishing.files import LIST_PATH
from server.publishing.keys import Keys
from server.publishing.organisation import put_organisation
from server.publishing.repository import keep_change
from server.store.database import Connection
from server.store.organisations import Organisation, add_organisation
from server.store.policies import add_policy

TRIAL_POLICY = Path(__file__).parent / "decisions" / "trial-policy.yaml"
TRIAL_ACT = "trial, made-up people"


def trial_organisation(new_id: UUID, now: datetime) -> Organisation:
    """A trial takes reports from its first minute on, by an act of its own."""
    return Organisation(
        id=new_id,
        trial=True,
        reporting_from=now.replace(second=0, microsecond=0),
        act=TRIAL_ACT,
    )


def first_job(
    organisation: Organisation, keys: Keys, workshop: Workshop, now: datetime, policy: Path
) -> Callable[[Connection], None]:
    """Make and sign everything; gives the job that writes it. Raises CannotServe."""
    now = now.replace(microsecond=0)
    edition = Edition(keys, now)
    try:
        proposal = Proposal(policy.read_bytes(), str(policy), "sluis serve", "the trial's policy")
        made = workshop.make(proposal, edition.version("list"), now)
    except (OSError, BadFile, BadPolicy) as error:
        raise CannotServe(f"the first policy cannot be used: {error}") from error
    name = made.blocklist.organisation
    put_organisation(edition, name, organisation, keys.statement.public)
    edition.put("list", {LIST_PATH: pack(made.blocklist)})
    change, version = edition.close(), proposal.version(1, made.blocklist, None)

    def job(connection: Connection) -> None:
        add_organisation(connection, organisation)
        keep_change(connection, organisation.id, change)
        add_policy(connection, organisation.id, version)

    return job
