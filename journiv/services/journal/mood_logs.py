"""Noting moods, alone or with an entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from journiv.contracts.records import MoodLogRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.repositories.mood_logs import MoodLogFilter, NewMoodLog
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant, local_day, zone
from journiv.domain.errors import Invalid, NotFound, Violation
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodNote:
    """A mood somebody wants to note; with an entry, the entry's time is taken."""

    mood_id: str
    entry_id: str | None = None
    note: str | None = None
    at: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodNoteChange:
    """What to change in a log; None keeps what is there. An entry's log keeps the entry's time."""

    mood_id: str | None = None
    note: str | None = None
    at: str | None = None
    zone: str | None = None


class MoodLogService:
    """Writes and reads mood logs."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def log(self, scope: UserScope, note: MoodNote) -> MoodLogRecord:
        """Note a mood; an entry that has one gets the new mood and keeps its note unless given.

        Raises `NotFound` for an unknown mood or entry.
        """
        now, log_id = instant(self._clock.now()), new_id()
        return await self._store.write(scope, lambda tx: _log(tx, note, log_id, now))

    async def get(self, scope: UserScope, log_id: str) -> MoodLogRecord:
        """Return a log. Raises `NotFound`."""
        return _found(await self._store.read(scope, lambda tx: tx.mood_logs.get(log_id)))

    async def page(
        self, scope: UserScope, wanted: MoodLogFilter, page: Page
    ) -> list[MoodLogRecord]:
        """Return logs, newest first."""
        return await self._store.read(scope, lambda tx: tx.mood_logs.page(wanted, page))

    async def change(self, scope: UserScope, log_id: str, change: MoodNoteChange) -> MoodLogRecord:
        """Change a log. Raises `NotFound`, for an unknown mood too."""
        now = instant(self._clock.now())
        return await self._store.write(scope, lambda tx: _change(tx, log_id, change, now))

    async def delete(self, scope: UserScope, log_id: str) -> None:
        """Delete a log; an entry stays and loses its mood. Raises `NotFound`."""
        if not await self._store.write(scope, lambda tx: tx.mood_logs.delete(log_id)):
            raise NotFound("Mood log not found")


def _log(tx: Transaction, note: MoodNote, log_id: str, now: str) -> MoodLogRecord:
    if tx.moods.get(note.mood_id) is None:
        raise NotFound("Mood not found")
    if note.entry_id is not None:
        logged = tx.mood_logs.set_on_entry(note.entry_id, note.mood_id, note.note, now)
        if logged is None:
            raise NotFound("Entry not found")
        return logged
    at, home = note.at or now, _known_zone(note.zone) or tx.settings.time_zone()
    return tx.mood_logs.add(
        NewMoodLog(
            id=log_id,
            mood_id=note.mood_id,
            note=note.note,
            at=at,
            zone=home,
            day=local_day(at, home),
            created_at=now,
        )
    )


def _change(tx: Transaction, log_id: str, change: MoodNoteChange, now: str) -> MoodLogRecord:
    log = _found(tx.mood_logs.get(log_id))
    changes: dict[str, Any] = {}
    if change.mood_id is not None:
        if tx.moods.get(change.mood_id) is None:
            raise NotFound("Mood log not found")
        changes["mood_id"] = change.mood_id
    if change.note is not None:
        changes["note"] = change.note
    named = _known_zone(change.zone)
    if change.at or named:
        at = change.at or log["logged_datetime_utc"]
        home = named or log["logged_timezone"]
        changes |= {"at": at, "zone": home, "day": local_day(at, home)}
    return _found(tx.mood_logs.change(log_id, changes, now))


def _known_zone(name: str | None) -> str | None:
    """Return a zone's name, None for a blank one. Raises `Invalid` for an unknown one."""
    if name is None or not name.strip():
        return None
    if zone(name) is None:
        loc = ("body", "logged_timezone")
        raise Invalid([Violation(loc, "time_zone", "This is not an IANA time zone.")])
    return name


def _found(log: MoodLogRecord | None) -> MoodLogRecord:
    if log is None:
        raise NotFound("Mood log not found")
    return log
