"""What is done to the whole database: migrate, check, make the search index anew."""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

import journiv
from journiv.contracts.storage import SchemaStatus
from journiv.domain.errors import ConfigError
from journiv.sqlstore import migrate
from journiv.sqlstore.search import SearchIndex
from journiv.sqlstore.tables import metadata
from journiv_store_postgres.errors import sqlstate
from journiv_store_postgres.locks import MIGRATION, lock

_ANALYZE: Final = text(f"ANALYZE {', '.join(sorted(metadata.tables))}, entry_search")


class PostgresSchema:
    """Each method runs in the caller's transaction: PostgreSQL undoes schema changes too."""

    def __init__(self, search: SearchIndex, log: logging.Logger) -> None:
        self._search = search
        self._log = log

    def status(self, connection: Connection) -> SchemaStatus:
        """Compare the schema with this release's."""
        return migrate.schema_status(connection)

    def migrate(self, connection: Connection) -> SchemaStatus:
        """Bring schema and search index up to date; of many servers that start, one does it."""
        lock(connection, MIGRATION)
        status = migrate.schema_status(connection)
        migrate.refuse_unknown(connection, status, journiv.__version__)
        if not status.up_to_date:
            _upgrade(connection)
        if not self._search.ready(connection):
            self._search.rebuild(connection)
        return migrate.schema_status(connection)

    def prepare(self, connection: Connection, revision: str) -> None:
        """Make the tables of a revision in an empty database."""
        lock(connection, MIGRATION)
        migrate.prepare(connection, revision, journiv.__version__)

    def check(self, connection: Connection) -> list[str]:
        """Return what is wrong with the search index."""
        return self._search.drift(connection)

    def reindex(self, connection: Connection) -> None:
        """Make the search index anew."""
        lock(connection, MIGRATION)
        self._search.rebuild(connection)
        # Whoever asks for this has often just put many rows in. Without statistics PostgreSQL
        # reads and sorts a whole diary for its newest page, until autovacuum comes by.
        connection.execute(_ANALYZE)


def _upgrade(connection: Connection) -> None:
    try:
        migrate.upgrade(connection, journiv.__version__)
    except DBAPIError as error:
        # What should be there is missing, or the other way round (class 42, but not rights).
        if (sqlstate(error) or "").startswith("42") and sqlstate(error) != "42501":
            raise ConfigError(migrate.HALF) from error
        raise
