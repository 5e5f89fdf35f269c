"""Whole accounts in archives: rows as they are written out and read back (docs/formats/archive.md).

Rows name no person, so they can be read into any account; ids are those of the account they came
from. Everything here is wire text and JSON-ready.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, TypedDict

from journiv.contracts.records import MoodRecord
from journiv.contracts.transfer import ExportedEntry, Exporter, Importer, Rejected
from journiv.domain.errors import NotSupported

KINDS: Final = ("settings", "tags", "journals", "moments", "revisions", "media")
"""The kinds of rows, in the order in which they are restored: each refers to earlier ones only."""


class ArchivedTag(TypedDict):
    """A tag; its name is normalised."""

    id: str
    name: str
    created_at: str
    updated_at: str


class ArchivedJournal(TypedDict):
    """A journal; what is counted about it follows from its moments."""

    id: str
    title: str
    description: str | None
    color: str | None
    icon: str | None
    is_favorite: bool
    is_archived: bool
    created_at: str
    updated_at: str


class ArchivedMoment(TypedDict):
    """One moment: `status` is `entry`, `draft`, `trash` or `log` (a mood without text).

    `day` and `word_count` follow from the rest and are for readers. `mood_id` and `prompt_id` are
    those of the catalogue, which is the same everywhere. `tags` has the instant at which each tag
    was put on, by the tag's id.
    """

    id: str
    status: str
    journal_id: str | None
    prompt_id: str | None
    at: str
    zone: str
    day: str
    mood_id: str | None
    mood_at: str | None
    is_pinned: bool
    is_draft: bool
    trashed_at: str | None
    version: int
    word_count: int
    importer: str | None
    ref: str | None
    created_at: str
    updated_at: str
    location: str | None
    weather: str | None
    latitude: float | None
    longitude: float | None
    note: str | None
    title: str | None
    content: str | None
    tags: dict[str, str]


class ArchivedRevision(TypedDict):
    """An earlier text of an entry; `number` is the version it was."""

    entry_id: str
    number: int
    word_count: int
    reason: str
    saved_at: str
    title: str
    content: str


class ArchivedMedium(TypedDict):
    """A picture, sound, film or paper of a moment.

    `file` is the archive's member with its bytes, whose size and SHA-256 are given. The rest that
    is not about the person's own words (`kind` to `duration`) is measured anew.
    """

    id: str
    entry_id: str
    file: str
    kind: str
    mime: str
    size: int
    sha256: str
    source_sha256: str
    width: int | None
    height: int | None
    duration: float | None
    taken_at: str | None
    file_name: str | None
    alt_text: str | None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of an archive as it was read, unchecked; `where` is for the report.

    A medium's `open` gives its bytes, until the next row is asked for; None when they are missing.
    """

    where: str
    kind: str
    values: Mapping[str, Any]
    open: Callable[[], IO[bytes]] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account on its way out: `about` says whose and when, `rows` yields one of `KINDS`.

    `moods` is the catalogue by id.

    `bytes_of` yields the bytes of a medium that was yielded, by its `file`. It raises `NotFound`
    before the first ones when they are gone.
    """

    about: Mapping[str, str]
    rows: Callable[[str], Iterator[Mapping[str, Any]]]
    bytes_of: Callable[[str], Iterator[bytes]]
    moods: Mapping[str, MoodRecord] = field(default_factory=dict)


class AccountImporter(Importer):
    """Reads archives of whole accounts, which are restored row by row and not entry by entry."""

    @abstractmethod
    def rows(self, source: Path) -> Iterator[Row | Rejected]:
        """Yield the rows of a file by kind, in the order of `KINDS`.

        Raises `BadRequest` before the first one when the file is damaged, or of a later version.
        """


class AccountExporter(Exporter):
    """Writes archives of whole accounts."""

    @abstractmethod
    def write_account(self, account: Account, target: IO[bytes]) -> None:
        """Write every row of every kind as it comes."""

    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        """Refuse: an archive is made of rows."""
        raise NotSupported("This format holds whole accounts.")
