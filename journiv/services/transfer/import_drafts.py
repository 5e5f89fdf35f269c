"""From what an importer reads to what is stored: limits, moments, tags."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import time
from typing import Final

from journiv.contracts.repositories.entries import NewEntry
from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Rejected
from journiv.domain.clock import FIRST_INSTANT, LAST_INSTANT, local_day, on_day, parse_day
from journiv.domain.ids import new_id
from journiv.domain.text import shown, tag_name, unstorable, without_controls, word_count
from journiv.services.transfer.import_moods import ImportMoods

MAX_CONTENT: Final = 1_000_000
MAX_TITLE: Final = 300
MAX_LOCATION: Final = 200
MAX_WEATHER: Final = 100
MAX_REF: Final = 255
MAX_TAGS: Final = 50
MAX_TAG: Final = 100
MAX_JOURNAL: Final = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that may be stored, with what belongs beside the entry itself.

    `journal` is the title of the journal it names, `tag_ids` and `journal_id` are ids for what has
    to be made first.
    """

    entry: NewEntry
    ref: str
    where: str
    tags: tuple[str, ...]
    tag_ids: tuple[str, ...]
    mood_id: str | None
    journal: str | None
    journal_id: str
    media: tuple[ImportedMedia, ...]


@dataclass(slots=True)
class Drafting:
    """Makes drafts of the records of one import and remembers what it met.

    `zone` is that of entries that name none.
    """

    format: str
    journal_id: str
    zone: str
    moods: ImportMoods
    refs: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    unknown_moods: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)

    def drafts(self, records: list[ImportedEntry | Rejected], now: str) -> list[Draft]:
        """Return what can be stored of a batch; the rest is in `rejected`."""
        made = []
        for record in records:
            drafted = record if isinstance(record, Rejected) else self._drafted(record, now)
            if isinstance(drafted, Rejected):
                said = Rejected(where=shown(drafted.where), reason=shown(drafted.reason))
                self.rejected.append(said)
            else:
                made.append(drafted)
        return made

    def _drafted(self, record: ImportedEntry, now: str) -> Draft | Rejected:
        record = _printable(record)
        moment = _moment(record, record.zone or self.zone)
        reason = _refusal(record)
        if moment is None:
            reason = reason or "lies outside the years 1 to 9998"
        elif record.ref in self.refs:
            reason = reason or "has a 'ref' that stands earlier in the file"
        if reason or moment is None:
            return Rejected(where=record.where, reason=reason or "")
        self.refs.add(record.ref)
        self.remarks += (shown(f"{record.where}: {remark}") for remark in record.remarks)
        mood_id = self.moods.find(record.mood, record.mood_score)
        if record.mood and mood_id is None:
            self.unknown_moods.add(shown(record.mood))
        return self._draft(record, moment, mood_id, now)

    def _draft(
        self, record: ImportedEntry, moment: tuple[str, str], mood_id: str | None, now: str
    ) -> Draft:
        at, day = moment
        tags = tuple(dict.fromkeys(name for tag in record.tags if (name := tag_name(tag))))
        entry = NewEntry(
            id=new_id(),
            journal_id=self.journal_id,
            title=record.title.strip() or day,
            content=record.content,
            at=at,
            zone=record.zone or self.zone,
            day=day,
            word_count=word_count(record.content),
            created_at=now,
            updated_at=now,
            location=record.location,
            weather=record.weather,
            latitude=record.latitude,
            longitude=record.longitude,
            is_pinned=record.is_pinned,
            importer=self.format,
            ref=record.ref,
        )
        return Draft(
            entry=entry,
            ref=record.ref,
            where=record.where,
            tags=tags,
            tag_ids=tuple(new_id() for _ in tags),
            mood_id=mood_id,
            journal=(record.journal or "").strip() or None,
            journal_id=new_id(),
            media=record.media,
        )


def _printable(record: ImportedEntry) -> ImportedEntry:
    """Drop the control characters that the API refuses; an entry must not be lost over them."""
    return replace(
        record,
        title=without_controls(record.title),
        content=without_controls(record.content),
        location=record.location and without_controls(record.location),
        weather=record.weather and without_controls(record.weather),
        journal=record.journal and without_controls(record.journal),
        tags=tuple(map(without_controls, record.tags)),
    )


def _refusal(record: ImportedEntry) -> str | None:
    """Return why a record cannot be stored, or None."""
    texts = (
        record.ref, record.title, record.content, record.location, record.weather, record.journal
    )  # fmt: skip
    if any(text is not None and unstorable(text) for text in (*texts, *record.tags)):
        return "holds a NUL or a lone surrogate"
    limits = (
        ("text", record.content, MAX_CONTENT),
        ("title", record.title.strip(), MAX_TITLE),
        ("location", record.location or "", MAX_LOCATION),
        ("weather", record.weather or "", MAX_WEATHER),
        ("reference", record.ref, MAX_REF),
        ("journal", (record.journal or "").strip(), MAX_JOURNAL),
        *(("tag", tag, MAX_TAG) for tag in record.tags),
    )
    for what, text, limit in limits:
        if len(text) > limit:
            return f"has a {what} longer than {limit:,} characters"
    if not _on_earth(record):
        return "has a place that is not on earth"
    return f"has more than {MAX_TAGS} tags" if len(record.tags) > MAX_TAGS else None


def _on_earth(record: ImportedEntry) -> bool:
    latitude, longitude = record.latitude, record.longitude
    if latitude is None or longitude is None:
        return latitude is longitude
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


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
