"""Bringing diaries in and out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEntry:
    """One entry as a foreign format has it.

    `ref` is unique within the format and stays the same when the same file is read again. Give
    `at` (wire instant), or `day` and `wall_time` (`HH:MM`) for clocks in the chosen zone. `where`
    says where in the file it stands (`line 17`), for the report.
    """

    where: str
    ref: str
    title: str
    content: str
    day: str | None = None
    wall_time: str = "12:00"
    at: str | None = None
    zone: str | None = None
    tags: tuple[str, ...] = ()
    mood: str | None = None
    location: str | None = None
    weather: str | None = None
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that cannot be read: where (`line 17`), and why, in one sentence."""

    where: str
    reason: str


class Importer(ABC):
    """Reads one format. Never sees the store; reading runs outside the event loop."""

    format: str
    summary: str

    @abstractmethod
    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """Yield the records of a file in its order, holding only one in memory at a time.

        Raises `BadRequest` when the file as a whole is not of this format.
        """

    @abstractmethod
    def count(self, source: Path) -> int:
        """Count the records quickly, for a progress bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedEntry:
    """One entry as it leaves; `ref` is its id, so that reading it back here doubles nothing."""

    ref: str
    title: str
    content: str
    at: str
    zone: str
    day: str
    words: int
    tags: tuple[str, ...] = ()
    mood: str | None = None
    location: str | None = None
    weather: str | None = None
    is_pinned: bool = False


class Exporter(ABC):
    """Writes one format. Never sees the store; writing runs outside the event loop."""

    format: str
    summary: str

    @abstractmethod
    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        """Write every entry as it comes; the caller opens, compresses and closes `target`."""
