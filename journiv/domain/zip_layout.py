"""How a ZIP file lies on disk (APPNOTE 6.3.10): ends, directory and members without gaps or lies.

`zipfile` believes the directory; here it is compared with the file before anything is unpacked.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from typing import IO, Final

from journiv.domain.errors import BadRequest

MOST_MEMBERS: Final = 100_000
MOST_DIRECTORY: Final = 64 * 1024 * 1024
_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64: Final = struct.Struct("<4sLQL")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_DESCRIPTOR: Final = 24


def check_directory(file: IO[bytes]) -> int:
    """Return how many members a ZIP file says it has, once its ends are as they should be.

    Raises `BadRequest`; reads a few bytes only, so that a directory of a million is never read.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size))
    raw = file.read(_END.size)
    if len(raw) < _END.size or not raw.startswith(b"PK\x05\x06"):
        raise _invalid("it has no end, or a comment behind it")
    _, disk, first_disk, here, count, length, start, comment = _END.unpack(raw)
    end = size - _END.size
    if comment or disk or first_disk:
        raise _invalid("it is a part of several files")
    if 0xFFFF in (here, count) or 0xFFFFFFFF in (length, start):
        here, count, length, start, end = _end64(file, end)
    if here != count or start + length != end:
        raise _invalid("its directory is not where it says")
    if count > MOST_MEMBERS or length > MOST_DIRECTORY:
        raise _invalid(f"it has more than {MOST_MEMBERS:,} members")
    return int(count)


def _end64(file: IO[bytes], end: int) -> tuple[int, int, int, int, int]:
    """Read the ends of a ZIP64 file: members here and in all, directory's length, start, end."""
    file.seek(max(0, end - _LOCATOR64.size))
    raw = file.read(_LOCATOR64.size)
    if len(raw) < _LOCATOR64.size or not raw.startswith(b"PK\x06\x07"):
        raise _invalid("its ZIP64 end is missing")
    _, disk, place, disks = _LOCATOR64.unpack(raw)
    if disk or disks > 1 or place + _END64.size != end - _LOCATOR64.size:
        raise _invalid("its ZIP64 end is not where it says")
    file.seek(place)
    raw = file.read(_END64.size)
    if len(raw) < _END64.size or not raw.startswith(b"PK\x06\x06"):
        raise _invalid("its ZIP64 end is missing")
    _, _, _, _, disk, first_disk, here, count, length, start = _END64.unpack(raw)
    if disk or first_disk:
        raise _invalid("it is a part of several files")
    return here, count, length, start, place


def check_members(file: IO[bytes], infos: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Raise `BadRequest` unless the members lie one after the other, as the directory says."""
    place = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        gap = info.header_offset - place
        if gap < 0:
            raise _invalid("two of its members share bytes")
        if gap > (_DESCRIPTOR if place else 0):
            raise _invalid("there is something before or between its members")
        place = _end_of(file, info)
    if not place <= directory <= place + _DESCRIPTOR:
        raise _invalid("a member is longer than the file" if place > directory else "it has a gap")


def _end_of(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Return where a member's packed bytes end; its own header must agree with the directory."""
    file.seek(info.header_offset)
    raw = file.read(_LOCAL.size)
    if len(raw) < _LOCAL.size or not raw.startswith(b"PK\x03\x04"):
        raise _invalid("a member is not where it should be")
    _, _, flags, method, _, _, _, packed, size, name, extra = _LOCAL.unpack(raw)
    said = file.read(name)
    if said != info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437"):
        raise _invalid("a member has two names")
    if method != info.compress_type or (flags ^ info.flag_bits) & 0x1:
        raise _invalid("a member's header does not agree with the directory")
    is_deferred = flags & 0x8 or 0xFFFFFFFF in (packed, size)
    if not is_deferred and (packed, size) != (info.compress_size, info.file_size):
        raise _invalid("the size of a member is a lie")
    return int(info.header_offset + _LOCAL.size + name + extra + info.compress_size)


def _invalid(reason: str) -> BadRequest:
    return BadRequest(f"Invalid ZIP file: {reason}")
