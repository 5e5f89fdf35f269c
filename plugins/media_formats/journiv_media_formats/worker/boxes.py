"""The boxes of ISO 14496-12: what MP4, MOV, HEIC and AVIF are made of."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import NamedTuple

from journiv_media_formats.worker.patching import Patch
from journiv_media_formats.worker.refusal import Broken


class Box(NamedTuple):
    """Where a box starts, where its content starts, and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(data: mmap.mmap, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two places. Raises `Broken` for one that does not fit."""
    while start < end:
        size, body = int.from_bytes(data[start : start + 4], "big"), start + 8
        if size == 0 and end - start == 4:  # QuickTime ends user data with a zero
            return
        if size == 1:
            size, body = int.from_bytes(data[start + 8 : start + 16], "big"), start + 16
        stop = end if size == 0 else start + size
        if body > stop or stop > end:
            raise Broken("it ends too early")
        yield Box(data[start + 4 : start + 8], start, body, stop)
        start = stop


def child(data: mmap.mmap, parent: Box, *path: bytes) -> Box | None:
    """Return the first box at a path below another."""
    for kind in path:
        found = next(
            (one for one in boxes(data, parent.body, parent.end) if one.kind == kind), None
        )
        if found is None:
            return None
        parent = found
    return parent


def blotted(box: Box) -> Iterator[Patch]:
    """Make a box free space, all zeros: nothing else in the file moves."""
    yield Patch(box.start + 4, b"free")
    yield Patch(box.body, b"", box.end - box.body)


def number(data: mmap.mmap, at: int, size: int) -> int:
    """Return an unsigned number; 0 for one of no bytes."""
    return int.from_bytes(data[at : at + size], "big")
