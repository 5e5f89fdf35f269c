"""Writing a diary out: page by page, to a file that appears whole or not at all."""

from __future__ import annotations

import asyncio
import errno
import gzip
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final, cast

from journiv.contracts.archives import Account, AccountExporter
from journiv.contracts.media import MediaStore
from journiv.contracts.records import EntryRecord, JournalRecord
from journiv.contracts.repositories.entries import Cursor, Page
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import ExportedEntry, Exporter
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, StorageFull
from journiv.domain.scope import UserScope
from journiv.services.transfer.account_pages import AccountPages
from journiv.services.transfer.media_bytes import MediaBytes
from journiv.services.transfer.selection import EVERYTHING, Selection

PAGE: Final = 200
GZIP_LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Written:
    """How much an export holds; a medium on two entries counts twice."""

    entries: int
    media: int


class ExportService:
    """Exports entries through any exporter, beside a running server; drafts stay here.

    Without `media` the exports hold none.
    """

    def __init__(self, store: Store, clock: Clock, media: MediaStore | None = None) -> None:
        self._store = store
        self._clock = clock
        self._media = media

    async def run(
        self,
        scope: UserScope,
        exporter: Exporter,
        target: Path,
        *,
        selection: Selection = EVERYTHING,
        with_media: bool = True,
        progress: Callable[[int], None] = lambda written: None,
    ) -> Written:
        """Write a person's entries, newest first; journal by journal if asked.

        The file gets mode 0600, and is gzip when its name ends in `.gz`. `progress` is told from
        another thread how many entries were written, and what it raises ends the export. Raises
        `BadRequest` when the file exists or cannot be made, `StorageFull` without room.
        """
        loop = asyncio.get_running_loop()
        media = MediaBytes(self._media, loop) if self._media and with_media else None
        pages: _Pages | AccountPages
        if isinstance(exporter, AccountExporter):
            pages = AccountPages(self._store, scope, selection, loop, progress, media)
            about = await self._about(scope)
            moods = await self._store.read(scope, lambda tx: tx.moods.all())
            account = Account(
                about=about,
                rows=pages.rows,
                bytes_of=pages.bytes_of,
                moods={mood["id"]: mood for mood in moods},
            )
            pour = partial(exporter.write_account, account)
        else:
            titles = {one["id"]: one["title"] for one in await self.journals(scope, EVERYTHING)}
            pages = _Pages(self._store, scope, selection, titles, loop, progress, media)
            pour = partial(exporter.write, iter(pages))
        writing = asyncio.ensure_future(asyncio.to_thread(_write, pour, target))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            pages.is_stopped = True
            await asyncio.gather(writing, return_exceptions=True)
            raise
        return Written(pages.count, pages.media_count)

    async def _about(self, scope: UserScope) -> Mapping[str, str]:
        user = await self._store.read(scope, lambda tx: tx.users.get(scope.user_id))
        now = instant(self._clock.now())
        if user is None:
            return {"created_at": now}
        return {"created_at": now, "email": user["email"], "name": user["name"] or ""}

    async def journals(self, scope: UserScope, selection: Selection) -> list[JournalRecord]:
        """Return the journals that are selected, archived ones too."""
        found = await self._store.read(scope, lambda tx: tx.journals.all(include_archived=True))
        chosen = selection.journal_ids
        return [one for one in found if chosen is None or one["id"] in chosen]

    async def total(self, scope: UserScope, selection: Selection) -> int:
        """Return how many entries the selected journals have, for a progress bar."""
        return sum(one["entry_count"] for one in await self.journals(scope, selection))


class _Pages:
    """The entries for a thread that writes them; each page is read on the loop's side."""

    def __init__(
        self,
        store: Store,
        scope: UserScope,
        selection: Selection,
        titles: Mapping[str, str],
        loop: asyncio.AbstractEventLoop,
        progress: Callable[[int], None],
        media: MediaBytes | None,
    ) -> None:
        self._media = media
        self._store = store
        self._scope = scope
        self._selection = selection
        self._titles = titles
        self._loop = loop
        self._progress = progress
        self.count = 0
        self.media_count = 0
        self.is_stopped = False

    def __iter__(self) -> Iterator[ExportedEntry]:
        for journal_id in self._journal_ids():
            after: Cursor | None = None
            while rows := self._page(journal_id, after):
                if self.is_stopped:
                    raise BadRequest("The export was stopped.")
                for record, entry in rows:
                    if self._selection.holds(record["entry_date"]):
                        self.count += 1
                        self.media_count += len(entry.media)
                        yield entry
                self._progress(self.count)
                last = rows[-1][0]
                after = Cursor(last["entry_datetime_utc"], last["id"], last["is_pinned"])

    def _journal_ids(self) -> tuple[str | None, ...]:
        chosen = self._selection.journal_ids
        return (None,) if chosen is None else chosen

    def _page(
        self, journal_id: str | None, after: Cursor | None
    ) -> list[tuple[EntryRecord, ExportedEntry]]:
        work = partial(
            _read_page, journal_id, Page(limit=PAGE, after=after), self._titles, self._media
        )
        reading = self._store.read(self._scope, work, long=True)
        return asyncio.run_coroutine_threadsafe(reading, self._loop).result()


def _read_page(
    journal_id: str | None,
    page: Page,
    titles: Mapping[str, str],
    media: MediaBytes | None,
    tx: Transaction,
) -> list[tuple[EntryRecord, ExportedEntry]]:
    if journal_id is None:
        records = tx.entries.page(page)
    else:
        records = tx.entries.of_journal(journal_id, page, include_pinned=True)
    return [(record, _exported(record, titles, media, tx)) for record in records]


def _exported(
    record: EntryRecord, titles: Mapping[str, str], media: MediaBytes | None, tx: Transaction
) -> ExportedEntry:
    log = tx.mood_logs.get(record["id"])
    return ExportedEntry(
        ref=record["id"],
        title=record["title"],
        content=record["content"],
        at=record["entry_datetime_utc"],
        zone=record["entry_timezone"],
        day=record["entry_date"],
        words=record["word_count"],
        tags=tuple(tag["name"] for tag in tx.tags.of_entry(record["id"])),
        mood=log["mood"]["name"] if log else None,
        location=record["location"],
        weather=record["weather"],
        latitude=record["latitude"],
        longitude=record["longitude"],
        is_pinned=record["is_pinned"],
        journal=titles.get(record["journal_id"], ""),
        media=() if media is None else tuple(map(media.exported, tx.media.of_entry(record["id"]))),
    )


def _write(pour: Callable[[IO[bytes]], None], target: Path) -> None:
    if target.exists():
        raise BadRequest(f"{target} exists already.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with open(unfinished, "wb", opener=_open_private) as file:
            if target.suffix == ".gz":
                with gzip.GzipFile("", "wb", GZIP_LEVEL, file) as packed:
                    pour(cast("IO[bytes]", packed))
            else:
                pour(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("The disk has no room for the export.") from error
        raise BadRequest(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
