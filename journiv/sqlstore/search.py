"""What a SQL store plugin brings for search: derived tables of its own, outside Alembic.

The index holds the folded title and text of live entries (`domain.text.fold`). Its tables start
with `entry_search`, carry a version, and are rebuilt from the moments when that version changes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from sqlalchemy import Connection

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import EntrySearch, Page


class SearchIndex(ABC):
    """Finds entries by folded substrings; every method runs inside the caller's transaction."""

    version: int

    @abstractmethod
    def ready(self, connection: Connection) -> bool:
        """Say whether the index exists in this version."""

    @abstractmethod
    def rebuild(self, connection: Connection) -> None:
        """Make the index anew from the moments of every account."""

    @abstractmethod
    def put(self, connection: Connection, user_id: str, entry_id: str, folded: str) -> None:
        """Index a stored entry that is new, or whose title, text or instant has changed.

        `folded` is folded title, line feed, folded text.
        """

    def put_new(self, connection: Connection, user_id: str, folded: Mapping[str, str]) -> None:
        """Index many stored entries that are not indexed yet: folded texts by entry id."""
        for entry_id, text in folded.items():
            self.put(connection, user_id, entry_id, text)

    @abstractmethod
    def remove(self, connection: Connection, user_id: str, entry_ids: list[str]) -> None:
        """Forget entries."""

    @abstractmethod
    def remove_user(self, connection: Connection, user_id: str) -> None:
        """Forget everything of an account."""

    @abstractmethod
    def find(
        self, connection: Connection, user_id: str, query: EntrySearch, page: Page
    ) -> list[EntryRecord]:
        """Return the live entries that match, newest first."""

    @abstractmethod
    def drift(self, connection: Connection) -> list[str]:
        """Return what differs between the index and the moments, a sentence each."""
