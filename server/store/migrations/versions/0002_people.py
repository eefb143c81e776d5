"""People: one-time sign-in links and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    for name, comment in (
        ("sign_in_links", "One-time codes that open a session, hashed."),
        ("sessions", "Who is signed in, hashed: in the database, so that a session can be ended."),
    ):
        op.create_table(
            name,
            sa.Column("organisation", sa.LargeBinary(16), nullable=False),
            sa.Column("hash", sa.LargeBinary(32), nullable=False),
            sa.Column("ends", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("organisation", "hash", name=op.f(f"pk_{name}")),
            comment=comment,
        )
