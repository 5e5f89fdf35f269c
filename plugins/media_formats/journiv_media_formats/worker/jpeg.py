"""JPEG, marker by marker (ITU-T T.81 annex B): what is needed to see it stays."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from typing import Final

from journiv_media_formats.worker import exif
from journiv_media_formats.worker.refusal import Broken

_SOI: Final = b"\xff\xd8"
_EOI: Final = 0xD9
_SOS: Final = 0xDA
_APP0, _APP1, _APP2, _APP14, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_FRAMES: Final = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_EXIF: Final = b"Exif\x00\x00"
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def cleaned(data: mmap.mmap) -> Iterator[bytes]:
    """Yield the picture without anything about it, and without what follows it.

    Raises `Broken` for a file that does not reach its end.
    """
    yield _SOI
    turned = _orientation(data)
    if turned != exif.UPRIGHT:
        yield _segment(_APP1, _EXIF + exif.only(turned))
    at, seen = 2, False
    while True:
        marker, start, end = _next(data, at)
        seen = seen or marker in _FRAMES
        if marker == _EOI:
            break
        kept = _kept(marker, data[start:end])
        if kept is not None:
            yield _segment(marker, kept)
        at = end
        if marker == _SOS:
            at = _after_scan(data, end)
            yield data[end:at]
    if not seen:
        raise Broken("it holds no picture")
    yield b"\xff\xd9"


def _next(data: mmap.mmap, at: int) -> tuple[int, int, int]:
    """Return the marker at a place, and where its content starts and ends."""
    if data[at : at + 1] != b"\xff":
        raise Broken("a marker is missing" if at < len(data) else "it ends too early")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise Broken("it ends too early")
    marker = data[at]
    if marker == _EOI:
        return marker, at + 1, at + 1
    size = int.from_bytes(data[at + 1 : at + 3], "big")
    if size < 2 or at + 1 + size > len(data):
        raise Broken("it ends too early")
    return marker, at + 3, at + 1 + size


def _kept(marker: int, content: bytes) -> bytes | None:
    """Return what stays of a segment: JFIF without its thumbnail, colours, tables, scans."""
    if marker == _APP0:
        return content[:12] + b"\x00\x00" if content.startswith(b"JFIF\x00") else None
    if marker == _APP2:
        return content if content.startswith(b"ICC_PROFILE\x00") else None
    if marker == _APP14:
        return content[:12] if content.startswith(b"Adobe") else None
    return None if 0xE0 <= marker <= 0xEF or marker >= 0xF0 else content


def _after_scan(data: mmap.mmap, at: int) -> int:
    found = _NEXT_MARKER.search(data, at)
    if found is None:
        raise Broken("it ends too early")
    return found.start()


def _orientation(data: mmap.mmap) -> int:
    at = 2
    while True:
        marker, start, end = _next(data, at)
        if marker in {_SOS, _EOI}:
            return exif.UPRIGHT
        if marker == _APP1 and data[start : start + 6] == _EXIF:
            return exif.orientation(data[start + 6 : end])
        at = end


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content
