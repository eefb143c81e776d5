"""Enrolment: an endpoint shows a token and its new key, and is known from then on."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from blocklists.protocol.signatures import Claimed, PublicKey
from server.devices.callers import use_nonce
from server.devices.tokens import Kind, hash_secret
from server.errors import Refused
from server.store.database import Connection
from server.store.endpoints import (
    NewEndpoint,
    add_endpoint,
    count_endpoints,
    endpoint_by_key,
)
from server.store.tokens import usable_token, use_token

TRIAL_DEVICES = 5
"""A trial takes no more devices than this."""
PROFILES_A_DAY = 100
"""Profiles are no devices; but only so many enrol on one day: a token that leaked has a bound."""


@dataclass(frozen=True)
class Application:
    """What an endpoint says when it enrols; the request was signed by this key."""

    token: str
    kind: Kind
    key: PublicKey
    name: str
    os: str


def enrol(
    connection: Connection,
    organisation: UUID,
    application: Application,
    claim: Claimed,
    new_id: UUID,
    now: datetime,
) -> UUID:
    """Take an endpoint in: its id. Raises Refused.

    A key that is enrolled already gets its id again, so that an answer that got lost costs no
    second token. Who has neither leaves nothing behind, not even a nonce.
    """
    known = endpoint_by_key(connection, organisation, application.key.keyid)
    if known is None:
        _use_token(connection, organisation, application, now)
    use_nonce(connection, organisation, claim, now)
    if known is not None:
        return known.id
    _check_room(connection, organisation, application.kind, now)
    endpoint = NewEndpoint(
        id=new_id,
        kind=application.kind,
        keyid=application.key.keyid,
        algorithm=application.key.alg,
        public_key=application.key.raw,
        name=application.name,
        os=application.os,
    )
    add_endpoint(connection, organisation, endpoint, now.date())
    return new_id


def _use_token(
    connection: Connection, organisation: UUID, application: Application, now: datetime
) -> None:
    hashed = hash_secret(application.token)
    token = usable_token(connection, organisation, hashed, now)
    if (
        token is None
        or not hmac.compare_digest(token.hash, hashed)
        or token.kind != application.kind
    ):
        raise Refused(
            401,
            "token",
            "token: not known here, used up, ended, or not for this kind of endpoint; "
            "ask for a new one",
        )
    use_token(connection, organisation, hashed)


def _check_room(connection: Connection, organisation: UUID, kind: Kind, now: datetime) -> None:
    if kind == "agent":
        if count_endpoints(connection, organisation, kind) >= TRIAL_DEVICES:
            raise Refused(403, "trial-full", f"a trial takes at most {TRIAL_DEVICES} devices")
    elif count_endpoints(connection, organisation, kind, now.date()) >= PROFILES_A_DAY:
        tomorrow = now.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        wait = max(1, int((tomorrow - now).total_seconds()))
        raise Refused(
            429,
            "too-many-profiles",
            f"at most {PROFILES_A_DAY} browser profiles enrol on one day",
            headers={"Retry-After": str(wait)},
        )
