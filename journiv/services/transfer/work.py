"""What the three directions of transfers do: bring in, write out, take back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from journiv.contracts.archives import AccountImporter
from journiv.contracts.records import EntryRecord, TransferRecord
from journiv.contracts.repositories.transfers import Ending, Progress
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import Exporter, Importer
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.scope import UserScope
from journiv.services.transfer.exports import ExportService
from journiv.services.transfer.files import TransferFiles
from journiv.services.transfer.hold import Hold, bounded
from journiv.services.transfer.import_batch import Made
from journiv.services.transfer.imports import ImportReport, ImportService, ImportTarget
from journiv.services.transfer.restore import AccountRestore
from journiv.services.transfer.selection import Selection

UNDO_AT_ONCE: Final = 100
PAUSE: Final = 0.025


class ImportWork:
    """Reads an uploaded file into the diary."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        files: TransferFiles,
        importers: Mapping[str, Importer],
        imports: ImportService,
        restore: AccountRestore,
    ) -> None:
        self._store = store
        self._clock = clock
        self._files = files
        self._importers = importers
        self._imports = imports
        self._restore = restore

    async def run(self, hold: Hold) -> Ending:
        """See `TransferWork.run`."""
        record = hold.record
        importer = self._importers.get(record["format"])
        if importer is None or record["source_key"] is None:
            raise BadRequest(f"This server reads no '{record['format']}' any more.")
        async with self._files.lent(record["source_key"]) as path:
            hold.tell("counting", 0, 0)
            total = await asyncio.to_thread(importer.count, path)
            report = await self._read(hold, importer, path, total)
        return await self._ending(hold, report)

    async def _read(self, hold: Hold, importer: Importer, path: Path, total: int) -> ImportReport:
        options = hold.record["options"]
        dry, within = options["dry_run"], partial(_note, hold, total)

        def progress(read: int) -> None:
            hold.tell("importing", read, total)

        if isinstance(importer, AccountImporter):
            return await self._restore.run(
                hold.scope, importer, path, dry_run=dry, progress=progress, within=within
            )
        target = ImportTarget(
            journal_id=options["journal_id"],
            title=options["journal"],
            zone=options["zone"],
            moods=options.get("moods", {}),
        )
        return await self._imports.run(
            hold.scope, importer, path, target, dry_run=dry, progress=progress, within=within
        )

    async def _ending(self, hold: Hold, report: ImportReport) -> Ending:
        """Count what this transfer made, also before an interruption."""
        made = await self._store.read(hold.scope, lambda tx: tx.transfers.counts(hold.transfer_id))
        dry = hold.record["options"]["dry_run"]
        warnings = [
            *(
                f"There is no mood '{mood}' here, so it was left out."
                for mood in report.unknown_moods
            ),
            *report.remarks,
        ]
        return Ending(
            status="completed",
            at=instant(self._clock.now()),
            result={
                "dry_run": dry,
                "journals_created": made.get("journal", 0),
                "entries_created": report.added if dry else made.get("entry", 0),
                "entries_skipped": report.read - (report.added if dry else made.get("entry", 0)),
                "entries_known": report.known if dry else _known(report, made),
                "tags_created": made.get("tag", 0),
                "media_files_imported": report.media,
            },
            errors=bounded([f"{one.where}: {one.reason}" for one in report.rejected]),
            warnings=bounded(warnings),
        )


def _known(report: ImportReport, made: Mapping[str, int]) -> int:
    """Count entries that were there before; a resumed import knows its own from before."""
    return report.added + report.known - made.get("entry", 0)


def _note(hold: Hold, total: int, tx: Transaction, made: Made, read: int) -> None:
    hold.mark(tx, Progress(stage="importing", done=read, total=total))
    kinds = {"entry": made.entries, "journal": made.journals, "tag": made.tags}
    for kind, ids in kinds.items():
        tx.transfers.note(hold.transfer_id, kind, ids)


