"""What a person sends for an entry, and the columns that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import NewEntry
from journiv.contracts.storage import Transaction
from journiv.domain.errors import Conflict, Invalid, NotFound, PreconditionFailed, Violation
from journiv.domain.text import word_count
from journiv.domain.when import When, when_changed, when_new

STALE: Final = "This entry was changed somewhere else since you read it."

_NO_TEXT: Final = "An entry needs some text."
_PLAIN: Final = (
    "title", "content", "location", "weather", "latitude", "longitude", "is_pinned", "journal_id",
)  # fmt: skip
_TIMES: Final = ("entry_timezone", "entry_datetime_utc", "entry_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryInput:
    """A new entry as it was sent. Instants are wire text, days `YYYY-MM-DD`."""

    journal_id: str
    title: str | None = None
    content: str | None = None
    id: str | None = None
    prompt_id: str | None = None
    entry_date: str | None = None
    entry_datetime_utc: str | None = None
    entry_timezone: str | None = None
    location: str | None = None
    weather: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must still be so for a change: one of these versions, this `updated_at`."""

    versions: frozenset[int] | None = None
    updated_at: str | None = None

    @property
    def is_given(self) -> bool:
        """Say whether the caller told what it had read."""
        return self.versions is not None or self.updated_at is not None

    def check(self, stored: EntryRecord) -> None:
        """Raise `PreconditionFailed` for another version, `Conflict` for another `updated_at`."""
        if self.versions is not None and stored["version"] not in self.versions:
            raise PreconditionFailed(STALE, stored)
        if self.updated_at is not None and stored["updated_at"] != self.updated_at:
            raise Conflict(STALE)


ANYTHING: Final = Condition()


def check_text(given: EntryInput) -> None:
    """Raise `Invalid` unless there are a title that is not blank and a text."""
    wrong = []
    if not (given.title or "").strip():
        msg = "An entry needs a title."
        wrong.append(Violation(("body", "title"), "string_too_short", msg))
    if not given.content:
        wrong.append(Violation(("body", "content"), "string_too_short", _NO_TEXT))
    if wrong:
        raise Invalid(wrong)


def new_entry(
    tx: Transaction, given: EntryInput, entry_id: str, now: str, *, is_draft: bool
) -> NewEntry:
    """Return what is to be stored. Raises `NotFound` or `Invalid`."""
    if tx.journals.get(given.journal_id) is None:
        raise NotFound("Journal not found")
    if given.prompt_id is not None and tx.prompts.get(given.prompt_id) is None:
        raise NotFound("Prompt not found")
    zone_name = (given.entry_timezone or "").strip() or tx.settings.time_zone()
    when = when_new(now, zone_name, given.entry_datetime_utc, given.entry_date)
    content = given.content or ""
    return NewEntry(
        id=entry_id,
        journal_id=given.journal_id,
        title=(given.title or "").strip(),
        content=content,
        at=when.at,
        zone=when.zone,
        day=when.day,
        word_count=word_count(content),
        created_at=now,
        updated_at=now,
        prompt_id=given.prompt_id,
        location=given.location,
        weather=given.weather,
        latitude=given.latitude,
        longitude=given.longitude,
        is_draft=is_draft,
    )


def changed_columns(stored: EntryRecord, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that differ; a null leaves its field as it was. Raises `Invalid`."""
    if changes.get("content") == "" and not stored["is_draft"]:
        raise Invalid([Violation(("body", "content"), "string_too_short", _NO_TEXT)])
    wanted = {name: changes[name] for name in _PLAIN if changes.get(name) is not None}
    if "content" in wanted:
        wanted["word_count"] = word_count(wanted["content"])
    if any(changes.get(name) is not None for name in _TIMES):
        old = When(stored["entry_datetime_utc"], stored["entry_timezone"], stored["entry_date"])
        new = when_changed(old, *(changes.get(name) for name in _TIMES))
        wanted |= {
            "entry_datetime_utc": new.at,
            "entry_timezone": new.zone,
            "entry_date": new.day,
        }
    before: Mapping[str, Any] = stored
    return {name: value for name, value in wanted.items() if before[name] != value}


def same_as_sent(tx: Transaction, stored: EntryRecord, given: EntryInput) -> bool:
    """Say whether a stored entry is what this body made when it was sent the first time."""
    title, content = (given.title or "").strip(), given.content or ""
    if stored["version"] > 1:
        first = tx.revisions.get(stored["id"], 1) or stored
        return (first["title"], first["content"]) == (title, content)
    sent = {
        "title": title,
        "content": content,
        "journal_id": given.journal_id,
        "prompt_id": given.prompt_id,
        "location": given.location,
        "weather": given.weather,
        "latitude": given.latitude,
        "longitude": given.longitude,
    }
    if given.entry_datetime_utc is not None:
        sent["entry_datetime_utc"] = given.entry_datetime_utc
    elif given.entry_date is not None:
        sent["entry_date"] = given.entry_date
    if (given.entry_timezone or "").strip():
        sent["entry_timezone"] = (given.entry_timezone or "").strip()
    before: Mapping[str, Any] = stored
    return all(before[name] == value for name, value in sent.items())
