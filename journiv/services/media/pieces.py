"""Uploads in pieces, for what cannot be sent at once: resumed after any failure, at any server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from journiv.contracts.media import MediaStore
from journiv.contracts.records import MediaRecord, UploadRecord
from journiv.contracts.repositories.media import StoredKey
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Conflict, NotFound, TooLarge, TooMany
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.journal.entries import existing_entry
from journiv.services.media.adding import Described, MediaAdding
from journiv.services.media.names import clean_file_name, part_key

PIECE: Final = 512 * 1024
LARGEST_PIECE: Final = 1000 * 1000
"""Below the 1 MB that nginx lets through by default."""

MOST_UPLOADS: Final = 20
KEPT: Final = timedelta(hours=24)


class PieceUploads:
    """Takes a file in pieces.

    Each piece is stored before its row, so what was acknowledged is there after a crash. Every
    method that takes an upload's id raises `NotFound` for one that is missing or foreign.
    """

    def __init__(self, store: Store, media: MediaStore, adding: MediaAdding, clock: Clock) -> None:
        self._store = store
        self._media = media
        self._adding = adding
        self._clock = clock

    async def begin(self, scope: UserScope, described: Described, size: int) -> UploadRecord:
        """Begin an upload of so many bytes.

        Raises `NotFound` for the entry, `TooLarge`, `StorageFull`, `TooMany` uploads under way.
        """
        if size > self._adding.limits.file:
            raise TooLarge(f"The file is larger than {self._adding.limits.file} bytes.")
        await self._adding.check_room(scope, size)
        now = instant(self._clock.now())
        upload: UploadRecord = {
            "id": new_id(),
            "entry_id": described.entry_id,
            "file_name": clean_file_name(described.file_name),
            "alt_text": described.alt_text,
            "size": size,
            "received": 0,
            "created_at": now,
            "updated_at": now,
        }

        def work(tx: Transaction) -> None:
            existing_entry(tx, described.entry_id)
            if tx.uploads.count() >= MOST_UPLOADS:
                raise TooMany("Too many uploads are under way; finish or delete one.", 60)
            tx.uploads.add(upload)

        await self._store.write(scope, work)
        return upload

    async def get(self, scope: UserScope, upload_id: str) -> UploadRecord:
        """Return how far an upload is."""
        return await self._store.read(scope, lambda tx: _existing(tx, upload_id))

    async def put(self, scope: UserScope, upload_id: str, start: int, piece: bytes) -> UploadRecord:
        """Take the piece that begins at byte `start`.

        Raises `Conflict` when that is not where the next one begins, `TooLarge` for a piece or a
        file that is larger than announced, `BadRequest` for an empty one.
        """
        upload = await self.get(scope, upload_id)
        if not piece:
            raise BadRequest("The piece is empty.")
        if len(piece) > LARGEST_PIECE or start + len(piece) > upload["size"]:
            raise TooLarge("The piece is larger than it may be.")
        if start != upload["received"]:
            raise _elsewhere(upload["received"])
        key = part_key(scope.user_id, upload_id, new_id())
        await self._media.put(key, _once(piece), len(piece))
        at = instant(self._clock.now())

        def work(tx: Transaction) -> UploadRecord | None:
            part = StoredKey(scope.user_id, key)
            if not tx.uploads.add_part(upload_id, start, part, len(piece), at):
                return None
            return _existing(tx, upload_id)

        stored = await self._store.write(scope, work)
        if stored is None:
            await self._media.delete(key)
            raise _elsewhere((await self.get(scope, upload_id))["received"])
        return stored

    async def finish(self, scope: UserScope, upload_id: str) -> MediaRecord:
        """Make a medium of the pieces, and forget them. Raises `Conflict`, and as `add` does."""
        upload = await self.get(scope, upload_id)
        if upload["received"] != upload["size"]:
            raise _elsewhere(upload["received"])
        keys = await self._store.read(scope, lambda tx: tx.uploads.part_keys(upload_id))
        described = Described(
            entry_id=upload["entry_id"],
            file_name=upload["file_name"],
            alt_text=upload["alt_text"],
        )
        async with self._adding.receive(scope, self._joined(keys)) as arrived:
            medium = await self._adding.add(scope, arrived, described)
        await self._store.write(scope, lambda tx: tx.uploads.delete(upload_id))
        return medium

    async def delete(self, scope: UserScope, upload_id: str) -> None:
        """Give an upload up."""
        if not await self._store.write(scope, lambda tx: tx.uploads.delete(upload_id)):
            raise NotFound("Upload not found")

    async def _joined(self, keys: list[str]) -> AsyncIterator[bytes]:
        for key in keys:
            async for chunk in self._media.open(key):
                yield chunk


async def _once(piece: bytes) -> AsyncIterator[bytes]:
    yield piece


def _existing(tx: Transaction, upload_id: str) -> UploadRecord:
    upload = tx.uploads.get(upload_id)
    if upload is None:
        raise NotFound("Upload not found")
    return upload


def _elsewhere(received: int) -> Conflict:
    return Conflict(f"{received} bytes are here; go on from there.")
