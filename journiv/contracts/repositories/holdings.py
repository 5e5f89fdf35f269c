"""All that somebody wrote, as rows of an archive."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from journiv.contracts.archives import (
    ArchivedJournal,
    ArchivedMoment,
    ArchivedRevision,
    ArchivedTag,
)
from journiv.contracts.records import MediaRecord


class Holdings(ABC):
    """The scope's person's tags, journals, moments and earlier texts, exactly as they are stored.

    Pages are in the order of the ids, after the one given. What is added must have been checked;
    rows whose id the person uses already are left as they are. Rollups and the search index follow
    in the same transaction.
    """

    @abstractmethod
    def tags(self, after: str, limit: int) -> list[ArchivedTag]:
        """Return tags."""

    @abstractmethod
    def journals(self, after: str, limit: int) -> list[ArchivedJournal]:
        """Return journals."""

    @abstractmethod
    def moments(self, after: str, limit: int) -> list[ArchivedMoment]:
        """Return moments of every status with their tags."""

    @abstractmethod
    def revisions(self, after: tuple[str, int], limit: int) -> list[ArchivedRevision]:
        """Return earlier texts after an entry's id and number."""

    @abstractmethod
    def media(self, after: str, limit: int) -> list[MediaRecord]:
        """Return media of moments of every status, as they are stored."""

    @abstractmethod
    def add_tags(self, tags: Sequence[ArchivedTag]) -> Mapping[str, str]:
        """Store tags; return the id each has here, which differs where its name is taken."""

    @abstractmethod
    def add_journals(self, journals: Sequence[ArchivedJournal]) -> list[str]:
        """Store journals; return the ids that are new."""

    @abstractmethod
    def add_moments(self, moments: Sequence[ArchivedMoment]) -> list[str]:
        """Store moments with the links to their tags; return the ids that are new.

        Their journals and tags are there already; otherwise raises `Conflict`. One whose (importer,
        ref) is used is left out.
        """

    @abstractmethod
    def add_revisions(self, revisions: Sequence[ArchivedRevision]) -> int:
        """Store earlier texts of moments that are there; return how many are new."""
