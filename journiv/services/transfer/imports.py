"""Bringing a diary in: batches, no doubles, a report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import islice
from pathlib import Path
from typing import Final

from journiv.contracts.repositories.entries import NewEntry
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.domain.clock import (
    FIRST_INSTANT,
    LAST_INSTANT,
    Clock,
    instant,
    local_day,
    on_day,
    parse_day,
)
from journiv.domain.ids import new_id, parse_id
from journiv.domain.scope import UserScope
from journiv.domain.text import tag_name, unstorable, without_controls, word_count

BATCH: Final = 200
PAUSE: Final = 0.025
MAX_CONTENT: Final = 1_000_000
MAX_TITLE: Final = 300
MAX_LOCATION: Final = 200
MAX_WEATHER: Final = 100
MAX_REF: Final = 255
MAX_TAGS: Final = 50
MAX_TAG: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTarget:
    """Where the entries go: a journal, and the zone of entries that name none."""

    journal_id: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did.

    `known` entries were there already, `words` counts those of added entries, `unknown_moods` are
    names of moods that are not in the catalogue; their entries came in without a mood.
    """

    read: int = 0
    added: int = 0
    known: int = 0
    words: int = 0
    rejected: tuple[Rejected, ...] = ()
    unknown_moods: tuple[str, ...] = ()


