"""Restoring an account from an archive: row by row, exactly, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from journiv.contracts.archives import AccountImporter, ArchivedMoment, Row
from journiv.contracts.records import SettingsRecord
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import Rejected
from journiv.domain.errors import BadRequest, JournivError, StorageFull, Unavailable
from journiv.domain.scope import UserScope
from journiv.services.transfer import archive_rows
from journiv.services.transfer.archive_rows import RowRefused
from journiv.services.transfer.batches import BATCH, Batches
from journiv.services.transfer.import_batch import Made
from journiv.services.transfer.imports import ImportReport, Within
from journiv.services.transfer.media_intake import AccountMedia

NOTHING: Final = "00000000-0000-0000-0000-000000000000"
_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
    "settings": archive_rows.settings,
    "tags": archive_rows.tag,
    "journals": archive_rows.journal,
    "moments": archive_rows.moment,
    "revisions": archive_rows.revision,
    "media": archive_rows.medium,
}


@dataclass(slots=True)
class _Restore:
    """A restoration under way: what may be referred to, and what was met."""

    scope: UserScope
    moods: frozenset[str]
    is_new: bool
    dry: bool
    tags: dict[str, str] = field(default_factory=dict)
    journals: set[str] = field(default_factory=set)
    ids: set[tuple[object, ...]] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    read: int = 0
    moments: int = 0
    valid: int = 0
    added: int = 0
    words: int = 0
    media: int = 0


class AccountRestore:
    """Brings the rows of an archive into an account, which may hold other things already.

    Rows whose id is used stay as they are. Preferences are restored where the person has written
    nothing yet. Without `media` pictures are left out, which the report says.
    """

    def __init__(self, store: Store, media: AccountMedia | None = None) -> None:
        self._store = store
        self._media = media

    async def run(
        self,
        scope: UserScope,
        importer: AccountImporter,
        source: Path,
        *,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda read: None,
        within: Within = lambda tx, made, read: None,
    ) -> ImportReport:
        """Restore a file; batches, `progress`, `within` and errors are those of `ImportService`."""
        restore = await self._store.read(scope, lambda tx: _begun(scope, tx, dry=dry_run))
        rows = importer.rows(source)
        batches = Batches(rows, _RowReader(rows, restore).take, self._store)
        try:
            while batch := await batches.next():
                if batch.kind == "media":
                    await self._restore_media(restore, batch)
                else:
                    await self._store_batch(restore, batch, within)
                restore.read += batch.read
                progress(restore.read)
        finally:
            await batches.close()
        return ImportReport(
            read=restore.moments,
            added=restore.added,
            known=restore.valid - restore.added,
            words=restore.words,
            media=restore.media,
            rejected=tuple(restore.rejected),
            remarks=tuple(restore.remarks),
        )

    async def _store_batch(self, restore: _Restore, batch: _Batch, within: Within) -> None:
        restore.valid += len(batch.of("moments"))
        if restore.dry:
            restore.tags |= {one["id"]: one["id"] for one in batch.of("tags")}
            restore.added += await self._store.read(restore.scope, partial(_unknown, batch))
            return
        read = restore.read + batch.read

        def work(tx: Transaction) -> tuple[Made, Mapping[str, str]]:
            made = Made()
            ids = _add(tx, restore, batch, made)
            within(tx, made, read)
            return made, ids

        made, ids = await self._store.write(restore.scope, work)
        restore.tags |= ids
        restore.added += len(made.entries)
        new = set(made.entries)
        restore.words += sum(one["word_count"] for one in batch.of("moments") if one["id"] in new)

    async def _restore_media(self, restore: _Restore, batch: _Batch) -> None:
        for medium in batch.rows if not restore.dry else ():
            try:
                if self._media is None:
                    raise Unavailable("this server takes no media")
                if medium["open"] is None:
                    raise BadRequest("its bytes are not in the archive")
                restore.media += await self._media.restore(restore.scope, medium, medium["open"])
            except StorageFull:
                raise
            except JournivError as refusal:
                said = f"was left out: {refusal.detail}"
                restore.rejected.append(Rejected(where=medium["where"], reason=said))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Checked rows of one kind, and how many were read for them."""

    kind: str
    read: int
    rows: list[Any]
    has_media: bool

    def of(self, kind: str) -> list[Any]:
        return self.rows if self.kind == kind else []


