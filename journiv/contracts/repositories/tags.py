"""Tags and their links to entries."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import EntryRecord, TagLinkRecord, TagRecord
from journiv.contracts.repositories.entries import Page


class Tags(ABC):
    """The tags of the scope's person. Names arrive normalised (`domain.text.tag_name`).

    `usage_count` counts links to live entries and drafts and follows the trash.
    """

    @abstractmethod
    def get(self, tag_id: str) -> TagRecord | None:
        """Return a tag."""

    @abstractmethod
    def by_name(self, name: str) -> TagRecord | None:
        """Return the tag of exactly that name."""

    @abstractmethod
    def page(self, limit: int, offset: int, search: str | None = None) -> list[TagRecord]:
        """Return tags, most used first, then by name; `search` is a normalised substring."""

    @abstractmethod
    def popular(self, limit: int) -> list[TagRecord]:
        """Return used tags, most used first."""

    @abstractmethod
    def ensure(self, names: list[str], ids: list[str], at: str) -> list[TagRecord]:
        """Return a tag for each name, making the missing ones with the ids given beside them."""

    @abstractmethod
    def rename(self, tag_id: str, name: str, at: str) -> TagRecord | None:
        """Rename a tag. Raises `Conflict` when the name is taken."""

    @abstractmethod
    def delete(self, tag_id: str) -> bool:
        """Delete a tag and its links."""

    @abstractmethod
    def merge(self, source_id: str, target_id: str, at: str) -> TagRecord | None:
        """Move the links of one tag to another, drop doubles, delete the first."""

    @abstractmethod
    def link(self, entry_id: str, tag_ids: list[str], at: str) -> list[TagLinkRecord]:
        """Put tags on an entry; links that exist stay as they are.

        Returns the links to these tags, or nothing when there is no such entry.
        """

    @abstractmethod
    def unlink(self, entry_id: str, tag_id: str) -> bool:
        """Take a tag off an entry."""

    @abstractmethod
    def of_entry(self, entry_id: str) -> list[TagRecord]:
        """Return the tags of an entry by name."""

    @abstractmethod
    def entries(self, tag_id: str, page: Page) -> list[EntryRecord]:
        """Return the entries of a tag, newest first."""

    @abstractmethod
    def by_day(
        self, start_date: str, end_date: str, tag_id: str | None = None
    ) -> list[tuple[str, int]]:
        """Return (day, links) of these days, both inclusive, oldest first; of one tag or of all."""

    @abstractmethod
    def together_with(self, tag_id: str, limit: int) -> list[tuple[TagRecord, int]]:
        """Return tags that share entries with this one and how many, most first."""

    @abstractmethod
    def totals(self) -> tuple[int, int]:
        """Return how many tags there are and how many of them are used."""