class ExportWork:
    """Writes a diary to a file that can be downloaded."""

    def __init__(
        self,
        clock: Clock,
        files: TransferFiles,
        exporters: Mapping[str, Exporter],
        exports: ExportService,
    ) -> None:
        self._clock = clock
        self._files = files
        self._exporters = exporters
        self._exports = exports

    async def run(self, hold: Hold) -> Ending:
        """See `TransferWork.run`."""
        record, options = hold.record, hold.record["options"]
        exporter = self._exporters.get(record["format"])
        if exporter is None:
            raise BadRequest(f"This server writes no '{record['format']}' any more.")
        selection = Selection(
            journal_ids=_ids(options["journal_ids"]),
            start_date=options["start_date"],
            end_date=options["end_date"],
        )
        await self._files.require_room()
        await asyncio.to_thread(self._files.clear_scratch, record["id"])
        name = f"{record['id']}.{record['attempts']}{exporter.suffix}"
        path = await asyncio.to_thread(self._files.scratch, name)
        total = await self._exports.total(hold.scope, selection)
        hold.tell("exporting", 0, total)
        try:
            written = await self._exports.run(
                hold.scope,
                exporter,
                path,
                selection=selection,
                with_media=options["include_media"],
                progress=lambda done: hold.tell("exporting", done, total),
            )
            hold.tell("storing", total, total)
            key = self._files.result_key(record["user_id"], record["id"])
            stored = await self._files.keep(key, path)
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        journals = await self._exports.journals(hold.scope, selection)
        now = instant(self._clock.now())
        return Ending(
            status="completed",
            at=now,
            file_key=key,
            file_name=f"journiv_export_{record['user_id']}_{_stamp(record['created_at'])}{exporter.suffix}",
            file_size=stored.size,
            result={
                "journal_count": len(journals),
                "entry_count": written.entries,
                "media_count": written.media,
                "file_size": stored.size,
            },
        )


def _ids(found: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if found is None else tuple(found)


def _stamp(at: str) -> str:
    """Write an instant for a file's name: `20260203_080000`."""
    return at[:19].replace("-", "").replace(":", "").replace("T", "_")


class UndoWork:
    """Takes back what an import made, except for entries changed or given a picture since."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self, hold: Hold) -> Ending:
        """See `TransferWork.run`."""
        of = hold.record["options"]["of"]
        counts = await self._store.read(hold.scope, lambda tx: tx.transfers.counts(of))
        if not counts:
            raise NotFound("There is nothing left of this import to take back.")
        total, done, kept = counts.get("entry", 0), 0, 0
        while ids := await self._noted(hold.scope, of, "entry"):
            hold.tell("undoing", done, total)
            kept += await self._store.write(hold.scope, partial(self._take_back, hold, of, ids))
            done += len(ids)
            await asyncio.sleep(PAUSE)
        left = await self._store.write(hold.scope, partial(_clear_beside, hold, of))
        result: dict[str, Any] = {"entries_removed": done - kept, "entries_kept": kept, **left}
        return Ending(status="completed", at=instant(self._clock.now()), result=result)

    async def _noted(self, scope: UserScope, of: str, kind: str) -> list[str]:
        return await self._store.read(scope, lambda tx: tx.transfers.noted(of, kind, UNDO_AT_ONCE))

    def _take_back(self, hold: Hold, of: str, ids: list[str], tx: Transaction) -> int:
        """Delete a batch of entries for ever; return how many stay because they were changed."""
        hold.mark(tx)
        imported = tx.transfers.get(of)
        at, kept = instant(self._clock.now()), 0
        for entry_id in ids:
            entry = tx.entries.get(entry_id) or tx.trash.get(entry_id)
            if entry is not None and _is_changed(tx, entry, imported):
                kept += 1
            elif entry is not None:
                tx.trash.put(entry_id, at)
                tx.trash.delete(entry_id)
            else:
                tx.mood_logs.delete(entry_id)
        tx.transfers.strike(of, "entry", ids)
        return kept


def _is_changed(tx: Transaction, entry: EntryRecord, imported: TransferRecord | None) -> bool:
    """Say whether somebody wrote in an entry since its import, or gave it something to see."""
    if imported is None:
        return entry["version"] > 1
    if entry["version"] > 1 and entry["updated_at"] > imported["created_at"]:
        return True
    ended = imported["finished_at"] or imported["created_at"]
    return any(medium["created_at"] > ended for medium in tx.media.of_entry(entry["id"]))


def _clear_beside(hold: Hold, of: str, tx: Transaction) -> Mapping[str, int]:
    """Delete the journals and tags an import made, where nothing is left in them."""
    hold.mark(tx)
    journals, tags = 0, 0
    while ids := tx.transfers.noted(of, "journal", UNDO_AT_ONCE):
        journals += sum(tx.journals.delete(one) for one in ids if tx.journals.is_empty(one))
        tx.transfers.strike(of, "journal", ids)
    while ids := tx.transfers.noted(of, "tag", UNDO_AT_ONCE):
        tags += sum(tx.tags.delete(one) for one in ids if _is_unused(tx, one))
        tx.transfers.strike(of, "tag", ids)
    return {"journals_removed": journals, "tags_removed": tags}


def _is_unused(tx: Transaction, tag_id: str) -> bool:
    tag = tx.tags.get(tag_id)
    return tag is not None and tag["usage_count"] == 0
