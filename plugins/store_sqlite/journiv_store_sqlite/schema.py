"""What is done to the whole file: migrate, check, make the search index anew."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

import journiv
from journiv.contracts.storage import SchemaStatus
from journiv.domain.clock import Clock
from journiv.domain.errors import Unavailable
from journiv.sqlstore import migrate
from journiv.sqlstore.search import SearchIndex
from journiv_store_sqlite.connections import Handle, Tuning, open_handle
from journiv_store_sqlite.copies import copy_before_migration


class SqliteSchema:
    """Works on connections of its own; blocks, so the store calls it in a thread."""

    def __init__(
        self,
        path: Path,
        engine: Engine,
        tuning: Tuning,
        search: SearchIndex,
        clock: Clock,
        log: logging.Logger,
    ) -> None:
        self._path = path
        self._engine = engine
        self._tuning = tuning
        self._search = search
        self._clock = clock
        self._log = log

    def status(self) -> SchemaStatus:
        """Compare the schema with this release's."""
        with self._connected() as handle:
            return migrate.schema_status(handle.connection)

    def migrate(self) -> SchemaStatus:
        """Bring schema and search index up to date, in one transaction, under SQLite's lock."""
        with self._connected() as handle:
            # Only possible outside a transaction. On, a migration that recreates a table would
            # delete the rows of its children.
            handle.raw.execute("PRAGMA foreign_keys=OFF")
            with _transaction(handle):
                return self._migrate(handle)

    def _migrate(self, handle: Handle) -> SchemaStatus:
        connection = handle.connection
        status = migrate.schema_status(connection)
        migrate.refuse_unknown(connection, status, journiv.__version__)
        if not status.up_to_date:
            if status.current is not None:
                copy = copy_before_migration(self._path, status.current, self._clock.now())
                self._log.info("Copied the database to %s before migrating it.", copy.name)
            migrate.upgrade(connection, journiv.__version__)
            _require_whole(handle)
        if not self._search.ready(connection):
            self._search.rebuild(connection)
        return migrate.schema_status(connection)

    def prepare(self, revision: str) -> None:
        """Make the tables of a revision in an empty database."""
        with self._connected() as handle:
            handle.raw.execute("PRAGMA foreign_keys=OFF")
            with _transaction(handle):
                migrate.prepare(handle.connection, revision, journiv.__version__)

    def check(self) -> list[str]:
        """Return what is wrong with the file, its references and the search index."""
        with self._connected() as handle:
            damage = [str(row[0]) for row in handle.raw.execute("PRAGMA quick_check")]
            if damage != ["ok"]:
                return [f"The file is damaged: {sentence}." for sentence in damage]
            return [*_dangling(handle), *self._search.drift(handle.connection)]

    def reindex(self) -> None:
        """Make the search index anew."""
        with self._connected() as handle, _transaction(handle):
            self._search.rebuild(handle.connection)

    @contextmanager
    def _connected(self) -> Iterator[Handle]:
        handle = open_handle(self._engine, self._tuning)
        try:
            yield handle
        finally:
            handle.close()


@contextmanager
def _transaction(handle: Handle) -> Iterator[None]:
    handle.raw.execute("BEGIN IMMEDIATE")
    try:
        yield
        handle.raw.execute("COMMIT")
    except BaseException:
        if handle.raw.in_transaction:
            handle.raw.execute("ROLLBACK")
        raise


def _dangling(handle: Handle) -> list[str]:
    rows = handle.raw.execute("PRAGMA foreign_key_check").fetchall()
    return [f"Row {row[1]} of {row[0]} refers to a row of {row[2]} that is gone." for row in rows]


def _require_whole(handle: Handle) -> None:
    if dangling := _dangling(handle):
        raise Unavailable(f"The migration was undone: {dangling[0]}")
