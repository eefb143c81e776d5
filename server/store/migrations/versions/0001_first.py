"""The first schema: an organisation, its policy, repository and endpoints, and violations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "endpoints",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("keyid", sa.String(64), nullable=False),
        sa.Column("algorithm", sa.String(32), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("os", sa.Text(), nullable=False),
        sa.Column("enrolled", sa.String(10), nullable=False),
        sa.Column("last_seen", sa.String(10), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("list_version", sa.BigInteger(), nullable=True),
        sa.Column("list_state", sa.String(16), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("tickets_given", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id", name=op.f("pk_endpoints")),
        sa.UniqueConstraint("organisation", "keyid", name=op.f("uq_endpoints_organisation_keyid")),
        comment="Devices (kind agent) and browser profiles. Last seen is a day, no more.",
    )
    op.create_table(
        "enrolment_tokens",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "hash", name=op.f("pk_enrolment_tokens")),
        comment="Rights to enrol, hashed.",
    )
    op.create_table(
        "metadata_files",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "role", "version", name=op.f("pk_metadata_files")),
        comment="Signed metadata as published. The key keeps two signatures from one version.",
    )
    op.create_table(
        "nonces",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("keyid", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "keyid", "nonce", name=op.f("pk_nonces")),
        comment="Signed requests of the last ten minutes, so that none is answered twice.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organisations",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("reporting_from", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_organisations")),
        comment="The one organisation that this server serves, and since when it may take reports.",
    )
    op.create_table(
        "policies",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.Column("list_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "version", name=op.f("pk_policies")),
        comment="Every version of the policy: who, when, why, its text, and its list.",
    )
    op.create_table(
        "target_files",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "name", name=op.f("pk_target_files")),
        comment="Signed files by their published name, which holds their hash.",
    )
    op.create_table(
        "tickets",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "hash", name=op.f("pk_tickets")),
        comment="One-time rights to upload a report: whose they are is not known.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "violations",
        sa.Column("organisation", sa.LargeBinary(16), nullable=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("when", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("host", sa.String(255), nullable=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("layer", sa.String(8), nullable=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary(16), nullable=True),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("clock_off", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id", name=op.f("pk_violations")),
        comment="What endpoints met, and nothing more than this.",
        sqlite_with_rowid=False,
    )
