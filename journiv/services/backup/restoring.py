"""Restoring a verified backup into an empty store, of whichever kind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import IO, Any

import orjson

from journiv.contracts.copying import Copying, Layout
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.errors import Conflict
from journiv.services.backup.format import CHUNK, MEDIA, TABLES, Damaged, members
from journiv.services.backup.verifying import Contents


def layout_of(contents: Contents) -> Layout:
    """Return which tables a backup has."""
    manifest = contents.manifest
    tables = {name: tuple(table["columns"]) for name, table in manifest["tables"].items()}
    return Layout(manifest["layout"], tables, tuple(manifest["about"]))


async def restore(
    store: Store,
    media: MediaStore,
    source: IO[bytes],
    contents: Contents,
    wanted: Callable[[str], bool] = lambda key: True,
) -> None:
    """Bring everything back; no server opens the store until all of it is there and compared.

    A backup of an older release becomes one of this release at the end. Of media, only keys that
    are `wanted`. Raises `BadRequest` for a backup of tables not known here, and `Conflict` when
    the store is not empty.
    """
    layout = layout_of(contents)
    copying = store.copying(layout)  # refuses before anything is touched
    await store.prepare(layout)
    await _begin(copying, str(contents.manifest["installation"]))
    await _bring_back(copying, media, source, wanted)
    is_present = store.copying().layout == layout
    if is_present:
        await store.reindex()
    await _compare(copying, contents.manifest["tables"])
    await copying.finish(contents.about)
    if not is_present:
        await store.migrate()  # the search index too


async def _begin(copying: Copying, identity: str) -> None:
    state = await copying.state()
    if not state.is_empty:
        if state.copy_of is None:
            raise Conflict(
                "There is a journal here already. Restore into an empty place, or say --replace "
                "to put the present one aside."
            )
        await copying.clear()
    await copying.begin(identity)


async def _bring_back(
    copying: Copying, media: MediaStore, source: IO[bytes], wanted: Callable[[str], bool]
) -> None:
    found: Iterator[tuple[Any, IO[bytes]]] = members(source)
    while (member := await asyncio.to_thread(next, found, None)) is not None:
        info, content = member
        if info.name.startswith(TABLES):
            rows = await asyncio.to_thread(_rows, content)
            await copying.load(info.name.split("/")[1], rows)
        elif info.name.startswith(MEDIA) and wanted(key := info.name.removeprefix(MEDIA)):
            await media.put(key, _chunks(content), info.size)


def _rows(content: IO[bytes]) -> list[tuple[Any, ...]]:
    return [tuple(orjson.loads(line)) for line in content.read().splitlines()]


async def _chunks(content: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(content.read, CHUNK):
        yield chunk


async def _compare(copying: Copying, tables: Mapping[str, Mapping[str, Any]]) -> None:
    async with copying.snapshot() as snapshot:
        for table, expected in tables.items():
            digest = await snapshot.digest(table)
            if (digest.rows, digest.sha256) != (expected["rows"], expected["sha256"]):
                raise Damaged(f"{table} is not as it was in the backup; the journal stays shut.")
