"""Imports and exports as people ask for them, look at them and end them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from journiv.contracts.records import TransferRecord
from journiv.contracts.repositories.transfers import NewTransfer
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import Exporter, Importer
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Conflict, Forbidden, NotFound
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.transfer.files import TransferFiles
from journiv.services.transfer.import_moods import import_moods

ANY_FORMAT: Final = "auto"
MOST_UNFINISHED: Final = 10
IMPORTS: Final = ("import", "undo")
EXPORTS: Final = ("export",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What is to be done with an uploaded file.

    `source_type` names a format, one of its further names, or `auto`. Entries that name no journal
    go to `journal_id`, or to the journal called `journal`; those without a zone get `zone`, or the
    person's. `moods` are moods of the catalogue by the names that the file has for them.
    """

    source_type: str
    file_name: str
    journal_id: str | None = None
    journal: str = "Imported"
    zone: str | None = None
    dry_run: bool = False
    moods: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """An uploaded file in its place, and the transfer it is going to belong to."""

    transfer_id: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is to be written; days are inclusive, None means everything."""

    format: str
    kind: str
    journal_ids: tuple[str, ...] | None = None
    include_media: bool = True
    start_date: str | None = None
    end_date: str | None = None


class TransferService:
    """Takes requests for transfers, which `TransferRunner` carries out; `wake` tells it to look."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        files: TransferFiles,
        importers: Mapping[str, Importer],
        exporters: Mapping[str, Exporter],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._files = files
        self._importers = importers
        self._exporters = exporters
        self._wake = wake

    @property
    def source_types(self) -> list[str]:
        """Every name an import may be asked for by."""
        also = (name for importer in self._importers.values() for name in importer.also)
        return sorted({ANY_FORMAT, *self._importers, *also})

    @property
    def formats(self) -> list[str]:
        """Every format that can be written."""
        return sorted(self._exporters)

    def exporter(self, format: str) -> Exporter | None:
        """Return what writes a format, if this server still has it."""
        return self._exporters.get(format)

    async def ask_export(self, scope: UserScope, request: ExportRequest) -> TransferRecord:
        """Note an export.

        Raises `BadRequest` for an unknown format or days in the wrong order, `Conflict`,
        `StorageFull`.
        """
        if request.format not in self._exporters:
            known = ", ".join(self.formats)
            raise BadRequest(f"Invalid format: {request.format}. Must be one of: {known}")
        start, end = request.start_date, request.end_date
        if start and end and start > end:
            raise BadRequest(f"{start} comes after {end}.")
        await self._files.require_room()
        ids = request.journal_ids
        options = {
            "kind": request.kind,
            "journal_ids": None if ids is None else list(ids),
            "include_media": request.include_media,
            "start_date": start,
            "end_date": end,
        }
        return await self._add(scope, "export", request.format, options)

    def check_import(self, request: ImportRequest) -> Sequence[Importer]:
        """Return the importers that may read the file. Raises `BadRequest`."""
        wanted = request.source_type.strip().lower()
        found = [
            importer
            for importer in self._importers.values()
            if wanted in (ANY_FORMAT, importer.format, *importer.also)
        ]
        if not found:
            known = ", ".join(self.source_types)
            shown = request.source_type[:50]
            raise BadRequest(f"Invalid source type: {shown}. Must be one of: {known}")
        name = request.file_name.lower()
        fitting = [one for one in found if not one.suffixes or name.endswith(one.suffixes)]
        if not fitting:
            endings = sorted({ending for one in found for ending in one.suffixes})
            if endings == [".zip"]:
                raise BadRequest("File must be a ZIP archive")
            raise BadRequest(f"The file's name must end in one of: {', '.join(endings)}")
        return fitting

    async def receive(self, scope: UserScope, size: int, chunks: AsyncIterator[bytes]) -> Received:
        """Store what is uploaded, `size` bytes or an unknown number (0).

        Raises `StorageFull`, and what `chunks` raises; then nothing is left behind.
        """
        await self._files.require_room(size)
        transfer_id = new_id()
        key = self._files.source_key(scope.user_id, transfer_id)
        await self._files.receive(key, chunks)
        return Received(transfer_id, key)

    async def ask_import(
        self, scope: UserScope, request: ImportRequest, received: Received
    ) -> TransferRecord:
        """Note the import of a stored file.

        Raises `BadRequest` when no importer takes it or a chosen mood is unknown, `NotFound` for a
        journal that is not there, `Conflict` for too many at once.
        """
        fitting = self.check_import(request)
        await self._store.read(scope, lambda tx: _check(tx, request))
        importer = await self._recognise(received.key, fitting)
        zone = request.zone or await self._store.read(scope, lambda tx: tx.settings.time_zone())
        options = {
            "source_type": request.source_type.strip().lower(),
            "journal_id": request.journal_id,
            "journal": request.journal,
            "zone": zone,
            "dry_run": request.dry_run,
            "moods": dict(request.moods),
        }
        return await self._add(scope, "import", importer.format, options, received)

    async def discard(self, received: Received) -> None:
        """Delete a stored file whose import was not noted."""
        await asyncio.shield(self._files.delete(received.key))

    async def page(
        self, scope: UserScope, directions: Sequence[str], limit: int, offset: int
    ) -> list[TransferRecord]:
        """Return transfers, newest first."""
        return await self._store.read(
            scope, lambda tx: tx.transfers.page(directions, limit, offset)
        )

    async def get(
        self, scope: UserScope, transfer_id: str, directions: Sequence[str], doing: str
    ) -> TransferRecord:
        """Return a transfer. Raises `NotFound`, and `Forbidden` for somebody else's.

        `doing` is what the person wanted, for the sentence: `access this import job`.
        """
        found = await self._store.read(scope, lambda tx: tx.transfers.get(transfer_id))
        if found is not None and found["direction"] in directions:
            return found
        if found is None:
            owner = await self._store.read(SYSTEM, lambda tx: tx.transfers.owner_of(transfer_id))
            if owner is not None:
                raise Forbidden(f"Not authorized to {doing}")
        what = "Export" if directions == EXPORTS else "Import"
        raise NotFound(f"{what} job not found")

    async def cancel(self, scope: UserScope, record: TransferRecord) -> TransferRecord:
        """End a transfer; a running one stops after the batch it is at. What is in stays in.

        Raises `Conflict` when it has ended already.
        """
        if record["status"] not in ("pending", "running"):
            raise Conflict("This job has ended already")
        at = instant(self._clock.now())
        found = await self._store.write(scope, lambda tx: tx.transfers.cancel(record["id"], at))
        if found is None:
            raise NotFound("The job is gone.")
        if found["status"] == "cancelled":
            await self._files.delete(found["source_key"])
        return found

    async def delete(self, scope: UserScope, record: TransferRecord) -> None:
        """Delete a transfer with its files; imported entries stay. Raises `Conflict`."""
        if not await self._store.write(scope, lambda tx: tx.transfers.delete(record["id"])):
            raise Conflict("Cannot delete running job")
        await self._files.delete(record["source_key"], record["file_key"])

    async def undo(self, scope: UserScope, record: TransferRecord) -> TransferRecord:
        """Note that an import is to be taken back. Raises `Conflict` while it is not over."""
        if record["direction"] != "import" or record["status"] in ("pending", "running"):
            raise Conflict("Only an import that has ended can be taken back")
        return await self._add(scope, "undo", record["format"], {"of": record["id"]})

    async def _recognise(self, key: str, importers: Sequence[Importer]) -> Importer:
        async with self._files.lent(key) as path:
            for importer in importers:
                if await asyncio.to_thread(importer.recognises, path):
                    return importer
        kinds = " or ".join(importer.format for importer in importers)
        raise BadRequest(f"Invalid file: nothing of the format {kinds} was found in it")

    async def _add(
        self,
        scope: UserScope,
        direction: str,
        format: str,
        options: Mapping[str, object],
        received: Received | None = None,
    ) -> TransferRecord:
        new = NewTransfer(
            id=received.transfer_id if received else new_id(),
            direction=direction,
            format=format,
            options=options,
            created_at=instant(self._clock.now()),
            source_key=received.key if received else None,
        )
        record = await self._store.write(scope, lambda tx: _added(tx, new))
        self._wake()
        return record


def _added(tx: Transaction, new: NewTransfer) -> TransferRecord:
    if tx.transfers.unfinished() >= MOST_UNFINISHED:
        raise Conflict(f"{MOST_UNFINISHED} jobs are waiting already; let some of them end first.")
    return tx.transfers.add(new)


def _check(tx: Transaction, request: ImportRequest) -> None:
    if request.journal_id is not None and tx.journals.get(request.journal_id) is None:
        raise NotFound("Journal not found")
    if request.moods:
        import_moods(tx.moods.all(), request.moods)
