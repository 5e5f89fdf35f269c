"""Moods noted at moments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journiv.contracts.records import MoodLogRecord
from journiv.contracts.repositories.entries import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMoodLog:
    """A mood at a moment of its own."""

    id: str
    mood_id: str
    note: str | None
    at: str
    zone: str
    day: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodLogFilter:
    """Which logs; None means any. Days are inclusive."""

    mood_id: str | None = None
    entry_id: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class MoodLogs(ABC):
    """The mood logs of the scope's person; lists leave out drafts, nothing here sees the trash.

    A log that belongs to an entry *is* the entry's moment: same id, same time.
    """

    @abstractmethod
    def get(self, log_id: str) -> MoodLogRecord | None:
        """Return a log with its mood."""

    @abstractmethod
    def page(self, filter: MoodLogFilter, page: Page) -> list[MoodLogRecord]:
        """Return logs, newest first."""

    @abstractmethod
    def add(self, log: NewMoodLog) -> MoodLogRecord:
        """Store a log of its own."""

    @abstractmethod
    def set_on_entry(
        self, entry_id: str, mood_id: str, note: str | None, at: str
    ) -> MoodLogRecord | None:
        """Give an entry its mood; a null note keeps the one before. None without such an entry."""

    @abstractmethod
    def change(self, log_id: str, changes: Mapping[str, Any], at: str) -> MoodLogRecord | None:
        """Write `mood_id`, `note`, `at`, `zone`, `day` as given and return the log.

        The time of an entry's log is the entry's and stays as it is.
        """

    @abstractmethod
    def delete(self, log_id: str) -> bool:
        """Delete a log; an entry stays and loses its mood."""

    @abstractmethod
    def counts(self, start_date: str, end_date: str) -> list[tuple[str, str, int]]:
        """Return (day, mood id, logs) of these days, both inclusive, oldest first."""

    @abstractmethod
    def days(self) -> list[str]:
        """Return every day that has a log, oldest first."""
