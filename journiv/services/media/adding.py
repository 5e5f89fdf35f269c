"""From bytes that arrive to a medium of an entry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from journiv.contracts.media import MediaStore
from journiv.contracts.media_processing import SNIFF_BYTES, MediaFacts
from journiv.contracts.records import MediaRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Conflict, NotFound, StorageFull
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.journal.entries import existing_entry
from journiv.services.media.names import clean_file_name, key_of
from journiv.services.media.processors import Processors
from journiv.services.media.staging import Staged, Staging, head_of, measured, receive
from journiv.services.media.types import AllowedTypes, MediaType

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """What is let in: bytes of one file, of one person, files of one person, and bytes kept free.

    A quota of 0 means none.
    """

    file: int
    quota: int
    files: int
    kept_free: int
    types: AllowedTypes


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What comes with the bytes: whose entry, the sent name, and what is seen on it."""

    entry_id: str
    file_name: str | None = None
    alt_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a medium was in the account it is restored from."""

    id: str
    source_sha256: str
    taken_at: str | None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is here whole and not looked at yet. `folder` is private and goes afterwards."""

    folder: Path
    source: Staged


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that may be stored: what is served of it, and what it says of itself."""

    served: Staged
    source_sha256: str
    type: MediaType
    facts: MediaFacts = field(default_factory=MediaFacts)


class MediaAdding:
    """Takes files in. `on_added` is called after a commit that leaves work for later."""

    def __init__(
        self,
        store: Store,
        media: MediaStore,
        staging: Staging,
        processors: Processors,
        limits: UploadLimits,
        clock: Clock,
        on_added: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._media = media
        self._staging = staging
        self._processors = processors
        self._limits = limits
        self._clock = clock
        self._on_added = on_added

    @property
    def limits(self) -> UploadLimits:
        """What is let in."""
        return self._limits

    async def check_room(self, scope: UserScope, size: int = 0) -> None:
        """Raise `StorageFull` when the disk or the person's quota has no room for so many bytes."""
        free = await self._media.free_space()
        if free is not None and free - size < self._limits.kept_free:
            raise StorageFull("The disk is nearly full, so no media are taken.")
        await self._store.read(scope, lambda tx: self._check_quota(tx, size))

    @asynccontextmanager
    async def receive(
        self, scope: UserScope, chunks: AsyncIterator[bytes]
    ) -> AsyncIterator[Arrived]:
        """Take bytes in and give the file; it is deleted at the end, unless `add` stored it.

        Raises `TooLarge`, `StorageFull`, and `BadRequest` when there are no bytes.
        """
        await self.check_room(scope)
        async with self._staging.folder() as folder:
            source = await receive(folder, chunks, self._limits.file)
            if not source.size:
                raise BadRequest("The file is empty.")
            yield Arrived(folder, source)

    async def add(self, scope: UserScope, arrived: Arrived, described: Described) -> MediaRecord:
        """Give a file to an entry; the same bytes again give the medium that is there.

        Raises `NotFound` for the entry, `BadRequest` for a type or name that is not let in,
        `Unprocessable` for a file that is broken or too large to be shown, `StorageFull`.
        """
        source_sha256 = arrived.source.sha256

        def look(tx: Transaction) -> tuple[MediaRecord | None, bool]:
            existing_entry(tx, described.entry_id)
            settings = tx.settings.get()
            keep = settings is not None and settings["keep_media_metadata"]
            return _on(described.entry_id, tx.media.same_source(source_sha256)), keep

        there, keep_metadata = await self._store.read(scope, look)
        if there is not None:
            return there
        checked = await self._check(arrived, described, keep_metadata=keep_metadata)
        medium = self._record(scope, described, checked)
        return await self._keep(scope, medium, checked.served.path)

    async def restore(
        self, scope: UserScope, arrived: Arrived, described: Described, origin: Origin
    ) -> None:
        """Give a medium back to a moment, which may be in the trash; it is checked like any other.

        Raises `Conflict` when the moment has it or is not there, and as `add` does.
        """
        settings = await self._store.read(scope, lambda tx: tx.settings.get())
        keep = settings is not None and settings["keep_media_metadata"]
        checked = await self._check(arrived, described, keep_metadata=keep)
        medium = self._record(scope, described, checked)
        medium["id"], medium["source_sha256"] = origin.id, origin.source_sha256
        medium["taken_at"] = origin.taken_at or medium["taken_at"]
        medium["created_at"], medium["updated_at"] = origin.created_at, origin.updated_at
        await self._keep(scope, medium, checked.served.path, trash_too=True)

    async def _check(
        self, arrived: Arrived, described: Described, *, keep_metadata: bool
    ) -> _Checked:
        source = arrived.source
        head = await asyncio.to_thread(head_of, source.path, SNIFF_BYTES)
        kind = self._limits.types.check(self._processors.sniff(head), described.file_name)
        processor = self._processors.for_type(kind.mime)
        if processor is None:
            return _Checked(source, source.sha256, kind)
        facts = await processor.inspect(source.path, kind.mime)
        target = arrived.folder / ".stripped"
        if keep_metadata or not await processor.strip(source.path, kind.mime, target):
            return _Checked(source, source.sha256, kind, facts)
        served = await asyncio.to_thread(measured, target)
        return _Checked(served, source.sha256, kind, facts)

    async def _keep(
        self, scope: UserScope, medium: MediaRecord, path: Path, *, trash_too: bool = False
    ) -> MediaRecord:
        """Store bytes first and the row after them; what two entries share is kept once."""
        kept, source = None, medium["source_sha256"]
        if _twin(await self._store.read(scope, lambda tx: tx.media.same_source(source)), medium):
            kept = await self._commit(scope, medium, has_bytes=False, trash_too=trash_too)
        if kept is None:
            kept = await self._keep_bytes(scope, medium, path, trash_too=trash_too)
        if kept["status"] == "pending":
            self._on_added()
        return kept

    async def _keep_bytes(
        self, scope: UserScope, medium: MediaRecord, path: Path, *, trash_too: bool
    ) -> MediaRecord:
        await self._media.put_file(medium["key"], path)
        try:
            kept = await self._commit(scope, medium, has_bytes=True, trash_too=trash_too)
        except (NotFound, Conflict, StorageFull):  # nothing else says that no row was written
            await self._media.delete(medium["key"])
            raise
        if kept is None:
            raise RuntimeError("a medium with bytes of its own was not stored")
        if kept["key"] != medium["key"]:
            await self._media.delete(medium["key"])
        return kept

    async def _commit(
        self, scope: UserScope, medium: MediaRecord, *, has_bytes: bool, trash_too: bool
    ) -> MediaRecord | None:
        """Write the row; None when it has neither bytes of its own nor another's to share."""

        def work(tx: Transaction) -> MediaRecord | None:
            if not trash_too:
                existing_entry(tx, medium["entry_id"])
            same = tx.media.same_source(medium["source_sha256"], hold=True)
            there = _on(medium["entry_id"], same)
            if there is not None and trash_too:
                raise Conflict("This entry has this file already.")
            if there is not None:
                return there
            self._check_quota(tx, medium["size"])
            twin = _twin(same, medium)
            if twin is None and not has_bytes:
                return None
            kept = medium if twin is None else _sharing(medium, twin)
            tx.media.add(kept)
            return kept

        return await self._store.write(scope, work)

    def _record(self, scope: UserScope, described: Described, checked: _Checked) -> MediaRecord:
        now, media_id = instant(self._clock.now()), new_id()
        mime, facts = checked.type.mime, checked.facts
        return {
            "user_id": scope.user_id,
            "id": media_id,
            "entry_id": described.entry_id,
            "status": "pending" if self._processors.for_type(mime) else "completed",
            "kind": checked.type.kind,
            "mime": mime,
            "key": key_of(scope.user_id, media_id, mime),
            "size": checked.served.size,
            "sha256": checked.served.sha256,
            "source_sha256": checked.source_sha256,
            "file_name": clean_file_name(described.file_name),
            "alt_text": described.alt_text,
            "width": facts.width,
            "height": facts.height,
            "duration": facts.duration,
            "taken_at": facts.taken_at,
            "variants": {},
            "attempts": 0,
            "claimed_until": None,
            "error": None,
            "created_at": now,
            "updated_at": now,
        }

    def _check_quota(self, tx: Transaction, size: int) -> None:
        usage = tx.media.usage()
        if self._limits.quota and usage.size + size > self._limits.quota:
            most = self._limits.quota // MEGABYTE
            raise StorageFull(f"This would be more than the {most} MB that you may keep.")
        if usage.files >= self._limits.files:
            raise StorageFull(f"You have {usage.files} files, and no more are taken.")


def _on(entry_id: str, media: list[MediaRecord]) -> MediaRecord | None:
    return next((one for one in media if one["entry_id"] == entry_id), None)


def _twin(same: list[MediaRecord], medium: MediaRecord) -> MediaRecord | None:
    return next((one for one in same if one["sha256"] == medium["sha256"]), None)


def _sharing(medium: MediaRecord, twin: MediaRecord) -> MediaRecord:
    shared: MediaRecord = {**medium, "key": twin["key"]}
    if twin["status"] == "completed":
        shared["status"], shared["variants"] = "completed", twin["variants"]
    return shared
