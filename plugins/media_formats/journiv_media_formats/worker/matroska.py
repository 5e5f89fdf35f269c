"""WebM: tags, attachments, title and date become void elements (RFC 8794, RFC 9559)."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Final, NamedTuple

from journiv_media_formats.worker.patching import Patch, Piece, patched
from journiv_media_formats.worker.refusal import Broken

_SEGMENT, _INFO, _CLUSTER, _TRACKS = 0x18538067, 0x1549A966, 0x1F43B675, 0x1654AE6B
_NOTES: Final = frozenset({0x1254C367, 0x1941A469, 0x7BA9, 0x4461, 0xBF})  # 0xBF: old checksums
_ENTERED: Final = frozenset({_SEGMENT, _INFO})


class Element(NamedTuple):
    """An element of EBML; `size` is None where it lasts until its parent's end."""

    identity: int
    start: int
    body: int
    size: int | None


def cleaned(data: mmap.mmap) -> Iterator[Piece]:
    """Yield the film with its notes made void, byte for byte as long as before."""
    elements = list(_elements(data, 0, len(data)))
    if not {_TRACKS} & {one.identity for one in elements}:
        raise Broken("it holds no film")
    yield from patched(data, (_void(one) for one in elements if one.identity in _NOTES))


def _elements(data: mmap.mmap, at: int, end: int) -> Iterator[Element]:
    while at < end:
        one = _element(data, at)
        whole = one.size is not None
        stop = one.body + (one.size or 0) if whole else end
        if stop > end:
            raise Broken("it ends too early")
        yield one
        if one.identity in _ENTERED or not whole:
            yield from _elements(data, one.body, stop)
        at = stop


def _element(data: mmap.mmap, at: int) -> Element:
    identity, body = _number(data, at, keep_mark=True)
    size, after = _number(data, body, keep_mark=False)
    endless = size == (1 << 7 * (after - body)) - 1
    if endless and identity not in {_SEGMENT, _CLUSTER}:
        raise Broken("an element has no end")
    return Element(identity, at, after, None if endless else size)


def _number(data: mmap.mmap, at: int, *, keep_mark: bool) -> tuple[int, int]:
    """Return a variable-size integer and where it ends."""
    first = data[at] if at < len(data) else 0
    width = 9 - first.bit_length()
    if not first or at + width > len(data):
        raise Broken("it ends too early")
    value = int.from_bytes(data[at : at + width], "big")
    return (value if keep_mark else value & ((1 << 7 * width) - 1)), at + width


def _void(one: Element) -> Patch:
    """Make an element void: its header gets another shape, its bytes zeros."""
    whole = one.body - one.start + (one.size or 0)
    width = 1 if whole < 128 else 8
    inside = whole - 1 - width
    size = (inside | 1 << 7 * width).to_bytes(width, "big")
    return Patch(one.start, b"\xec" + size, inside)
