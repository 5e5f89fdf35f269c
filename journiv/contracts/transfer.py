"""Bringing diaries in and out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from journiv.domain.errors import BadRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedMedia:
    """A picture, sound or film of an entry, read only when it is stored.

    `open` returns its bytes from the start, each time it is called; the caller closes them. It is
    called before the importer is asked for its next record, never after. What it raises as
    `BadRequest` leaves this one out. `name` is for people: no path is ever made of it, and its
    type is found out from the bytes.
    """

    name: str
    open: Callable[[], IO[bytes]] = field(compare=False)
    alt_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEntry:
    """One entry as a foreign format has it.

    `ref` is unique within the format and stays the same when the same file is read again. Give
    `at` (wire instant), or `day` and `wall_time` (`HH:MM`) for clocks in the chosen zone. `where`
    says where in the file it stands (`line 17`), for the report. `journal` names the journal it
    belongs to, made when missing; without one it goes where the person said. `mood` is a name;
    `mood_score` (1 worst, 5 best) says how good it is, for a mood that is not in the catalogue.
    `remarks` are sentences about what the file does not hold or this contract cannot carry, for
    the report.
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
    mood_score: int | None = None
    location: str | None = None
    weather: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    is_pinned: bool = False
    journal: str | None = None
    media: tuple[ImportedMedia, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that cannot be read: where (`line 17`), and why, in one sentence."""

    where: str
    reason: str


class Importer(ABC):
    """Reads one format. Never sees the store; reading runs outside the event loop.

    `suffixes` are the endings of its files' names (`.zip`), none for any. `also` are further names
    that clients may ask for it by: several importers may share one, and the first that recognises
    the file reads it. ZIP files are read through `journiv.domain.zip_archive`, which refuses what
    is dangerous about them.
    """

    format: str
    summary: str
    suffixes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def recognises(self, source: Path) -> bool:
        """Say whether a file looks like this format; only its beginning is read.

        Raises `BadRequest` when it does and must not be read all the same: a hostile archive.
        """
        with closing(_started(self.read(source))) as records:
            try:
                return isinstance(next(records, None), ImportedEntry)
            except BadRequest:
                return False

    @abstractmethod
    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """Yield the records of a file in its order, holding only one in memory at a time.

        Raises `BadRequest` when the file as a whole is not of this format.
        """

    @abstractmethod
    def count(self, source: Path) -> int:
        """Count the records quickly, for a progress bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedMedia:
    """A picture, sound, film or paper (`kind`) of an entry, read only when it is written.

    `name` is one for a file: nothing a person typed is in it, and equal bytes have the same one.
    `file_name` is what the person called it. `chunks` yields the bytes from the start, each time
    it is called, and raises `NotFound` before the first ones when they are gone.
    """

    name: str
    kind: str
    mime: str
    size: int
    sha256: str
    chunks: Callable[[], Iterator[bytes]] = field(compare=False)
    file_name: str | None = None
    alt_text: str | None = None


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
    latitude: float | None = None
    longitude: float | None = None
    is_pinned: bool = False
    journal: str = ""
    media: tuple[ExportedMedia, ...] = ()


class Exporter(ABC):
    """Writes one format. Never sees the store; writing runs outside the event loop.

    `suffix` is the ending of a file's name, `media_type` what it is called in HTTP. A name that
    ends in `.gz` is compressed by the caller.
    """

    format: str
    summary: str
    suffix: str = ""
    media_type: str = "application/octet-stream"

    @abstractmethod
    def write(self, entries: Iterator[ExportedEntry], target: IO[bytes]) -> None:
        """Write every entry as it comes; the caller opens, compresses and closes `target`."""


def _started(
    records: Iterator[ImportedEntry | Rejected],
) -> Generator[ImportedEntry | Rejected, None, None]:
    """Return a generator over any iterator, which can be closed."""
    yield from records
