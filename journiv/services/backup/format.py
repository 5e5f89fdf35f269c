"""The layout of a backup: a tar file (POSIX.1-2001) whose last member lists the others' digests.

`tables/NAME/000001.ndjson` hold rows in wire form, `media/KEY` the bytes of media, `about.json`
the row about the installation and `manifest.json` what is inside. `SHA256SUMS` comes last, in the
form of sha256sum(1), so a backup without it was cut off.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from typing import IO, Final

from journiv.domain.errors import BadRequest

FORMAT: Final = "journiv-backup/1"
TABLES: Final = "tables/"
MEDIA: Final = "media/"
ABOUT: Final = "about.json"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
CHUNK: Final = 256 * 1024
DAMAGED: Final = "The backup is damaged or cut off, so nothing was done with it."
_BLOCK: Final = 512
_END: Final = bytes(2 * _BLOCK)


class Damaged(BadRequest):
    """The backup is not as it was written."""


class ArchiveWriter:
    """Writes members one after the other, hashing them."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._sums: list[str] = []
        self._name, self._left, self._padding = "", 0, 0
        self._hash = hashlib.sha256()

    def begin(self, name: str, size: int) -> None:
        """Begin a member of exactly `size` bytes."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._sink.write(info.tobuf(tarfile.PAX_FORMAT))
        self._name, self._left, self._padding = name, size, -size % _BLOCK
        self._hash = hashlib.sha256()

    def feed(self, chunk: bytes) -> None:
        """Add bytes to the member."""
        self._left -= len(chunk)
        self._hash.update(chunk)
        self._sink.write(chunk)

    def end(self) -> None:
        """End the member. Raises `Damaged` when it had another size than was said."""
        if self._left:
            raise Damaged(f"{self._name} changed while it was read.")
        self._sink.write(bytes(self._padding))
        self._sums.append(f"{self._hash.hexdigest()}  {self._name}\n")

    def add(self, name: str, content: bytes) -> None:
        """Write a whole member."""
        self.begin(name, len(content))
        self.feed(content)
        self.end()

    def finish(self) -> None:
        """Write the digests and the end of the file."""
        self.add(SUMS, "".join(self._sums).encode())
        self._sink.write(_END)


def members(source: IO[bytes]) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Yield the members in their order. Raises `Damaged`."""
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=CHUNK) as archive:
            for info in archive:
                plain = info.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
                content = archive.extractfile(info) if plain else None
                if content is None:
                    raise Damaged(DAMAGED)
                yield info, content
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise Damaged(DAMAGED) from error
