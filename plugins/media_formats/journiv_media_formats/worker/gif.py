"""GIF, block by block (GIF89a specification §17 to §27)."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Final

from journiv_media_formats.worker import budgets
from journiv_media_formats.worker.refusal import Broken

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def cleaned(data: mmap.mmap) -> Iterator[bytes]:
    """Yield pictures and their timing, without comments, texts and other programs' data.

    Raises `Broken` for a missing end, `Refused` for more than 500 pictures.
    """
    at = 13 + _colours(_byte(data, 10))
    yield data[:at]
    frames = 0
    while (kind := _byte(data, at)) != _TRAILER:
        if kind == _IMAGE:
            frames += 1
            end = _blocks_end(data, at + 11 + _colours(_byte(data, at + 9)))
            yield data[at:end]
        elif kind == _EXTENSION:
            label = _byte(data, at + 1)
            end = _blocks_end(data, at + 2)
            if label == _CONTROL or (label == _APPLICATION and data[at + 3 : at + 14] in _LOOPS):
                yield data[at:end]
        else:
            raise Broken("a block is missing")
        budgets.check_frames(frames)
        at = end
    if not frames:
        raise Broken("it holds no picture")
    yield b"\x3b"


def _colours(flags: int) -> int:
    """Return the bytes of a colour table."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: mmap.mmap, at: int) -> int:
    while size := _byte(data, at):
        at += 1 + size
    return at + 1


def _byte(data: mmap.mmap, at: int) -> int:
    if at >= len(data):
        raise Broken("it ends too early")
    return data[at]
