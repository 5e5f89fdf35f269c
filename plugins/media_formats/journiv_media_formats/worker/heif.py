"""HEIC and AVIF: Exif, XMP and other notes are items of the file (ISO 23008-12 annex A)."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Final

from journiv_media_formats.worker import budgets, exif, movie
from journiv_media_formats.worker.boxes import Box, blotted, boxes, child, number
from journiv_media_formats.worker.patching import Patch, Piece, patched
from journiv_media_formats.worker.refusal import Broken

_KEPT: Final = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip"})
_NOTES: Final = frozenset({b"Exif", b"mime", b"uri "})
_EMPTY_XMP: Final = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
_EMPTY_EXIF: Final = b"\x00\x00\x00\x00" + exif.EMPTY


def cleaned(data: mmap.mmap) -> Iterator[Piece]:
    """Yield the picture with its notes blotted out; its orientation is a property that stays.

    Raises `Broken` for boxes and items that do not fit into the file.
    """
    patches: list[Patch] = []
    parts = list(boxes(data, 0, len(data)))
    for box in parts:
        if box.kind not in _KEPT:
            patches.extend(blotted(box))
        elif box.kind == b"meta":
            _check_sizes(data, box)
            patches.extend(_notes(data, box))
        elif box.kind == b"moov":
            patches.extend(movie.notes(data, box))
    if not {b"meta", b"moov"} & {box.kind for box in parts}:
        raise Broken("it holds no picture")
    yield from patched(data, patches)


def _check_sizes(data: mmap.mmap, meta: Box) -> None:
    """Refuse whatever size any of its pictures says (`ispe`), cropped later or not."""
    properties = child(data, meta._replace(body=meta.body + 4), b"iprp", b"ipco")
    for box in boxes(data, properties.body, properties.end) if properties else ():
        if box.kind == b"ispe":
            budgets.check_size(number(data, box.body + 4, 4), number(data, box.body + 8, 4))


def _notes(data: mmap.mmap, meta: Box) -> Iterator[Patch]:
    inner = meta._replace(body=meta.body + 4)
    kinds = _kinds(data, child(data, inner, b"iinf"))
    inside = child(data, inner, b"idat")
    for item, method, start, size in _extents(data, child(data, inner, b"iloc")):
        if method == 1:
            start += inside.body if inside else len(data)
        if start + size > len(data) or method > 1:
            raise Broken("it ends too early")
        kind = kinds.get(item, b"")
        if kind == b"Exif" and size >= len(_EMPTY_EXIF):
            yield Patch(start, _EMPTY_EXIF, size - len(_EMPTY_EXIF))
        elif kind in _NOTES:
            yield Patch(start, _EMPTY_XMP.ljust(size) if size >= len(_EMPTY_XMP) else b" " * size)
    for box in boxes(data, inner.body, inner.end):
        if box.kind in {b"uuid", b"udta"}:
            yield from blotted(box)


def _kinds(data: mmap.mmap, iinf: Box | None) -> dict[int, bytes]:
    """Return each item's type (`infe` of versions 2 and 3)."""
    if iinf is None:
        return {}
    first = iinf.body + (6 if data[iinf.body] == 0 else 8)
    kinds = {}
    for box in boxes(data, first, iinf.end):
        version = data[box.body]
        if box.kind == b"infe" and version >= 2:
            wide = 2 if version == 2 else 4
            at = box.body + 4
            kinds[number(data, at, wide)] = data[at + wide + 2 : at + wide + 6]
    return kinds


def _extents(data: mmap.mmap, iloc: Box | None) -> Iterator[tuple[int, int, int, int]]:
    """Yield (item, construction method, start, size) of each piece of each item."""
    if iloc is None:
        return
    version, sizes = data[iloc.body], number(data, iloc.body + 4, 2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    count, at = number(data, iloc.body + 6, wide), iloc.body + 6 + wide
    for _ in range(count):
        item, at = number(data, at, wide), at + wide
        method = number(data, at, 2) & 15 if version else 0
        at += (2 if version else 0) + 2
        start, at = number(data, at, base), at + base
        pieces, at = number(data, at, 2), at + 2
        for _ in range(pieces):
            at += index if version else 0
            where, size = number(data, at, offset), number(data, at + offset, length)
            at += offset + length
            if at > iloc.end:
                raise Broken("it ends too early")
            yield item, method, start + where, size or max(0, len(data) - start - where)
