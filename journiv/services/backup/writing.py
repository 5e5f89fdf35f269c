"""Writing a backup: one snapshot of the store, then the media, in flat memory."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Any, Final

import orjson

from journiv.contracts.copying import Snapshot
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.errors import NotFound
from journiv.services.backup.format import (
    ABOUT,
    FORMAT,
    MANIFEST,
    MEDIA,
    TABLES,
    ArchiveWriter,
)
from journiv.services.transfer.files import PREFIX

ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """How much a backup holds."""

    rows: int
    media: int
    media_bytes: int


async def write_backup(
    store: Store, media: MediaStore, archive: ArchiveWriter, *, created_at: str, version: str
) -> Written:
    """Write everything; what is changed meanwhile is not in it.

    Media that are deleted meanwhile are left out: no reader of the snapshot misses what the
    sweeper takes, for it takes only what nobody has used for long.
    """
    copying = store.copying()
    async with copying.snapshot() as snapshot:
        tables = {
            str(table): await _table(snapshot, table, archive) for table in await snapshot.counts()
        }
        about, identity = await snapshot.about(), await snapshot.identity()
        files, size = await _media(media, archive)
    manifest = {
        "format": FORMAT,
        "created_at": created_at,
        "version": version,
        "layout": copying.layout,
        "installation": identity,
        "tables": tables,
        "media": {"files": files, "bytes": size},
    }
    await asyncio.to_thread(_finish, archive, manifest, about)
    return Written(sum(table["rows"] for table in tables.values()), files, size)


async def _table(snapshot: Snapshot, table: str, archive: ArchiveWriter) -> dict[str, Any]:
    hashed, count, part, last = hashlib.sha256(), 0, 0, None
    while rows := await snapshot.page(table, last, ROWS):
        part += 1
        count += len(rows)
        last = snapshot.key(table, rows[-1])
        lines = b"".join(orjson.dumps(row) + b"\n" for row in rows)
        hashed.update(lines)
        await asyncio.to_thread(archive.add, f"{TABLES}{table}/{part:06}.ndjson", lines)
    return {"rows": count, "sha256": hashed.hexdigest()}


async def _media(media: MediaStore, archive: ArchiveWriter) -> tuple[int, int]:
    files = size = 0
    async for key in media.iter_keys():
        if key.startswith(PREFIX):  # uploads to import and finished exports are made again
            continue
        found = await media.stat(key)
        if found is None:
            continue
        chunks = media.open(key)
        try:
            first = await anext(chunks, b"")
        except NotFound:
            continue
        await asyncio.to_thread(archive.begin, MEDIA + key, found.size)
        await asyncio.to_thread(archive.feed, first)
        async for chunk in chunks:
            await asyncio.to_thread(archive.feed, chunk)
        await asyncio.to_thread(archive.end)
        files, size = files + 1, size + found.size
    return files, size


def _finish(archive: ArchiveWriter, manifest: dict[str, Any], about: tuple[Any, ...]) -> None:
    archive.add(ABOUT, orjson.dumps(about))
    archive.add(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    archive.finish()
