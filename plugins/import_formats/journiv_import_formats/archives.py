"""What importers read from: ZIP, gzipped tar, an unpacked folder, or one document alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

from journiv.domain import zip_archive
from journiv.domain.errors import BadRequest
from journiv.domain.zip_archive import Member
from journiv_import_formats import tar_archive
from journiv_import_formats.folder import Folder

ALONE: Final = ""


class Archive(Protocol):
    """Files by their names inside; nothing is ever reached by a path."""

    @property
    def members(self) -> Mapping[str, Member]:
        """The files by name, in their order."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """Open a member as a stream, several at once if need be. Raises `BadRequest`."""
        ...

    def read(self, name: str, limit: int) -> bytes:
        """Return the whole of a small member. Raises `BadRequest` beyond `limit` bytes."""
        ...


@contextmanager
def opened(source: Path) -> Iterator[Archive]:
    """Open whatever a source is; a file that is no archive is the member `ALONE` of one.

    Raises `BadRequest` for what cannot or must not be read.
    """
    if source.is_dir():
        yield Folder(source)
    elif zip_archive.is_zip(source):
        with zip_archive.opened(source) as archive:
            yield archive
    elif tar_archive.is_gzip(source):
        with tar_archive.opened(source) as members:
            yield members
    else:
        yield _Document(source)


class _Document:
    """A file that is no archive."""

    def __init__(self, source: Path) -> None:
        self._source = source
        try:
            self.members: Mapping[str, Member] = {ALONE: Member(ALONE, source.stat().st_size)}
        except OSError as error:
            raise BadRequest(f"{source.name} cannot be read: {error.strerror or error}.") from error

    def open(self, name: str) -> IO[bytes]:
        """See `Archive`."""
        try:
            return self._source.open("rb")
        except OSError as error:
            said = error.strerror or error
            raise BadRequest(f"{self._source.name} cannot be read: {said}.") from error

    def read(self, name: str, limit: int) -> bytes:
        """See `Archive`."""
        with self.open(name) as file:
            return zip_archive.read_whole(file, self._source.name, limit)
