"""Restoring a verified backup into an empty store, of whichever kind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import IO, Any

import orjson

from journiv.contracts.copying import Copying
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.errors import BadRequest, Conflict
from journiv.services.backup.format import CHUNK, MEDIA, TABLES, Contents, Damaged, members


async def restore(store: Store, media: MediaStore, source: IO[bytes], contents: Contents) -> None:
    """Bring everything back; no server opens the store until all of it is there and compared.

    Raises `BadRequest` for a backup of another schema, `Conflict` when the store is not empty.
    """
    copying, manifest = store.copying(), contents.manifest
    if copying.layout != manifest["layout"]:
        raise BadRequest(
            f"The backup was written by release {manifest['version']}, whose tables differ. "
            "Restore it with that release, then upgrade."
        )
    await _prepare(copying, str(manifest["installation"]))
    await _bring_back(copying, media, source)
    await store.reindex()
    await _compare(copying, manifest["tables"])
    await copying.finish(contents.about)


async def _prepare(copying: Copying, identity: str) -> None:
    state = await copying.state()
    if not state.is_empty:
        if state.copy_of is None:
            raise Conflict("There is a journal here already; restore into an empty place.")
        await copying.clear()
    await copying.begin(identity)


async def _bring_back(copying: Copying, media: MediaStore, source: IO[bytes]) -> None:
    found: Iterator[tuple[Any, IO[bytes]]] = members(source)
    while (member := await asyncio.to_thread(next, found, None)) is not None:
        info, content = member
        if info.name.startswith(TABLES):
            rows = await asyncio.to_thread(_rows, content)
            await copying.load(info.name.split("/")[1], rows)
        elif info.name.startswith(MEDIA):
            await media.put(info.name.removeprefix(MEDIA), _chunks(content), info.size)


def _rows(content: IO[bytes]) -> list[tuple[Any, ...]]:
    return [tuple(orjson.loads(line)) for line in content.read().splitlines()]


async def _chunks(content: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(content.read, CHUNK):
        yield chunk


async def _compare(copying: Copying, tables: dict[str, dict[str, Any]]) -> None:
    async with copying.snapshot() as snapshot:
        for table, expected in tables.items():
            digest = await snapshot.digest(table)
            if (digest.rows, digest.sha256) != (expected["rows"], expected["sha256"]):
                raise Damaged(f"{table} is not as it was in the backup; the journal stays shut.")
