"""Bringing a diary in: batches, no doubles, a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import JournivError, NotFound, StorageFull, Unavailable
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.domain.text import shown
from journiv.services.transfer.batches import BATCH, Batches
from journiv.services.transfer.import_batch import Made, add_batch, fresh_of, journal_called
from journiv.services.transfer.import_drafts import Draft, Drafting
from journiv.services.transfer.import_moods import import_moods
from journiv.services.transfer.media_intake import MediaIntake
from journiv.services.transfer.unfinished_media import UnfinishedMedia

Record = ImportedEntry | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTarget:
    """Where the entries go: a journal, and the zone of entries that name none.

    Without `journal_id` the journal called `title` is used, and made with the first entry. `moods`
    are moods of the catalogue by the names that the file has for them.
    """

    zone: str
    journal_id: str | None = None
    title: str = "Imported"
    moods: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did.

    `known` entries were there already, `words` counts those of added entries, `unknown_moods` are
    names of moods that are not in the catalogue; their entries came in without a mood. `remarks`
    are sentences about entries that came in and left something behind.
    """

    read: int = 0
    added: int = 0
    known: int = 0
    words: int = 0
    media: int = 0
    rejected: tuple[Rejected, ...] = ()
    unknown_moods: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


Within = Callable[[Transaction, Made, int], None]


@dataclass(slots=True)
class _Run:
    """An import under way."""

    scope: UserScope
    drafting: Drafting
    title: str
    dry: bool
    within: Within
    unfinished: UnfinishedMedia
    read: int = 0
    added: int = 0
    known: int = 0
    words: int = 0
    media: int = 0

    def report(self) -> ImportReport:
        return ImportReport(
            read=self.read,
            added=self.added,
            known=self.known,
            words=self.words,
            media=self.media,
            rejected=tuple(self.drafting.rejected),
            unknown_moods=tuple(sorted(self.drafting.unknown_moods)),
            remarks=tuple(self.drafting.remarks),
        )


class ImportService:
    """Imports entries through any importer, beside a running server.

    Without `media` the pictures of entries are left out, which the report says.
    """

    def __init__(self, store: Store, clock: Clock, media: MediaIntake | None = None) -> None:
        self._store = store
        self._clock = clock
        self._media = media

    async def journal(self, scope: UserScope, title: str) -> str:
        """Return the id of the person's oldest journal of that title, made when there is none."""
        new, now = new_id(), instant(self._clock.now())
        return await self._store.write(scope, lambda tx: journal_called(tx, title, new, now))

    async def run(
        self,
        scope: UserScope,
        importer: Importer,
        source: Path,
        target: ImportTarget,
        *,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda read: None,
        within: Within = lambda tx, made, read: None,
    ) -> ImportReport:
        """Bring in a file; what an earlier run brought in is left alone, with its media.

        Each batch of 200 is one durable transaction, so an import that was cut off goes on where
        it stopped. `progress` is told how many records were dealt with, and what it raises ends
        the import. `within` is called in each batch's transaction with what the batch made and the
        records read so far; what it raises undoes the batch and ends the import. Raises
        `BadRequest` when the file as a whole is not of the importer's format.
        """
        catalogue = await self._store.read(scope, lambda tx: tx.moods.all())
        moods = import_moods(catalogue, target.moods)
        drafting = Drafting(importer.format, target.journal_id or "", target.zone, moods)
        unfinished = UnfinishedMedia(self._store, self._clock, scope)
        await unfinished.recall()
        run = _Run(scope, drafting, target.title, dry_run, within, unfinished)
        records = importer.read(source)
        batches = Batches(records, _Reader(records, drafting, self._clock).take, self._store)
        try:
            while batch := await batches.next():
                await self._store_batch(run, batch.drafts, run.read + batch.read)
                run.read += batch.read
                progress(run.read)
        finally:
            await batches.close()
        await unfinished.forget()
        return run.report()

    async def _store_batch(self, run: _Run, drafts: list[Draft], read: int) -> None:
        kind = run.drafting.format
        fresh = await self._store.read(run.scope, lambda tx: fresh_of(tx, kind, drafts))
        if fresh and not run.dry:
            await run.unfinished.note([draft.entry.id for draft in fresh if draft.media])
            now = instant(self._clock.now())

            def work(tx: Transaction) -> list[Draft]:
                made = Made()
                added = add_batch(tx, kind, run.title, fresh, made, now)
                run.within(tx, made, read)
                return added

            fresh = await self._store.write(run.scope, work)
        run.added += len(fresh)
        run.known += len(drafts) - len(fresh)
        run.words += sum(draft.entry.word_count for draft in fresh)
        if not run.dry:
            await self._attach_all(run, [one for one in drafts if one.media], fresh)

    async def _attach_all(self, run: _Run, drafts: list[Draft], fresh: list[Draft]) -> None:
        """Give new entries their media, and the one that an earlier import was cut off at."""
        kind, new = run.drafting.format, {draft.ref for draft in fresh}
        ids = await self._store.read(run.scope, lambda tx: _entry_ids(tx, kind, drafts))
        for draft in drafts:
            entry_id = ids[draft.ref]
            if draft.ref in new or run.unfinished.holds(entry_id):
                await self._attach(run, draft, entry_id)
                run.unfinished.finished(entry_id)

    async def _attach(self, run: _Run, draft: Draft, entry_id: str) -> None:
        """Give an entry its media; what is refused becomes a remark."""
        for media in draft.media:
            try:
                if self._media is None:
                    raise Unavailable("this server takes no media")
                run.media += await self._media.attach(run.scope, entry_id, media)
            except StorageFull:
                raise
            except NotFound:
                return  # the entry was put into the trash, where it gets nothing new
            except JournivError as refusal:
                said = f"{draft.where}: '{media.name}' was left out: {refusal.detail}"
                run.drafting.remarks.append(shown(said))


@dataclass(frozen=True, slots=True)
class _Batch:
    """What was read at once: how many records, and those that may be stored."""

    read: int
    drafts: list[Draft]
    has_media: bool


class _Reader:
    """Takes records and makes drafts of them, in another thread."""

    def __init__(self, records: Iterator[Record], drafting: Drafting, clock: Clock) -> None:
        self._records = records
        self._drafting = drafting
        self._clock = clock

    def take(self) -> _Batch | None:
        """Take records up to one with media, which can be read until the next is asked for."""
        taken: list[Record] = []
        has_media = False
        for record in islice(self._records, BATCH):
            taken.append(record)
            has_media = isinstance(record, ImportedEntry) and bool(record.media)
            if has_media:
                break
        if not taken:
            return None
        drafts = self._drafting.drafts(taken, instant(self._clock.now()))
        return _Batch(len(taken), drafts, has_media)


def _entry_ids(tx: Transaction, format: str, drafts: list[Draft]) -> Mapping[str, str]:
    """Return the entry of each draft by its reference, which may be the entry's own id."""
    own = {draft.ref: draft.ref for draft in drafts}
    return {**own, **tx.entries.imported(format, list(own))}
