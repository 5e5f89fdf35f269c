"""Reading ZIP files of strangers: checked before a byte is unpacked, never unpacked to a path.

Everything is refused that an honest archive does not need: names that lead elsewhere, links,
encrypted or overlapping members, sizes that lie, bombs (security.md D14, ids IMP). Members are
reached only by their name inside the archive and read as streams.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from journiv.domain.errors import BadRequest
from journiv.domain.zip_layout import MOST_MEMBERS, check_directory, check_members

LONGEST_NAME: Final = 255
MOST_INFLATED: Final = 10 * 1024**3
MOST_RATIO: Final = 100
RATIO_FROM: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_KINDS: Final = (0, stat.S_IFREG, stat.S_IFDIR)
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; `size` is what it unpacks to, at most.

    `modified` is when it was last changed, in ISO 8601: without a zone in a ZIP file, which says
    what clocks showed, else an instant; None where the archive does not say.
    """

    name: str
    size: int
    modified: str | None = None


class ZipArchive:
    """An open archive that has passed every check; `members` are its files by name."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.members: Mapping[str, Member] = {
            info.filename: Member(info.filename, info.file_size, _modified(info))
            for info in file.infolist()
            if not info.is_dir()
        }

    def open(self, name: str) -> IO[bytes]:
        """Open a member as a stream, several at once if need be.

        Raises `BadRequest` without such a member; reading raises it where the bytes are damaged.
        """
        if name not in self.members:
            raise BadRequest(f"The archive has no member '{name[:LONGEST_NAME]}'.")
        try:
            raw = self._file.open(name)
        except _DAMAGED as error:
            raise _invalid("a member is damaged") from error
        return cast("IO[bytes]", io.BufferedReader(_Stream(raw)))

    def read(self, name: str, limit: int) -> bytes:
        """Return the whole of a small member. Raises `BadRequest` beyond `limit` bytes."""
        with self.open(name) as file:
            return read_whole(file, name, limit)

    def below(self, folder: str) -> Iterator[Member]:
        """Yield the files in a folder (`photos/`), in the archive's order."""
        return (member for name, member in self.members.items() if name.startswith(folder))


@contextmanager
def opened(path: Path, most_inflated: int = MOST_INFLATED) -> Iterator[ZipArchive]:
    """Open a ZIP file. Raises `BadRequest` when it is none, or must not be read."""
    try:
        with path.open("rb") as file:
            count = check_directory(file)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) != count:
                raise _invalid("it holds another number of members than it says")
            _check(infos, most_inflated)
            with path.open("rb") as file:
                check_members(file, infos, archive.start_dir)
            yield ZipArchive(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise _invalid("it cannot be read") from error
    except OSError as error:
        raise BadRequest(f"{path.name} cannot be read: {error.strerror or error}.") from error


def is_zip(path: Path) -> bool:
    """Say whether a file begins like a ZIP file."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def read_whole(file: IO[bytes], name: str, limit: int) -> bytes:
    """Return the whole of a small open file. Raises `BadRequest` beyond `limit` bytes."""
    content = file.read(limit + 1)
    if len(content) > limit:
        raise BadRequest(f"The archive's '{name}' is larger than {limit:,} bytes.")
    return content


def name_fault(name: str) -> str | None:
    """Say what is wrong with a member's name, or nothing; a folder's may end in `/`."""
    parts = name.rstrip("/").split("/")
    if "\\" in name or not name.isprintable():
        return "a member's name holds signs that no name needs"
    if len(name) > LONGEST_NAME:
        return f"a member's name is longer than {LONGEST_NAME} characters"
    if name.startswith("/") or _DRIVE.match(name) or any(part in ("", ".", "..") for part in parts):
        return "a member's name leads out of the archive"
    return None


def _check(infos: list[zipfile.ZipInfo], most_inflated: int) -> None:
    if len(infos) > MOST_MEMBERS:
        raise _invalid(f"it has more than {MOST_MEMBERS:,} members")
    seen: set[str] = set()
    inflated = 0
    for info in infos:
        reason = _bad_name(info) or _bad_kind(info) or _bad_size(info)
        if reason:
            raise _invalid(reason)
        folded = unicodedata.normalize("NFC", info.filename).casefold().rstrip("/")
        if folded in seen:
            raise _invalid("two of its members have one name")
        seen.add(folded)
        inflated += info.file_size
    if inflated > most_inflated:
        raise _invalid(f"it unpacks to more than {most_inflated:,} bytes")


def _bad_name(info: zipfile.ZipInfo) -> str | None:
    if info.orig_filename != info.filename:
        return "a member's name holds signs that no name needs"
    return name_fault(info.filename)


def _bad_kind(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "a member is encrypted"
    if info.compress_type not in _METHODS:
        return "a member is packed in a way that is not read here"
    if stat.S_IFMT(info.external_attr >> 16) not in _KINDS:
        return "a member is a link or a device"
    return None


def _bad_size(info: zipfile.ZipInfo) -> str | None:
    is_stored = info.compress_type == zipfile.ZIP_STORED
    if info.file_size < 0 or (is_stored and info.file_size != info.compress_size):
        return "the size of a member is a lie"
    if info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * info.compress_size:
        return f"a member unpacks to more than {MOST_RATIO} times its size"
    return None


def _modified(info: zipfile.ZipInfo) -> str | None:
    """Return what a clock showed; the first day of DOS means that nobody looked at one."""
    year, month, day, hour, minute, second = info.date_time
    is_unknown = (year, month, day) <= (1980, 1, 1)
    text = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    return None if is_unknown else text


class _Stream(io.RawIOBase):
    """A member's bytes; what is damaged about them becomes a sentence."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # typeshed asks for any buffer, BufferedReader gives a memoryview
        try:
            chunk = self._file.read(len(buffer))
        except _DAMAGED as error:
            raise _invalid("a member is damaged") from error
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        super().close()


def _invalid(reason: str) -> BadRequest:
    return BadRequest(f"Invalid ZIP file: {reason}")