class _RowReader:
    """Takes and checks batches of one kind, in another thread."""

    def __init__(self, rows: Iterator[Row | Rejected], restore: _Restore) -> None:
        self._rows = rows
        self._restore = restore
        self._ahead: list[Row] = []

    def take(self) -> _Batch | None:
        """Take rows of one kind; those of another that come with them are kept for the next."""
        kind, read = "", 0
        checked: list[Any] = []
        waiting, self._ahead = self._ahead, []
        rows, has_media = self._following(waiting)
        for row in rows:
            if isinstance(row, Rejected):
                self._restore.rejected.append(row)
            elif kind in ("", row.kind):
                kind = row.kind
                checked += _checked(row, self._restore)
            else:
                self._ahead.append(row)
                continue
            read += 1
        return _Batch(kind, read, checked, has_media) if read else None

    def _following(self, waiting: list[Row]) -> tuple[list[Row | Rejected], bool]:
        """Return rows up to a medium, whose bytes can be read until the next is asked for."""
        rows: list[Row | Rejected] = [*waiting]
        has_media = any(row.kind == "media" for row in waiting)
        while not has_media and len(rows) < BATCH:
            row = next(self._rows, None)
            if row is None:
                break
            rows.append(row)
            has_media = isinstance(row, Row) and row.kind == "media"
        return rows, has_media


def _checked(row: Row, restore: _Restore) -> Sequence[Any]:
    """Return a row that may be stored, or nothing and a word in the report."""
    try:
        restore.moments += row.kind == "moments"
        found = _CHECKS[row.kind](row.values)
        if row.kind == "moments":
            _settle_moment(row, found, restore)
        if row.kind == "media":
            _settle_medium(row, found, restore)
        for key in _keys(row.kind, found):
            if key in restore.ids:
                raise RowRefused("stands earlier in the archive")
            restore.ids.add(key)
        if row.kind == "journals":
            restore.journals.add(found["id"])
    except RowRefused as refusal:
        restore.rejected.append(Rejected(where=row.where, reason=str(refusal)))
        return ()
    return (found,)


def _keys(kind: str, found: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Yield what must be unique about a row."""
    if kind == "revisions":
        yield kind, found["entry_id"], found["number"]
    elif kind != "settings":
        yield kind, found["id"]
    if kind == "moments" and found["ref"] is not None:
        yield "ref", found["importer"], found["ref"]


def _settle_moment(row: Row, found: ArchivedMoment, restore: _Restore) -> None:
    """Refuse a moment without its journal; leave out a mood that this catalogue has not."""
    if found["journal_id"] is not None and found["journal_id"] not in restore.journals:
        raise RowRefused("belongs to a journal that is not in the archive")
    if found["mood_id"] is None or found["mood_id"] in restore.moods:
        return
    if found["status"] == "log":
        raise RowRefused("has a mood that is not in the catalogue")
    found["mood_id"] = found["mood_at"] = None
    restore.remarks.append(f"{row.where}: its mood is not in the catalogue, so it was left out")


def _settle_medium(row: Row, found: dict[str, Any], restore: _Restore) -> None:
    """Refuse a medium without its moment; add where it stands, and what opens it."""
    if ("moments", found["entry_id"]) not in restore.ids:
        raise RowRefused("belongs to a moment that is not in the archive")
    found["where"], found["open"] = row.where, row.open


def _begun(scope: UserScope, tx: Transaction, *, dry: bool) -> _Restore:
    moods = frozenset(mood["id"] for mood in tx.moods.all())
    is_new = not tx.holdings.moments(NOTHING, 1) and not tx.journals.all(include_archived=True)
    return _Restore(scope, moods, is_new=is_new, dry=dry)


def _add(tx: Transaction, restore: _Restore, batch: _Batch, made: Made) -> Mapping[str, str]:
    """Store a batch; return the ids of its tags here."""
    if batch.kind == "settings" and restore.is_new:
        for values in batch.rows:
            kept: Any = {**values, "user_id": restore.scope.user_id}
            settings: SettingsRecord = kept
            tx.settings.put(settings)
    if batch.kind == "tags":
        ids = tx.holdings.add_tags(batch.rows)
        made.tags += (old for old, here in ids.items() if old == here)
        return ids
    if batch.kind == "journals":
        made.journals += tx.holdings.add_journals(batch.rows)
    if batch.kind == "moments":
        made.entries += tx.holdings.add_moments(_attached(restore, batch.rows))
    if batch.kind == "revisions":
        tx.holdings.add_revisions(batch.rows)
    return {}


def _attached(restore: _Restore, moments: Sequence[ArchivedMoment]) -> list[ArchivedMoment]:
    """Return moments with the tags they have here."""
    here = restore.tags
    return [
        {**one, "tags": {here[old]: at for old, at in one["tags"].items() if old in here}}
        for one in moments
    ]


def _unknown(batch: _Batch, tx: Transaction) -> int:
    """Count what is not here yet, for a dry run."""
    return sum(not tx.entries.exists(one["id"]) for one in batch.of("moments"))
