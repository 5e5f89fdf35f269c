"""WebP, chunk by chunk (RFC 9649 §2)."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Final

from journiv_media_formats.worker import budgets, exif
from journiv_media_formats.worker.refusal import Broken

_KEPT: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ICCP", b"ANIM", b"ALPH"})
_IN_FRAMES: Final = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def cleaned(data: mmap.mmap) -> Iterator[bytes]:
    """Yield the picture without Exif and XMP, and without what follows it.

    Raises `Broken` for a missing end, `Refused` for more than 500 pictures.
    """
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Broken("it ends too early")
    parts = list(_parts(data, end))
    if not {b"VP8 ", b"VP8L", b"ANMF"} & {kind for kind, _ in parts}:
        raise Broken("it holds no picture")
    budgets.check_frames(sum(kind == b"ANMF" for kind, _ in parts))
    turned = next((exif.orientation(_tiff(one)) for kind, one in parts if kind == b"EXIF"), 1)
    kept = [_chunk(kind, content) for kind, content in _kept(parts, turned != exif.UPRIGHT)]
    if turned != exif.UPRIGHT:
        kept.append(_chunk(b"EXIF", exif.only(turned)))
    yield b"RIFF" + (4 + sum(map(len, kept))).to_bytes(4, "little") + b"WEBP"
    yield from kept


def _parts(data: mmap.mmap | bytes, end: int, at: int = 12) -> Iterator[tuple[bytes, bytes]]:
    while at < end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            raise Broken("it ends too early")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _kept(parts: list[tuple[bytes, bytes]], turned: bool) -> Iterator[tuple[bytes, bytes]]:
    for kind, content in parts:
        if kind == b"VP8X" and content:
            flags = content[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if turned else 0)
            yield kind, bytes((flags,)) + content[1:]
        elif kind == b"ANMF":
            inner = _parts(content, len(content), 16)
            pixels = (_chunk(name, one) for name, one in inner if name in _IN_FRAMES)
            yield kind, content[:16] + b"".join(pixels)
        elif kind in _KEPT:
            yield kind, content


def _tiff(content: bytes) -> bytes:
    return content.removeprefix(b"Exif\x00\x00")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content + b"\x00" * (len(content) % 2)
