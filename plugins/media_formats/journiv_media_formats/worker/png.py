"""PNG, chunk by chunk (PNG 3rd edition §5)."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator
from typing import Final

from journiv_media_formats.worker import exif
from journiv_media_formats.worker.refusal import Broken

_START: Final = b"\x89PNG\r\n\x1a\n"
_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs "
    b"acTL fcTL fdAT".split()
)


def cleaned(data: mmap.mmap) -> Iterator[bytes]:
    """Yield the picture without texts, times and Exif, and without what follows it.

    Raises `Broken` for a chunk that does not have its checksum, or a missing end.
    """
    yield _START
    at, kind, pixels = len(_START), b"", False
    while kind != b"IEND":
        size = int.from_bytes(data[at : at + 4], "big")
        kind, end = data[at + 4 : at + 8], at + 12 + size
        if end > len(data) or size > 0x7FFFFFFF:
            raise Broken("it ends too early")
        whole = data[at:end]
        if zlib.crc32(memoryview(whole)[4:-4]) != int.from_bytes(whole[-4:], "big"):
            raise Broken("a checksum is wrong")
        pixels = pixels or kind == b"IDAT"
        if kind in _KEPT:
            yield whole
        elif kind == b"eXIf" and not pixels:
            turned = exif.orientation(whole[8:-4])
            yield _chunk(b"eXIf", exif.only(turned)) if turned != exif.UPRIGHT else b""
        at = end
    if not pixels:
        raise Broken("it holds no picture")


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + checksum
