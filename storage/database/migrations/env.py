"""Alembic's entry: migrates over the connection that `migrate` hands in, within its transaction."""

from __future__ import annotations

from alembic import context

from storage.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,  # SQLite's DDL is transactional once the driver leaves transactions alone
)
with context.begin_transaction():
    context.run_migrations()
