"""Moments in the order of time, and days."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import DayRecord, EntryRecord, MomentRecord
from journiv.contracts.repositories.entries import Page


class Timeline(ABC):
    """Everything the scope's person noted: entries and bare mood logs, no drafts, no trash."""

    @abstractmethod
    def page(self, page: Page) -> list[MomentRecord]:
        """Return moments with the first 200 characters of their text, newest first."""

    @abstractmethod
    def days(self, start_date: str, end_date: str) -> list[DayRecord]:
        """Return the days that hold something, oldest first; both ends inclusive."""

    @abstractmethod
    def on_days(self, days: list[str]) -> list[EntryRecord]:
        """Return the entries of exactly these days, newest first."""

    @abstractmethod
    def first_day(self) -> str | None:
        """Return the earliest day that has an entry."""
