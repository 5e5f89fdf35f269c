"""Writing a backup: one snapshot of the store, then the media, in flat memory."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from journiv.contracts.copying import Row, Snapshot
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.errors import NotFound
from journiv.services.backup.format import (
    ABOUT,
    CHUNK,
    FORMAT,
    MANIFEST,
    MEDIA,
    TABLES,
    ArchiveWriter,
)
from journiv.services.transfer.files import PREFIX

ROWS: Final = 1000
NAMED_BY: Final = ("media", "key")
"""The table and the column that name files of media."""


@dataclass(frozen=True, slots=True)
class Written:
    """How much a backup holds; `missing` are media whose files were lost before it was made."""

    rows: int
    media: int
    media_bytes: int
    missing: tuple[str, ...]


async def write_backup(
    store: Store, media: MediaStore, archive: ArchiveWriter, *, created_at: str, version: str
) -> Written:
    """Write everything as it is now; what is changed meanwhile is not in it.

    Nothing may delete files of media meanwhile: `turn` sees to that.
    """
    copying = store.copying()
    writing = _Writing(media, archive)
    async with copying.snapshot() as snapshot:
        tables = {
            str(table): await writing.table(snapshot, table) for table in copying.layout.tables
        }
        about, identity = await snapshot.about(), await snapshot.identity()
        await writing.everything()
    manifest = {
        "format": FORMAT,
        "created_at": created_at,
        "version": version,
        "layout": copying.layout.name,
        "installation": identity,
        "about": copying.layout.about,
        "tables": tables,
        "media": {
            "files": writing.files,
            "bytes": writing.size,
            "missing": sorted(writing.named),
        },
    }
    await asyncio.to_thread(_finish, archive, manifest, about)
    rows = sum(table["rows"] for table in tables.values())
    return Written(rows, writing.files, writing.size, tuple(sorted(writing.named)))


@dataclass(slots=True)
class _Writing:
    """What has been written so far; `named` are files that rows name and that were not met yet."""

    media: MediaStore
    archive: ArchiveWriter
    files: int = 0
    size: int = 0
    named: set[str] = field(default_factory=set)

    async def table(self, snapshot: Snapshot, table: str) -> dict[str, Any]:
        """Write a table and return what the manifest says of it."""
        columns = snapshot.columns(table)
        hashed, count, part, last = hashlib.sha256(), 0, 0, None
        while rows := await snapshot.page(table, last, ROWS):
            part += 1
            count += len(rows)
            last = snapshot.key(table, rows[-1])
            lines = await asyncio.to_thread(self._rows, f"{TABLES}{table}/{part:06}.ndjson", rows)
            hashed.update(lines)
            if table == NAMED_BY[0]:
                place = columns.index(NAMED_BY[1])
                self.named.update(row[place] for row in rows)
        return {"rows": count, "sha256": hashed.hexdigest(), "columns": columns}

    def _rows(self, name: str, rows: Sequence[Row]) -> bytes:
        lines = b"".join(orjson.dumps(row) + b"\n" for row in rows)
        self.archive.add(name, lines)
        return lines

    async def everything(self) -> None:
        """Write all media; uploads to import and finished exports are made again, so not those."""
        async for key in self.media.iter_keys():
            if key.startswith(PREFIX):
                continue
            local = self.media.local_path(key)
            if local is None:
                size = await self._fetched(key)
            else:
                size = await asyncio.to_thread(self._copied, key, local)
            if size is not None:
                self.files, self.size = self.files + 1, self.size + size
                self.named.discard(key)

    def _copied(self, key: str, path: Path) -> int | None:
        """Write a file of this machine; None when it is gone."""
        try:
            file = path.open("rb", buffering=0)
        except FileNotFoundError:
            return None
        with file:
            size = os.fstat(file.fileno()).st_size
            self.archive.begin(MEDIA + key, size)
            while chunk := file.read(CHUNK):
                self.archive.feed(chunk)
            self.archive.end()
        return size

    async def _fetched(self, key: str) -> int | None:
        """Write what is kept elsewhere; None when it is gone."""
        found = await self.media.stat(key)
        if found is None:
            return None
        chunks = self.media.open(key)
        try:
            first = await anext(chunks, b"")
        except NotFound:
            return None
        await asyncio.to_thread(self.archive.begin, MEDIA + key, found.size)
        await asyncio.to_thread(self.archive.feed, first)
        async for chunk in chunks:
            await asyncio.to_thread(self.archive.feed, chunk)
        await asyncio.to_thread(self.archive.end)
        return found.size


def _finish(archive: ArchiveWriter, manifest: dict[str, Any], about: tuple[Any, ...]) -> None:
    archive.add(ABOUT, orjson.dumps(about))
    archive.add(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    archive.finish()
