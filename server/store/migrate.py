"""Brings a database's schema up to date, one migration after another."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from server.errors import CannotServe

FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Run the migrations that this database lacks. Raises CannotServe for a newer database."""
    config = configuration()
    scripts = ScriptDirectory.from_config(config)
    with connection.begin():
        present = MigrationContext.configure(connection).get_current_revision()
    if present == scripts.get_current_head():
        return
    if present is not None and present not in {one.revision for one in scripts.walk_revisions()}:
        raise CannotServe(
            f"the database has schema {present}, which this version does not know: "
            "install the version that made it, or a newer one"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def configuration() -> Config:
    """Where the migrations lie; nothing is read from a file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
