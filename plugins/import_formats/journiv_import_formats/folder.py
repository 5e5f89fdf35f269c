"""An unpacked folder on this machine, read like an archive; only the command line has any."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from journiv.domain.errors import BadRequest
from journiv.domain.zip_archive import Member, read_whole
from journiv.domain.zip_layout import MOST_MEMBERS


class Folder:
    """The plain files below a folder; hidden ones and links are not among them.

    In a name that is not UTF-8 every byte that is none is written in hexadecimal.
    """

    def __init__(self, root: Path) -> None:
        found: dict[str, Member] = {}
        self._places: dict[str, str] = {}
        for place, member in _below(root, ""):
            if len(found) == MOST_MEMBERS:
                raise BadRequest(f"{root.name} holds more than {MOST_MEMBERS:,} files.")
            found[member.name] = member
            self._places[member.name] = place
        self.members: Mapping[str, Member] = found

    def open(self, name: str) -> IO[bytes]:
        """Open a file. Raises `BadRequest` when it is gone, or has become a link since."""
        if name not in self.members:
            raise BadRequest(f"The folder has no file '{name[:255]}'.")
        try:
            place = os.open(self._places[name], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            if not stat.S_ISREG(os.fstat(place).st_mode):
                os.close(place)
                raise BadRequest(f"'{name}' is no file any more.")
            return os.fdopen(place, "rb")
        except OSError as error:
            raise BadRequest(f"'{name}' cannot be read: {error.strerror or error}.") from error

    def read(self, name: str, limit: int) -> bytes:
        """Return the whole of a small file. Raises `BadRequest` beyond `limit` bytes."""
        with self.open(name) as file:
            return read_whole(file, name, limit)


def _below(folder: Path, prefix: str) -> Iterator[tuple[str, Member]]:
    """Yield the files of a folder by name, each with its path, then those of the folders in it."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((one for one in entries if one.name[0] != "."), key=lambda one: one.name)
    except OSError as error:
        raise BadRequest(f"{folder.name} cannot be read: {error.strerror or error}.") from error
    for one in found:
        if one.is_file(follow_symlinks=False):
            known = one.stat(follow_symlinks=False)
            modified = datetime.fromtimestamp(known.st_mtime, UTC).isoformat()
            yield one.path, Member(prefix + _text(one.name), known.st_size, modified)
    for one in found:
        if one.is_dir(follow_symlinks=False):
            yield from _below(folder / one.name, f"{prefix}{_text(one.name)}/")


def _text(name: str) -> str:
    return os.fsencode(name).decode(errors="backslashreplace")
