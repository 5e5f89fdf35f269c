"""Media: files that belong to entries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journiv.contracts.records import MediaRecord, UploadRecord
from journiv.contracts.repositories.entries import Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaQuery:
    """Which part of the library, newest first: by when media were added, or by their moments."""

    limit: int
    after: Cursor | None = None
    journal_id: str | None = None
    kind: str | None = None
    by_moment: bool = False


@dataclass(frozen=True, slots=True)
class ShelvedMedium:
    """A medium of the library, with the instant and the day of its moment."""

    medium: MediaRecord
    at: str
    day: str


@dataclass(frozen=True, slots=True)
class MediaUsage:
    """How many files somebody has, and their bytes; a file on two entries counts twice."""

    files: int
    size: int


@dataclass(frozen=True, slots=True)
class StoredKey:
    """Bytes in the media store, and whose they are."""

    user_id: str
    key: str


class Media(ABC):
    """The media of the scope's person, on live entries and drafts; nothing here sees the trash."""

    @abstractmethod
    def get(self, media_id: str) -> MediaRecord | None:
        """Return a medium."""

    @abstractmethod
    def of_entry(self, entry_id: str) -> list[MediaRecord]:
        """Return an entry's media in the order they were added."""

    @abstractmethod
    def page(self, query: MediaQuery) -> list[ShelvedMedium]:
        """Return media, newest first; the instant of `after` is what the order goes by."""

    @abstractmethod
    def same_source(self, source_sha256: str, *, hold: bool = False) -> list[MediaRecord]:
        """Return the person's media with these bytes, trash included.

        With `hold`, in a write, nobody deletes them before the commit.
        """

    @abstractmethod
    def usage(self) -> MediaUsage:
        """Return how much the person keeps, trash included."""

    @abstractmethod
    def add(self, medium: MediaRecord) -> None:
        """Store a medium. Raises `Conflict` when its entry has these bytes or is gone."""

    @abstractmethod
    def change(self, media_id: str, changes: Mapping[str, Any], at: str) -> bool:
        """Write columns of a medium, in the trash too; False when it is gone."""

    @abstractmethod
    def delete(self, media_id: str) -> bool:
        """Delete a medium; its bytes become waste when no other medium has them."""

    @abstractmethod
    def discard(self, key: str) -> None:
        """Mark bytes of the person as waste, unless a medium has them."""

    @abstractmethod
    def first_of_days(self, start_date: str, end_date: str) -> Mapping[str, MediaRecord]:
        """Return the first picture of each of these days, both inclusive."""

    @abstractmethod
    def first_between(self, start_at: str, end_at: str) -> Mapping[str, MediaRecord]:
        """Return the first picture of each moment between these instants, both inclusive."""


class Uploads(ABC):
    """Uploads that the scope's person sends in pieces."""

    @abstractmethod
    def get(self, upload_id: str) -> UploadRecord | None:
        """Return an upload that was begun."""

    @abstractmethod
    def count(self) -> int:
        """Return how many are under way."""

    @abstractmethod
    def add(self, upload: UploadRecord) -> None:
        """Store a new upload."""

    @abstractmethod
    def add_part(self, upload_id: str, start: int, part: StoredKey, size: int, at: str) -> bool:
        """Note a piece that begins at `start`; False when that is not where the next belongs."""

    @abstractmethod
    def part_keys(self, upload_id: str) -> list[str]:
        """Return where the pieces lie, in order."""

    @abstractmethod
    def delete(self, upload_id: str) -> bool:
        """Forget an upload; its pieces become waste."""


class MediaFiles(ABC):
    """The files behind everybody's media. Needs `SystemScope`."""

    @abstractmethod
    def claim(self, now: str, until: str, limit: int) -> list[MediaRecord]:
        """Return media whose pictures nobody is making, held as one's own until an instant."""

    @abstractmethod
    def waste(self, limit: int) -> list[StoredKey]:
        """Return bytes that are to be deleted."""

    @abstractmethod
    def discard(self, keys: Sequence[StoredKey]) -> None:
        """Mark bytes that are to be deleted and belong to no row."""

    @abstractmethod
    def forget(self, keys: Sequence[StoredKey]) -> None:
        """Take away marks of bytes that were deleted."""

    @abstractmethod
    def known(self, keys: Sequence[StoredKey]) -> set[StoredKey]:
        """Return which of these a row names: a medium's, a piece's, or one marked as waste."""

    @abstractmethod
    def purge_uploads(self, before: str) -> int:
        """Forget uploads that nothing was added to since an instant."""
