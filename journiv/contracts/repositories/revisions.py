"""Earlier texts of entries."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import EntryRecord, RevisionRecord


class Revisions(ABC):
    """Earlier texts of the scope's person's entries; the newest 100 of each entry are kept."""

    @abstractmethod
    def keep(self, entry: EntryRecord, reason: str, at: str) -> None:
        """Keep the text of an entry under its version; keeping one twice changes nothing."""

    @abstractmethod
    def of_entry(self, entry_id: str) -> list[RevisionRecord]:
        """Return the kept texts of an entry, newest first."""

    @abstractmethod
    def get(self, entry_id: str, number: int) -> RevisionRecord | None:
        """Return one kept text."""
