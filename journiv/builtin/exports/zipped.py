"""Writing a ZIP file of texts and media as a stream."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from journiv.domain.errors import NotFound

LEVEL: Final = 6
LONGEST_PART: Final = 80
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_NOT_IN_NAMES: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class ZipWriter:
    """An archive on its way out; the same content makes the same bytes."""

    def __init__(self, target: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(target, "w", compresslevel=LEVEL)
        self._names: set[str] = set()

    def __enter__(self) -> ZipWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self._archive.close()

    def free_name(self, folder: str, stem: str, suffix: str) -> str:
        """Return a member's name that no other has, on any file system."""
        name, number = f"{folder}{stem}{suffix}", 1
        while name.casefold() in self._names:
            number += 1
            name = f"{folder}{stem} ({number}){suffix}"
        self._names.add(name.casefold())
        return name

    def text(self, name: str, text: str) -> None:
        """Write a small member."""
        self._archive.writestr(_info(name, zipfile.ZIP_DEFLATED), text.encode())

    def pieces(self, name: str, pieces: Iterator[bytes]) -> None:
        """Write a member as it comes."""
        with self._archive.open(_info(name, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)

    def bytes(self, name: str, chunks: Iterator[bytes]) -> bool:
        """Write the bytes of a medium as they are; False when they are gone."""
        try:
            chunk = next(chunks, b"")
        except NotFound:
            return False
        with self._archive.open(_info(name, zipfile.ZIP_STORED), "w", force_zip64=True) as file:
            while chunk:
                file.write(chunk)
                chunk = next(chunks, b"")
        return True


def safe_part(text: str, otherwise: str) -> str:
    """Return a title as a file's name: what every file system takes, at most 80 characters."""
    plain = _NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", text))
    shown = "".join(one for one in plain if unicodedata.category(one)[0] != "C")
    part = " ".join(shown.split())[:LONGEST_PART].strip(" .")
    return otherwise if not part or _RESERVED.fullmatch(part) else part


def _info(name: str, packed: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EARLIEST)
    info.compress_type = packed
    info.external_attr = 0o100600 << 16
    return info
