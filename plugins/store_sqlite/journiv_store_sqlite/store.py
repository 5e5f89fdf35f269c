"""The store: one file, one writer thread, a few readers."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from journiv.contracts.copying import Copying, Layout
from journiv.contracts.findings import Finding
from journiv.contracts.storage import Capabilities, SchemaStatus, Store, Work
from journiv.domain.clock import Clock
from journiv.domain.errors import ConfigError, Unavailable
from journiv.domain.scope import Scope
from journiv.sqlstore.errors import translate
from journiv.sqlstore.layouts import revision_of
from journiv_store_sqlite.checklist import findings
from journiv_store_sqlite.connections import Tuning, engine_for, open_handle
from journiv_store_sqlite.copies import copy_database
from journiv_store_sqlite.copying import SqliteCopying
from journiv_store_sqlite.errors import domain_error, read_error
from journiv_store_sqlite.files import create_private
from journiv_store_sqlite.in_place import InPlace
from journiv_store_sqlite.readers import INLINE_READS, InlineReader, OverBudget, ReaderPool
from journiv_store_sqlite.schema import SqliteSchema
from journiv_store_sqlite.search_fts5 import Fts5Index
from journiv_store_sqlite.switching import refuse_open, switch
from journiv_store_sqlite.writer import Writer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Opened:
    inline: InlineReader
    pool: ReaderPool
    writer: Writer


class SqliteStore(Store):
    """Keeps everything in one SQLite file. `path` and its folder are made when missing."""

    capabilities = Capabilities(full_text=True, online_backup=True, several_processes=False)

    def __init__(
        self, path: Path, clock: Clock, log: logging.Logger, tuning: Tuning, readers: int = 2
    ) -> None:
        self.path = path
        self._log = log
        self._tuning = tuning
        self._readers = readers
        self._engine = engine_for(path)
        self._search = Fts5Index()
        self._schema = SqliteSchema(path, self._engine, tuning, self._search, clock, log)
        self._opened: _Opened | None = None

    async def open(self) -> None:
        """See `Store.open`."""
        if self._opened is not None:
            return
        try:
            create_private(self.path, self._log)
            handle = open_handle(self._engine, self._tuning)
            self._opened = _Opened(
                InlineReader(self._engine, self._tuning, self._search),
                ReaderPool(self._engine, self._tuning, self._search, self._readers),
                Writer(handle, InPlace(self.path), self._search),
            )
        except OSError as error:
            raise ConfigError(
                f"{self.path} cannot be opened: {error.strerror}. Set JOURNIV_DATA or DATABASE_URL "
                "to a place this account may write to."
            ) from error
        except (sqlite3.Error, SQLAlchemyError) as error:
            raise translate(error, domain_error) from error

    async def close(self) -> None:
        """See `Store.close`."""
        if self._opened is None:
            return
        opened, self._opened = self._opened, None
        await opened.writer.close()
        await asyncio.to_thread(opened.pool.close)
        opened.inline.close()
        self._engine.dispose()

    async def read(self, scope: Scope, work: Work[T], *, long: bool = False) -> T:
        """See `Store.read`."""
        opened = self._opened or _closed()
        if INLINE_READS and not long:
            try:
                return opened.inline.run(scope, work)
            except OverBudget:
                pass
            except (sqlite3.Error, SQLAlchemyError) as error:
                raise translate(error, read_error) from error
        return await opened.pool.run(scope, work)

    async def write(self, scope: Scope, work: Work[T]) -> T:
        """See `Store.write`."""
        opened = self._opened or _closed()
        return await opened.writer.write(scope, work)

    def revision(self) -> object:
        """See `Store.revision`."""
        opened = self._opened or _closed()
        return opened.inline.revision()

    async def schema_status(self) -> SchemaStatus:
        """See `Store.schema_status`."""
        return await self._beside(self._schema.status)

    async def migrate(self) -> SchemaStatus:
        """See `Store.migrate`."""
        return await self._beside(self._schema.migrate)

    async def check(self) -> list[str]:
        """See `Store.check`."""
        return await self._beside(self._schema.check)

    async def exists(self) -> bool:
        """See `Store.exists`."""
        return await asyncio.to_thread(self.path.is_file)

    async def findings(self) -> Sequence[Finding]:
        """See `Store.findings`."""
        return await asyncio.to_thread(findings, self.path)

    async def reindex(self) -> None:
        """See `Store.reindex`."""
        await self._beside(self._schema.reindex)

    async def backup(self, target: Path) -> None:
        """See `Store.backup`."""
        await self._beside(lambda: copy_database(self.path, target))

    def copying(self, layout: Layout | None = None) -> Copying:
        """See `Store.copying`."""
        return SqliteCopying(self._engine, self._tuning, layout)

    async def prepare(self, layout: Layout) -> None:
        """See `Store.prepare`."""
        revision = revision_of(layout)
        await self._beside(lambda: self._schema.prepare(revision))

    async def replace(self, fresh: Path, kept: Path) -> None:
        """See `Store.replace`."""
        await asyncio.to_thread(switch, self.path, fresh, kept)

    async def replaceable(self) -> None:
        """See `Store.replaceable`."""
        await asyncio.to_thread(refuse_open, self.path)

    async def _beside(self, run: Callable[[], T]) -> T:
        if self._opened is None:
            _closed()
        try:
            return await asyncio.to_thread(run)
        except (OSError, sqlite3.Error, SQLAlchemyError) as error:
            raise translate(error, domain_error) from error


def _closed() -> NoReturn:
    raise Unavailable("The store is closed.")
