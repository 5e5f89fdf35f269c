"""Any place of a gzip file without unpacking it to a disk: the state of inflating is kept.

A place is reached from the nearest state kept before it, so that many small files one after the
other cost one pass, and no more than a few hundred states (about 40 KB each) are ever held.
"""

from __future__ import annotations

import io
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from journiv.domain.errors import BadRequest

CHUNK: Final = 64 * 1024
SPACING: Final = 4 * 1024 * 1024
MOST_STATES: Final = 256
_GZIP: Final = 31


@dataclass(frozen=True, slots=True)
class _State:
    """Inflating at a place: how far the packed file is read, and what is still to be inflated."""

    place: int
    packed: int
    pending: bytes
    inflater: Any


class GzipIndex:
    """A gzip file that can be read from any place; `most` is what it may unpack to, in bytes."""

    def __init__(self, path: Path, most: int) -> None:
        self._path = path
        self._most = most
        self._spacing = SPACING
        self.kept = [_State(0, 0, b"", zlib.decompressobj(_GZIP))]
        self._resting = self.kept[0]

    def open(self, place: int) -> Inflating:
        """Read from a place on. Raises `BadRequest` where the file is damaged or ends."""
        known = self.kept[bisect_right(self.kept, place, key=lambda one: one.place) - 1]
        if known.place < self._resting.place <= place:
            known = self._resting
        stream = Inflating(self, self._path, known)
        stream.skip(place - known.place)
        return stream

    def rest(self, state: _State) -> None:
        """Remember where somebody stopped reading: the next one may go on from there."""
        self._resting = state

    def check(self, place: int) -> bool:
        """Say whether a state should be kept here. Raises `BadRequest` beyond what is allowed."""
        if place > self._most:
            raise BadRequest(f"The archive unpacks to more than {self._most:,} bytes.")
        return place >= self.kept[-1].place + self._spacing

    def keep(self, state: _State) -> None:
        """Remember a state behind the last one; of too many, every second is forgotten."""
        self.kept.append(state)
        if len(self.kept) > MOST_STATES:
            self.kept = self.kept[::2]
            self._spacing *= 2


class Inflating:
    """A gzip file being read; `place` counts unpacked bytes."""

    def __init__(self, index: GzipIndex, path: Path, state: _State) -> None:
        self._index = index
        self._file: IO[bytes] = path.open("rb")
        self._file.seek(state.packed)
        self._inflater = state.inflater.copy()
        self._pending = state.pending
        self.place = state.place

    def read(self, size: int) -> bytes:
        """Return exactly that many bytes, fewer only at the end of the file."""
        parts = io.BytesIO()
        while size and (chunk := self._some(size)):
            parts.write(chunk)
            size -= len(chunk)
        return parts.getvalue()

    def skip(self, size: int) -> None:
        """Leave bytes out. Raises `BadRequest` when there are not so many."""
        while size:
            chunk = self._some(min(size, CHUNK))
            if not chunk:
                raise BadRequest("The archive is cut off.")
            size -= len(chunk)

    def close(self) -> None:
        """Close the file; whoever reads on behind it starts from here."""
        if not self._file.closed:
            self._index.rest(self._state())
            self._file.close()

    def _state(self) -> _State:
        return _State(self.place, self._file.tell(), self._pending, self._inflater.copy())

    def _some(self, size: int) -> bytes:
        """Return at least one byte and at most so many; none at the end."""
        while True:
            if self._inflater.eof and not self._next_member():
                return b""
            packed = self._pending or self._file.read(CHUNK)
            try:
                chunk: bytes = self._inflater.decompress(packed, min(size, CHUNK))
            except zlib.error as error:
                raise BadRequest("The archive is damaged.") from error
            self._pending = self._inflater.unconsumed_tail
            if chunk:
                self.place += len(chunk)
                if self._index.check(self.place):
                    self._index.keep(self._state())
                return chunk
            if not packed:
                return b""

    def _next_member(self) -> bool:
        """Go on with the gzip member behind the one that ended, if there is one (RFC 1952 2.2)."""
        self._pending = self._inflater.unused_data or self._file.read(CHUNK)
        self._inflater = zlib.decompressobj(_GZIP)
        return bool(self._pending.strip(b"\0"))
