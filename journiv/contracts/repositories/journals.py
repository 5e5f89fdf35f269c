"""Journals."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from journiv.contracts.records import JournalRecord


class Journals(ABC):
    """The journals of the scope's person."""

    @abstractmethod
    def get(self, journal_id: str) -> JournalRecord | None:
        """Return a journal with its counters."""

    @abstractmethod
    def all(self, *, include_archived: bool) -> list[JournalRecord]:
        """Return every journal, newest first."""

    @abstractmethod
    def favorites(self) -> list[JournalRecord]:
        """Return favourite journals, archived ones too, newest first."""

    @abstractmethod
    def by_title(self, title: str) -> JournalRecord | None:
        """Return the oldest journal of exactly that title."""

    @abstractmethod
    def add(self, journal: Mapping[str, Any]) -> JournalRecord:
        """Store a journal: the columns of `JournalRecord` without `user_id` and counters."""

    @abstractmethod
    def change(self, journal_id: str, changes: Mapping[str, Any], at: str) -> JournalRecord | None:
        """Write the given columns and return the journal."""

    @abstractmethod
    def delete(self, journal_id: str) -> bool:
        """Delete a journal with all its entries, those in the trash too; rollups follow."""

    @abstractmethod
    def is_empty(self, journal_id: str) -> bool:
        """Say whether nothing is in a journal: no entry, no draft, nothing thrown away."""