@dataclass(slots=True)
class _Run:
    """An import under way."""

    format: str
    target: ImportTarget
    moods: Mapping[str, str]
    dry: bool
    refs: set[str] = field(default_factory=set)
    read: int = 0
    added: int = 0
    known: int = 0
    words: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    unknown_moods: set[str] = field(default_factory=set)

    def report(self) -> ImportReport:
        return ImportReport(
            read=self.read,
            added=self.added,
            known=self.known,
            words=self.words,
            rejected=tuple(self.rejected),
            unknown_moods=tuple(sorted(self.unknown_moods)),
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A record that may be stored, with what belongs beside the entry itself."""

    entry: NewEntry
    ref: str
    tags: tuple[str, ...]
    tag_ids: tuple[str, ...]
    mood_id: str | None


class ImportService:
    """Imports entries through any importer, beside a running server."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def journal(self, scope: UserScope, title: str) -> str:
        """Return the id of the person's oldest journal of that title, made when there is none."""
        columns = {
            "id": new_id(),
            "title": title,
            "description": None,
            "color": None,
            "icon": None,
            "is_favorite": False,
            "is_archived": False,
        }
        now = instant(self._clock.now())
        row = {**columns, "created_at": now, "updated_at": now}

        def work(tx: Transaction) -> str:
            return (tx.journals.by_title(title) or tx.journals.add(row))["id"]

        return await self._store.write(scope, work)

    async def run(
        self,
        scope: UserScope,
        importer: Importer,
        source: Path,
        target: ImportTarget,
        *,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda read: None,
    ) -> ImportReport:
        """Bring in a file; what an earlier run brought in is left alone.

        Each batch of 200 is one durable transaction, so an import that was cut off goes on where
        it stopped. `progress` is told how many records were dealt with. Raises `BadRequest` when
        the file as a whole is not of the importer's format.
        """
        moods = await self._store.read(scope, _moods)
        run = _Run(importer.format, target, moods, dry_run)
        records = importer.read(source)
        while batch := await _next_batch(records):
            await self._store_batch(scope, run, self._drafts(run, batch))
            run.read += len(batch)
            progress(run.read)
        return run.report()

    def _drafts(self, run: _Run, batch: list[ImportedEntry | Rejected]) -> list[_Draft]:
        now = instant(self._clock.now())
        drafts = []
        for record in batch:
            drafted = record if isinstance(record, Rejected) else _drafted(run, record, now)
            if isinstance(drafted, Rejected):
                run.rejected.append(drafted)
            else:
                drafts.append(drafted)
        return drafts

    async def _store_batch(self, scope: UserScope, run: _Run, drafts: list[_Draft]) -> None:
        fresh = await self._store.read(scope, lambda tx: _fresh(tx, run.format, drafts))
        if fresh and not run.dry:
            fresh = await self._store.write(scope, lambda tx: _add(tx, run.format, fresh))
        run.added += len(fresh)
        run.known += len(drafts) - len(fresh)
        run.words += sum(draft.entry.word_count for draft in fresh)


async def _next_batch(
    records: Iterator[ImportedEntry | Rejected],
) -> list[ImportedEntry | Rejected]:
    """Read on, and leave the store to others meanwhile.

    SQLite has one writer at a time, and a server that waits for its turn looks every 25 ms.
    """
    batch, _ = await asyncio.gather(asyncio.to_thread(_take, records), asyncio.sleep(PAUSE))
    return batch


def _take(records: Iterator[ImportedEntry | Rejected]) -> list[ImportedEntry | Rejected]:
    return list(islice(records, BATCH))


def _drafted(run: _Run, record: ImportedEntry, now: str) -> _Draft | Rejected:
    record = _printable(record)
    moment = _moment(record, record.zone or run.target.zone)
    reason = _refusal(record)
    if moment is None:
        reason = reason or "lies outside the years 1 to 9998"
    elif record.ref in run.refs:
        reason = reason or "has a 'ref' that stands earlier in the file"
    if reason or moment is None:
        return Rejected(where=record.where, reason=reason or "")
    run.refs.add(record.ref)
    mood_id = run.moods.get((record.mood or "").lower())
    if record.mood and mood_id is None:
        run.unknown_moods.add(record.mood)
    return _draft(run, record, moment, mood_id, now)


def _printable(record: ImportedEntry) -> ImportedEntry:
    """Drop the control characters that the API refuses; an entry must not be lost over them."""
    return replace(
        record,
        title=without_controls(record.title),
        content=without_controls(record.content),
        location=record.location and without_controls(record.location),
        weather=record.weather and without_controls(record.weather),
        tags=tuple(map(without_controls, record.tags)),
    )


def _refusal(record: ImportedEntry) -> str | None:
    """Return why a record cannot be stored, or None."""
    texts = (record.ref, record.title, record.content, record.location, record.weather)
    if any(text is not None and unstorable(text) for text in (*texts, *record.tags)):
        return "holds a NUL or a lone surrogate"
    limits = (
        ("text", record.content, MAX_CONTENT),
        ("title", record.title.strip(), MAX_TITLE),
        ("location", record.location or "", MAX_LOCATION),
        ("weather", record.weather or "", MAX_WEATHER),
        ("reference", record.ref, MAX_REF),
        *(("tag", tag, MAX_TAG) for tag in record.tags),
    )
    for what, text, limit in limits:
        if len(text) > limit:
            return f"has a {what} longer than {limit:,} characters"
    return f"has more than {MAX_TAGS} tags" if len(record.tags) > MAX_TAGS else None


def _moment(record: ImportedEntry, zone: str) -> tuple[str, str] | None:
    """Return a record's instant and its day in a zone; None outside the years that are kept."""
    day = parse_day(record.day or "")
    try:
        if record.at is not None:
            at = record.at
        elif day is not None:
            at = on_day(day, time.fromisoformat(record.wall_time), zone)
        else:
            return None
        kept = FIRST_INSTANT <= at <= LAST_INSTANT
        return (at, local_day(at, zone)) if kept else None
    except OverflowError:
        return None


def _draft(
    run: _Run, record: ImportedEntry, moment: tuple[str, str], mood_id: str | None, now: str
) -> _Draft:
    at, day = moment
    tags = tuple(dict.fromkeys(name for tag in record.tags if (name := tag_name(tag))))
    entry = NewEntry(
        id=new_id(),
        journal_id=run.target.journal_id,
        title=record.title.strip() or day,
        content=record.content,
        at=at,
        zone=record.zone or run.target.zone,
        day=day,
        word_count=word_count(record.content),
        created_at=now,
        updated_at=now,
        location=record.location,
        weather=record.weather,
        is_pinned=record.is_pinned,
        importer=run.format,
        ref=record.ref,
    )
    return _Draft(entry, record.ref, tags, tuple(new_id() for _ in tags), mood_id)


def _fresh(tx: Transaction, format: str, drafts: list[_Draft]) -> list[_Draft]:
    """Return what is neither imported already nor an export of an entry that is still here."""
    imported = tx.entries.imported(format, [draft.ref for draft in drafts])
    return [
        draft
        for draft in drafts
        if draft.ref not in imported
        and not (parse_id(draft.ref) == draft.ref and tx.entries.exists(draft.ref))
    ]


def _add(tx: Transaction, format: str, drafts: list[_Draft]) -> list[_Draft]:
    """Store what is still new; another import may have been quicker."""
    fresh = _fresh(tx, format, drafts)
    tx.entries.add_all([draft.entry for draft in fresh])
    for draft in fresh:
        entry = draft.entry
        if draft.tags:
            tags = tx.tags.ensure(list(draft.tags), list(draft.tag_ids), entry.created_at)
            tx.tags.link(entry.id, [tag["id"] for tag in tags], entry.created_at)
        if draft.mood_id:
            tx.mood_logs.set_on_entry(entry.id, draft.mood_id, None, entry.created_at)
    return fresh


def _moods(tx: Transaction) -> dict[str, str]:
    return {mood["name"].lower(): mood["id"] for mood in tx.moods.all()}
