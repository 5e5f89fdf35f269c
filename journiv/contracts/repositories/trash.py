"""The trash."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import EntryRecord, TrashRecord
from journiv.contracts.repositories.entries import Page


class Trash(ABC):
    """Entries the scope's person threw away; they are nowhere but here."""

    @abstractmethod
    def put(self, entry_id: str, at: str) -> EntryRecord | None:
        """Move a live entry or draft to the trash and return it; None when there is none."""

    @abstractmethod
    def page(self, page: Page) -> list[TrashRecord]:
        """Return what is in the trash, latest thrown first."""

    @abstractmethod
    def get(self, entry_id: str) -> TrashRecord | None:
        """Return one trashed entry."""

    @abstractmethod
    def restore(self, entry_id: str, at: str) -> EntryRecord | None:
        """Bring an entry back with its tags and mood; rollups and search follow."""

    @abstractmethod
    def delete(self, entry_id: str) -> bool:
        """Delete a trashed entry for ever, with its revisions."""

    @abstractmethod
    def purge(self, before: str) -> int:
        """Delete everybody's entries thrown away before an instant. Needs `SystemScope`."""
