"""Gzipped tar files of strangers, by the rules of `journiv.domain.zip_archive`.

The headers are read here and not by `tarfile`, which holds whatever a header says its name is.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, cast

from journiv.domain.errors import BadRequest
from journiv.domain.zip_archive import (
    MOST_INFLATED,
    MOST_RATIO,
    RATIO_FROM,
    Member,
    name_fault,
    read_whole,
)
from journiv.domain.zip_layout import MOST_MEMBERS
from journiv_import_formats.gzip_index import GzipIndex, Inflating

BLOCK: Final = 512
LONGEST_HEADER: Final = 64 * 1024
LONGEST_LENGTH: Final = 8
_FILES: Final = (b"0", b"\0")
_FOLDER: Final = b"5"
_LONG_NAME: Final = b"L"
_PAX: Final = (b"x", b"g")


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands before a member (POSIX.1-1988 ustar, with the names of pax and GNU)."""

    name: str
    size: int
    kind: bytes
    modified: str | None


class TarArchive:
    """The plain files of an archive that has passed every check."""

    def __init__(self, index: GzipIndex) -> None:
        self._index = index
        self._places: dict[str, int] = {}
        found: dict[str, Member] = {}
        seen: set[str] = set()
        for place, header in _headers(index):
            folded = unicodedata.normalize("NFC", header.name).casefold()
            if folded in seen:
                raise _invalid("two of its members have one name")
            seen.add(folded)
            found[header.name] = Member(header.name, header.size, header.modified)
            self._places[header.name] = place
            if len(found) > MOST_MEMBERS:
                raise _invalid(f"it has more than {MOST_MEMBERS:,} members")
        self.members: Mapping[str, Member] = found

    def open(self, name: str) -> IO[bytes]:
        """Open a member as a stream. Raises `BadRequest` without such a member."""
        if name not in self.members:
            raise BadRequest(f"The archive has no member '{name[:255]}'.")
        stream = self._index.open(self._places[name])
        return cast("IO[bytes]", io.BufferedReader(_Part(stream, self.members[name].size)))

    def read(self, name: str, limit: int) -> bytes:
        """Return the whole of a small member. Raises `BadRequest` beyond `limit` bytes."""
        with self.open(name) as file:
            return read_whole(file, name, limit)


@contextmanager
def opened(path: Path) -> Iterator[TarArchive]:
    """Open a `.tgz` file; it is read through once. Raises `BadRequest`."""
    try:
        packed = path.stat().st_size
        yield TarArchive(GzipIndex(path, min(MOST_INFLATED, MOST_RATIO * packed + RATIO_FROM)))
    except OSError as error:
        raise BadRequest(f"{path.name} cannot be read: {error.strerror or error}.") from error


def is_gzip(path: Path) -> bool:
    """Say whether a file begins like a gzip file."""
    try:
        with path.open("rb") as file:
            return file.read(3) == b"\x1f\x8b\x08"
    except OSError:
        return False


def _headers(index: GzipIndex) -> Iterator[tuple[int, _Header]]:
    """Yield the plain files with the places where their bytes begin."""
    stream = index.open(0)
    said: dict[str, str] = {}
    try:
        while any(block := _exactly(stream, BLOCK)):
            header = _header(block, said)
            if header.kind == _LONG_NAME or header.kind in _PAX:
                said |= _further(stream, header)
                continue
            said = {}
            if fault := name_fault(header.name):
                raise _invalid(fault)
            if header.kind not in (*_FILES, _FOLDER):
                raise _invalid("a member is a link or a device")
            if header.kind != _FOLDER and header.name.rstrip("/") == header.name:
                yield stream.place, header
            stream.skip(_padded(header.size))
    finally:
        stream.close()


def _header(block: bytes, said: Mapping[str, str]) -> _Header:
    if _number(block[148:156]) != sum(block[:148]) + 8 * 32 + sum(block[156:]):
        raise _invalid("a header is damaged")
    is_posix = block[257:263] == b"ustar\0"
    parts = [_text(block[345:500])] if is_posix else []
    name = said.get("path") or "/".join(filter(None, [*parts, _text(block[:100])]))
    size = said.get("size", "")
    seconds = _number(block[136:148])
    return _Header(
        name=name.removeprefix("./") or name,
        size=int(size[:20]) if size.isascii() and size.isdigit() else _number(block[124:136]),
        kind=block[156:157],
        modified=_instant(seconds),
    )


def _further(stream: Inflating, header: _Header) -> dict[str, str]:
    """Read what a header says about the one behind it."""
    if header.size > LONGEST_HEADER:
        raise _invalid("a header is too long")
    content = _exactly(stream, _padded(header.size))[: header.size]
    if header.kind == _LONG_NAME:
        return {"path": _text(content)}
    return dict(_records(content)) if header.kind == b"x" else {}


def _records(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the records of a pax header (POSIX.1-2001): `30 path=…` and a newline."""
    while content:
        length, _, _ = content.partition(b" ")
        end = int(length) if length.isdigit() and len(length) <= LONGEST_LENGTH else 0
        if not len(length) + 1 < end <= len(content):
            raise _invalid("a header is damaged")
        name, _, value = content[len(length) + 1 : end].partition(b"=")
        yield _text(name), _text(value.rstrip(b"\n"))
        content = content[end:]


def _number(field: bytes) -> int:
    """Read octal text, or the binary number that GNU writes where that has no room."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if digits.strip(b"01234567"):
        raise _invalid("a header is damaged")
    return int(digits, 8) if digits else 0


def _instant(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat() if 0 < seconds < 1 << 33 else None


def _text(field: bytes) -> str:
    try:
        return field.partition(b"\0")[0].decode()
    except UnicodeDecodeError:
        raise _invalid("a member's name is not UTF-8") from None


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _exactly(stream: Inflating, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise _invalid("it is cut off")
    return content


def _invalid(reason: str) -> BadRequest:
    return BadRequest(f"Invalid tar file: {reason}")


class _Part(io.RawIOBase):
    """The bytes of one member."""

    def __init__(self, stream: Inflating, size: int) -> None:
        self._stream = stream
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # typeshed asks for any buffer, BufferedReader gives a memoryview
        wanted = min(len(buffer), self._left)
        chunk = _exactly(self._stream, wanted)
        buffer[:wanted] = chunk
        self._left -= wanted
        return wanted

    def close(self) -> None:
        self._stream.close()
        super().close()
