"""MP4, MOV and M4A: places, devices and titles are boxes, or tracks of their own."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from journiv_media_formats.worker.boxes import Box, blotted, boxes, child, number
from journiv_media_formats.worker.patching import Patch, Piece, patched
from journiv_media_formats.worker.refusal import Broken

_TOP: Final = frozenset(
    {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx", b"styp"}
)
_CONTAINERS: Final = frozenset({b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex"})
_NOTES: Final = frozenset({b"udta", b"meta", b"uuid"})
_HEADERS: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_TRACKS: Final = frozenset({b"vide", b"soun", b"sbtl", b"subt", b"text", b"clcp", b"tmcd"})


def cleaned(data: mmap.mmap) -> Iterator[Piece]:
    """Yield the film with its notes blotted out, byte for byte as long as before.

    Raises `Broken` for boxes that do not fit into the file.
    """
    parts = list(boxes(data, 0, len(data)))
    if b"moov" not in {box.kind for box in parts}:
        raise Broken("it holds no film")
    patches: list[Patch] = []
    for box in parts:
        if box.kind not in _TOP:
            patches.extend(blotted(box))
        elif box.kind in {b"moov", b"moof"}:
            patches.extend(notes(data, box))
    yield from patched(data, patches)


def notes(data: mmap.mmap, parent: Box) -> Iterator[Patch]:
    """Yield what takes the notes out of a `moov`, and out of all that is in it."""
    for box in boxes(data, parent.body, parent.end):
        if box.kind in _NOTES:
            yield from blotted(box)
        elif box.kind in _HEADERS:
            yield Patch(box.body + 4, b"", 16 if data[box.body] else 8)  # made, changed
        elif box.kind == b"trak" and _handler(data, box) not in _TRACKS:
            yield from _samples(data, box)
            yield from blotted(box)
        elif box.kind in _CONTAINERS:
            yield from notes(data, box)


def _handler(data: mmap.mmap, track: Box) -> bytes:
    handler = child(data, track, b"mdia", b"hdlr")
    return data[handler.body + 8 : handler.body + 12] if handler else b""


def _samples(data: mmap.mmap, track: Box) -> Iterator[Patch]:
    """Yield what blots out the samples of a track (a way of places beside the film)."""
    table = child(data, track, b"mdia", b"minf", b"stbl")
    if table is None:
        return
    sizes = _sizes(data, child(data, table, b"stsz"))
    for where, samples in _chunks(data, table):
        yield Patch(where, b"", sum(size for _, size in zip(range(samples), sizes, strict=False)))


def _sizes(data: mmap.mmap, stsz: Box | None) -> Iterator[int]:
    if stsz is None:
        return
    fixed, count = number(data, stsz.body + 4, 4), number(data, stsz.body + 8, 4)
    for one in range(min(count, len(data))):
        yield fixed or number(data, stsz.body + 12 + 4 * one, 4)


def _chunks(data: mmap.mmap, table: Box) -> Iterator[tuple[int, int]]:
    """Yield where each chunk lies and how many samples it has."""
    offsets, runs = child(data, table, b"stco"), child(data, table, b"stsc")
    wide = 4
    if offsets is None:
        offsets, wide = child(data, table, b"co64"), 8
    if offsets is None or runs is None:
        return
    count = min(number(data, offsets.body + 4, 4), (offsets.end - offsets.body) // wide)
    last = min(runs.end, runs.body + 8 + 12 * number(data, runs.body + 4, 4))
    starts = range(runs.body + 8, last, 12)
    firsts = [(number(data, at, 4), number(data, at + 4, 4)) for at in starts]
    for (first, samples), (after, _) in pairwise([*firsts, (count + 1, 0)]):
        for chunk in range(first - 1, min(after - 1, count)):
            yield number(data, offsets.body + 8 + wide * chunk, wide), samples
