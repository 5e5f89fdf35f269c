"""Entries: moments that have text and a journal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journiv.contracts.records import EntryRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What is stored for a new entry; every value is final (zone known, day and words derived)."""

    id: str
    journal_id: str
    title: str
    content: str
    at: str
    zone: str
    day: str
    word_count: int
    created_at: str
    updated_at: str
    prompt_id: str | None = None
    location: str | None = None
    weather: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    is_pinned: bool = False
    is_draft: bool = False
    importer: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: the instant and id of the last item seen.

    `pinned` says whether that item was pinned, in lists that show pinned entries first.
    """

    at: str
    id: str
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list: `after` wins over `offset`."""

    limit: int = 50
    offset: int = 0
    after: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySearch:
    """What to look for. `needles` are folded substrings that must all occur in an entry.

    What is searched is the folded title, a line feed and the folded text. The other fields narrow
    the search; None means any. Days are inclusive.
    """

    needles: tuple[str, ...]
    journal_id: str | None = None
    tag: str | None = None
    mood_id: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    pinned: bool | None = None
    has_media: bool | None = None


class Entries(ABC):
    """The live entries of the scope's person.

    Lists leave out drafts; nothing here sees the trash. Journal counters, day, tag and mood
    rollups, the streak and the search index follow every change in the same transaction.
    """

    @abstractmethod
    def get(self, entry_id: str) -> EntryRecord | None:
        """Return an entry or a draft."""

    @abstractmethod
    def exists(self, entry_id: str) -> bool:
        """Say whether this id is used by the person, in the trash and as a mood log too."""

    @abstractmethod
    def page(self, page: Page) -> list[EntryRecord]:
        """Return entries, newest first (`entry_datetime_utc`, then id, descending)."""

    @abstractmethod
    def of_journal(self, journal_id: str, page: Page, *, include_pinned: bool) -> list[EntryRecord]:
        """Return a journal's entries, pinned ones first, then newest first."""

    @abstractmethod
    def between(
        self, start_date: str, end_date: str, journal_id: str | None = None
    ) -> list[EntryRecord]:
        """Return the entries of these days, both inclusive, newest first."""

    @abstractmethod
    def drafts(self, page: Page, journal_id: str | None = None) -> list[EntryRecord]:
        """Return drafts, most recently changed first."""

    @abstractmethod
    def search(self, query: EntrySearch, page: Page) -> list[EntryRecord]:
        """Return the entries that match, newest first."""

    @abstractmethod
    def add(self, entry: NewEntry) -> EntryRecord:
        """Store an entry at version 1. Raises `Conflict` when its id or (importer, ref) is used."""

    @abstractmethod
    def add_all(self, entries: list[NewEntry]) -> None:
        """Store many entries, none of them a draft, as `add` does each; for imports."""

    @abstractmethod
    def change(
        self,
        entry_id: str,
        changes: Mapping[str, Any],
        at: str,
        *,
        version: int | None = None,
    ) -> EntryRecord | None:
        """Write columns of `EntryRecord` (except ids and counters), add 1 to the version.

        A changed instant, zone or text must come with its derived `entry_date` or `word_count`.
        None when there is no such entry, or when it is not at `version`.
        """

    @abstractmethod
    def imported(self, importer: str, refs: list[str]) -> Mapping[str, str]:
        """Return the entries an importer brought in under these references, trash included."""
