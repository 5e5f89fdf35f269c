"""What Alembic runs: the caller hands its connection over, already inside a transaction."""

from __future__ import annotations

from alembic import context

from journiv.sqlstore.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
