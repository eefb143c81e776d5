"""Runs migrations on the connection that migrate.py hands over."""

from alembic import context

from server.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with connection.begin(), context.begin_transaction():
    context.run_migrations()
