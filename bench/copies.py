"""The speed of `journiv copy-store`, beside a bare loop from driver to driver."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

import asyncpg

from bench.datasets import DATABASE, Recipe, copy
from journiv.contracts.storage import Store
from journiv.domain.clock import SystemClock
from journiv.services.transfer.copying import BATCH, StoreCopy
from journiv.sqlstore.layouts import PRESENT, seen_as
from journiv.sqlstore.types import Flag, Instant
from journiv_store_postgres.connections import Tuning as Patience
from journiv_store_postgres.store import PostgresStore
from journiv_store_sqlite.connections import Tuning
from journiv_store_sqlite.store import SqliteStore
from tests.services.postgres import PostgresServer

LOG: Final = logging.getLogger("journiv.bench")


@dataclass(frozen=True, slots=True)
class CopySpeed:
    """Seconds to copy all rows; `whole` adds the search index and the comparison."""

    direction: str
    rows: int
    copied: float
    bare: float
    whole: float
    share: float


def measure(entries: int, rounds: int) -> list[CopySpeed]:
    """Copy a corpus to PostgreSQL and back, in turn with bare loops, each into a fresh database."""
    return asyncio.run(_measure(entries, rounds))


async def _measure(entries: int, rounds: int) -> list[CopySpeed]:
    there, back = [], []
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        source = copy(Recipe(entries), Path(folder) / "source") / DATABASE
        for number in range(rounds):
            url, bare_url = server.new_database(), server.new_database()
            file, bare_file = (Path(folder) / f"{kind}-{number}.db" for kind in ("copy", "bare"))
            async with _sqlite(source) as here, _over(url) as over, _over(bare_url):
                there.append(await _timed(here, over, _bare_there(source, bare_url)))
                async with _sqlite(file) as home, _sqlite(bare_file):
                    back.append(await _timed(over, home, _bare_back(url, bare_file)))
            file.unlink()
            bare_file.unlink()
    return [_speed("SQLite to PostgreSQL", there), _speed("PostgreSQL to SQLite", back)]


def _speed(direction: str, found: Sequence[tuple[int, float, float, float]]) -> CopySpeed:
    rows, copied, bare, whole = zip(*found, strict=True)
    share = median(loop / ours for loop, ours in zip(bare, copied, strict=True))
    return CopySpeed(direction, rows[0], median(copied), median(bare), median(whole), share)


async def _timed(source: Store, target: Store, bare: Any) -> tuple[int, float, float, float]:
    began = time.perf_counter()
    copied = [0.0]

    def note(rows: int) -> None:
        copied[0] = time.perf_counter() - began

    report = await StoreCopy(source, target).run(progress=note)
    whole = time.perf_counter() - began
    assert not report.differences, report.differences
    began = time.perf_counter()
    await bare
    return report.rows, copied[0], time.perf_counter() - began, whole


async def _bare_there(source: Path, url: str) -> None:
    """Read with sqlite3 and write with COPY; only what PostgreSQL insists on is converted."""
    reading = sqlite3.connect(source)
    writing = await asyncpg.connect(url)
    for name, table in seen_as(PRESENT).tables.items():
        columns = [column.name for column in table.columns]
        kinds = {column.name: _kind(column) for column in table.columns}
        cursor = reading.execute(f"SELECT {', '.join(columns)} FROM {name}")
        while rows := cursor.fetchmany(BATCH):
            lines = list(zip(*rows, strict=True))
            for number, column in enumerate(columns):
                if (convert := kinds[column]) is not None:
                    lines[number] = tuple(v if v is None else convert(v) for v in lines[number])
            records = zip(*lines, strict=True)
            await writing.copy_records_to_table(name, records=records, columns=columns)
    await writing.close()
    reading.close()


async def _bare_back(url: str, target: Path) -> None:
    """Read with a cursor of asyncpg and write with `executemany`, as text that the file keeps."""
    reading = await asyncpg.connect(url)
    writing = sqlite3.connect(target, isolation_level=None)
    writing.execute("PRAGMA foreign_keys=ON")
    for name, table in seen_as(PRESENT).tables.items():
        columns = [column.name for column in table.columns]
        marks = ", ".join("?" * len(columns))
        put = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"
        async with reading.transaction():
            cursor = await reading.cursor(f"SELECT {', '.join(columns)} FROM {name}")
            while rows := await cursor.fetch(BATCH):
                writing.execute("BEGIN")
                writing.executemany(put, [tuple(map(_as_text, row)) for row in rows])
                writing.execute("COMMIT")
    writing.close()
    await reading.close()


def _kind(column: Any) -> Any:
    if column.type is Instant:
        return datetime.fromisoformat
    return bool if column.type is Flag else None


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")[:26] + "Z"
    return value if isinstance(value, int | float | None) else str(value)


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Run a PostgreSQL for as long as it is measured."""
    server = PostgresServer(durable=durable)
    server.start()
    try:
        yield server
    finally:
        server.remove()


@asynccontextmanager
async def _over(url: str) -> AsyncIterator[Store]:
    async with PostgresStore(url, url, LOG, Patience()) as store:
        await store.migrate()
        yield store


@asynccontextmanager
async def _sqlite(path: Path) -> AsyncIterator[Store]:
    async with SqliteStore(path, SystemClock(), LOG, Tuning()) as store:
        await store.migrate()
        yield store


def main() -> None:
    """Print what was measured."""
    for found in measure(10_000, 3):
        print(found)


if __name__ == "__main__":
    main()
