"""The repository's rows: each signed file once, by role and version."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_new

from server.store.schema import metadata_files, target_files

MetadataRow = tuple[str, int, bytes]
"""Role, version, bytes."""


def add_publication(
    connection: Connection,
    organisation: UUID,
    metadata: Sequence[MetadataRow],
    targets: Mapping[str, bytes],
) -> None:
    """Keep what was signed. A version that is there already raises IntegrityError.

    A file that is there already stays: its name holds its hash.
    """
    for role, version, data in metadata:
        connection.execute(
            insert(metadata_files).values(
                organisation=organisation, role=role, version=version, data=data
            )
        )
    for name, data in targets.items():
        connection.execute(
            insert_new(target_files)
            .values(organisation=organisation, name=name, data=data)
            .on_conflict_do_nothing()
        )


def all_versions(connection: Connection, organisation: UUID, role: str) -> list[MetadataRow]:
    """Every version of a role, the oldest first."""
    rows = connection.execute(
        select(metadata_files.c.role, metadata_files.c.version, metadata_files.c.data)
        .where(metadata_files.c.organisation == organisation, metadata_files.c.role == role)
        .order_by(metadata_files.c.version)
    )
    return [(row.role, row.version, row.data) for row in rows]


def newest_versions(connection: Connection, organisation: UUID) -> list[MetadataRow]:
    """The newest version of each role."""
    newest = (
        select(metadata_files.c.role, func.max(metadata_files.c.version).label("version"))
        .where(metadata_files.c.organisation == organisation)
        .group_by(metadata_files.c.role)
        .subquery()
    )
    rows = connection.execute(
        select(metadata_files.c.role, metadata_files.c.version, metadata_files.c.data)
        .join(
            newest,
            (metadata_files.c.role == newest.c.role)
            & (metadata_files.c.version == newest.c.version),
        )
        .where(metadata_files.c.organisation == organisation)
    )
    return [(row.role, row.version, row.data) for row in rows]


def target_data(
    connection: Connection, organisation: UUID, names: Collection[str]
) -> dict[str, bytes]:
    """The bytes of signed files by published name."""
    rows = connection.execute(
        select(target_files.c.name, target_files.c.data).where(
            target_files.c.organisation == organisation, target_files.c.name.in_(names)
        )
    )
    return {row.name: row.data for row in rows}
