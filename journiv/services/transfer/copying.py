"""Moving house: everything from one store into another, and proof that it is the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from journiv.contracts.copying import Copying, Row, Snapshot
from journiv.contracts.storage import Store
from journiv.domain.errors import BadRequest, Conflict

BATCH: Final = 2000


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What was copied; `differences` are sentences, and with any the copy is not finished."""

    rows: int
    tables: int
    differences: tuple[str, ...]


class StoreCopy:
    """Copies `source` into `target`; both are open, and the target's schema is up to date."""

    def __init__(self, source: Store, target: Store) -> None:
        self._source: Copying = source.copying()
        self._target: Copying = target.copying()
        self._store = target
        if self._source.layout != self._target.layout:
            raise BadRequest("These two stores keep different tables, so rows cannot be copied.")

    async def run(
        self, *, restart: bool = False, progress: Callable[[int], None] = lambda rows: None
    ) -> CopyReport:
        """Copy, compare, and finish: see `copy` and `finish`."""
        await self.copy(restart=restart, progress=progress)
        return await self.finish()

    async def copy(
        self, *, restart: bool = False, progress: Callable[[int], None] = lambda rows: None
    ) -> None:
        """Copy every row.

        An unfinished copy goes on after its last rows, or begins again with `restart`. Raises
        `Conflict` when the target holds anything else. `progress` is told the rows so far.
        """
        async with self._source.snapshot() as snapshot:
            await self._prepare(await snapshot.identity(), restart=restart)
            await self._copy(snapshot, progress)

    async def finish(self, *, progress: Callable[[int], None] = lambda rows: None) -> CopyReport:
        """Make the search index anew, compare, and let servers in when nothing differs.

        `progress` is told the rows compared so far, after each table.
        """
        await self._store.reindex()
        return await self._verify(progress)

    async def total(self) -> int:
        """Count the rows there are to copy."""
        async with self._source.snapshot() as snapshot:
            return sum((await snapshot.counts()).values())

    async def _prepare(self, identity: str, *, restart: bool) -> None:
        state = await self._target.state()
        if state.is_empty:
            await self._target.begin(identity)
        elif state.copy_of is None:
            raise Conflict("The target is not empty, so nothing was copied. Name an empty one.")
        elif restart:
            await self._target.clear()
            await self._target.begin(identity)
        elif state.copy_of != identity:
            raise Conflict(
                "The target holds an unfinished copy of another store. "
                "With --restart it is thrown away and copied anew."
            )

    async def _copy(self, snapshot: Snapshot, progress: Callable[[int], None]) -> None:
        counts = await snapshot.counts()
        async with self._target.snapshot() as target:
            held = await target.counts()
        done = sum(held.values())
        for table in counts:
            last = await self._target.last_key(table) if held[table] else None
            rows = await snapshot.page(table, last, BATCH)
            while rows:
                last = snapshot.key(table, rows[-1])
                # The next rows are read while these are written.
                loading = asyncio.create_task(self._load(table, rows))
                try:
                    following = await snapshot.page(table, last, BATCH)
                finally:
                    await loading
                done += len(rows)
                progress(done)
                rows = following

    async def _load(self, table: str, rows: Sequence[Row]) -> None:
        try:
            await self._target.load(table, rows)
        except Conflict as error:
            raise Conflict(
                "Something else writes to the target; see whether another copy runs."
            ) from error

    async def _verify(self, progress: Callable[[int], None]) -> CopyReport:
        """Compare with the source as it is now, so that what was written meanwhile shows."""
        differences: list[str] = []
        total = 0
        async with self._source.snapshot() as source, self._target.snapshot() as target:
            tables = list(await source.counts())
            for table in tables:
                ours, theirs = await asyncio.gather(source.digest(table), target.digest(table))
                total += theirs.rows
                progress(total)
                if ours.rows != theirs.rows:
                    differences.append(
                        f"{table} has {ours.rows:,} rows, and {theirs.rows:,} in the copy."
                    )
                elif ours != theirs:
                    differences.append(f"{table} has other content than in the copy.")
            about = await source.about()
        if not differences:
            await self._target.finish(about)
        return CopyReport(total, len(tables), tuple(differences))
