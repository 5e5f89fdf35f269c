"""Bringing a diary in: batches, no doubles, a report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import time
from itertools import islice
from pathlib import Path
from typing import Final

from journiv.contracts.repositories.entries import NewEntry
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.transfer import ImportedEntry, Importer, Rejected
from journiv.domain.clock import Clock, instant, local_day, on_day, parse_day
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.domain.text import tag_name, unstorable, word_count

BATCH: Final = 200
PAUSE_SHARE: Final = 0.05
MAX_CONTENT: Final = 1_000_000
MAX_TITLE: Final = 300
MAX_REF: Final = 255
MAX_TAGS: Final = 50
MAX_TAG: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. `words` counts the words of added entries."""

    read: int = 0
    added: int = 0
    known: int = 0
    words: int = 0
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTarget:
    """Where the entries go: a journal, and the zone of entries that name none."""

    journal_id: str
    zone: str


@dataclass(frozen=True, slots=True)
class _Draft:
    """A record that may be stored, with what it still needs beside the entry itself."""

    entry: NewEntry
    tags: tuple[str, ...]
    tag_ids: tuple[str, ...]
    mood: str | None


@dataclass(slots=True)
class _Tally:
    read: int = 0
    added: int = 0
    known: int = 0
    words: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def report(self) -> ImportReport:
        return ImportReport(
            read=self.read,
            added=self.added,
            known=self.known,
            words=self.words,
            rejected=tuple(self.rejected),
        )


class ImportService:
    """Imports entries through any importer, beside a running server."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(
        self,
        scope: UserScope,
        importer: Importer,
        source: Path,
        target: ImportTarget,
        *,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda done: None,
    ) -> ImportReport:
        """Bring in a file; what an earlier run brought in is left alone.

        Each batch of 200 is one durable transaction, so an import that was cut off goes on where
        it stopped. `progress` is told how many records were dealt with. Raises `BadRequest` when
        the file as a whole is not of the importer's format.
        """
        tally = _Tally()
        records = importer.read(source)
        loop = asyncio.get_running_loop()
        while batch := await asyncio.to_thread(_take, records):
            began = loop.time()
            tally.read += len(batch)
            drafts = self._drafts(importer.format, batch, target, tally)
            await self._store_batch(scope, importer.format, drafts, tally, dry_run=dry_run)
            progress(tally.read)
            await asyncio.sleep((loop.time() - began) * PAUSE_SHARE)
        return tally.report()

    def _drafts(
        self,
        format: str,
        batch: list[ImportedEntry | Rejected],
        target: ImportTarget,
        tally: _Tally,
    ) -> list[_Draft]:
        now = instant(self._clock.now())
        drafts: dict[str, _Draft] = {}
        for record in batch:
            if isinstance(record, Rejected):
                tally.rejected.append(record)
            elif reason := _refusal(record):
                tally.rejected.append(Rejected(where=record.ref[:80], reason=reason))
            elif record.ref in drafts:
                tally.known += 1
            else:
                drafts[record.ref] = _draft(format, record, target, now)
        return list(drafts.values())

    async def _store_batch(
        self,
        scope: UserScope,
        format: str,
        drafts: list[_Draft],
        tally: _Tally,
        *,
        dry_run: bool,
    ) -> None:
        refs = [draft.entry.ref or "" for draft in drafts]
        known = await self._store.read(scope, lambda tx: tx.entries.imported(format, refs))
        fresh = [draft for draft in drafts if draft.entry.ref not in known]
        if fresh and not dry_run:
            fresh = await self._store.write(scope, lambda tx: _add(tx, format, fresh))
        tally.added += len(fresh)
        tally.known += len(drafts) - len(fresh)
        tally.words += sum(draft.entry.word_count for draft in fresh)


def _take(records: Iterator[ImportedEntry | Rejected]) -> list[ImportedEntry | Rejected]:
    return list(islice(records, BATCH))


def _refusal(record: ImportedEntry) -> str | None:
    """Return why a record cannot be stored, or None."""
    texts = (record.ref, record.title, record.content, record.location, record.weather)
    if any(text is not None and unstorable(text) for text in (*texts, *record.tags)):
        return "holds a NUL or a lone surrogate"
    if len(record.content) > MAX_CONTENT:
        return f"is longer than {MAX_CONTENT:,} characters"
    if len(record.ref) > MAX_REF:
        return f"has a reference longer than {MAX_REF} characters"
    if record.at is None and record.day is None:
        return "has neither a day nor an instant"
    if len(record.tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in record.tags):
        return f"has more than {MAX_TAGS} tags or one longer than {MAX_TAG} characters"
    return None


def _draft(format: str, record: ImportedEntry, target: ImportTarget, now: str) -> _Draft:
    zone = record.zone or target.zone
    at, day = _moment(record, zone)
    tags = tuple(dict.fromkeys(name for tag in record.tags if (name := tag_name(tag))))
    entry = NewEntry(
        id=new_id(),
        journal_id=target.journal_id,
        title=record.title.strip()[:MAX_TITLE] or day,
        content=record.content,
        at=at,
        zone=zone,
        day=day,
        word_count=word_count(record.content),
        created_at=now,
        updated_at=now,
        location=record.location and record.location[:200],
        weather=record.weather and record.weather[:100],
        is_pinned=record.is_pinned,
        importer=format,
        ref=record.ref,
    )
    return _Draft(entry, tags, tuple(new_id() for _ in tags), record.mood)


def _moment(record: ImportedEntry, zone: str) -> tuple[str, str]:
    if record.at is not None:
        return record.at, local_day(record.at, zone)
    day = parse_day(record.day or "")
    if day is None:
        raise ValueError(f"an importer gave the day {record.day!r}")
    at = on_day(day, time.fromisoformat(record.wall_time), zone)
    return at, local_day(at, zone)


def _add(tx: Transaction, format: str, drafts: list[_Draft]) -> list[_Draft]:
    """Store what is still new; another import may have been quicker."""
    known = tx.entries.imported(format, [draft.entry.ref or "" for draft in drafts])
    fresh = [draft for draft in drafts if draft.entry.ref not in known]
    moods = _moods(tx) if any(draft.mood for draft in fresh) else {}
    for draft in fresh:
        tx.entries.add(draft.entry)
        if draft.tags:
            tags = tx.tags.ensure(list(draft.tags), list(draft.tag_ids), draft.entry.created_at)
            ids = [tag["id"] for tag in tags]
            tx.tags.link(draft.entry.id, ids, draft.entry.created_at)
        mood_id = moods.get((draft.mood or "").lower())
        if mood_id:
            tx.mood_logs.set_on_entry(draft.entry.id, mood_id, None, draft.entry.created_at)
    return fresh


def _moods(tx: Transaction) -> dict[str, str]:
    return {mood["name"].lower(): mood["id"] for mood in tx.moods.all()}
