"""Media of imported entries, taken in like uploads: the same limits, types, checks and quota."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import IO, Any, Final, Protocol

from journiv.contracts.records import MediaRecord
from journiv.contracts.storage import Store
from journiv.contracts.transfer import ImportedMedia
from journiv.domain.errors import BadRequest, Conflict
from journiv.domain.scope import UserScope
from journiv.services.media.adding import Described, MediaAdding, Origin

CHUNK: Final = 1024 * 1024


class MediaIntake(Protocol):
    """Where the media of imported entries go."""

    async def attach(self, scope: UserScope, entry_id: str, media: ImportedMedia) -> bool:
        """Give a stored entry one picture, sound or film; False when it has these bytes already.

        Raises `JournivError` for a refused one, `StorageFull` without room, `NotFound` for an
        entry that is in the trash or gone.
        """


class UploadIntake(MediaIntake):
    """Takes media in as uploads are."""

    def __init__(self, store: Store, adding: MediaAdding) -> None:
        self._store = store
        self._adding = adding

    async def attach(self, scope: UserScope, entry_id: str, media: ImportedMedia) -> bool:
        """See `MediaIntake`. What was exported from here has lost its GPS data, and is known."""
        there = await self._store.read(scope, lambda tx: tx.media.of_entry(entry_id))
        async with self._adding.receive(scope, chunks_of(media)) as arrived:
            if any(_is_same(one, arrived.source.sha256) for one in there):
                return False
            described = Described(entry_id=entry_id, file_name=media.name, alt_text=media.alt_text)
            added = await self._adding.add(scope, arrived, described)
        return all(one["id"] != added["id"] for one in there)


def _is_same(medium: MediaRecord, sha256: str) -> bool:
    return sha256 in (medium["sha256"], medium["source_sha256"])


async def chunks_of(media: ImportedMedia) -> AsyncIterator[bytes]:
    """Yield the bytes of a medium, read in threads. Raises `BadRequest` when they are missing."""
    file = await asyncio.to_thread(_opened, media)
    try:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
    finally:
        await asyncio.to_thread(file.close)


def _opened(media: ImportedMedia) -> IO[bytes]:
    try:
        return media.open()
    except OSError as error:
        raise BadRequest(f"It cannot be read: {error.strerror or error}.") from error


class AccountMedia:
    """Gives media of archives back: checked like uploads, with the ids and instants they had."""

    def __init__(self, store: Store, adding: MediaAdding) -> None:
        self._store = store
        self._adding = adding

    async def restore(
        self, scope: UserScope, values: Mapping[str, Any], opened: Callable[[], IO[bytes]]
    ) -> bool:
        """Restore one checked row; False when it is here already, or its moment is not.

        Raises `JournivError` for a refused one, `StorageFull` without room.
        """
        source, entry_id = values["source_sha256"], values["entry_id"]
        same = await self._store.read(scope, lambda tx: tx.media.same_source(source))
        if any(one["entry_id"] == entry_id for one in same):
            return False
        media = ImportedMedia(name=values["file_name"] or "", open=opened)
        origin = Origin(
            id=values["id"],
            source_sha256=source,
            taken_at=values["taken_at"],
            created_at=values["created_at"],
            updated_at=values["updated_at"],
        )
        described = Described(
            entry_id=entry_id, file_name=values["file_name"], alt_text=values["alt_text"]
        )
        try:
            async with self._adding.receive(scope, chunks_of(media)) as arrived:
                await self._adding.restore(scope, arrived, described, origin)
        except Conflict:
            return False
        return True
