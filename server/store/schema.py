"""The tables. The organisation stands first in every key, so that a shared database can be split.

Rules kept here:
 * Ids are 16 bytes; instants are whole milliseconds of UTC, days are ISO dates, so that they
   compare the same in every database.
 * Nothing ties a violation to an endpoint: no order of arrival (WITHOUT ROWID), no time but the
   minute in which it happened, no ticket, no device.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Id(TypeDecorator[UUID]):
    """A UUID as its 16 bytes."""

    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> bytes | None:
        """To the database."""
        return None if value is None else value.bytes

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> UUID | None:
        """From the database."""
        return None if value is None else UUID(bytes=value)


class Instant(TypeDecorator[datetime]):
    """A moment, as whole milliseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else (value - EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else EPOCH + timedelta(milliseconds=value)


class Minute(TypeDecorator[datetime]):
    """A minute, as whole minutes since 1970 in UTC: seconds have no place to stand."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else (value - EPOCH) // timedelta(minutes=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else EPOCH + timedelta(minutes=value)


class Day(TypeDecorator[date]):
    """A day, as text such as 2026-11-25."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """From the database."""
        return None if value is None else date.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

organisations = Table(
    "organisations",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("trial", Boolean, nullable=False),
    Column("reporting_from", Instant, nullable=False),
    Column("act", Text, nullable=False),
    PrimaryKeyConstraint("organisation"),
    comment="The one organisation that this server serves, and since when it may take reports.",
)

policies = Table(
    "policies",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("difference", Text, nullable=False),
    Column("list_version", BigInteger, nullable=False),
    PrimaryKeyConstraint("organisation", "version"),
    comment="Every version of the policy: who, when, why, its text, and its list.",
)

metadata_files = Table(
    "metadata_files",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("role", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation", "role", "version"),
    comment="Signed metadata as published. The key keeps two signatures from one version.",
)

target_files = Table(
    "target_files",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation", "name"),
    comment="Signed files by their published name, which holds their hash.",
)

enrolment_tokens = Table(
    "enrolment_tokens",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("ends", Instant, nullable=False),
    PrimaryKeyConstraint("organisation", "hash"),
    comment="Rights to enrol, hashed.",
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("keyid", String(64), nullable=False),
    Column("algorithm", String(32), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("os", Text, nullable=False),
    Column("enrolled", Day, nullable=False),
    Column("last_seen", Day, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("software", Text, nullable=False),
    Column("list_version", BigInteger, nullable=True),
    Column("list_state", String(16), nullable=False),
    Column("channels", Text, nullable=False),
    Column("tickets_given", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    UniqueConstraint("organisation", "keyid"),
    comment="Devices (kind agent) and browser profiles. Last seen is a day, no more.",
)

nonces = Table(
    "nonces",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("keyid", String(64), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("ends", Instant, nullable=False),
    PrimaryKeyConstraint("organisation", "keyid", "nonce"),
    comment="Signed requests of the last ten minutes, so that none is answered twice.",
    sqlite_with_rowid=False,
)

tickets = Table(
    "tickets",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("day", Day, nullable=False),
    Column("group", Text, nullable=False),
    PrimaryKeyConstraint("organisation", "hash"),
    comment="One-time rights to upload a report: whose they are is not known.",
    sqlite_with_rowid=False,
)

violations = Table(
    "violations",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("when", Minute, nullable=False),
    Column("service", String(64), nullable=False),
    Column("host", String(255), nullable=True),
    Column("channel", String(16), nullable=False),
    Column("layer", String(8), nullable=True),
    Column("kind", String(8), nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(32), nullable=True),
    Column("times", Integer, nullable=False),
    Column("pseudonym", LargeBinary(16), nullable=True),
    Column("group", Text, nullable=False),
    Column("clock_off", Boolean, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    comment="What endpoints met, and nothing more than this.",
    sqlite_with_rowid=False,
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("ends", Instant, nullable=False),
    PrimaryKeyConstraint("organisation", "hash"),
    comment="One-time codes that open a session, hashed.",
)

sessions = Table(
    "sessions",
    metadata,
    Column("organisation", Id, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("ends", Instant, nullable=False),
    PrimaryKeyConstraint("organisation", "hash"),
    comment="Who is signed in, hashed: in the database, so that a session can be ended.",
)
