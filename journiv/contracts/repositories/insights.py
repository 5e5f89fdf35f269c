"""Numbers about the journal, read from rollups."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from journiv.contracts.records import StreakRecord


@dataclass(frozen=True, slots=True)
class DayTotals:
    """Entries and words of one day."""

    day: str
    entries: int
    words: int


@dataclass(frozen=True, slots=True)
class Drift:
    """A rollup that differs from a recount: which, for what, stored and true value."""

    table: str
    key: str
    stored: str
    counted: str


class Insights(ABC):
    """Rollups of the scope's person. Drafts and the trash count nowhere."""

    @abstractmethod
    def streak(self) -> StreakRecord:
        """Return totals and runs of days."""

    @abstractmethod
    def by_day(self, start_date: str, end_date: str) -> list[DayTotals]:
        """Return the days that have entries, oldest first; both ends inclusive."""

    @abstractmethod
    def moods_by_day(self, start_date: str, end_date: str) -> list[tuple[str, int]]:
        """Return (day, mood logs), oldest first; both ends inclusive."""

    @abstractmethod
    def top_tags(self, start_date: str, end_date: str, limit: int) -> list[tuple[str, int]]:
        """Return (tag name, entries with it) of these days, most used first."""

    @abstractmethod
    def totals_between(self, start: str, end: str) -> tuple[int, int]:
        """Return (entries, words) with `start` <= instant < `end`."""

    @abstractmethod
    def verify(self) -> list[Drift]:
        """Recount everything from the moments and return what differs."""

    @abstractmethod
    def rebuild(self) -> None:
        """Write every rollup anew from the moments."""
