"""WAV and AVI, chunk by chunk: notes become junk (Microsoft RIFF, 1991)."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Final

from journiv_media_formats.worker.patching import Patch, Piece, patched
from journiv_media_formats.worker.refusal import Broken

_KEPT: Final = frozenset(
    {b"fmt ", b"data", b"fact", b"JUNK", b"idx1", b"avih", b"strh", b"strf", b"indx", b"vprp"}
)
_LISTS: Final = frozenset({b"hdrl", b"strl", b"odml"})
_MOVIES: Final = frozenset({b"movi"})


def cleaned(data: mmap.mmap) -> Iterator[Piece]:
    """Yield the recording with its notes made junk. Raises `Broken` for a missing end."""
    end = 8 + _size(data, 4)
    if end > len(data):
        raise Broken("it ends too early")
    patches = [*_notes(data, 12, end), Patch(end, b"", max(0, len(data) - end))]
    yield from patched(data, patches)


def _notes(data: mmap.mmap, at: int, end: int) -> Iterator[Patch]:
    while at + 8 <= end:
        kind, size = data[at : at + 4], _size(data, at + 4)
        if at + 8 + size > end:
            raise Broken("it ends too early")
        inner = data[at + 8 : at + 12]
        if kind == b"LIST" and inner in _LISTS:
            yield from _notes(data, at + 12, at + 8 + size)
        elif kind not in _KEPT and not (kind == b"LIST" and inner in _MOVIES):
            yield Patch(at, b"JUNK")
            yield Patch(at + 8, b"", size)
        at += 8 + size + size % 2


def _size(data: mmap.mmap, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")
